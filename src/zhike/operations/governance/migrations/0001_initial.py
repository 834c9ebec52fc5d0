import django.db.models.functions.datetime
from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="User",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("password", models.CharField(max_length=128, verbose_name="password")),
                ("last_login", models.DateTimeField(blank=True, null=True, verbose_name="last login")),
                ("username", models.CharField(max_length=64, unique=True)),
                ("name", models.CharField(blank=True, max_length=128)),
                ("role", models.CharField(max_length=32)),
                ("locale", models.CharField(choices=[("zh", "中文"), ("en", "English")], default="zh", max_length=2)),
                ("is_active", models.BooleanField(default=True)),
            ],
            options={
                "abstract": False,
            },
        ),
        migrations.CreateModel(
            name="VaultField",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "party_id", "field", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("party_id", models.UUIDField()),
                ("field", models.CharField(max_length=32)),
                ("ciphertext", models.BinaryField()),
                ("fingerprint", models.BinaryField(max_length=32)),
                ("changed_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        migrations.CreateModel(
            name="VaultKey",
            fields=[
                ("party_id", models.UUIDField(primary_key=True, serialize=False)),
                ("wrapped_key", models.BinaryField()),
                ("master_key_id", models.CharField(max_length=16)),
            ],
        ),
        migrations.CreateModel(
            name="VaultToken",
            fields=[
                (
                    "pk",
                    models.CompositePrimaryKey(
                        "field", "token", "party_id", blank=True, editable=False, primary_key=True, serialize=False
                    ),
                ),
                ("field", models.CharField(max_length=32)),
                ("token", models.BinaryField(max_length=32)),
                ("party_id", models.UUIDField(db_index=True)),
            ],
        ),
        migrations.CreateModel(
            name="AuditEntry",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
                ("actor_kind", models.CharField(max_length=16)),
                ("actor_name", models.CharField(max_length=128)),
                ("on_behalf_of", models.CharField(blank=True, max_length=128)),
                ("action", models.CharField(max_length=64)),
                ("outcome", models.CharField(max_length=16)),
                ("object_type", models.CharField(blank=True, max_length=32)),
                ("object_id", models.CharField(blank=True, max_length=128)),
                ("purpose", models.CharField(blank=True, max_length=256)),
                ("detail", models.JSONField(default=dict)),
            ],
            options={
                "indexes": [
                    models.Index(fields=["object_type", "object_id"], name="governance__object__4f7adc_idx"),
                    models.Index(fields=["actor_name", "at"], name="governance__actor_n_9ad4c7_idx"),
                    models.Index(fields=["at"], name="governance__at_a316d3_idx"),
                ],
                "constraints": [
                    models.CheckConstraint(
                        condition=models.Q(("outcome__in", ["done", "started", "finished", "failed", "refused"])),
                        name="audit_outcome_known",
                    )
                ],
            },
        ),
    ]
