"""Ids of master keys as a key service writes them, and who was erased."""

from typing import ClassVar

import django.db.models.functions.datetime
from django.db import migrations, models

from zhike.operations.governance.row_security import protect_by_party


class Migration(migrations.Migration):
    dependencies: ClassVar = [("governance", "0007_every_table")]
    operations: ClassVar = [
        migrations.AlterField("vaultkey", "master_key_id", models.CharField(max_length=128)),
        migrations.CreateModel(
            name="VaultErased",
            fields=[
                ("party_id", models.UUIDField(primary_key=True, serialize=False)),
                ("erased_at", models.DateTimeField(db_default=django.db.models.functions.datetime.Now())),
            ],
        ),
        protect_by_party("governance_vaulterased"),
    ]
