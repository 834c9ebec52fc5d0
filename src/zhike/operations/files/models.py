"""Contents, and the files that name them."""

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now

from zhike.core.actor import Actor
from zhike.operations.files import limits
from zhike.operations.governance.visible import ByCustomer, ByStaff


class Blob(ByStaff):
    """One content: kept once, however many files name it. Its name is a keyed hash; its key, one of its own."""

    digest = models.CharField(max_length=64, primary_key=True)
    key_id = models.UUIDField()
    size = models.BigIntegerField()
    kind = models.CharField(max_length=16)


class StoredFile(ByCustomer):
    """One file of one owner. Of a file of no customer: who uploaded it, and work for the whole bank."""

    file_id = models.UUIDField(primary_key=True)
    blob = models.ForeignKey(Blob, on_delete=models.PROTECT, related_name="files")
    name = models.CharField(max_length=120)
    owner_type = models.CharField(max_length=32)
    owner_id = models.CharField(max_length=64)
    customer_id = models.CharField(max_length=36, null=True)
    retention = models.CharField(max_length=16)
    keep_until = models.DateField()
    legal_hold = models.BooleanField(default=False)
    uploaded_by = models.CharField(max_length=128)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["owner_type", "owner_id"], name="file_owner"),
            models.Index(fields=["keep_until"], name="file_keep_until"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(retention__in=list(limits.RETENTION_DAYS)), name="file_retention"
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> "models.QuerySet[Any]":
        """The files of the actor's customers, and their own of no customer; the owner's rule comes on top."""
        own = cls._default_manager.filter(customer_id__isnull=True, uploaded_by=actor.name)
        return super().visible_to(actor) | own
