"""`manage.py release_held`: settle entries whose wait is over; what the beat does every few minutes."""

from typing import Any

from django.core.management.base import BaseCommand

from onboarding.sync import push


class Command(BaseCommand):
    """For installations without a beat, or to see now what is stuck."""

    help = __doc__

    def handle(self, *args: Any, **options: Any) -> None:
        """Print how many entries were settled."""
        self.stdout.write(str(push.release_overdue()))
