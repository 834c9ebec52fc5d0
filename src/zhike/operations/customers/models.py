"""The one row that says what is published."""

from typing import ClassVar

from django.db import models

from zhike.operations.governance.visible import ByStaff


class Publication(ByStaff):
    """What web and API read: a snapshot, and the number in the names of the tables it was copied to.

    There is one row. It is flipped in the transaction that ends the copy, so a reader that takes the snapshot id and
    the table names from it never sees half of two publications.
    """

    id = models.SmallIntegerField(primary_key=True, default=1)
    number = models.IntegerField()
    snapshot = models.CharField(max_length=64)
    as_of = models.DateField()
    at = models.DateTimeField(auto_now=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=models.Q(id=1), name="publication_one_row")
        ]
