"""Takes in what readers say about a step and how often steps are read: taps are rows, reading is counted by the day.

A form holds `version` (slug.mark, what the reader saw; slug.number on older pages), `step` and `kind`, each as often as
there are things to say.
Not for: knowing who (nothing here names a reader), how much one may send (feedback_views.py) or showing it
(readership.py).
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import F, Q
from django.http import QueryDict
from django.utils import timezone

from onboarding.guides.models import Feedback, GuideVersion, Step, StepCount

FIELDS = ("version", "step", "kind")
MOST = 40  # things said in one form
KINDS = {*Feedback.Kind.values, *StepCount.Kind.values}
VERSION = re.compile(r"([-\w]{1,60})\.(?:([0-9]{1,6})|([0-9a-f]{16}))", re.ASCII)
STEP = re.compile(r"[0-9]{1,3}")
SEEN = (GuideVersion.State.PUBLISHED, GuideVersion.State.WITHDRAWN)


class Unheard(Exception):
    """A form that says nothing we can keep."""


@dataclass(frozen=True)
class Said:
    """One thing said about one step of a guide, seen as version `number` or under a mark (then number is 0)."""

    slug: str
    number: int
    step: int
    kind: str
    mark: str = ""


def read(form: QueryDict) -> list[Said]:
    """Return what a form says, each thing once. Raises Unheard when anything in it is not as it must be."""
    columns = [form.getlist(name) for name in FIELDS]
    if set(form) != set(FIELDS) or len({len(column) for column in columns}) != 1 or len(columns[0]) > MOST:
        raise Unheard("fields")
    return list(dict.fromkeys(_said(*line) for line in zip(*columns, strict=True)))


def keep(said: Iterable[Said]) -> list[Said]:
    """Keep what was said about steps that readers could see, and return that part."""
    seen = {each: version for each in dict.fromkeys(said) if (version := _version(each)) is not None}
    Feedback.objects.bulk_create(
        Feedback(version=version, step=each.step, kind=each.kind)
        for each, version in seen.items()
        if each.kind in Feedback.Kind.values
    )
    for each, version in seen.items():
        if each.kind in StepCount.Kind.values:
            _count(version, each)
    return list(seen)


def _said(version: str, step: str, kind: str) -> Said:
    seen = VERSION.fullmatch(version)
    if not seen or not STEP.fullmatch(step) or kind not in KINDS:
        raise Unheard("values")
    return Said(seen[1], int(seen[2] or 0), int(step), kind, seen[3] or "")


def _version(each: Said) -> GuideVersion | None:
    """Return the version that was spoken of, the newest whose step is just that; nobody has seen an unpublished one."""
    rows = Step.objects.filter(version__guide__slug=each.slug, number=each.step).select_related("version")
    due = Q(version__state=GuideVersion.State.SCHEDULED, version__publish_at__lte=timezone.now())
    rows = rows.filter(Q(version__state__in=SEEN) | due)
    own = Q(mark=each.mark) | Q(help_mark=each.mark) if each.mark else Q(version__number=each.number)
    newest = rows.filter(own).order_by("-version__number").first()
    return newest.version if newest else None


def _count(version: GuideVersion, each: Said) -> None:
    row, _made = StepCount.objects.get_or_create(
        version=version, step=each.step, kind=each.kind, day=timezone.localdate()
    )
    StepCount.objects.filter(pk=row.pk).update(count=F("count") + 1)
