"""What lets somebody in: open sessions, API keys."""

import uuid
from datetime import timedelta
from typing import ClassVar

from django.db import models

from zhike.operations.governance.models.people import User
from zhike.operations.governance.visible import ByPerson


class OpenSession(ByPerson):
    """One log-in, from its beginning until it ends or its time is over (`sessions.py`).

    The session itself knows this row's id; the row knows nothing that would open the session.
    """

    of = "user__username"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4)
    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="sessions")
    address = models.GenericIPAddressField(null=True)
    device = models.CharField(max_length=64, blank=True)
    began_at = models.DateTimeField(db_default=models.functions.Now())
    last_seen_at = models.DateTimeField(db_default=models.functions.Now())
    ended_at = models.DateTimeField(null=True)
    ended_by = models.CharField(max_length=128, blank=True)


class ApiKey(ByPerson):
    """A key with which a program acts for its owner; of the secret only a keyed hash is kept (`keys.py`)."""

    of = "owner__username"

    id = models.CharField(max_length=16, primary_key=True)
    secret_hash = models.BinaryField(max_length=32)
    owner = models.ForeignKey(User, on_delete=models.CASCADE, related_name="keys")
    title = models.CharField(max_length=64)
    permissions = models.JSONField()
    made_at = models.DateTimeField(db_default=models.functions.Now())
    made_by = models.CharField(max_length=128)
    expires_at = models.DateTimeField()
    last_used_at = models.DateTimeField(null=True)
    revoked_at = models.DateTimeField(null=True)
    revoked_by = models.CharField(max_length=128, blank=True)

    class Meta:
        constraints: ClassVar[list[models.BaseConstraint]] = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("made_at"))
                & models.Q(expires_at__lte=models.F("made_at") + models.Value(timedelta(days=366))),
                name="key_ends_within_a_year",
            ),
        ]
