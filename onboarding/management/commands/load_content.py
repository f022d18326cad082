"""Loads the shipped content. Not for: judging it; check_content does."""

from typing import Any

from django.core.management.base import BaseCommand

from onboarding.guides import loading


class Command(BaseCommand):
    """Procedures, blockers and guides; idempotent, draws only what changed."""

    help = "Load the shipped catalogue, blockers and guides; draw only what changed."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what was done."""
        done = loading.load()
        self.stdout.write(f"{done.versions} phiên bản mới, {done.drawn} bước vẽ lại")
