"""Proofreads the shipped content and fails when anything must be mended. Not for: loading it."""

from argparse import ArgumentParser
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from onboarding.guides.content import SHIPPED, Shelf
from onboarding.guides.proofreading import faults


class Command(BaseCommand):
    """One sentence a fault; exit status 1 when there is any."""

    help = "Proofread guides, blockers, procedures and checklists."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take the folder and the day."""
        parser.add_argument("--folder", type=Path, default=SHIPPED)
        parser.add_argument("--on", type=date.fromisoformat, default=None, help="the day to check for, default today")

    def handle(self, *args: Any, **options: Any) -> None:
        """Print the faults, or say that there are none."""
        shelf = Shelf(options["folder"])
        try:
            found = faults(shelf, today=options["on"] or timezone.localdate())
        except yaml.MarkedYAMLError as wrong:
            raise CommandError(_place(wrong)) from wrong
        for fault in found:
            self.stdout.write(fault)
        if found:
            raise CommandError(f"Nội dung còn {len(found)} chỗ phải sửa.")
        counts = f"{len(shelf.guides)} hướng dẫn, {len(shelf.english)} bản tiếng Anh, {len(shelf.blockers)} chỗ vướng"
        self.stdout.write(f"Nội dung đạt: {counts}.")


def _place(wrong: yaml.MarkedYAMLError) -> str:
    """Return which file cannot be read, and where. The mark counts lines from 0."""
    mark = wrong.problem_mark
    where = f"{Path(mark.name).name}, dòng {mark.line + 1}" if mark else "Một tệp"
    return f"{where}: không đọc được. Xem lại dấu cách đầu dòng, dấu hai chấm, ngoặc."
