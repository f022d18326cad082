"""Registers the stand-in portal with its own Django. Not for: the house's settings; they don't know this app."""

from django.apps import AppConfig


class PortalSandboxConfig(AppConfig):
    """The stand-in portal."""

    name = "onboarding.portal_sandbox"
    label = "portal_sandbox"
