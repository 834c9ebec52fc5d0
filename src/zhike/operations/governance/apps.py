"""The governance app."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class GovernanceConfig(AppConfig):
    name = "zhike.operations.governance"
    label = "governance"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from zhike.operations.governance.grants import grant

        post_migrate.connect(grant, dispatch_uid="zhike.grants")
