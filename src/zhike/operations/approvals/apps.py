"""The approvals app."""

from django.apps import AppConfig


class ApprovalsConfig(AppConfig):
    name = "zhike.operations.approvals"
    label = "approvals"
    default_auto_field = "django.db.models.BigAutoField"
