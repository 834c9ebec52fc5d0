"""The marketing app."""

from django.apps import AppConfig


class MarketingConfig(AppConfig):
    name = "zhike.operations.marketing"
    label = "marketing"
