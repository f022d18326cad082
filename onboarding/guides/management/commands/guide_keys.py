"""Shows the keys that sign guides for phones, introduces a new one, or signs everything once more.

For: the operator. After --rotate the worker names the new key to phones; those that have not heard of it yet trust it
all the same, because the key before signed it. After the loss of the keys folder, --sign-again takes what is published
as it lies there. Not for: publishing.
"""

from argparse import ArgumentParser
from typing import Any

from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError

from onboarding.guides import sealing, signing


class Command(BaseCommand):
    """manage.py guide_keys"""

    help = "Show, rotate or use again the keys that sign guides."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take what to do; nothing only shows the keys."""
        parser.add_argument("--rotate", action="store_true", help="make a new key, introduced by the one before it")
        parser.add_argument("--sign-again", action="store_true", help="trust what is published and sign it anew")

    def handle(self, *args: Any, **options: Any) -> None:
        """Do it and show the ring."""
        if options["rotate"]:
            signing.rotate()
        if options["rotate"] or options["sign_again"]:
            failed = sealing.all_again(trusting=options["sign_again"])
            call_command("build_sw", verbosity=0)
            if failed:
                raise CommandError(f"not signed, because they are no longer what was published: {', '.join(failed)}")
        for key in signing.ring():
            self.stdout.write(f"{key.id}  introduced by {key.by or 'nobody: the first'}  {key.public}")
