"""What the page of one version shows: how it differs, with the pictures of then and now beside the words.

Not for: finding what differs (difference.py), deciding (reviewing.py, publishing.py).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from onboarding.guides import arranging, difference, documents, face_form, needs, reviewing, worklist
from onboarding.guides.content import bound
from onboarding.guides.difference import StepPair
from onboarding.guides.models import Blocker, GuideVersion, Picture
from onboarding.guides.pictures import SMALL

State = GuideVersion.State
Pictures = dict[tuple[UUID, int], Picture]


@dataclass(frozen=True)
class Pair:
    """A step then and now with its pictures; None: not there, or not drawn yet."""

    step: StepPair
    before: Picture | None
    after: Picture | None


@dataclass(frozen=True)
class FaultyPart:
    """A step of a draft, or its face (number 0), with what is wrong there."""

    number: int
    title: str
    sentences: list[str]


def context(version: GuideVersion) -> dict[str, Any]:
    """Return version and base with their difference, paired with pictures, and how many steps are of which kind."""
    base = reviewing.base_of(version)
    old = documents.of_version(base) if base else None
    found = difference.compare(old, documents.of_version(version), _names())
    pictures = _pictures([row for row in (base, version) if row and row.state != State.DRAFT])
    pairs = [_pair(step, base, version, pictures) for step in found.steps]
    how_many: dict[str, int] = defaultdict(int)
    for step in found.steps:
        how_many[step.kind] += 1
    status = worklist.status(version, version.guide.current)
    return {
        "base": base, "difference": found, "pairs": pairs, "how_many": dict(how_many), "status": status,
        "writers": list(version.writers.order_by("name")),
    }  # fmt: skip


def by_step(version: GuideVersion, faults: Iterable[tuple[int, str]]) -> list[FaultyPart]:
    """Return the faults of a draft, gathered by step, the face first."""
    gathered: dict[int, list[str]] = defaultdict(list)
    for number, sentence in faults:
        gathered[number].append(face_form.said_to_author(sentence))
    titles = [_("Trang đầu"), *(bound(str(step.get("title", ""))) for step in version.work["steps"])]
    return [FaultyPart(number, titles[number], gathered[number]) for number in sorted(gathered)]


def next_after(version: GuideVersion, at: datetime | None = None) -> GuideVersion | None:
    """Return what readers get when version goes at a time, or now."""
    return version.guide.versions.readable(at).exclude(pk=version.pk).order_by("-number").first()


def _pair(step: StepPair, base: GuideVersion | None, version: GuideVersion, pictures: Pictures) -> Pair:
    before = pictures.get((base.pk, step.old)) if base else None
    return Pair(step, before, pictures.get((version.pk, step.new)))


def _pictures(versions: list[GuideVersion]) -> Pictures:
    rows = Picture.objects.filter(step__version__in=versions, variant=SMALL, format="webp").select_related("step")
    return {(row.step.version_id, row.step.number): row for row in rows}


def _names() -> dict[str, str]:
    """Return what the codes in a document are called."""
    topics = {row["code"]: bound(row["title"]) for row in arranging.SHELF.topics}
    return {**needs.names(), **topics, **dict(Blocker.objects.values_list("code", "title"))}
