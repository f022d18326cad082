"""Registers the room guides with Django. Not for: start-up work; there is none."""

from django.apps import AppConfig


class GuidesConfig(AppConfig):
    """The room guides."""

    name = "onboarding.guides"
    label = "guides"
