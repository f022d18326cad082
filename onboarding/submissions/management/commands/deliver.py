"""`manage.py deliver [--loop]`: do the worker's job straight from the tables, without Celery."""

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from onboarding.submissions import attachments, delivery, tracking

PAUSE = 5  # seconds between two rounds when nothing is due


class Command(BaseCommand):
    """Check papers, deliver what is due, ask about what was sent: once, or again and again."""

    help = "Deliver what is due, without Celery."

    def add_arguments(self, parser: CommandParser) -> None:
        """--loop goes on until it is stopped."""
        parser.add_argument("--loop", action="store_true", help="go on until stopped")

    def handle(self, *args: Any, **options: Any) -> None:
        """Work one round, or round after round."""
        self.round()
        while options["loop"]:
            close_old_connections()
            time.sleep(PAUSE)
            self.round()

    def round(self) -> None:
        """Do everything that is due now."""
        for pk in attachments.unchecked(100):
            attachments.check_files(pk)
        delivery.end_leases()
        sent, asked = delivery.work(60), tracking.track()
        if sent or asked:
            self.stdout.write(f"delivered {sent}, asked about {asked}")
