"""What keepers of guides see of them: every guide with its state, what waits for whom, and what must be looked at.

For: the ward's list of guides and the page of one. It only reads. Not for: how they are read (readership.py).
"""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count
from django.utils import timezone

from onboarding.guides import following, readership
from onboarding.guides.following import Behind
from onboarding.guides.models import Guide, GuideVersion
from onboarding.guides.readership import GuideLine

State = GuideVersion.State


@dataclass(frozen=True)
class Entry:
    """One guide. shown: the version whose name it bears; open: what is being written or waits; line: None if unread.

    behind: its translation, when that no longer says what the guide says.
    """

    guide: Guide
    shown: GuideVersion
    open: list[GuideVersion]
    line: GuideLine | None
    overdue: bool
    behind: Behind | None

    @property
    def states(self) -> set[str]:
        """Return the states of what is being written or waits."""
        return {version.state for version in self.open}

    @property
    def to_look_at(self) -> bool:
        """Say whether somebody should compare it with a real phone again, or its translation with it."""
        return self.overdue or self.behind is not None or bool(self.line and self.line.tally.rising)


@dataclass(frozen=True)
class VersionLine:
    """One version of a guide and the word of status() for where it stands."""

    version: GuideVersion
    status: str


FILTERS: dict[str, Callable[[Entry], bool]] = {
    "": lambda entry: True,
    "duyet": lambda entry: bool(entry.states & {State.REVIEW, State.SCHEDULED}),
    "nhap": lambda entry: State.DRAFT in entry.states,
    "xemlai": lambda entry: entry.to_look_at,
}


def entries(today: date) -> list[Entry]:
    """Return all guides that have a version, those to be looked at first, then by the catalogue.

    A translation is there only while somebody writes it or it waits for one; otherwise its original leads to it.
    """
    lines = {line.version.guide_id: line for line in readership.board(today)}
    rows: dict[UUID, list[GuideVersion]] = defaultdict(list)
    found = GuideVersion.objects.select_related("guide", "author").annotate(total=Count("steps"))
    for row in found.order_by("guide__order", "guide__slug", "-number"):
        rows[row.guide_id].append(row)
    behind = following.all_behind()
    kept = {guide: versions for guide, versions in rows.items() if _for_people(versions)}
    made = [_entry(versions, lines.get(guide), behind.get(guide), today) for guide, versions in kept.items()]
    shown = [entry for entry in made if entry.guide.original_id is None or entry.open]
    return sorted(shown, key=lambda entry: not entry.to_look_at)


def counts(found: Sequence[Entry]) -> dict[str, int]:
    """Return how many entries each filter lets through."""
    return {name: sum(map(fits, found)) for name, fits in FILTERS.items()}


def versions_of(guide: Guide) -> list[VersionLine]:
    """Return a guide's versions, newest first."""
    current = guide.current
    rows = guide.versions.select_related("guide", "author", "publisher").order_by("-number")
    return [VersionLine(row, status(row, current)) for row in rows]


def status(version: GuideVersion, current: GuideVersion | None) -> str:
    """Return draft, review, scheduled, current, earlier, expired, withdrawn, declined, or shipped: being drawn."""
    if current is not None and version.pk == current.pk:
        return "current"
    if version.state == State.WITHDRAWN:
        return "withdrawn" if version.published_at else "declined"
    if version.state == State.DRAFT and version.author_id is None:
        return "shipped"
    if version.expires_at and version.expires_at <= timezone.now():
        return "expired"
    return "earlier" if version.published_at else str(version.state)


def _entry(versions: list[GuideVersion], line: GuideLine | None, behind: Behind | None, today: date) -> Entry:
    guide = versions[0].guide
    waiting = [row for row in versions if row.state in (State.DRAFT, State.REVIEW) and (row.author_id or _asked(row))]
    waiting += [row for row in versions if row.state == State.SCHEDULED and (line is None or row != line.version)]
    due = guide.review_by is not None and guide.review_by < today
    return Entry(guide, line.version if line else versions[0], waiting, line, due, behind)


def _asked(row: GuideVersion) -> bool:
    return row.state == State.REVIEW


def _for_people(versions: list[GuideVersion]) -> bool:
    """Say whether a guide is more than a shipped one that still waits for its first pictures."""
    return any(row.author_id is not None or row.state != State.DRAFT for row in versions)
