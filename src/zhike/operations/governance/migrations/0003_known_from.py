"""Since when a personal field is known: the last value known stays, not the last one loaded."""

from datetime import date

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("governance", "0002_append_only")]
    operations = [
        migrations.AddField("vaultfield", "known_from", models.DateField(db_default=date.min)),
    ]
