"""Closing a conflict: a supervisor looks at both values and decides.

For: one decision becomes an ordinary write that has seen every value, so phones that come late can't bring the
other one back. An edit of something deleted can only be put away: what is deleted stays deleted. Not for: finding
conflicts (register.py opens them).
"""

from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from onboarding.accounts.models import Area, Role, User
from onboarding.fieldwork import fields, merging, register, subjects
from onboarding.fieldwork.models import Conflict
from onboarding.ids import new_id
from onboarding.journal.recording import recording
from onboarding.refusal import Refused

OURS, THEIRS = "ours", "theirs"


def close_conflict(*, user: User, conflict: UUID, keep: str) -> Conflict:
    """Keep the shown value ("ours") or the other one ("theirs"), and close; a closed conflict stays as it is.

    Raises Refused: subject_unknown, not_assigned (not a supervisor there), answers_invalid ("theirs" of a deletion).
    """
    subjects.one_of(keep, (OURS, THEIRS), _("Chưa rõ giữ bản nào. Chọn một bản."))
    with recording(user) as journal:
        found = Conflict.objects.select_for_update().filter(pk=subjects.as_uuid(conflict)).first()
        if found is None:
            raise Refused("subject_unknown", _("Không tìm thấy chỗ khác nhau này. Tải lại trang."))
        if not Area.objects.visible_to(user, (Role.SUPERVISOR,)).filter(pk=found.area_id).exists():
            raise Refused("not_assigned", _("Việc này do phụ trách phường quyết. Báo phụ trách phường."))
        if found.closed_at is None:
            _decide(user, found, keep)
            register.close(journal, found, user=user)
            detail = {"record": found.record, "subject": str(found.subject), "field": found.field, "keep": keep}
            journal.did("conflict.close", "conflict", found.pk, found.area_id, detail=detail)
        found.refresh_from_db()
    return found


def _decide(user: User, found: Conflict, keep: str) -> None:
    if found.field == merging.WHOLE:
        if keep == THEIRS:
            raise Refused("answers_invalid", _("Bản ghi đã xóa thì không mở lại. Thêm mới nếu còn cần."))
        return
    target = merging.find_record(user, found.record, found.subject)
    merging.write_over(user=user, entry=new_id(), target=target, fields={found.field: _chosen(target, found, keep)})


def _chosen(target: Any, found: Conflict, keep: str) -> str:
    if keep == OURS:
        return fields.read_field(target, found.field)
    return register.unseal(found.value_sealed, found.subject, found.field, found.entry)
