"""`manage.py after_restore`: run once after a backup was put back, before the site is opened again."""

from typing import Any

from django.core.management.base import BaseCommand

from onboarding.sync import epochs


class Command(BaseCommand):
    """Start a new history, so that phones send again what the backup lacks and drop copies that are ahead."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the new epoch."""
        self.stdout.write(epochs.renew())
