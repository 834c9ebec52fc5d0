"""Data keys of things that are no person."""

from typing import ClassVar

from django.db import migrations, models

from zhike.operations.governance.row_security import protect


class Migration(migrations.Migration):
    dependencies: ClassVar = [("governance", "0008_vault_keys")]
    operations: ClassVar = [
        migrations.CreateModel(
            name="OwnKey",
            fields=[
                ("key_id", models.UUIDField(primary_key=True, serialize=False)),
                ("wrapped_key", models.BinaryField()),
                ("master_key_id", models.CharField(max_length=128)),
            ],
        ),
        protect("governance_ownkey"),
    ]
