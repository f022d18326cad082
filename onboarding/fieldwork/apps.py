"""Registers the room fieldwork with Django. Not for: start-up work; there is none."""

from django.apps import AppConfig


class FieldworkConfig(AppConfig):
    """The room fieldwork."""

    name = "onboarding.fieldwork"
    label = "fieldwork"
