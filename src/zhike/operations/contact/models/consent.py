"""What customers agreed to, and in which words. Both are append-only: the database refuses every change."""

from typing import ClassVar

from django.db import models
from django.db.models import Q

from zhike.operations.governance.visible import ByCustomer, ByStaff

PURPOSES = ("marketing", "personalisation", "partner_sharing")
CHANNELS = ("sms", "phone", "app", "email", "wallet", "all")
SOURCES = ("branch", "call", "app", "web", "mail", "file", "opt_out_link", "partner", "regulator")
SAYERS = ("customer", "representative")


class Wording(ByStaff):
    """One version of the text that a customer agrees to, in one language; a version is never rewritten."""

    pk = models.CompositePrimaryKey("purpose", "version", "locale")
    purpose = models.CharField(max_length=16)
    version = models.CharField(max_length=32)
    locale = models.CharField(max_length=2)
    text = models.TextField()
    published_by = models.CharField(max_length=128)
    published_at = models.DateTimeField(db_default=models.functions.Now())

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="wording_purpose_known"),
            models.CheckConstraint(condition=Q(locale__in=("zh", "en")), name="wording_locale_known"),
        ]


class Consent(ByCustomer):
    """One statement of one customer: agreed or not, to what, by which means, said where, in which words.

    ``effective_at`` is when it was said, ``recorded_at`` when it was written down. ``recipient`` names the partner
    (PIPL article 23) and stands with that purpose only; the other purposes know no channels but ``all``.
    """

    id = models.BigAutoField(primary_key=True)
    customer_id = models.CharField(max_length=36)
    purpose = models.CharField(max_length=16)
    channel = models.CharField(max_length=8)
    recipient = models.CharField(max_length=64, blank=True)
    given = models.BooleanField()
    source = models.CharField(max_length=16)
    wording_version = models.CharField(max_length=32, blank=True)
    proof = models.CharField(max_length=128, blank=True)
    said_by = models.CharField(max_length=16)
    recorded_by = models.CharField(max_length=160)
    effective_at = models.DateTimeField()
    expires_at = models.DateTimeField(null=True)
    recorded_at = models.DateTimeField(db_default=models.functions.Now())
    key = models.CharField(max_length=64, unique=True)
    # What was asked under the key: the same again is answered again, anything else is refused.
    asked = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(
                fields=["customer_id", "purpose", "channel", "effective_at", "id"], name="consent_of_customer"
            ),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=Q(purpose="marketing") | Q(purpose__in=PURPOSES, channel="all"), name="consent_purpose_known"
            ),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="consent_channel_known"),
            models.CheckConstraint(condition=Q(source__in=SOURCES), name="consent_source_known"),
            models.CheckConstraint(condition=Q(said_by__in=SAYERS), name="consent_sayer_known"),
            models.CheckConstraint(
                condition=(Q(purpose="partner_sharing") & ~Q(recipient=""))
                | (~Q(purpose="partner_sharing") & Q(recipient="")),
                name="consent_names_its_recipient",
            ),
            models.CheckConstraint(condition=Q(given=False) | ~Q(wording_version=""), name="consent_given_to_words"),
            models.CheckConstraint(
                condition=Q(expires_at__isnull=True) | Q(given=True, expires_at__gt=models.F("effective_at")),
                name="consent_expires_after_it_began",
            ),
        ]
