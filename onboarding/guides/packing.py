"""The pack of a guide: every page and picture a phone needs to read it without network, with their hashes.

The phone takes the whole pack or nothing, each picture in the one format that it shows: a file with "instead" stands in
for the one at that address where that cannot be shown. Not for: keeping it there (the service worker's pack.js).
"""

import hashlib
from typing import Any

from django.urls import reverse

from onboarding.guides import pages, recordings
from onboarding.guides.models import GuideVersion, Picture
from onboarding.guides.pages import address
from onboarding.guides.pictures import SMALL, STEP

# What step pages point at: AVIF for nearly every phone, the small WebP for the rest.
OFFLINE = ((STEP, "avif"), (SMALL, "webp"))

File = dict[str, Any]


def pack(version: GuideVersion) -> dict[str, Any]:
    """Return {"slug", "version", "title", "bytes", "urls": [{"url", "sha256", "bytes", "instead" if it stands in}]}.

    The pack's "bytes" are what nearly every phone keeps: without the files that stand in.
    """
    rest = _steps(version) + _pictures(version) + recordings.files_of(version)
    slug = version.guide.slug
    face = _file(reverse("guides:overview", args=[slug]), pages.overview(version, _size(rest)))
    files = [face, *rest]
    return {"slug": slug, "version": version.number, "title": version.title, "bytes": _size(files), "urls": files}


def size_of_rest(version: GuideVersion) -> int:
    """Return the bytes of a pack without its first page, which prints this very number."""
    return _size(_steps(version) + _pictures(version) + recordings.files_of(version))


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
    return [_picture(row, first[row.step_id]) for row in kept]


def _picture(row: Picture, first: str) -> File:
    own = address(row.sha256, row.format)
    file = {"url": own, "sha256": row.sha256, "bytes": row.bytes}
    return file if own == first else file | {"instead": first}


def _file(url: str, body: bytes) -> File:
    return {"url": url, "sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)}


def _size(files: list[File]) -> int:
    return sum(file["bytes"] for file in files if "instead" not in file)
