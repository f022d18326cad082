"""Registers the room oversight with Django. Not for: start-up work; there is none."""

from django.apps import AppConfig


class OversightConfig(AppConfig):
    """The room oversight."""

    name = "onboarding.oversight"
    label = "oversight"
