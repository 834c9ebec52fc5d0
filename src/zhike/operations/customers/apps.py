"""The customers app."""

from django.apps import AppConfig


class CustomersConfig(AppConfig):
    name = "zhike.operations.customers"
    label = "customers"
    default_auto_field = "django.db.models.BigAutoField"
