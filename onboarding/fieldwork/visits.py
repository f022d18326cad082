"""Recording a knock on a door and what came of it.

For: one Visit an entry, and the door's status that follows from the visit received last; a phone whose clock
runs ahead gains nothing by it. Not for: ticks on a checklist (marks.py) or the plan of a day (rounds.py).
"""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.accounts.models import User
from onboarding.fieldwork import subjects
from onboarding.fieldwork.models import Household, Resident, Visit
from onboarding.journal.recording import recording
from onboarding.refusal import Refused

NOTE_LIMIT = 500
STATUS_AFTER = {
    Visit.Outcome.MET: Household.Status.DONE,
    Visit.Outcome.AWAY: Household.Status.AWAY,
    Visit.Outcome.REFUSED: Household.Status.REFUSED,
    Visit.Outcome.MOVED: Household.Status.MOVED,
    Visit.Outcome.APPOINTMENT: Household.Status.APPOINTMENT,
}


def record_visit(
    *,
    user: User,
    entry: UUID,
    household: UUID,
    outcome: str,
    note: str,
    appointment: datetime | None,
    started_at: datetime | None,
    at: datetime,
    people: list[Any],
) -> Visit:
    """Record a visit under the id `entry`; the same entry again changes nothing and returns the first visit.

    people: ids of residents who were met; ids that do not live behind this door are left out and counted in the
    audit, because the knock itself happened. Raises Refused: subject_unknown, not_assigned, secret_in_text,
    answers_invalid (unknown outcome, appointment without a time).
    """
    facts = {
        "outcome": subjects.one_of(outcome, Visit.Outcome.values, _("Kết quả này chưa có. Cập nhật ứng dụng.")),
        "note": subjects.clean_note(note, limit=NOTE_LIMIT),
        "appointment": _appointment(outcome, appointment),
        "started_at": started_at,
        "at": at,
    }
    with recording(user) as journal:
        home = subjects.household_for(user, household)
        # The door's row is locked: nobody records the same visit between the look and the insert.
        known = Visit.objects.filter(pk=entry).first()
        if known is not None:
            return known
        visit = Visit.objects.create(pk=entry, household=home, user=user, **facts)
        met = list(Resident.objects.filter(household=home, pk__in=subjects.as_uuids(people or [])))
        visit.people.add(*met)
        journal.changed("visit", visit.pk, home.area_id)
        if not home.deleted_at:
            _leave(home, visit)
            journal.changed("household", home.pk, home.area_id)
        detail = {"household": str(home.pk), "outcome": visit.outcome, "unknown_people": len(people or []) - len(met)}
        journal.did("visit.record", "visit", visit.pk, home.area_id, detail=detail)
    return visit


def _appointment(outcome: str, appointment: datetime | None) -> datetime | None:
    if outcome != Visit.Outcome.APPOINTMENT:
        return None
    if appointment is None:
        raise Refused("answers_invalid", _("Chưa có giờ hẹn. Chọn ngày và giờ hẹn lại."))
    return appointment


def _leave(home: Household, visit: Visit) -> None:
    """Put on the door what the visit received last says; the claimed time is only shown, never in the future."""
    home.status = STATUS_AFTER[Visit.Outcome(visit.outcome)]
    home.appointment = visit.appointment
    home.last_visit = min(visit.at, timezone.now())
    home.save(update_fields=["status", "appointment", "last_visit"])
