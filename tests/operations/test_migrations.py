"""The schema in the migrations is the one of the models."""

import pytest
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    call_command("makemigrations", "governance", "customers", check=True, dry_run=True, verbosity=0)
