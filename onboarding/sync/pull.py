"""Pages of the feed for a phone: the state of now of what changed in one area.

For: composing a page from the rooms' own descriptions, with access asked anew for every page. Not for: the
numbering (journal) or what a record may tell (fieldwork.feed and submissions.feed decide the fields).
"""

from collections.abc import Callable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from onboarding import seal
from onboarding.accounts.models import Area, User
from onboarding.fieldwork import feed as fieldwork_feed
from onboarding.journal.feed import FeedReset, Page, read_feed
from onboarding.journal.recording import recording
from onboarding.submissions import feed as submissions_feed
from onboarding.sync.models import Device
from onboarding.sync.requests import Halt, standing

MAX_RECORDS = 200
MAX_BYTES = 128 * 1024
Describe = Callable[..., dict[UUID, dict[str, Any] | None]]

# Kinds that phones do not read (an entry's arrival takes a number too) are simply not here.
DESCRIBED: dict[str, Describe] = {
    **dict.fromkeys(
        ("household", "resident", "round", "visit", "mark", "consent", "conflict"), fieldwork_feed.describe
    ),
    "submission": submissions_feed.describe,
}


def page_for(device: Device, *, area: UUID, after: int, epoch: str) -> dict[str, Any]:
    """Return one page of an area for a phone.

    Raises Halt: 403 `inactive` for a revoked phone or an inactive member, 404 for an area that the member does not
    see (any more), 410 `reset` when the phone's place in the feed does not exist.
    """
    if standing(device):
        raise Halt(403, "inactive", message=_("Tài khoản hoặc máy đã ngừng hoạt động."))
    if not Area.objects.visible_to(device.user).filter(pk=area).exists():
        raise Halt(404, "not_found")
    try:
        page, records = _fitting(device.user, area, after, epoch)
    except FeedReset as reset:
        raise Halt(410, "reset", epoch=reset.epoch) from reset
    if records:
        _note_reading(device, area, after, page, len(records))
    return {"area": str(area), "epoch": page.epoch, "to": page.to, "more": page.more, "records": records}


def _fitting(user: User, area: UUID, after: int, epoch: str) -> tuple[Page, list[dict[str, Any]]]:
    """Return the longest page under the limit of bytes; a single record may be over it."""
    limit = MAX_RECORDS
    while True:
        page = read_feed(area, after=after, epoch=epoch, limit=limit)
        records = _records(user, page.changed)
        if limit == 1 or len(seal.canonical(records)) <= MAX_BYTES:
            return page, records
        limit = max(1, min(limit, page.to - after) // 2)


def _records(user: User, changed: list[tuple[str, UUID]]) -> list[dict[str, Any]]:
    """Describe what changed, one question a kind, in the feed's order; None is a tombstone."""
    by_kind: dict[str, list[UUID]] = {}
    for kind, pk in changed:
        by_kind.setdefault(kind, []).append(pk)
    known = {kind: DESCRIBED[kind](kind, ids, user=user) for kind, ids in by_kind.items() if kind in DESCRIBED}
    return [{"kind": kind, "id": str(pk), "data": known[kind].get(pk)} for kind, pk in changed if kind in known]


def _note_reading(device: Device, area: UUID, after: int, page: Page, count: int) -> None:
    """A phone that took personal records is an audited read; which ones follows from the numbers."""
    with recording(device.user, device=device.pk) as journal:
        journal.did("area.pulled", "area", area, area, detail={"after": after, "to": page.to, "records": count})
