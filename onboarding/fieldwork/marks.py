"""Ticking an item of a checklist for a resident, or saying what is in the way.

For: one Mark an entry; the current mark of an item is the one applied last. When the item that proves the e-ID is
done, the resident's e-ID is known to work. Not for: loading checklists (checklists.py) or advice for a blocker
(guides).
"""

import re
from datetime import datetime
from uuid import UUID

from django.utils.translation import gettext as _

from onboarding.accounts.models import User
from onboarding.fieldwork import merging, subjects
from onboarding.fieldwork.models import ChecklistItem, Mark, Resident
from onboarding.journal.recording import Journal, recording
from onboarding.refusal import Refused

NOTE_LIMIT = 300
_BLOCKER = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,39}")


def record_mark(
    *,
    user: User,
    entry: UUID,
    resident: UUID,
    checklist: str,
    item: str,
    state: str,
    blocker: str,
    note: str,
    at: datetime,
) -> Mark:
    """Record a mark under the id `entry`; the same entry again changes nothing and returns the first mark.

    A blocker's code is taken even when this server does not know it: a phone may carry an older or newer list.
    Raises Refused: subject_unknown, not_assigned, secret_in_text, answers_invalid (unknown item or state, blocked
    without a reason).
    """
    facts = {
        "state": subjects.one_of(state, Mark.State.values, _("Kết quả này chưa có. Cập nhật ứng dụng.")),
        "blocker": _blocker(state, blocker),
        "note": subjects.clean_note(note, limit=NOTE_LIMIT),
        "at": at,
    }
    with recording(user) as journal:
        person = subjects.resident_for(user, resident)
        known = Mark.objects.filter(pk=entry).first()
        if known:
            return known
        line = _item(checklist, item)
        _step_back(journal, person, line)
        mark = Mark.objects.create(pk=entry, resident=person, item=line, user=user, **facts)
        journal.changed("mark", mark.pk, person.household.area_id)
        detail = {"resident": str(person.pk), "item": line.code, "state": mark.state, "blocker": mark.blocker}
        journal.did("mark.record", "mark", mark.pk, person.household.area_id, detail=detail)
        _learn_eid(user, mark, line, person)
    return mark


def _blocker(state: str, blocker: str) -> str:
    if state != Mark.State.BLOCKED:
        return ""
    if not isinstance(blocker, str) or not _BLOCKER.fullmatch(blocker):
        raise Refused("answers_invalid", _("Chưa rõ vướng ở đâu. Chọn một chỗ vướng."))
    return blocker


def _item(checklist: str, code: str) -> ChecklistItem:
    found = ChecklistItem.objects.filter(checklist=str(checklist), code=str(code)).first()
    if found is None:
        raise Refused("answers_invalid", _("Việc này chưa có trong danh sách. Cập nhật ứng dụng."))
    return found


def _step_back(journal: Journal, person: Resident, item: ChecklistItem) -> None:
    """Make room for a new current mark; phones that hold the old one learn that it is gone."""
    for old in Mark.objects.filter(resident=person, item=item, current=True):
        Mark.objects.filter(pk=old.pk).update(current=False)
        journal.changed("mark", old.pk, person.household.area_id)


def _learn_eid(user: User, mark: Mark, item: ChecklistItem, person: Resident) -> None:
    eid = _eid_after(mark, item, person)
    if eid and not subjects.is_gone(person):
        merging.write_over(user=user, entry=mark.pk, target=person, fields={"eid": eid})


def _eid_after(mark: Mark, item: ChecklistItem, person: Resident) -> str:
    """Return what the mark proves of the e-ID, or "" when it proves nothing new."""
    if not item.proof:
        return ""
    if mark.state == Mark.State.DONE:
        return "" if person.eid == Resident.Eid.ACTIVE else Resident.Eid.ACTIVE
    return Resident.Eid.LEVEL2 if person.eid == Resident.Eid.ACTIVE else ""
