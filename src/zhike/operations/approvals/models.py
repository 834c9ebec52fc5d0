"""Requests, their versions, their signatures, and who signs for whom. What the database holds: migration 0002."""

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce, Now

from zhike.core.actor import Actor
from zhike.operations.approvals.seeing import SEES_ALL, kinds_seen, person
from zhike.operations.governance.visible import ByPerson

OPEN = ("draft", "open")
FINAL = ("applied", "refused", "withdrawn", "expired", "failed")
STATES = (*OPEN, "approved", *FINAL)
LONGEST_DELEGATION_DAYS = 92


class Request(ByPerson):
    """What one person asks for and others sign: seen by who asks, by who may sign such, and by auditors."""

    of = "maker"

    id = models.BigAutoField(primary_key=True)
    kind = models.CharField(max_length=64)
    maker = models.CharField(max_length=128)
    reason = models.CharField(max_length=500)
    state = models.CharField(max_length=16, default="draft")
    version = models.IntegerField(default=1)
    digest = models.CharField(max_length=64)
    needed = models.SmallIntegerField()
    created_at = models.DateTimeField(db_default=Now())
    expires_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    failure = models.JSONField(null=True)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["kind", "expires_at"], name="request_waiting", condition=Q(state="open")),
            models.Index(fields=["maker", "-id"], name="request_own"),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["id", "maker"], name="request_maker"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="request_state_known"),
            models.CheckConstraint(condition=Q(needed__in=(1, 2)), name="request_one_or_two"),
            models.CheckConstraint(
                condition=Q(state__in=("draft", "withdrawn")) | Q(expires_at__isnull=False), name="request_expires"
            ),
            models.CheckConstraint(
                condition=Q(state__in=FINAL, ended_at__isnull=False) | Q(~Q(state__in=FINAL), ended_at__isnull=True),
                name="request_end_has_its_time",
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> "models.QuerySet[Any]":
        """The requests that the actor may see."""
        rows, seen = cls._default_manager.all(), kinds_seen(actor)
        return rows if SEES_ALL in seen else rows.filter(Q(maker=person(actor)) | Q(kind__in=seen))


class _OfRequest(ByPerson):
    """Rows of a request: seen with it."""

    of = "request__maker"

    class Meta:
        abstract = True

    @classmethod
    def visible_to(cls, actor: Actor) -> "models.QuerySet[Any]":
        """The rows that the actor may see."""
        return cls._default_manager.filter(request__in=Request.visible_to(actor))


class Version(_OfRequest):
    """What was asked for, as first made and after each edit: never changed. ``effect`` is what it would do, then."""

    pk = models.CompositePrimaryKey("request_id", "number")
    request = models.ForeignKey(Request, on_delete=models.DO_NOTHING, related_name="versions")
    number = models.IntegerField()
    payload = models.TextField()
    digest = models.CharField(max_length=64)
    reason = models.CharField(max_length=500)
    effect = models.JSONField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.UniqueConstraint(fields=["request", "number", "digest"], name="version_digest"),
        ]


class Signature(_OfRequest):
    """What one person decided of one version. Never changed; an edit leaves it with the version it was given for.

    ``maker`` is copied from the request, and held to it by a key, so that a CHECK can refuse the maker's own signature.
    """

    id = models.BigAutoField(primary_key=True)
    request = models.ForeignKey(Request, on_delete=models.DO_NOTHING, related_name="signatures", db_constraint=False)
    maker = models.CharField(max_length=128)
    version = models.IntegerField()
    digest = models.CharField(max_length=64)
    checker = models.CharField(max_length=128)
    on_behalf_of = models.CharField(max_length=128, null=True)
    decision = models.CharField(max_length=8)
    note = models.CharField(max_length=500, blank=True)
    effect = models.JSONField()
    at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(checker=F("maker")), name="signature_by_another"),
            models.CheckConstraint(
                condition=Q(on_behalf_of__isnull=True) | (~Q(on_behalf_of=F("maker")) & ~Q(on_behalf_of=F("checker"))),
                name="signature_lent_by_another",
            ),
            models.CheckConstraint(condition=Q(decision__in=("signed", "refused")), name="signature_decision"),
            models.UniqueConstraint(fields=["request", "version", "checker"], name="signature_once"),
            # Two signatures are two people's: neither one hand twice, nor one right used by two hands.
            models.UniqueConstraint(
                "request", "version", Coalesce("on_behalf_of", "checker"), name="signature_of_two_rights"
            ),
        ]


class Delegation(ByPerson):
    """Who signs for whom, from a day to a day; ``valid_to`` is the first day on which it holds no more."""

    of = "delegator"

    id = models.BigAutoField(primary_key=True)
    delegator = models.CharField(max_length=128)
    delegate = models.CharField(max_length=128, db_index=True)
    kind = models.CharField(max_length=64, blank=True)  # "" is every kind
    valid_from = models.DateField()
    valid_to = models.DateField()
    made_at = models.DateTimeField(db_default=Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=~Q(delegate=F("delegator")), name="delegation_to_another"),
            models.CheckConstraint(
                condition=Q(valid_to__gte=F("valid_from"))
                & Q(valid_to__lte=F("valid_from") + models.Value(LONGEST_DELEGATION_DAYS)),
                name="delegation_ends",
            ),
        ]

    @classmethod
    def visible_to(cls, actor: Actor) -> "models.QuerySet[Any]":
        """One's own, given and received; all of them for auditors."""
        rows = cls._default_manager.all()
        if SEES_ALL in kinds_seen(actor):
            return rows
        return rows.filter(Q(delegator=person(actor)) | Q(delegate=person(actor)))
