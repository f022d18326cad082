"""Takes in what readers say about a step and how often steps are read: taps are rows, reading is counted by the day.

A form holds `version` (slug.number, what the reader saw), `step` and `kind`, each as often as there are things to say.
Not for: knowing who (nothing here names a reader), how much one may send (limits.py) or showing it (readership.py).
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from django.db.models import Count, F
from django.http import QueryDict
from django.utils import timezone

from onboarding.guides.models import Feedback, GuideVersion, StepCount

FIELDS = ("version", "step", "kind")
MOST = 40  # things said in one form
KINDS = {*Feedback.Kind.values, *StepCount.Kind.values}
VERSION = re.compile(r"([-\w]{1,60})\.([0-9]{1,6})", re.ASCII)
STEP = re.compile(r"[0-9]{1,3}")

Place = tuple[str, int]


class Unheard(Exception):
    """A form that says nothing we can keep."""


@dataclass(frozen=True)
class Said:
    """One thing said about one step of one version of a guide."""

    slug: str
    number: int
    step: int
    kind: str


def read(form: QueryDict) -> list[Said]:
    """Return what a form says, each thing once. Raises Unheard when anything in it is not as it must be."""
    columns = [form.getlist(name) for name in FIELDS]
    if set(form) != set(FIELDS) or len({len(column) for column in columns}) != 1 or len(columns[0]) > MOST:
        raise Unheard("fields")
    return list(dict.fromkeys(_said(*line) for line in zip(*columns, strict=True)))


def keep(said: Iterable[Said]) -> list[Said]:
    """Keep what was said about steps that readers could see, and return that part."""
    said = list(said)
    versions = _versions(said)
    known = [each for each in said if _seen(each, versions)]
    Feedback.objects.bulk_create(
        Feedback(version=versions[each.slug, each.number], step=each.step, kind=each.kind)
        for each in known
        if each.kind in Feedback.Kind.values
    )
    for each in known:
        if each.kind in StepCount.Kind.values:
            _count(versions[each.slug, each.number], each)
    return known


def _said(version: str, step: str, kind: str) -> Said:
    seen = VERSION.fullmatch(version)
    if not seen or not STEP.fullmatch(step) or kind not in KINDS:
        raise Unheard("values")
    return Said(seen[1], int(seen[2]), int(step), kind)


def _versions(said: list[Said]) -> dict[Place, GuideVersion]:
    """Return the versions that were spoken of, with `total` steps; nobody has seen a draft."""
    rows = GuideVersion.objects.exclude(state=GuideVersion.State.DRAFT).select_related("guide")
    rows = rows.filter(guide__slug__in={each.slug for each in said}, number__in={each.number for each in said})
    return {(row.guide.slug, row.number): row for row in rows.annotate(total=Count("steps"))}


def _seen(each: Said, versions: Mapping[Place, GuideVersion]) -> bool:
    version = versions.get((each.slug, each.number))
    return version is not None and 1 <= each.step <= version.total  # type: ignore[attr-defined]  # annotated


def _count(version: GuideVersion, each: Said) -> None:
    row, _made = StepCount.objects.get_or_create(
        version=version, step=each.step, kind=each.kind, day=timezone.localdate()
    )
    StepCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
