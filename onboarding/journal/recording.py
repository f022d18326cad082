"""Collecting what a verb changed, did and showed, and numbering it as the last statements of its transaction.

For: `with recording(user) as journal:` around every verb that writes, and around views that show a personal
record. Nested recordings join the outermost, so a push that calls three verbs gives numbers once.
Not for: reading the feed (feed.py) or checking the audit chain (audit.py).
"""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from onboarding.accounts.models import User
from onboarding.journal.models import AreaCounter, AuditEntry, Change

Numbers = dict[UUID, int]


@dataclass
class Journal:
    """What one transaction changed, did and showed."""

    user: User | None
    device: UUID | None
    changes: list[tuple[UUID, str, UUID]] = field(default_factory=list)
    deeds: list[tuple[UUID, str, str, UUID | None, dict[str, Any]]] = field(default_factory=list)
    callbacks: list[Callable[[Numbers], None]] = field(default_factory=list)
    touched: set[UUID] = field(default_factory=set)
    epochs: dict[UUID, str] = field(default_factory=dict)  # of each area numbered; filled by close()

    def changed(self, kind: str, object_id: UUID, area_id: UUID) -> None:
        """Note that a record changed; phones that may see area_id will pull it."""
        if (area_id, kind, object_id) not in self.changes:
            self.changes.append((area_id, kind, object_id))

    def did(
        self, action: str, kind: str, object_id: UUID | None, area_id: UUID, *, detail: dict[str, Any] | None = None
    ) -> None:
        """Note a deed for the audit. detail must not hold personal data: it is kept readable for years."""
        self.deeds.append((area_id, action, kind, object_id, detail or {}))

    def saw(self, kind: str, object_id: UUID, area_id: UUID, *, detail: dict[str, Any] | None = None) -> None:
        """Note that the user was shown a personal record."""
        self.did(f"{kind}.seen", kind, object_id, area_id, detail=detail)

    def number_in(self, area_id: UUID) -> None:
        """Ask for a number in area_id even when no record changed there (a receipt needs one)."""
        self.touched.add(area_id)

    def after_numbering(self, callback: Callable[[Numbers], None]) -> None:
        """Run callback with the last number of each area touched, still inside the transaction, as its last act."""
        self.callbacks.append(callback)

    @contextmanager
    def part(self) -> Iterator[None]:
        """Run a part that may fail alone: when it raises, its rows and its notes go, what was before stays."""
        before = list(self.changes), list(self.deeds), list(self.callbacks), set(self.touched)
        try:
            with transaction.atomic():
                yield
        except BaseException:
            self.changes, self.deeds, self.callbacks, self.touched = before
            raise

    def close(self) -> Numbers:
        """Number everything: areas in sorted order so that two writers can't wait for each other in a circle."""
        areas = {a for a, *_ in self.changes} | {a for a, *_ in self.deeds} | self.touched
        numbers = {area: self._number(area) for area in sorted(areas)}
        for callback in self.callbacks:
            callback(numbers)
        return numbers

    def _number(self, area: UUID) -> int:
        changes = [(kind, pk) for a, kind, pk in self.changes if a == area]
        counter = _locked(area)
        first = counter.last + 1
        Change.objects.bulk_create(
            Change(area_id=area, number=first + i, kind=kind, object_id=pk) for i, (kind, pk) in enumerate(changes)
        )
        counter.last += len(changes)
        self._chain(counter, [deed[1:] for deed in self.deeds if deed[0] == area])
        # Only what we own of the row: a backup raises `durable`, a restore renews `epoch`.
        counter.save(update_fields=["last", "audit_last", "audit_hash"])
        self.epochs[area] = counter.epoch
        return counter.last

    def _chain(self, counter: AreaCounter, deeds: list[tuple[str, str, UUID | None, dict[str, Any]]]) -> None:
        entries = []
        for action, kind, object_id, detail in deeds:
            counter.audit_last += 1
            entry = AuditEntry(
                area_id=counter.pk, number=counter.audit_last, at=timezone.now(), user=self.user, device=self.device,
                action=action, kind=kind, object_id=object_id, detail=detail, previous=counter.audit_hash,
            )  # fmt: skip
            entry.hash = counter.audit_hash = audit_hash(entry)
            entries.append(entry)
        AuditEntry.objects.bulk_create(entries)


def audit_hash(entry: AuditEntry) -> str:
    """Return the sha256 hex that an audit entry must carry: its own facts and the hash before it."""
    facts = [
        str(entry.area_id), entry.number, entry.at.isoformat(), str(entry.user_id or ""), str(entry.device or ""),
        entry.action, entry.kind, str(entry.object_id or ""), entry.detail, entry.previous,
    ]  # fmt: skip
    return hashlib.sha256(json.dumps(facts, sort_keys=True, ensure_ascii=False).encode()).hexdigest()


def _locked(area: UUID) -> AreaCounter:
    """Return the area's counter, locked until the commit: nobody else takes a number in between."""
    rows = AreaCounter.objects.select_for_update()
    found = rows.filter(pk=area).first()
    if found is None:
        AreaCounter.objects.get_or_create(area_id=area)
        found = rows.get(pk=area)
    return found


_current: ContextVar[Journal | None] = ContextVar("journal", default=None)


@contextmanager
def recording(user: User | None, *, device: UUID | None = None) -> Iterator[Journal]:
    """Open a transaction and a journal; at the end number what was noted. Inside another recording, join it."""
    outer = _current.get()
    if outer is not None:
        yield outer
        return
    journal = Journal(user=user, device=device)
    token = _current.set(journal)
    try:
        with transaction.atomic():
            yield journal
            journal.close()
    finally:
        _current.reset(token)
