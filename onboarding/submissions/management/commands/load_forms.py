"""`manage.py load_forms`: load the shipped forms; safe to repeat."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from onboarding.submissions.loading import FrozenVersion, load_forms


class Command(BaseCommand):
    """Load onboarding/content/forms/*.yaml."""

    help = "Load the shipped form definitions."

    def handle(self, *args: Any, **options: Any) -> None:
        """Load them and say which."""
        try:
            versions = load_forms()
        except FrozenVersion as error:
            raise CommandError(f"{error} was loaded with other words: give the change the next number.") from error
        self.stdout.write(f"{len(versions)} form(s): {', '.join(version.code for version in versions)}")
