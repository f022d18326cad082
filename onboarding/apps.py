"""The project itself as an app: it carries the commands and the template tags that belong to no room."""

from django.apps import AppConfig


class OnboardingConfig(AppConfig):
    """Holds management commands and template tags; owns no tables."""

    name = "onboarding"
    label = "onboarding"
