"""Users, the audit log, and the vault of personal data.

The vault stands apart from the facts: facts know a party only by its surrogate, the vault knows the person behind it,
field by field, encrypted. What the columns hold and why: `sealing.py`, `vault.py`.
"""

from datetime import date
from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models


class UserManager(BaseUserManager["User"]):
    """Makes users; the password is hashed (argon2), never kept."""

    def create_user(self, username: str, password: str, **fields: Any) -> "User":
        user = self.model(username=username, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser):
    """A member of staff who logs in by name."""

    username = models.CharField(max_length=64, unique=True)
    name = models.CharField(max_length=128, blank=True)
    role = models.CharField(max_length=32)
    locale = models.CharField(max_length=2, default="zh", choices=[("zh", "中文"), ("en", "English")])
    is_active = models.BooleanField(default=True)

    USERNAME_FIELD = "username"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["role"]

    objects = UserManager()

    def __str__(self) -> str:
        return self.username


class AuditEntry(models.Model):
    """What was done, by whom, on what, why. Append-only: the database refuses every change (migration 0002)."""

    id = models.BigAutoField(primary_key=True)
    at = models.DateTimeField(db_default=models.functions.Now())
    actor_kind = models.CharField(max_length=16)
    actor_name = models.CharField(max_length=128)
    on_behalf_of = models.CharField(max_length=128, blank=True)
    action = models.CharField(max_length=64)
    outcome = models.CharField(max_length=16)
    object_type = models.CharField(max_length=32, blank=True)
    object_id = models.CharField(max_length=128, blank=True)
    purpose = models.CharField(max_length=256, blank=True)
    detail = models.JSONField(default=dict)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["object_type", "object_id"]),
            models.Index(fields=["actor_name", "at"]),
            models.Index(fields=["at"]),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(outcome__in=["done", "started", "finished", "failed", "refused"]),
                name="audit_outcome_known",
            ),
        ]


class VaultKey(models.Model):
    """The data key of one party, wrapped by the master key. Destroying this row makes the party unreadable."""

    party_id = models.UUIDField(primary_key=True)
    wrapped_key = models.BinaryField()
    master_key_id = models.CharField(max_length=16)


class VaultField(models.Model):
    """One personal field of one party, encrypted; ``fingerprint`` tells whether a newly delivered value differs."""

    pk = models.CompositePrimaryKey("party_id", "field")
    party_id = models.UUIDField()
    field = models.CharField(max_length=32)
    ciphertext = models.BinaryField()
    fingerprint = models.BinaryField(max_length=32)
    # The last day on which a source told this value; what was known earlier never replaces it.
    known_from = models.DateField(db_default=date.min)
    changed_at = models.DateTimeField(db_default=models.functions.Now())


class VaultToken(models.Model):
    """A keyed token of a searchable field: equality search finds the party without decrypting anything."""

    pk = models.CompositePrimaryKey("field", "token", "party_id")
    field = models.CharField(max_length=32)
    token = models.BinaryField(max_length=32)
    party_id = models.UUIDField(db_index=True)
