"""The governance app."""

from django.apps import AppConfig


class GovernanceConfig(AppConfig):
    name = "zhike.operations.governance"
    label = "governance"
    default_auto_field = "django.db.models.BigAutoField"
