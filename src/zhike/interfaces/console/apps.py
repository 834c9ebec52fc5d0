"""The console as a Django app: it brings templates, static files and template tags, no models."""

from django.apps import AppConfig


class ConsoleConfig(AppConfig):
    name = "zhike.interfaces.console"
    label = "console"
