"""Who works here, where they belong, and whose customer a customer is."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models

from zhike.operations.governance.effective import ENDS_AFTER_IT_BEGINS
from zhike.operations.governance.visible import ByCustomer, ByPerson, ByStaff


class UserManager(BaseUserManager["User"]):
    """Makes users; the password is hashed (argon2), never kept."""

    def create_user(self, username: str, password: str, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(ByPerson, AbstractBaseUser):
    """Who logs in by name: a member of staff, or a cardholder, who is bound to one party for good.

    ``assigned_only``: of the branches' customers only those assigned to them or to a team of theirs.
    """

    of = "username"

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=128, blank=True)
    role = models.CharField(max_length=32)
    locale = models.CharField(max_length=2, default="zh", choices=[("zh", "中文"), ("en", "English")])
    is_active = models.BooleanField(default=True)
    party_id = models.CharField(max_length=36, null=True, unique=True)
    assigned_only = models.BooleanField(default=False)
    # Who gave the password, and who took the second factor away, last and when; empty for the machine's owner.
    password_given_by = models.CharField(max_length=128, blank=True)
    password_given_at = models.DateTimeField(null=True)
    # A password that an administrator gave, and therefore knows: it opens nothing but the page that changes it.
    password_once = models.BooleanField(default=False)
    factor_reset_by = models.CharField(max_length=128, blank=True)
    factor_reset_at = models.DateTimeField(null=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(role="cardholder", party_id__isnull=False)
                | (~models.Q(role="cardholder") & models.Q(party_id__isnull=True)),
                name="cardholder_has_a_party",
            ),
        ]

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["role"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.username


class Branch(ByStaff):
    """One version of a branch, as the bank's files tell it: the tree is followed as it was on a day."""

    pk = models.CompositePrimaryKey("branch_id", "valid_from")
    branch_id = models.BigIntegerField()
    parent_id = models.BigIntegerField(null=True)
    name = models.CharField(max_length=128, blank=True)
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)


class Home(ByCustomer):
    """Where a customer belongs, as published: every branch that keeps an account of theirs. Scopes are tested on it."""

    pk = models.CompositePrimaryKey("customer_id", "branch_id")
    customer_id = models.CharField(max_length=36)
    branch_id = models.BigIntegerField(db_index=True)


class Membership(ByPerson):
    """Where a user works, from a day to a day; or whom the user stands in for, which always ends.

    ``valid_to`` is the first day on which it holds no more. A cover lends the rights and branches of ``covers``.
    """

    of = "user__username"

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    branch_id = models.BigIntegerField(null=True)
    covers = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="covered_by")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    made_by = models.CharField(max_length=128)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(branch_id__isnull=False, covers__isnull=True)
                | models.Q(branch_id__isnull=True, covers__isnull=False, valid_to__isnull=False),
                name="membership_branch_or_ending_cover",
            ),
            models.CheckConstraint(condition=~models.Q(covers=models.F("user")), name="membership_covers_another"),
            models.CheckConstraint(condition=ENDS_AFTER_IT_BEGINS, name="membership_ends_after_it_begins"),
        ]
