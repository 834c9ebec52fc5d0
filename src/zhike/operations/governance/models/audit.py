"""The audit log and its seals."""

from typing import ClassVar

from django.db import models

from zhike.operations.governance.visible import ByBank, ByPerson


class AuditEntry(ByPerson):
    """What was done, by whom, on what, why. Append-only: the database refuses every change (migration 0002)."""

    of = "actor_name"

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
                condition=models.Q(outcome__in=["done", "started", "finished", "failed", "refused", "stopped"]),
                name="audit_outcome_known",
            ),
        ]


class AuditUnsealed(ByBank):
    """An entry not yet sealed; put here by a trigger, in the transaction that wrote the entry."""

    entry_id = models.BigIntegerField(primary_key=True)


class AuditSealed(ByBank):
    """The place of an entry in the chain: entries commit in another order than they are numbered."""

    position = models.BigIntegerField(primary_key=True)
    entry_id = models.BigIntegerField(unique=True)


class AuditSeal(ByBank):
    """The chain up to ``last_position``, signed. What is signed: `audit.chain`."""

    number = models.BigIntegerField(primary_key=True)
    last_position = models.BigIntegerField()
    at = models.DateTimeField()
    hash = models.BinaryField(max_length=32)
    signature = models.BinaryField(max_length=64)
