"""Loads the shipped content of every room: guides, checklists, forms. Not for: judging it; check_content does."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from onboarding.fieldwork.checklists import load_checklists
from onboarding.guides import loading
from onboarding.submissions.loading import FrozenVersion, load_forms


class Command(BaseCommand):
    """Procedures, blockers, guides, checklists and forms; idempotent, draws only what changed."""

    help = "Load the shipped catalogue, blockers, guides, checklists and forms; draw only what changed."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --all."""
        parser.add_argument(
            "--all", action="store_true", help="draw every guide now instead of leaving it to the worker"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        """Load, and say what was done."""
        done = loading.load(everything=options["all"])
        lists = load_checklists()
        try:
            forms = load_forms()
        except FrozenVersion as error:
            raise CommandError(f"{error} was loaded with other words: give the change the next number.") from error
        if options["verbosity"]:
            self.stdout.write(
                f"{done.versions} phiên bản hướng dẫn mới, {done.drawn} bước vẽ lại, {done.waiting} bước chờ vẽ, "
                f"{len(lists)} danh mục việc, "
                f"tờ khai: {', '.join(version.code for version in forms)}"
            )
