"""The row of an entry and the rows beside it: who is here already, who waits, whether the one before is settled.

For: push.py, which decides what becomes of them. One question finds everything about an entry, because a push asks it
for each of its twenty-five. Not for: verdicts (push.py) or receipts (receipts.py).
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Q, QuerySet

from onboarding import seal
from onboarding.accounts import access
from onboarding.sync import envelope
from onboarding.sync.models import Device, Entry, EntryFile

HELD = Entry.Verdict.HELD


@dataclass(frozen=True)
class Neighbours:
    """What was here when an entry came. The caller holds the lock of its author's device row."""

    row: Entry | None  # the entry itself
    has_twin: bool  # another entry of the device has its number
    previous: UUID | None
    previous_settled: bool
    followers: list[Entry]  # held because this one had not come, in the phone's order


def neighbours(pk: UUID, entry: envelope.Entry | None, author: Device) -> Neighbours:
    """Return what is here of an entry and beside it; entry None: it is malformed and has only an id."""
    wanted = Q(pk=pk) | Q(previous=pk, verdict=HELD)
    if entry is not None:
        wanted |= Q(device=author, epoch=entry.epoch, seq=entry.seq)
    if entry is not None and entry.prev is not None:
        wanted |= Q(pk=entry.prev)
    rows = {row.pk: row for row in Entry.objects.filter(wanted).order_by("epoch", "seq")}
    previous = entry.prev if entry is not None else None
    return Neighbours(
        row=rows.get(pk),
        has_twin=entry is not None and any(_is_twin(row, entry, author) for row in rows.values()),
        previous=previous,
        previous_settled=is_settled(previous, rows.get(previous) if previous else None),
        followers=[row for row in rows.values() if row.previous == pk and row.verdict == HELD],
    )


def is_settled(previous: UUID | None, row: Entry | None) -> bool:
    """Say whether an entry was applied or put aside. Merely having arrived is not enough: it may wait itself."""
    return previous is None or (row is not None and row.settled)


def held_behind(pk: UUID, *, known: list[UUID]) -> QuerySet[Entry]:
    """Return what waits for an entry, in the phone's order, without what is settled in this transaction."""
    return Entry.objects.filter(previous=pk, verdict=HELD).exclude(pk__in=known).order_by("epoch", "seq")


def insert(
    pk: UUID, raw: dict[str, Any], entry: envelope.Entry | None, digest: str, author: Device, near: Neighbours
) -> Entry:
    """Make the row of an entry that is new. What is malformed is kept whole, as bytes: its texts may not fit a column.

    Without a savepoint: whoever loses a race for the id starts anew (push.receive) and finds the row.
    """
    values: dict[str, Any] = {"device": author, "user_id": author.user_id, "hash": digest, "verdict": HELD}
    if entry is None:
        values |= {"area_id": author.area_id, "epoch": 0, "seq": 0, "envelope": {}, "sealed": seal.canonical(raw)}
        return Entry.objects.create(pk=pk, **values)
    values |= {
        "area_id": _area(author, entry), "kind": entry.kind[:20], "subject": entry.subject, "chain": entry.chain,
        "epoch": entry.epoch, "seq": entry.seq, "previous": entry.prev, "form": entry.form,
        "envelope": entry.header, "sealed": entry.sealed,
    }  # fmt: skip
    row = Entry.objects.create(pk=pk, **values)
    EntryFile.objects.bulk_create(
        EntryFile(entry=row, slot=file.slot, sha256=file.sha256, size=file.size) for file in entry.files
    )
    if near.has_twin:  # two copies of this phone are alive: both are taken, a person enrols it again
        Device.objects.filter(pk=row.device_id).update(forked=True)
    return row


def _is_twin(row: Entry, entry: envelope.Entry, author: Device) -> bool:
    return (row.device_id, row.epoch, row.seq) == (author.pk, entry.epoch, entry.seq) and row.pk != entry.id


def _area(author: Device, entry: envelope.Entry) -> UUID:
    """Where the entry is numbered: the area it names if its author works there, else the ward of the phone."""
    return entry.area if access.may_work_in(author.user, entry.area) else author.area_id
