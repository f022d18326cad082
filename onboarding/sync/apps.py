"""Registers the room sync with Django. Not for: start-up work; there is none."""

from django.apps import AppConfig


class SyncConfig(AppConfig):
    """The room sync."""

    name = "onboarding.sync"
    label = "sync"
