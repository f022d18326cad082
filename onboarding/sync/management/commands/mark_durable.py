"""`manage.py mark_durable --restored URL`: raise the durable marks to what a RESTORED copy of a backup holds."""

from typing import Any

from django.core.management.base import BaseCommand, CommandParser

from onboarding.sync import durable


class Command(BaseCommand):
    """For database servers: restore last night's backup somewhere else, then point this command at it."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """--restored: address of the restored copy, as in DATABASE_URL."""
        parser.add_argument("--restored", required=True)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many areas' marks rose."""
        rose = durable.raise_marks(durable.marks_in(options["restored"]))
        self.stdout.write(f"{rose}")
