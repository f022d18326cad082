"""The pack of a guide: every page and picture a phone needs to read it without network, with their hashes.

The phone takes the whole pack or nothing, each picture in the one format that it shows: a file with "instead" stands in
for the one at that address where that cannot be shown. Not for: signing it (sealing.py) or keeping it on the phone
(sync/pack.js).
"""

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import staticfiles_storage
from django.urls import reverse

from onboarding import seal
from onboarding.guides import pages, recordings
from onboarding.guides.models import GuideVersion, Picture
from onboarding.guides.pages import address
from onboarding.guides.pictures import SMALL, STEP
from onboarding.refusal import Refused

# What step pages point at: AVIF for nearly every phone, the small WebP for the rest.
OFFLINE = ((STEP, "avif"), (SMALL, "webp"))
PRINT_STYLE = "print.css"  # everything else that pages are dressed with comes with the worker

File = dict[str, Any]


def manifest(version: GuideVersion, content: str, origin: str) -> dict[str, Any]:
    """Return what is signed of a pack: its guide, when it was published, and its files.

    content: the hash of what was frozen. origin: where the code on the print leads, without a slash at the end.
    The same version, release and origin give the same manifest; `mark` is the same for every origin.
    """
    stable, printed = _stable(version), _print(version, origin)
    files = [*stable, printed]
    made = version.published_at.isoformat(timespec="seconds") if version.published_at else ""
    return {
        "kind": "pack", "slug": version.guide.slug, "version": version.number, "title": version.title, "made": made,
        "content": content, "mark": _mark([*stable, _print(version)]), "bytes": _size(files), "files": files,
    }  # fmt: skip


def size_of_rest(version: GuideVersion) -> int:
    """Return the bytes of a pack without its first page, which prints this very number; the same at every origin."""
    return _size([_print(version), *_rest(version)])


def check_weight(version: GuideVersion) -> None:
    """Raise Refused("too_heavy") when a drawn version is too heavy with its recordings to be kept on a phone."""
    if recordings.files_of(version):
        found = recordings.too_heavy(manifest(version, "", "")["bytes"])
        if found:
            raise Refused("too_heavy", found[0])


def _mark(files: list[File]) -> str:
    return hashlib.sha256(seal.canonical(files)).hexdigest()[:16]


def _stable(version: GuideVersion) -> list[File]:
    """Return the files that are the same at every address of the house: all but the print, whose code leads there."""
    rest = _rest(version)
    size = _size([_print(version), *rest])
    return [_file(reverse("guides:overview", args=[version.guide.slug]), pages.overview(version, size)), *rest]


def _print(version: GuideVersion, origin: str = "") -> File:
    return _file(reverse("guides:print", args=[version.guide.slug]), pages.sheets(version, origin))


def _rest(version: GuideVersion) -> list[File]:
    files = [*_steps(version), *_pictures(version), *recordings.files_of(version)]
    return [*files, _style(staticfiles_storage.url(PRINT_STYLE))]


def _steps(version: GuideVersion) -> list[File]:
    found = [_file(reverse("guides:steps", args=[version.guide.slug]), pages.steps(version))]
    for number in version.steps.values_list("number", flat=True):
        place = [version.guide.slug, number]
        found.append(_file(reverse("guides:step", args=place), pages.step(version, number)))
        found.append(_file(reverse("guides:stuck", args=place), pages.stuck(version, number)))
    return found


def _pictures(version: GuideVersion) -> list[File]:
    """Return each picture followed by the one that stands in for it."""
    rows = Picture.objects.filter(step__version=version).order_by("step__number", "format")
    kept = [row for row in rows if (row.variant, row.format) in OFFLINE]
    first = {row.step_id: address(row.sha256, row.format) for row in kept if row.format == "avif"}
    # By their addresses: steps that show the same share one file.
    return list({(file := _picture(row, first[row.step_id]))["url"]: file for row in kept}.values())


def _picture(row: Picture, first: str) -> File:
    own = address(row.sha256, row.format)
    file = {"url": own, "sha256": row.sha256, "bytes": row.bytes}
    return file if own == first else file | {"instead": first}


@cache
def _style(url: str) -> File:
    """Return the style of the print as it is served at url: as collected, or from the source before that."""
    name = url.removeprefix(settings.STATIC_URL)
    if staticfiles_storage.exists(name):
        with staticfiles_storage.open(name) as file:
            return _file(url, file.read())
    return _file(url, Path(str(finders.find(name))).read_bytes())


def _file(url: str, body: bytes) -> File:
    return {"url": url, "sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}


def _size(files: list[File]) -> int:
    return sum(file["bytes"] for file in files if "instead" not in file)
