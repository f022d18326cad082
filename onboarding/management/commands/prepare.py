"""Brings the database, the built files and the content up to date. Safe to run again; does only what is missing.

For: the first and every later start, on one machine or in a release. Not for: starting processes (serve).
"""

import hashlib
import json
from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand


class Command(BaseCommand):
    """migrate, cache table, static files, content, service worker, and the demo ward when asked."""

    help = "Prepare database, static files and content."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Take --demo."""
        parser.add_argument("--demo", action="store_true", help="load the fictional ward")

    def handle(self, *args: Any, **options: Any) -> None:
        """Run the steps in order; each is idempotent."""
        call_command("migrate", interactive=False, verbosity=0)
        call_command("createcachetable", verbosity=0)
        self._static_files()
        call_command("load_content", verbosity=0)
        if options["demo"]:
            call_command("demo", verbosity=0)
        call_command("build_sw", verbosity=0)

    def _static_files(self) -> None:
        """Collect static files when the sources differ from what was collected last."""
        stamp = Path(settings.STATIC_ROOT) / ".collected"
        state = _fingerprint()
        if stamp.exists() and stamp.read_text() == state:
            return
        call_command("collectstatic", interactive=False, verbosity=0)
        stamp.write_text(state)


def _fingerprint() -> str:
    """Return a hash over names, sizes and times of what collectstatic would take, and of the packages' versions."""
    parts = [str(settings.BASE_DIR), (settings.BASE_DIR / "requirements.lock").read_text()]
    for folder in settings.STATICFILES_DIRS:
        for path in sorted(Path(folder).rglob("*")):
            info = path.stat()
            parts.append(json.dumps([str(path), info.st_size, info.st_mtime_ns]))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
