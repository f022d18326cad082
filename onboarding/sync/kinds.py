"""What each kind of entry means: from an opened body to the verb of the room that owns it.

For: one function a kind, taking the author, the entry and its body; it checks the shape of the body and calls the
same verb that views and admin call. Not for: verdicts (push.py) or rules of the field (the rooms' verbs refuse).
"""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.utils import timezone

from onboarding.accounts.models import User
from onboarding.fieldwork import consents, marks, merging, visits
from onboarding.submissions import attachments, intake
from onboarding.sync.envelope import MAX_INT, Entry, Malformed, as_integer, as_uuid
from onboarding.sync.models import Upload

Body = dict[str, Any]
Handler = Callable[[User, Entry, Body], None]
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
EARLIEST = datetime(2020, 1, 1, tzinfo=UTC)
MAX_MS = 4_102_444_800_000  # the year 2100


def visit(user: User, entry: Entry, body: Body) -> None:
    """A knock at a door."""
    _keys(body, "outcome note appointment started ended people")
    visits.record_visit(
        user=user, entry=entry.id, household=entry.subject, outcome=_text(body["outcome"], 12),
        note=_text(body["note"]), appointment=_local_time(body["appointment"]),
        started_at=_moment(body["started"], entry), at=_moment(body["ended"], entry), people=_uuids(body["people"]),
    )  # fmt: skip


def mark(user: User, entry: Entry, body: Body) -> None:
    """A tick or a blocker on a checklist."""
    _keys(body, "checklist item state blocker note")
    marks.record_mark(
        user=user, entry=entry.id, resident=entry.subject, checklist=_text(body["checklist"], 40),
        item=_text(body["item"], 40), state=_text(body["state"], 8), blocker=_text(body["blocker"], 40),
        note=_text(body["note"]), at=_at(entry),
    )  # fmt: skip


def consent(user: User, entry: Entry, body: Body) -> None:
    """What a person agreed to, with the signature as strokes."""
    _keys(body, "purposes text text_hash by witness signature")
    consents.record_consent(
        user=user, entry=entry.id, resident=entry.subject, purposes=_purposes(body["purposes"]),
        text=_text(body["text"], 60), text_hash=_text(body["text_hash"], 64), by=_text(body["by"], 16),
        witness=_text(body["witness"], 120), signature=_signature(body["signature"]), at=_at(entry),
    )  # fmt: skip


def submission(user: User, entry: Entry, body: Body) -> None:
    """A form filled for a person. Its files may have come before it: then they are announced now."""
    _keys(body, "household resident answers consent replaces")
    intake.take_submission(
        user=user, entry=entry.id, submission=entry.subject, household=as_uuid(body["household"]),
        resident=as_uuid(body["resident"]), form=entry.form, answers=_answers(body["answers"]),
        consent=as_uuid(body["consent"]), files=[_file(file) for file in entry.files],
        replaces=_maybe_uuid(body["replaces"]), at=_at(entry), seal_key=entry.key,
    )  # fmt: skip
    hashes = [file.sha256 for file in entry.files]
    for upload in Upload.objects.filter(pk__in=hashes, done_at__isnull=False):
        attachments.file_arrived(sha256=upload.pk)


def edit(user: User, entry: Entry, body: Body) -> None:
    """New values of fields; `seen` says which values the author was looking at."""
    _keys(body, "record fields")
    merging.edit_record(
        user=user, entry=entry.id, record=_record(body["record"], "household", "resident"), subject=entry.subject,
        fields=_fields(body["fields"]), seen=entry.seen, at=_at(entry),
    )  # fmt: skip


def delete(user: User, entry: Entry, body: Body) -> None:
    """A household or resident that is not there. Final."""
    _keys(body, "record reason")
    merging.delete_record(
        user=user, entry=entry.id, record=_record(body["record"], "household", "resident"), subject=entry.subject,
        reason=_text(body["reason"]), at=_at(entry),
    )  # fmt: skip


def withdrawal(user: User, entry: Entry, body: Body) -> None:
    """A person takes back a submission or a consent."""
    _keys(body, "record reason")
    reason = _text(body["reason"])
    if _record(body["record"], "submission", "consent") == "consent":
        consents.withdraw_consent(user=user, entry=entry.id, consent=entry.subject, reason=reason, at=_at(entry))
    else:
        intake.withdraw_submission(
            user=user, entry=entry.id, submission=entry.subject, reason=reason, at=_at(entry)
        )  # fmt: skip


def _keys(body: Body, names: str) -> None:
    if set(body) != set(names.split()):
        raise Malformed("keys")


def _text(value: Any, most: int = 500) -> str:
    if not isinstance(value, str) or len(value) > most:
        raise Malformed("text")
    return value


def _record(value: Any, *known: str) -> str:
    if value not in known:
        raise Malformed("record")
    return str(value)


def _maybe_uuid(value: Any) -> UUID | None:
    return None if value is None else as_uuid(value)


def _uuids(value: Any) -> list[UUID]:
    if not isinstance(value, list) or len(value) > 50:
        raise Malformed("list")
    return [as_uuid(item) for item in value]


def _purposes(value: Any) -> dict[str, bool]:
    if not isinstance(value, dict) or not all(type(agreed) is bool for agreed in value.values()):
        raise Malformed("purposes")
    return value


def _signature(value: Any) -> dict[str, Any]:
    """Check {"w","h","strokes"}: each stroke a flat list of x, y, t."""
    if not isinstance(value, dict) or set(value) != {"w", "h", "strokes"} or not isinstance(value["strokes"], list):
        raise Malformed("signature")
    for stroke in value["strokes"]:
        if not isinstance(stroke, list) or len(stroke) % 3 or not all(type(number) is int for number in stroke):
            raise Malformed("signature")
    as_integer(value["w"], 1, 20_000), as_integer(value["h"], 1, 20_000)
    return value


def _answers(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or len(value) > 300:
        raise Malformed("answers")
    return value


def _fields(value: Any) -> dict[str, Any]:
    if not isinstance(value, dict) or not 0 < len(value) <= 40:
        raise Malformed("fields")
    return value


def _file(file: Any) -> dict[str, Any]:
    return {"slot": file.slot, "sha256": file.sha256, "size": file.size}


def _local_time(value: Any) -> datetime | None:
    """Read "2026-11-23T09:30" as a time in Hà Nội."""
    if value is None:
        return None
    try:
        return datetime.strptime(_text(value, 16), "%Y-%m-%dT%H:%M").replace(tzinfo=ZoneInfo(settings.TIME_ZONE))
    except ValueError as error:
        raise Malformed("appointment") from error


def _at(entry: Entry) -> datetime:
    return _moment(entry.at, entry)


def _moment(value: Any, entry: Entry) -> datetime:
    """Return a claimed time, corrected by the measured offset and held between 2020 and now; it decides nothing."""
    offset = min(max(entry.offset, -MAX_MS), MAX_MS)
    claimed = _EPOCH + timedelta(milliseconds=min(as_integer(value, 0, MAX_INT), MAX_MS) + offset)
    return min(max(claimed, EARLIEST), timezone.now())
