"""Registers the room submissions with Django. Not for: start-up work; there is none."""

from django.apps import AppConfig


class SubmissionsConfig(AppConfig):
    """The room submissions."""

    name = "onboarding.submissions"
    label = "submissions"
