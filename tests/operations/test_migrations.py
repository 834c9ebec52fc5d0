"""The schema in the migrations is the one of the models."""

import pytest
from django.apps import apps
from django.core.management import call_command


@pytest.mark.django_db
def test_no_migration_is_missing() -> None:
    own = [app.label for app in apps.get_app_configs() if app.name.startswith("zhike.operations.")]
    call_command("makemigrations", *own, check=True, dry_run=True, verbosity=0)
