"""What a supervisor decides about a submission that the machine can't bring further by itself.

For: hurrying or repeating (`retry`), saying that a dossier never reached the portal, or that it did, and under which
code. All only change rows; the worker calls the portal, and asks it first whatever a person says.
Not for: holding everything (weather.hold).
"""

import re
from datetime import timedelta
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from onboarding import text
from onboarding.accounts.models import Area, Role, User
from onboarding.journal.recording import recording
from onboarding.refusal import Refused
from onboarding.submissions.bell import ring_after_commit
from onboarding.submissions.intake import find
from onboarding.submissions.models import IllegalMove, Status, Submission

_CODE = re.compile(r"[A-Z0-9][A-Z0-9.\-/]{4,59}")
FRESH = timedelta(hours=1)  # how old the portal's "I have none" may be when a person acts on it


def retry(*, user: User, submission: UUID) -> Submission:
    """Bring a stuck submission forward now: an unknown one is asked for, a failed or waiting one is sent again.

    Raises Refused: subject_unknown, not_assigned, answers_invalid when there is nothing to repeat.
    """
    with recording(user) as journal:
        row = supervised(user, submission)
        facts: dict[str, Any] = {"next_try_at": timezone.now(), "tries": 0}
        if row.status == Status.FAILED:
            _moved(row, Status.QUEUED, user, gettext_noop("Cho gửi lại."), first_not_sent_at=None, **facts)
        elif row.status in (Status.QUEUED, Status.UNKNOWN):
            Submission.objects.filter(pk=row.pk, status=row.status).update(**facts)
        else:
            raise Refused("answers_invalid", _("Hồ sơ này không có gì để thử lại. Xem diễn biến bên dưới."))
        journal.changed("submission", row.pk, row.area_id)
        journal.did("submission.retry", "submission", row.pk, row.area_id, detail={"from": row.status})
        ring_after_commit("deliver", row.pk)
    return row


def confirm_never_arrived(*, user: User, submission: UUID, note: str) -> Submission:
    """Let an unknown submission be sent again on a person's word; note says who told that it is not there.

    It is asked for once more before it is sent. When the portal itself did not say so within the hour, the row is
    marked as one that may be there twice. Raises Refused: subject_unknown, not_assigned, answers_invalid.
    """
    said = text.tidy(note)
    if not said:
        raise Refused("answers_invalid", _("Chưa ghi đã hỏi ai. Ghi tên bộ phận đã trả lời."))
    with recording(user) as journal:
        row = supervised(user, submission)
        if row.status != Status.UNKNOWN:
            raise Refused("answers_invalid", _("Hồ sơ này đã rõ rồi. Xem diễn biến bên dưới."))
        now = timezone.now()
        sure = row.absent_at is not None and now - row.absent_at < FRESH
        _moved(
            row, Status.QUEUED, user, said, next_try_at=now, tries=0, first_not_sent_at=None, last_error="",
            maybe_twice=row.maybe_twice or not sure,
        )  # fmt: skip
        journal.changed("submission", row.pk, row.area_id)
        journal.did("submission.never_arrived", "submission", row.pk, row.area_id, detail={"portal_agrees": sure})
        ring_after_commit("deliver", row.pk)
    return row


def record_code(*, user: User, submission: UUID, code: str) -> Submission:
    """Record the portal's code of a dossier that a person handed over, or found there: it is sent.

    code: the portal's mã hồ sơ as printed. Raises Refused: subject_unknown, not_assigned, answers_invalid.
    """
    told = text.tidy(code).upper()
    if not _CODE.fullmatch(told) or told.startswith("HT-"):
        raise Refused("answers_invalid", _("Mã hồ sơ chưa đúng. Ghi lại như trên giấy của Cổng."))
    with recording(user) as journal:
        row = supervised(user, submission)
        if row.status not in (Status.PREPARED, Status.UNKNOWN):
            raise Refused("answers_invalid", _("Hồ sơ này không chờ mã. Xem diễn biến bên dưới."))
        if Submission.objects.filter(portal_code=told).exists():
            raise Refused("answers_invalid", _("Mã này là của hồ sơ khác. Kiểm tra lại từng ký tự."))
        _moved(row, Status.SENT, user, told, portal_code=told, lease_until=None, last_error="")
        journal.changed("submission", row.pk, row.area_id)
        journal.did("submission.record_code", "submission", row.pk, row.area_id)
    return row


def supervised(user: User, submission: object) -> Submission:
    """Return a submission of an area that user supervises. Raises Refused: subject_unknown, not_assigned."""
    row = find(user, submission)
    if not Area.objects.visible_to(user, (Role.SUPERVISOR,)).filter(pk=row.area_id).exists():
        raise Refused("not_assigned", _("Việc này thuộc người phụ trách phường. Gọi phường."))
    return row


def _moved(row: Submission, to: str, user: User, why: str, **facts: Any) -> None:
    try:
        row.move(to, by=user, detail=why, **facts)
    except IllegalMove:
        raise Refused("answers_invalid", _("Hồ sơ vừa thay đổi. Tải lại trang rồi xem lại.")) from None
