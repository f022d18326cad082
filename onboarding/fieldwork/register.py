"""One field that several people may write without seeing each other: every value is kept until somebody saw it.

A write says which entries it looked at (`seen`). heads = written − superseded. The row shows: this write when it is
a head; else what it showed when that is still a head; else the newest head. Every other head with another value is
an open Conflict. So the heads never depend on the order of arrival and no value disappears unseen; clocks play no
part. Not for: who may write (merging.py) or what a value may be (fields.py).
"""

import json
from dataclasses import dataclass
from uuid import UUID

from django.utils import timezone

from onboarding import vault
from onboarding.accounts.models import User
from onboarding.fieldwork import fields
from onboarding.fieldwork.models import Conflict, FieldWrite, Household, Resident, Superseded
from onboarding.journal.recording import Journal


@dataclass(frozen=True)
class Head:
    """A value that nobody has seen and replaced."""

    entry: UUID
    value: str
    user_id: UUID | None


def write(*, user: User, entry: UUID, record: str, subject: UUID, field: str, value: str, seen: list[UUID]) -> bool:
    """Keep one write and what it looked at; return False when this entry already wrote this field."""
    looked_at = {other for other in seen if other != entry}
    known = FieldWrite.objects.filter(entry=entry, subject=subject, field=field)
    if known.exists():
        return False
    Superseded.objects.bulk_create(
        [Superseded(subject=subject, field=field, entry=other) for other in sorted(looked_at)], ignore_conflicts=True
    )
    FieldWrite.objects.filter(subject=subject, field=field, entry__in=looked_at).update(superseded=True)
    FieldWrite.objects.create(
        entry=entry, record=record, subject=subject, field=field, value_sealed=seal(value, subject, field, entry),
        user=user, superseded=Superseded.objects.filter(subject=subject, field=field, entry=entry).exists(),
    )  # fmt: skip
    return True


def write_first(*, user: User, entry: UUID, record: str, subject: UUID, values: dict[str, str]) -> None:
    """Keep the first values of a record that did not exist: nobody can have looked at anything yet."""
    FieldWrite.objects.bulk_create(
        FieldWrite(
            entry=entry, record=record, subject=subject, field=field, user=user,
            value_sealed=seal(value, subject, field, entry),
        )
        for field, value in values.items()
    )  # fmt: skip


def heads_of(subject: UUID, field: str) -> list[Head]:
    """Return the heads of a field, oldest arrival first."""
    rows = FieldWrite.objects.filter(subject=subject, field=field, superseded=False).order_by("pk")
    return [Head(row.entry, unseal(row.value_sealed, subject, field, row.entry), row.user_id) for row in rows]


def settle(journal: Journal, target: Household | Resident, field: str, *, entry: UUID, area_id: UUID) -> None:
    """Show the right head of field in target (unsaved) and open and close conflicts to fit. entry: the last write."""
    heads = heads_of(target.pk, field)
    shown = _shown(heads, entry, fields.read_field(target, field))
    if shown != fields.read_field(target, field):
        fields.put_field(target, field, shown)
        _tell_open(journal, target.pk, field)
    losers = [head for head in heads if head.value != shown]
    _close_others(journal, target.pk, field, {head.entry for head in losers}, area_id)
    for head in losers:
        keep_conflict(
            journal, fields.record_of(target), target.pk, field, entry=head.entry, value=head.value,
            user_id=head.user_id, area_id=area_id,
        )  # fmt: skip


def _shown(heads: list[Head], entry: UUID, current: str) -> str:
    values = {head.entry: head.value for head in heads}
    if not values:  # each was seen by another: only a broken phone can say so; the row stays as it is
        return current
    if entry in values:
        return values[entry]
    return current if current in values.values() else heads[-1].value


def _tell_open(journal: Journal, subject: UUID, field: str) -> None:
    """A conflict shows the value that won: when that changes, phones must pull the conflict again."""
    for pk, area_id in Conflict.objects.filter(subject=subject, field=field, closed_at=None).values_list("pk", "area"):
        journal.changed("conflict", pk, area_id)


def _close_others(journal: Journal, subject: UUID, field: str, losers: set[UUID], area_id: UUID) -> None:
    for conflict in Conflict.objects.filter(subject=subject, field=field, closed_at=None).exclude(entry__in=losers):
        close(journal, conflict, user=journal.user)


def close(journal: Journal, conflict: Conflict, *, user: User | None) -> None:
    """Close one conflict; phones drop it."""
    Conflict.objects.filter(pk=conflict.pk).update(closed_at=timezone.now(), closed_by=user)
    journal.changed("conflict", conflict.pk, conflict.area_id)


def keep_conflict(
    journal: Journal,
    record: str,
    subject: UUID,
    field: str,
    *,
    entry: UUID,
    value: str,
    user_id: UUID | None,
    area_id: UUID,
) -> None:
    """Open the conflict of one entry and field, or open it again; one that is open stays as it is."""
    conflict, created = Conflict.objects.get_or_create(
        subject=subject,
        field=field,
        entry=entry,
        defaults={
            "area_id": area_id,
            "record": record,
            "user_id": user_id,
            "value_sealed": seal(value, subject, field, entry),
        },
    )
    if created or conflict.closed_at:
        Conflict.objects.filter(pk=conflict.pk).update(closed_at=None, closed_by=None)
        journal.changed("conflict", conflict.pk, conflict.area_id)


def seal(value: str, subject: UUID, field: str, entry: UUID) -> bytes:
    """Encrypt a written value, bound to its record, field and entry."""
    return vault.ring().encrypt(json.dumps(value, ensure_ascii=False), place=_place(subject, field, entry))


def unseal(blob: bytes | memoryview | None, subject: UUID, field: str, entry: UUID) -> str:
    """Return what seal was given. Raises VaultError."""
    return json.loads(vault.ring().decrypt(blob, place=_place(subject, field, entry)))


def _place(subject: UUID, field: str, entry: UUID) -> str:
    return f"field.value:{subject}:{field}:{entry}"
