"""The contact app."""

from django.apps import AppConfig


class ContactConfig(AppConfig):
    name = "zhike.operations.contact"
    label = "contact"
    default_auto_field = "django.db.models.BigAutoField"
