"""Writes the service worker that is served: the bundled one with the lists of what it keeps filled in.

For: the last step of an install, after collectstatic, because the lists hold the hashed addresses. No Node.
Not for: deciding how things are kept; that is static/src/js/worker.js.
"""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.test import RequestFactory
from django.urls import Resolver404, resolve

from onboarding.guides import signing

# Named one by one: a pattern would sweep in whatever an app ships, and every byte here is on somebody's data plan.
CITIZEN_FILES = (
    "app.css",
    "app.js",
    "fonts/bvp-400.woff2",
    "fonts/bvp-600.woff2",
    "fonts/bvp-700.woff2",
)
# Beside the page that asks for a visit, which is kept from a reader's second page on.
ASK_FILES = ("ask.js",)
TEAM_FILES = (
    "team.css",
    "team.js",
    "scan.js",
    "zxing.wasm",
    "fonts/bvp-tab-400.woff2",
    "fonts/bvp-tab-600.woff2",
    "fonts/bvp-tab-700.woff2",
)
OFFLINE, SHELL = "/offline/", "/doi/"

Kept = dict[str, str | None]


class Command(BaseCommand):
    """manage.py build_sw"""

    help = "Write the service worker with the lists of what it keeps. Run it after collectstatic."

    def add_arguments(self, parser: CommandParser) -> None:
        """Take another place to write to, for trying out."""
        parser.add_argument("--to", default=settings.PWA_SERVICE_WORKER_PATH)

    def handle(self, *args: Any, **options: Any) -> None:
        """Fill the lists in and write the file."""
        bundled = source()
        citizen = [page(OFFLINE), *map(static_file, CITIZEN_FILES)]
        team = [*shell(), *map(static_file, TEAM_FILES)]
        built = filled(bundled, citizen=citizen, team=team, ask=[static_file(name) for name in ASK_FILES])
        Path(options["to"]).write_text(built, encoding="utf-8")
        if options["verbosity"]:
            self.stdout.write(f"{options['to']}: {len(citizen)} files for citizens, {len(team)} more for the team app")


def source() -> str:
    """Return the bundled worker as collected. Raises CommandError when nothing has been collected."""
    try:
        with staticfiles_storage.open("worker.js") as file:
            return file.read().decode()
    except FileNotFoundError:
        raise CommandError("worker.js is not collected. Run collectstatic first.") from None


def filled(worker: str, *, citizen: list[Kept], team: list[Kept], ask: Sequence[Kept] = ()) -> str:
    """Return worker with the lists, their versions and the keys of guides in place.

    Raises CommandError when one has no place.
    """
    values = {
        "CITIZEN_FILES": citizen, "TEAM_FILES": team, "GUIDE_KEYS": signing.public_keys(),
        "TEAM_VERSION": version_of(team), "CITIZEN_VERSION": version_of([*citizen, *ask]), "ASK_FILES": list(ask),
    }  # fmt: skip
    for name, value in values.items():
        place = f"self.__{name}__"
        if place not in worker:
            raise CommandError(f"worker.js has no {place}")
        worker = worker.replace(place, json.dumps(value))
    return worker


def version_of(files: list[Kept]) -> str:
    """Return a short name that changes whenever any of files does."""
    return hashlib.sha256(json.dumps(files).encode()).hexdigest()[:12]


def static_file(name: str) -> Kept:
    """Return a static file as the worker keeps it: no revision where the address holds the content's hash."""
    url = staticfiles_storage.url(name)
    if not url.endswith(name):
        return {"url": url, "revision": None}
    with staticfiles_storage.open(name) as file:
        return {"url": url, "revision": hashlib.sha256(file.read()).hexdigest()}


def page(path: str) -> Kept:
    """Return a page as the worker keeps it, its revision the hash of what a visitor nobody knows gets to see."""
    request = RequestFactory().get(path)
    view, args, kwargs = resolve(path)
    response = view(request, *args, **kwargs)
    if hasattr(response, "render"):
        response.render()
    if response.status_code != 200:
        raise CommandError(f"{path} answers {response.status_code}")
    return {"url": path, "revision": hashlib.sha256(response.content).hexdigest()}


def shell() -> list[Kept]:
    """Return the team app's shell in a list, empty when this site has no team app."""
    try:
        resolve(SHELL)
    except Resolver404:
        return []
    return [page(SHELL)]
