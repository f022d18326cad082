"""Checking the audit chain. Not for: writing it (recording.py)."""

from uuid import UUID

from onboarding.journal.models import AreaCounter, AuditEntry
from onboarding.journal.recording import audit_hash


def first_broken(area_id: UUID) -> AuditEntry | None:
    """Return the first audit entry of an area that was altered, moved or follows a removed one; None when whole."""
    previous, number = "", 0
    for entry in AuditEntry.objects.filter(area_id=area_id).order_by("number").iterator():
        number += 1
        if entry.number != number or entry.previous != previous or entry.hash != audit_hash(entry):
            return entry
        previous = entry.hash
    return _missing_tail(area_id, number, previous)


def _missing_tail(area_id: UUID, number: int, previous: str) -> AuditEntry | None:
    head = AreaCounter.objects.filter(pk=area_id).first()
    if head is None or (head.audit_last, head.audit_hash) == (number, previous):
        return None
    return AuditEntry(area_id=area_id, number=number + 1, action="removed", hash=head.audit_hash)
