"""Open sessions and API keys."""

import uuid
from datetime import timedelta
from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models
from django.db.models.functions import Now

from zhike.operations.governance.row_security import protect


def _of_user(name: str) -> models.ForeignKey:
    return models.ForeignKey(
        on_delete=django.db.models.deletion.CASCADE, related_name=name, to=settings.AUTH_USER_MODEL
    )


class Migration(migrations.Migration):
    dependencies: ClassVar = [("governance", "0009_own_key")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="OpenSession",
            fields=[
                ("id", models.UUIDField(default=uuid.uuid4, primary_key=True, serialize=False)),
                ("address", models.GenericIPAddressField(null=True)),
                ("device", models.CharField(blank=True, max_length=64)),
                ("began_at", models.DateTimeField(db_default=Now())),
                ("last_seen_at", models.DateTimeField(db_default=Now())),
                ("ended_at", models.DateTimeField(null=True)),
                ("ended_by", models.CharField(blank=True, max_length=128)),
                ("user", _of_user("sessions")),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="ApiKey",
            fields=[
                ("id", models.CharField(max_length=16, primary_key=True, serialize=False)),
                ("secret_hash", models.BinaryField(max_length=32)),
                ("title", models.CharField(max_length=64)),
                ("permissions", models.JSONField()),
                ("made_at", models.DateTimeField(db_default=Now())),
                ("made_by", models.CharField(max_length=128)),
                ("expires_at", models.DateTimeField()),
                ("last_used_at", models.DateTimeField(null=True)),
                ("revoked_at", models.DateTimeField(null=True)),
                ("revoked_by", models.CharField(blank=True, max_length=128)),
                ("owner", _of_user("keys")),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            ("expires_at__gt", models.F("made_at")),
                            ("expires_at__lte", models.F("made_at") + models.Value(timedelta(days=366))),
                        ),
                        name="key_ends_within_a_year",
                    )
                ],
            },
        ),
        protect("governance_opensession"),
        protect("governance_apikey"),
    ]
