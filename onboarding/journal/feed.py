"""Reading the feed of an area: what changed after a number. Not for: who may read it; ask accounts first."""

from dataclasses import dataclass
from uuid import UUID

from onboarding.journal.models import AreaCounter, Change


class FeedReset(Exception):
    """The reader's place does not exist any more; it must drop its copy and read from 0."""

    def __init__(self, epoch: str) -> None:
        super().__init__(epoch)
        self.epoch = epoch


@dataclass(frozen=True)
class Page:
    """One page of the feed: the changed records once each, newest state to be fetched by the reader."""

    epoch: str
    to: int
    more: bool
    changed: list[tuple[str, UUID]]


def read_feed(area_id: UUID, *, after: int, epoch: str, limit: int = 200) -> Page:
    """Return at most limit changes of an area numbered above after. Raises FeedReset when that place is gone."""
    counter, _new = AreaCounter.objects.get_or_create(area_id=area_id)
    if after and (epoch != counter.epoch or after > counter.last):
        raise FeedReset(counter.epoch)
    rows = list(Change.objects.filter(area_id=area_id, number__gt=after).order_by("number")[: limit + 1])
    page = rows[:limit]
    changed = list(dict.fromkeys((row.kind, row.object_id) for row in page))
    return Page(counter.epoch, page[-1].number if page else after, len(rows) > limit, changed)
