"""The mark of a step: a short hash of what its page shows, so that the page of an unchanged step never changes.

A page names itself by its mark and not by the version of its guide, or every new version would be new bytes for every
phone. Feedback finds version and step by it again. Not for: the hash of a whole version (sealing.py).
"""

import hashlib
from typing import Any

from onboarding import seal
from onboarding.guides.models import GuideVersion, Picture, Step

SHOWN = (("step", "avif"), ("step-small", "webp"))


def write(version: GuideVersion) -> None:
    """Put both marks on every step of a version whose pictures are drawn."""
    rows = list(version.steps.order_by("number").prefetch_related("pictures"))
    for row in rows:
        row.mark, row.help_mark = of_step(version, row, len(rows)), of_help(version, row, len(rows))
    Step.objects.bulk_update(rows, ["mark", "help_mark"])


def of_step(version: GuideVersion, row: Step, total: int) -> str:
    """Return the mark of a step's page: everything of the guide and the step that stands on it."""
    said = {name: getattr(row, name) for name in ("title", "text", "safety", "needs")}
    pictures = [_picture(one) for one in row.pictures.all() if (one.variant, one.format) in SHOWN]
    return _short({**_place(version, row, total), **said, "guide": version.title, "pictures": sorted(pictures)})


def of_help(version: GuideVersion, row: Step, total: int) -> str:
    """Return the mark of the page that helps when a step does not go on."""
    return _short({**_place(version, row, total), "blockers": row.blockers})


def _place(version: GuideVersion, row: Step, total: int) -> dict[str, Any]:
    return {"slug": version.guide.slug, "number": row.number, "total": total}


def _picture(row: Picture) -> list[str]:
    return [row.variant, row.format, row.sha256, row.alt, row.focus]


def _short(value: dict[str, Any]) -> str:
    return hashlib.sha256(seal.canonical(value)).hexdigest()[:16]
