"""Every time the bank turned to a customer, or the customer to the bank: marketing, service and collections alike."""

from typing import ClassVar

from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Coalesce

from zhike.operations.governance.visible import ByCustomer

PURPOSES = ("marketing", "service", "collections")
CHANNELS = ("sms", "phone", "app", "email", "wallet", "mail", "branch")
# State -> how far it is: a trigger holds that no contact goes back, and that an end is final.
STATES = {"planned": 0, "sent": 1, "delivered": 2, "answered": 3, "unanswered": 3, "failed": 3}
ENDS = tuple(state for state, rank in STATES.items() if rank == 3)


class Contact(ByCustomer):
    """One contact. ``planned_at`` is when it is to happen, ``sent_at`` when it did; ``at``, the one that counts.

    ``reference`` names the campaign, case or collection cycle. ``number_token`` is the keyed token of the number used,
    never the number. ``informative``: a call that was answered and told the debtor what it was about. ``breaches``:
    the rules that stood against a contact which was recorded after it had happened elsewhere.
    """

    id = models.BigAutoField(primary_key=True)
    customer_id = models.CharField(max_length=36)
    purpose = models.CharField(max_length=16)
    channel = models.CharField(max_length=8)
    direction = models.CharField(max_length=3, default="out")
    state = models.CharField(max_length=10, default="planned")
    planned_at = models.DateTimeField()
    sent_at = models.DateTimeField(null=True)
    delivered_at = models.DateTimeField(null=True)
    answered_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True)
    at = models.GeneratedField(
        expression=Coalesce("sent_at", "planned_at"), output_field=models.DateTimeField(), db_persist=True
    )
    reference = models.CharField(max_length=64, blank=True)
    number_token = models.CharField(max_length=64, blank=True)
    informative = models.BooleanField(default=False)
    hours_agreed = models.BooleanField(default=False)
    agency = models.BooleanField(default=False)
    outcome = models.CharField(max_length=32, blank=True)
    breaches = models.CharField(max_length=200, blank=True)
    made_by = models.CharField(max_length=160)
    made_at = models.DateTimeField(db_default=models.functions.Now())
    key = models.CharField(max_length=64, unique=True)
    asked = models.CharField(max_length=64)

    class Meta:
        indexes: ClassVar[list[models.Index]] = [
            models.Index(fields=["customer_id", "at"], name="contact_of_customer"),
            models.Index(fields=["number_token", "at"], name="contact_of_number", condition=~Q(number_token="")),
        ]
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(condition=Q(purpose__in=PURPOSES), name="contact_purpose_known"),
            models.CheckConstraint(condition=Q(channel__in=CHANNELS), name="contact_channel_known"),
            models.CheckConstraint(condition=Q(direction__in=("out", "in")), name="contact_direction_known"),
            models.CheckConstraint(condition=Q(state__in=STATES), name="contact_state_known"),
            models.CheckConstraint(
                condition=Q(state__in=("planned", "failed")) | Q(sent_at__isnull=False), name="contact_sent_has_a_time"
            ),
            models.CheckConstraint(
                condition=~Q(state="answered") | Q(answered_at__isnull=False), name="contact_answered_has_a_time"
            ),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=False, state__in=ENDS) | (Q(ended_at__isnull=True) & ~Q(state__in=ENDS)),
                name="contact_end_has_a_time",
            ),
            models.CheckConstraint(
                condition=Q(informative=False) | Q(state="answered", channel="phone"), name="contact_informative_call"
            ),
            models.CheckConstraint(
                condition=Q(sent_at__isnull=True) | Q(delivered_at__isnull=True) | Q(delivered_at__gte=F("sent_at")),
                name="contact_delivered_after_sent",
            ),
        ]
