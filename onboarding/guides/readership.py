"""How guides are read and where they no longer fit the real screen: counts by guide and by step, and what is rising.

For: the ward's pages about guides. A count says how often, never who. Not for: taking it in (feedback.py).
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.db.models import Aggregate, Count, Q, Sum

from onboarding.guides import arranging
from onboarding.guides.models import Feedback, GuideVersion, StepCount
from onboarding.guides.translating import ENGLISH

DAYS = timedelta(days=30)
SPAN = timedelta(days=14)
LEAST = 5  # so that one tap raises nothing
GROWTH = 1.5
WATCHED = ("differs", "stuck")


@dataclass
class Tally:
    """How often each kind happened in the last 30 days, in the last 14, and in the 14 before those."""

    month: Counter[str] = field(default_factory=Counter)
    now: Counter[str] = field(default_factory=Counter)
    before: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Take other in."""
        for own, more in ((self.month, other.month), (self.now, other.now), (self.before, other.before)):
            own.update(more)

    @property
    def opened(self) -> int:
        """Return how often a step was opened in the last 30 days."""
        return self.month["opened"]

    @property
    def finished(self) -> int:
        """Return how often a reader went on from a step."""
        return self.month["finished"]

    @property
    def stuck(self) -> int:
        """Return how often help for a step was opened."""
        return self.month["stuck"]

    @property
    def differs(self) -> int:
        """Return how many said that the screen differs."""
        return self.month["differs"]

    @property
    def rising(self) -> list[str]:
        """Return the kinds that happen clearly more often per opened page than a fortnight ago."""
        return [kind for kind in WATCHED if self._rises(kind)]

    def _rises(self, kind: str) -> bool:
        return self.now[kind] >= LEAST and _rate(self.now, kind) > GROWTH * _rate(self.before, kind)


@dataclass(frozen=True)
class GuideLine:
    """One guide of the list: how many began it and came to its end; the tally is over all steps and versions."""

    version: GuideVersion
    opened: int
    finished: int
    tally: Tally


@dataclass(frozen=True)
class StepLine:
    """One step of a version."""

    number: int
    title: str
    tally: Tally


@dataclass(frozen=True)
class VersionPage:
    """One version of a guide with its steps."""

    version: GuideVersion
    lines: list[StepLine]
    done: int
    not_done: int
    need_help: int


Places = dict[tuple[UUID, int], Tally]  # by a version's id and a step's number


def board(today: date) -> list[GuideLine]:
    """Return all published guides in Vietnamese, those where something rises first."""
    places, versions = tallies(today), defaultdict(list)
    for row in GuideVersion.objects.annotate(total=Count("steps")):
        versions[row.guide_id].append(row)
    lines = [_line(version, versions[version.guide_id], places) for version in arranging.published()]
    return sorted(lines, key=lambda line: not line.tally.rising)


def versions_of(slug: str, today: date) -> list[VersionPage]:
    """Return a guide's versions that are published now or were read in the last 30 days, newest first."""
    places = tallies(today, slug)
    shown = {version for version, _step in places}
    current = [*arranging.published(), *arranging.published(ENGLISH)]
    shown |= {version.pk for version in current if version.guide.slug == slug}
    rows = GuideVersion.objects.filter(pk__in=shown).select_related("guide").prefetch_related("steps")
    return [_page(version, places) for version in rows.order_by("-number")]


def stuck_at(version: GuideVersion, today: date) -> Counter[int]:
    """Return how often help was opened at each step in the last 30 days, by number; a few taps count for nothing."""
    places = tallies(today, version.guide.slug)
    return Counter({step: t.stuck for (pk, step), t in places.items() if pk == version.pk and t.stuck >= LEAST})


def tallies(today: date, slug: str = "") -> Places:
    """Return the tally of every step of every version (of one guide) that anybody read or spoke of."""
    ours = Q(version__guide__slug=slug) if slug else Q()
    spans = _spans("day", today, lambda when: Sum("count", filter=when))
    counted = StepCount.objects.filter(ours, day__gt=today - DAYS).values("version_id", "step", "kind")
    taps = _spans("at__date", today, lambda when: Count("pk", filter=when))
    said = Feedback.objects.filter(ours, at__date__gt=today - DAYS).values("version_id", "step", "kind")
    found: Places = defaultdict(Tally)
    rows: list[Any] = [*counted.annotate(**spans), *said.annotate(**taps)]
    for row in rows:
        tally = found[row["version_id"], row["step"] or 0]
        for span in ("month", "now", "before"):
            getattr(tally, span)[row["kind"]] += row[span] or 0
    return found


def _spans(day: str, today: date, how_many: Callable[[Q], Aggregate]) -> dict[str, Aggregate]:
    """Return what counts the month, the last 14 days and the 14 before, by the field of the day."""
    recent, earlier = today - SPAN, today - 2 * SPAN
    spans = {
        "month": Q(**{f"{day}__gt": today - DAYS}),
        "now": Q(**{f"{day}__gt": recent}),
        "before": Q(**{f"{day}__gt": earlier, f"{day}__lte": recent}),
    }
    return {name: how_many(when) for name, when in spans.items()}


def _line(version: GuideVersion, versions: Sequence[GuideVersion], places: Places) -> GuideLine:
    """Return a guide with what happened at any step of any of its versions."""
    whole, opened, finished = Tally(), 0, 0
    for each in versions:
        total = each.total  # type: ignore[attr-defined]  # annotated
        for number in range(1, total + 1):
            whole.add(_at(places, each, number))
        opened += _at(places, each, 1).opened
        finished += _at(places, each, total).finished
    return GuideLine(version, opened, finished, whole)


def _page(version: GuideVersion, places: Places) -> VersionPage:
    lines = [StepLine(row.number, row.title, _at(places, version, row.number)) for row in version.steps.all()]
    said = [sum(line.tally.month[kind] for line in lines) for kind in ("done", "not-done", "need-help")]
    return VersionPage(version, lines, *said)


def _at(places: Places, version: GuideVersion, step: int) -> Tally:
    return places.get((version.pk, step)) or Tally()


def _rate(tally: Counter[str], kind: str) -> float:
    """Return how often kind happened for one opened page; pages read without a script are not counted as opened."""
    return tally[kind] / max(tally["opened"], tally[kind], 1)
