"""`manage.py backup`: a verified backup of the embedded database; phones may then drop what it covers."""

from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from onboarding.sync import durable


class Command(BaseCommand):
    """Back up database and files, check the copy, raise the durable marks."""

    help = __doc__

    def add_arguments(self, parser: CommandParser) -> None:
        """--to: another folder than settings.BACKUP_DIR."""
        parser.add_argument("--to", type=Path)

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the folder of the backup; fail loudly when it is not whole."""
        try:
            self.stdout.write(str(durable.back_up(options["to"])))
        except durable.BackupFailed as error:
            raise CommandError(f"Sao lưu không xong: {error}") from error
