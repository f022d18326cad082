"""What a phone may know of this room's records: whitelisted fields, the state of now.

For: the pull of the wire. None is a tombstone: deleted, no longer valid, or not this user's to see. Not for:
submissions (that room describes its own) or pages for supervisors (views.py).
"""

import json
from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.utils import timezone

from onboarding.accounts.models import User
from onboarding.fieldwork import fields, register
from onboarding.fieldwork.models import Conflict, Consent, FieldWrite, Household, Mark, Resident, Round, Visit

Data = dict[str, Any]


def describe(kind: str, ids: Iterable[UUID], *, user: User) -> dict[UUID, Data | None]:
    """Return {id: data or None} for every id asked for. Raises KeyError for a kind of another room.

    kind: household, resident, round, visit, mark, consent or conflict; data as in the README of sync.
    """
    wanted = list(ids)
    found = KINDS[kind](wanted, user)
    return {pk: found.get(pk) for pk in wanted}


def local_iso(moment: datetime | None) -> str | None:
    """Return a moment as Hà Nội's clock shows it, with its offset: "2026-11-23T09:30:00+07:00"."""
    return timezone.localtime(moment).isoformat(timespec="seconds") if moment else None


def _households(ids: list[UUID], user: User) -> dict[UUID, Data]:
    here = Count("residents", filter=Q(residents__deleted_at=None))
    seen = Household.objects.visible_to(user).filter(pk__in=ids, deleted_at=None)
    rows: list[Any] = list(seen.select_related("area").annotate(people=here))
    writers = _writers(rows)
    return {row.pk: _household(row) | {"writers": writers[row.pk]} for row in rows}


def _household(row: Any) -> Data:  # a Household with `people` counted
    return {
        "id": str(row.pk),
        "area": str(row.area_id),
        "area_name": row.area.name,
        "number": row.number,
        "alley": row.alley,
        "street": row.street,
        "order": row.order,
        "head": row.head,
        "note": row.note,
        "phone": row.phone,
        "people": row.people,
        "status": row.status,
        "appointment": local_iso(row.appointment),
        "last_visit": local_iso(row.last_visit),
    }


def _residents(ids: list[UUID], user: User) -> dict[UUID, Data]:
    seen = Resident.objects.visible_to(user).filter(pk__in=ids, deleted_at=None, household__deleted_at=None)
    rows = list(seen.select_related("household"))
    writers = _writers(rows)
    return {row.pk: _resident(row) | {"writers": writers[row.pk]} for row in rows}


def _resident(row: Resident) -> Data:
    return {
        "id": str(row.pk),
        "household": str(row.household_id),
        "area": str(row.household.area_id),
        "name": row.name,
        "birth": row.birth,
        "sex": row.sex,
        "relation": row.relation,
        "is_head": row.is_head,
        "number": row.number,
        "phone": row.phone,
        "eid": row.eid,
    }


def _writers(rows: list[Any]) -> dict[UUID, dict[str, list[str]]]:
    """Return {record: {field: [entries whose value is the one shown]}}: what a phone will say it has seen."""
    by_id = {row.pk: row for row in rows}
    found: dict[UUID, dict[str, list[str]]] = defaultdict(dict)
    for write in FieldWrite.objects.filter(subject__in=by_id, superseded=False).order_by("pk"):
        row = by_id[write.subject]
        if write.field in fields.FIELDS[write.record] and fields.read_field(row, write.field) == register.unseal(
            write.value_sealed, write.subject, write.field, write.entry
        ):
            found[row.pk].setdefault(write.field, []).append(str(write.entry))
    return found


def _rounds(ids: list[UUID], user: User) -> dict[UUID, Data]:
    rows = Round.objects.visible_to(user).filter(pk__in=ids).prefetch_related("stops__household")
    return {row.pk: _round(row) for row in rows}


def _round(row: Round) -> Data:
    doors = [str(stop.household_id) for stop in row.stops.all() if not stop.household.deleted_at]
    return {
        "id": str(row.pk),
        "area": str(row.area_id),
        "team": str(row.team_id),
        "day": row.day.isoformat(),
        "stops": doors,
    }


def _visits(ids: list[UUID], user: User) -> dict[UUID, Data]:
    rows = Visit.objects.visible_to(user).filter(pk__in=ids, household__deleted_at=None).select_related("user")
    return {row.pk: _visit(row) for row in rows}


def _visit(row: Visit) -> Data:
    return {
        "id": str(row.pk),
        "household": str(row.household_id),
        "outcome": row.outcome,
        "at": local_iso(row.at),
        "by": row.user.name,
        "note": row.note,
        "appointment": local_iso(row.appointment),
    }


def _living() -> Q:
    return Q(resident__deleted_at=None, resident__household__deleted_at=None)


def _marks(ids: list[UUID], user: User) -> dict[UUID, Data]:
    # A mark that another took the place of is gone for phones: they must not choose between two by their clocks.
    rows = Mark.objects.visible_to(user).filter(_living(), pk__in=ids, current=True)
    return {row.pk: _mark(row) for row in rows.select_related("item", "user", "resident")}


def _mark(row: Mark) -> Data:
    return {
        "id": str(row.pk),
        "resident": str(row.resident_id),
        "household": str(row.resident.household_id),
        "checklist": row.item.checklist_id,
        "item": row.item.code,
        "state": row.state,
        "blocker": row.blocker,
        "note": row.note,
        "at": local_iso(row.at),
        "by": row.user.name,
    }


def _consents(ids: list[UUID], user: User) -> dict[UUID, Data]:
    rows = Consent.objects.visible_to(user).filter(_living(), pk__in=ids).select_related("resident")
    return {row.pk: _consent(row) for row in rows}


def _consent(row: Consent) -> Data:
    return {
        "id": str(row.pk),
        "resident": str(row.resident_id),
        "household": str(row.resident.household_id),
        "text": row.text,
        "purposes": row.purposes,
        "at": local_iso(row.at),
        "withdrawn": row.withdrawn_at is not None,
    }


def _conflicts(ids: list[UUID], user: User) -> dict[UUID, Data]:
    # An edit of something deleted is the ward's to look at: on a phone there is no record left to show it on.
    rows = (
        Conflict.objects.visible_to(user).filter(pk__in=ids, closed_at=None).exclude(field="*").select_related("user")
    )
    return {row.pk: describe_conflict(row) for row in rows}


def describe_conflict(row: Conflict) -> Data:
    """Return a conflict with both values opened: text, or for "*" ours None and theirs {field: text}.

    entry is the one that wrote theirs: whoever decides has seen it, and says so.
    """
    theirs = register.unseal(row.value_sealed, row.subject, row.field, row.entry)
    whole = row.field == "*"
    return {
        "id": str(row.pk),
        "record": row.record,
        "subject": str(row.subject),
        "field": row.field,
        "entry": str(row.entry),
        "ours": None if whole else _shown(row),
        "theirs": json.loads(theirs) if whole else theirs,
        "by": row.user.name if row.user else "",
        "at": local_iso(row.at),
    }


def _shown(row: Conflict) -> str:
    target = (Household if row.record == "household" else Resident).objects.get(pk=row.subject)
    return fields.read_field(target, row.field)


KINDS = {
    "household": _households,
    "resident": _residents,
    "round": _rounds,
    "visit": _visits,
    "mark": _marks,
    "consent": _consents,
    "conflict": _conflicts,
}
