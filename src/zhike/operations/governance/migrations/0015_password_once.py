"""Passwords that somebody else knows, to be changed at the next log-in."""

from typing import ClassVar

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies: ClassVar = [("governance", "0014_let_in")]
    operations: ClassVar = [migrations.AddField("user", "password_once", models.BooleanField(default=False))]
