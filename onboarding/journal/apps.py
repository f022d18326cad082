"""Registers the room journal with Django. Not for: start-up work; there is none."""

from django.apps import AppConfig


class JournalConfig(AppConfig):
    """The room journal."""

    name = "onboarding.journal"
    label = "journal"
