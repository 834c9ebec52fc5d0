"""Complaints, their steps and their texts. What holds them in the database: migration 0001."""

from typing import Any, ClassVar

from django.db import models
from django.db.models.functions import Now

from zhike.core.actor import Actor
from zhike.operations.governance.visible import ByBank, ByCustomer
from zhike.operations.service import clock, codes


class Complaint(ByCustomer):
    """One complaint. Whom it is about never sees it; a stranger's is seen by whose work is for the whole bank."""

    complaint_id = models.CharField(max_length=16, primary_key=True)
    customer_id = models.CharField(max_length=36, null=True)
    channel = models.CharField(max_length=16)
    cause = models.CharField(max_length=32)
    severity = models.CharField(max_length=16)
    by_regulator = models.BooleanField(default=False)
    received_at = models.DateTimeField()
    received_on = models.DateField()
    taken_by = models.CharField(max_length=128)
    about = models.CharField(max_length=64, null=True)
    handler = models.CharField(max_length=64, null=True)
    state = models.CharField(max_length=16, default="received")
    outcome = models.CharField(max_length=16, blank=True)
    clock = models.CharField(max_length=16, default="plain")
    began_on = models.DateField()
    due_on = models.DateField()
    answered_on = models.DateField(null=True)
    key_id = models.UUIDField()

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer_id"], name="complaint_open", condition=~models.Q(state="closed")),
            models.Index(fields=["due_on", "complaint_id"], name="complaint_due"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~models.Q(handler=models.F("about")), name="complaint_handler_not_about"),
            models.CheckConstraint(condition=models.Q(state__in=list(codes.STATES)), name="complaint_state"),
            models.CheckConstraint(condition=models.Q(cause__in=list(codes.CAUSES)), name="complaint_cause"),
            models.CheckConstraint(condition=models.Q(channel__in=list(codes.CHANNELS)), name="complaint_channel"),
            models.CheckConstraint(condition=models.Q(severity__in=list(codes.SEVERITIES)), name="complaint_severity"),
            models.CheckConstraint(condition=models.Q(outcome__in=["", *codes.OUTCOMES]), name="complaint_outcome"),
            models.CheckConstraint(condition=models.Q(clock__in=list(clock.DAYS)), name="complaint_clock"),
            models.CheckConstraint(
                condition=~models.Q(state__in=["answered", "review", "closed"]) | ~models.Q(outcome=""),
                name="complaint_answered_has_outcome",
            ),
            models.CheckConstraint(
                condition=~models.Q(state__in=["in_progress", "answered", "review"]) | models.Q(handler__isnull=False),
                name="complaint_in_progress_has_handler",
            ),
        ]  # fmt: skip

    @classmethod
    def visible_to(cls, actor: Actor) -> "models.QuerySet[Any]":
        """The complaints the actor may see: their customers', and none about themselves."""
        names = [name for name in (actor.name, actor.on_behalf_of) if name]
        return super().visible_to(actor).exclude(about__in=names)


class _OfComplaint(ByCustomer):
    """Rows of a complaint: seen by whom the complaint is visible to."""

    class Meta:
        abstract = True

    @classmethod
    def visible_to(cls, actor: Actor) -> "models.QuerySet[Any]":
        """The rows of complaints that the actor may see."""
        return cls._default_manager.filter(complaint_id__in=Complaint.visible_to(actor).values("complaint_id"))


class ComplaintStep(_OfComplaint):
    """What happened to a complaint: written by a trigger, whoever changes the row, and never changed."""

    complaint = models.ForeignKey(Complaint, on_delete=models.DO_NOTHING, related_name="steps")
    at = models.DateTimeField(db_default=Now())
    actor = models.CharField(max_length=160)
    step = models.CharField(max_length=16)
    before = models.CharField(max_length=16, blank=True)
    handler = models.CharField(max_length=64, null=True)
    clock = models.CharField(max_length=16)
    due_on = models.DateField()


class ComplaintText(_OfComplaint):
    """What was written, sealed under the complaint's own key; never changed."""

    complaint = models.ForeignKey(Complaint, on_delete=models.DO_NOTHING, related_name="texts")
    kind = models.CharField(max_length=16)
    sealed = models.BinaryField()
    written_by = models.CharField(max_length=128)
    at = models.DateTimeField(db_default=Now())


class ComplaintExtension(_OfComplaint):
    """A clock extended: who asked, and for the special one who approved; the two are never one person."""

    complaint = models.ForeignKey(Complaint, on_delete=models.DO_NOTHING, related_name="extensions")
    clock = models.CharField(max_length=16)
    requested_by = models.CharField(max_length=128)
    approved_by = models.CharField(max_length=128, blank=True)
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=~models.Q(approved_by=models.F("requested_by")), name="extension_approved_by_another"
            ),
            models.CheckConstraint(
                condition=~models.Q(clock__in=list(clock.BY_APPROVAL)) | ~models.Q(approved_by=""),
                name="extension_special_is_approved",
            ),
        ]


class ComplaintNumber(ByBank):
    """The last number given in a year; a complaint's number is taken under its lock, so that none is missing."""

    year = models.IntegerField(primary_key=True)
    last = models.IntegerField()
