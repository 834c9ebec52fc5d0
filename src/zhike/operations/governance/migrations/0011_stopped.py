"""What a limit stops is on record too."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("governance", "0010_access")]
    operations: ClassVar = [
        migrations.RemoveConstraint("auditentry", "audit_outcome_known"),
        migrations.AddConstraint(
            "auditentry",
            models.CheckConstraint(
                condition=models.Q(("outcome__in", ["done", "started", "finished", "failed", "refused", "stopped"])),
                name="audit_outcome_known",
            ),
        ),
    ]
