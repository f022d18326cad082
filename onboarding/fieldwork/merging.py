"""Changing and deleting households and residents, from several phones that may not see each other.

For: an edit merges per field (register.py), an unknown resident with a household is a new person at the door, a
deletion is final: whatever arrives for a deleted record is kept as the conflict "*" and shown to the ward. Nothing
is overwritten that nobody saw, nothing comes back to life. Not for: visits and marks, which only ever add.
"""

import json
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.accounts.models import User
from onboarding.fieldwork import register, subjects
from onboarding.fieldwork.fields import clean_fields, put_field, record_of
from onboarding.fieldwork.models import Conflict, Consent, FieldWrite, Household, Mark, Resident
from onboarding.journal.recording import Journal, recording
from onboarding.refusal import Refused

RECORDS = ("household", "resident")
REASON_LIMIT = 300
WHOLE = "*"


def edit_record(
    *,
    user: User,
    entry: UUID,
    record: str,
    subject: UUID,
    fields: dict[str, Any],
    seen: dict[str, list[UUID]],
    at: datetime,
) -> None:
    """Write fields of a record; the same entry again changes nothing.

    record: "household" or "resident"; fields: {name: value} by the names of fields.py; seen: {name: [entries whose
    value the writer looked at]}. A resident with an unknown id and a "household" among fields is added. Raises
    Refused: subject_unknown, not_assigned, answers_invalid, secret_in_text.
    """
    subject, values = subjects.as_uuid(subject), clean_fields(record, fields)
    looked_at = {name: subjects.as_uuids((seen or {}).get(name) or []) for name in values}
    with recording(user) as journal:
        home = subjects.household_for(user, values["household"]) if "household" in values else None
        target, new = _target(user, record, subject, home)
        if subjects.is_gone(target) or (home and home.deleted_at):
            _keep_for_ward(journal, target, entry, values)
        elif new:
            _add(journal, user, entry, target, values)
        elif _apply(journal, user, entry, target, values, looked_at):
            journal.did(f"{record}.edit", record, subject, area_of(target), detail=_detail(entry, values))


def write_over(*, user: User, entry: UUID, target: Household | Resident, fields: dict[str, Any]) -> None:
    """Write fields of a row that the caller has locked, having seen every value there is. Raises Refused."""
    values = clean_fields(record_of(target), fields)
    looked_at = {name: [head.entry for head in register.heads_of(target.pk, name)] for name in values}
    with recording(user) as journal:
        _apply(journal, user, entry, target, values, looked_at)


def delete_record(*, user: User, entry: UUID, record: str, subject: UUID, reason: str, at: datetime) -> None:
    """Delete a record for good; a second deletion changes nothing. The people behind a deleted door go with it.

    Raises Refused: subject_unknown, not_assigned, secret_in_text, answers_invalid.
    """
    subjects.one_of(record, RECORDS, _("Loại bản ghi này chưa có. Cập nhật ứng dụng."))
    why = subjects.clean_note(reason, limit=REASON_LIMIT)
    with recording(user) as journal:
        target = find_record(user, record, subject)
        if target.deleted_at:
            return
        type(target).objects.filter(pk=target.pk).update(deleted_at=timezone.now())
        register.write(user=user, entry=entry, record=record, subject=target.pk, field=WHOLE, value=why, seen=[])
        for conflict in Conflict.objects.filter(subject=target.pk, closed_at=None):
            register.close(journal, conflict, user=user)
        _tell(journal, target)
        journal.did(f"{record}.delete", record, target.pk, area_of(target), detail={"entry": str(entry)})


def area_of(target: Household | Resident) -> UUID:
    """Return the id of the area that a record lies in."""
    return target.area_id if isinstance(target, Household) else target.household.area_id


def find_record(user: User, record: str, subject: object) -> Any:
    """Return the household or resident, locked, deleted ones too. Raises Refused like subjects.household_for."""
    return (subjects.household_for if record == "household" else subjects.resident_for)(user, subject)


def _target(user: User, record: str, subject: UUID, home: Household | None) -> tuple[Any, bool]:
    """Return the row to write, and whether it is a new person (not saved yet)."""
    if record == "resident" and home is not None and not Resident.objects.filter(pk=subject).exists():
        return Resident(pk=subject, household=home), True
    return find_record(user, record, subject), False


def _add(journal: Journal, user: User, entry: UUID, person: Resident, values: dict[str, str]) -> None:
    if not values.get("name"):
        raise Refused("answers_invalid", _("Chưa có họ tên. Ghi họ, chữ đệm và tên."))
    register.write_first(user=user, entry=entry, record="resident", subject=person.pk, values=values)
    for name, value in values.items():
        put_field(person, name, value)
    person.refold()
    person.save(force_insert=True)
    area = area_of(person)
    journal.changed("resident", person.pk, area)
    journal.changed("household", person.household_id, area)  # it shows how many people live there
    journal.did("resident.add", "resident", person.pk, area, detail=_detail(entry, values))


def _apply(
    journal: Journal, user: User, entry: UUID, target: Any, values: dict[str, str], seen: dict[str, list[UUID]]
) -> bool:
    """Write each field and save; return False when this entry had written all of them before."""
    record, was_in, was_home = record_of(target), area_of(target), getattr(target, "household_id", None)
    fresh = [
        name
        for name, value in values.items()
        if register.write(
            user=user, entry=entry, record=record, subject=target.pk, field=name, value=value, seen=seen[name]
        )
    ]
    if not fresh:
        return False
    for name in fresh:
        register.settle(journal, target, name, entry=entry, area_id=was_in)
    target.refold()
    target.save()
    journal.changed(record, target.pk, area_of(target))
    if was_home and getattr(target, "household_id", None) != was_home:
        _follow(journal, target, was_in, was_home)
    return True


def _follow(journal: Journal, person: Resident, was_in: UUID, was_home: UUID | None) -> None:
    """Somebody moved: tell the phones of the old area too and both doors, and take open conflicts along."""
    journal.changed("resident", person.pk, was_in)
    Conflict.objects.filter(subject=person.pk).update(area_id=area_of(person))
    for home in Household.objects.filter(pk__in=[was_home, person.household_id]):
        journal.changed("household", home.pk, home.area_id)


def _detail(entry: UUID, values: dict[str, str]) -> dict[str, Any]:
    return {"entry": str(entry), "fields": sorted(values)}


def _tell(journal: Journal, target: Any) -> None:
    """Everything that phones do not see any more: the record, who lives behind it, and what was done there."""
    area = area_of(target)
    journal.changed(record_of(target), target.pk, area)
    if isinstance(target, Household):
        people = list(target.residents.values_list("pk", flat=True))
        gone = [("resident", people), ("visit", list(target.visits.values_list("pk", flat=True)))]
    else:
        people = [target.pk]
        gone = [("household", [target.household_id])]
    gone += [("mark", list(Mark.objects.filter(resident__in=people, current=True).values_list("pk", flat=True)))]
    gone += [("consent", list(Consent.objects.filter(resident__in=people).values_list("pk", flat=True)))]
    for kind, ids in gone:
        for pk in ids:
            journal.changed(kind, pk, area)


def _keep_for_ward(journal: Journal, target: Any, entry: UUID, values: dict[str, str]) -> None:
    """Keep an edit of something deleted where the ward sees it; the record stays deleted."""
    mine = {"subject": target.pk, "entry": entry}
    if Conflict.objects.filter(**mine, field=WHOLE).exists() or FieldWrite.objects.filter(**mine).exists():
        return  # told again: kept already, or applied before the deletion
    register.keep_conflict(
        journal, record_of(target), target.pk, WHOLE, entry=entry, value=json.dumps(values, ensure_ascii=False),
        user_id=journal.user.pk if journal.user else None, area_id=area_of(target),
    )  # fmt: skip
    record = record_of(target)
    journal.did(f"{record}.edit_of_deleted", record, target.pk, area_of(target), detail=_detail(entry, values))
