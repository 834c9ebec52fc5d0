"""Who gave a user the way in: the password, and the log-in without a second factor."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("governance", "0013_on_behalf_of")]
    operations: ClassVar = [
        migrations.AddField(
            "user", "password_given_by", models.CharField(blank=True, default="", max_length=128), False
        ),
        migrations.AddField("user", "password_given_at", models.DateTimeField(null=True)),
        migrations.AddField("user", "factor_reset_by", models.CharField(blank=True, default="", max_length=128), False),
        migrations.AddField("user", "factor_reset_at", models.DateTimeField(null=True)),
    ]
