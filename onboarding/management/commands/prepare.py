"""Brings the database, the built files and the content up to date. Safe to run again; does only what is missing.

For: the first and every later start, on one machine or in a release. Not for: starting processes (serve).
"""

import hashlib
import json
from argparse import ArgumentParser
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand

from onboarding.guides import sealing


class Command(BaseCommand):
    """migrate, cache table, static files, content, signed packs, service worker, and the demo ward when asked."""

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
        self._packs()
        call_command("build_sw", verbosity=0)

    def _static_files(self) -> None:
        """Collect static files when the sources differ from what was collected last."""
        _when_changed(
            Path(settings.STATIC_ROOT) / ".collected",
            _fingerprint(*settings.STATICFILES_DIRS),
            lambda: call_command("collectstatic", interactive=False, verbosity=0),
        )

    def _packs(self) -> None:
        """Sign guides once more when a release changed their pages; phones then renew what changed."""
        state = _fingerprint(*settings.STATICFILES_DIRS, settings.BASE_DIR / "templates")
        _when_changed(Path(settings.VAR_DIR) / "packs.signed", state, sealing.all_again)


def _when_changed(stamp: Path, state: str, work: Callable[[], Any]) -> None:
    """Do work unless the stamp says that it was done in this state."""
    if stamp.exists() and stamp.read_text() == state:
        return
    work()
    stamp.write_text(state)


def _fingerprint(*folders: Path | str) -> str:
    """Return a hash over names, sizes and times of the files in folders, and of the packages' versions."""
    parts = [str(settings.BASE_DIR), (settings.BASE_DIR / "requirements.lock").read_text()]
    for folder in folders:
        for path in sorted(Path(folder).rglob("*")):
            info = path.stat()
            parts.append(json.dumps([str(path), info.st_size, info.st_mtime_ns]))
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()
