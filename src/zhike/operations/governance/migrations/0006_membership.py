"""The tree of branches, and who belongs where or stands in for whom."""

from typing import ClassVar

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("governance", "0005_audit_seal")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="Branch",
            fields=[
                ("pk", models.CompositePrimaryKey("branch_id", "valid_from", primary_key=True, serialize=False)),
                ("branch_id", models.BigIntegerField()),
                ("parent_id", models.BigIntegerField(null=True)),
                ("name", models.CharField(blank=True, max_length=128)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="Membership",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("branch_id", models.BigIntegerField(null=True)),
                ("valid_from", models.DateField()),
                ("valid_to", models.DateField(null=True)),
                ("made_by", models.CharField(max_length=128)),
                (
                    "covers",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="covered_by",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "user",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="memberships",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("branch_id__isnull", False), ("covers__isnull", True))
                        | models.Q(("branch_id__isnull", True), ("covers__isnull", False), ("valid_to__isnull", False)),
                        name="membership_branch_or_ending_cover",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("covers", models.F("user")), _negated=True),
                        name="membership_covers_another",
                    ),
                    models.CheckConstraint(
                        condition=models.Q(("valid_to__isnull", True))
                        | models.Q(("valid_to__gt", models.F("valid_from"))),
                        name="membership_ends_after_it_begins",
                    ),
                ],
            },
        ),
    ]
