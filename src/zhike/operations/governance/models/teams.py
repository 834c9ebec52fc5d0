"""Whose customer a customer is, below the branch: a person's, or a team's."""

from typing import ClassVar

from django.db import models

from zhike.operations.governance.effective import ENDS_AFTER_IT_BEGINS
from zhike.operations.governance.models.people import User
from zhike.operations.governance.visible import ByCustomer, ByPerson, ByStaff


class Team(ByStaff):
    """People who share customers, such as the pooled advisers of a region."""

    name = models.CharField(max_length=64, unique=True)


class TeamMember(ByPerson):
    """Who is of a team, from a day to a day; ``valid_to`` is the first day on which it holds no more."""

    of = "user__username"

    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="members")
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="teams")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    made_by = models.CharField(max_length=128)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=ENDS_AFTER_IT_BEGINS, name="team_member_ends_after_it_begins"),
        ]


class Assignment(ByCustomer):
    """A customer given to one person or one team, from a day to a day."""

    customer_id = models.CharField(max_length=36, db_index=True)
    user = models.ForeignKey(User, null=True, on_delete=models.CASCADE, related_name="assignments")
    team = models.ForeignKey(Team, null=True, on_delete=models.CASCADE, related_name="assignments")
    valid_from = models.DateField()
    valid_to = models.DateField(null=True)
    made_by = models.CharField(max_length=128)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(user__isnull=False, team__isnull=True)
                | models.Q(user__isnull=True, team__isnull=False),
                name="assignment_to_one",
            ),
            models.CheckConstraint(condition=ENDS_AFTER_IT_BEGINS, name="assignment_ends_after_it_begins"),
        ]
