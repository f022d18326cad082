"""Registers the room accounts with Django. Not for: start-up work; there is none."""

from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """The room accounts."""

    name = "onboarding.accounts"
    label = "accounts"
