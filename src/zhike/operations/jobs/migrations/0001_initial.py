"""What went otherwise than well, and which ticks were seen to; jobs of the time before actors go, unrun."""

from typing import ClassVar

from django.db import migrations, models

from zhike.operations.governance.row_security import protect


class Migration(migrations.Migration):
    initial = True
    dependencies: ClassVar = [("governance", "0004_row_security"), ("procrastinate", "0041_post_retry_failed_job")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="JobTick",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "job_name", "tick", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("job_name", models.CharField(max_length=128)),
                ("tick", models.DateTimeField()),
                ("job_id", models.BigIntegerField(null=True)),
                ("at", models.DateTimeField(db_default=models.functions.Now())),
            ],
            options={"abstract": False},
        ),
        migrations.CreateModel(
            name="JobEvent",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("job_id", models.BigIntegerField(db_index=True)),
                ("job_name", models.CharField(max_length=128)),
                ("attempt", models.IntegerField()),
                ("how", models.CharField(max_length=16)),
                ("code", models.CharField(blank=True, max_length=32)),
                ("fault", models.CharField(blank=True, max_length=128)),
                ("place", models.CharField(blank=True, max_length=256)),
                ("at", models.DateTimeField(db_default=models.functions.Now())),
            ],
            options={
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(
                            (
                                "how__in",
                                ("raised", "killed", "overdue", "interrupted", "refused", "retried", "given_up"),
                            )
                        ),
                        name="job_event_known",
                    )
                ]
            },
        ),
        protect("jobs_jobtick"),
        protect("jobs_jobevent"),
        migrations.RunSQL("DELETE FROM procrastinate_jobs WHERE queue_name = 'default'", migrations.RunSQL.noop),
    ]
