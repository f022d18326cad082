"""What the portal tells of a submission after it took it: proof of arrival, and its statuses 1 to 10.

For: polling, and applying statuses by source time and rank, so that late, doubled and disordered ones end the same.
The portal's history is kept beside ours; unknown codes are kept and shown as "khác". Source: the national portal's
status list, as three independent code bases use it. Not for: sending (delivery.py).
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from django.utils.translation import gettext_noop

from onboarding.journal.recording import recording
from onboarding.submissions import weather
from onboarding.submissions.dossiers import dossier_of
from onboarding.submissions.models import AT_PORTAL, IllegalMove, PortalStatus, Status, Submission
from onboarding.submissions.portal import Arrival, Standing, Step, Unknown, open_portal, prove

log = logging.getLogger(__name__)

# Code: (the portal's words, what a citizen is told, our status or None when it moves nothing).
STATUSES = {
    1: (_("Mới đăng ký"), _("Đã gửi, chờ cơ quan xem"), None),
    2: (_("Được tiếp nhận"), _("Đã nhận hồ sơ"), Status.ACCEPTED),
    3: (_("Không được tiếp nhận"), _("Bị từ chối nhận, xem lý do"), Status.REJECTED),
    4: (_("Đang xử lý"), _("Đang làm"), Status.ACCEPTED),
    5: (_("Yêu cầu bổ sung giấy tờ"), _("Cần bổ sung, làm ngay"), Status.SUPPLEMENT),
    6: (_("Yêu cầu thực hiện nghĩa vụ tài chính"), _("Cần nộp phí hoặc thuế"), Status.ACCEPTED),
    7: (_("Công dân yêu cầu rút hồ sơ"), _("Đã xin rút"), None),
    8: (_("Dừng xử lý"), _("Đã dừng"), Status.REJECTED),
    9: (_("Đã xử lý xong"), _("Xong, chờ trả kết quả"), Status.DONE),
    10: (_("Đã trả kết quả"), _("Đã có kết quả"), Status.DONE),
}
# Of two statuses with the same time the higher rank counts; unknown codes are lowest.
RANK = {code: rank for rank, code in enumerate((1, 2, 7, 6, 4, 5, 3, 8, 9, 10), start=1)}
# What ended may still be corrected by the portal for a while.
AFTERWARDS = timedelta(days=7)
FORGOTTEN = gettext_noop("Cổng không còn thấy mã hồ sơ này. Gọi Cổng để hỏi.")
INCOMPLETE = gettext_noop("Cổng chưa giữ đủ ảnh đã gửi. Cần người kiểm tra.")


def portal_text(code: int | None) -> str:
    """Return the portal's words for a status code; "khác" for one that we don't know, "" for none."""
    if code is None:
        return ""
    return str(STATUSES[code][0]) if code in STATUSES else str(_("Trạng thái khác (%d)")) % code


def citizen_text(code: int | None) -> str:
    """Return plain words of a status for a citizen; "" for none."""
    if code is None:
        return ""
    return str(STATUSES[code][1]) if code in STATUSES else str(_("Cơ quan đang xem hồ sơ"))


def track(limit: int = 20) -> int:
    """Ask the portal about submissions it has, longest unasked first; return how many were asked."""
    asked = 0
    for row in _to_ask(timezone.now())[:limit]:
        if weather.take_turn() is None:
            break
        _ask(row)
        asked += 1
    return asked


def _to_ask(now: datetime) -> QuerySet[Submission]:
    open_ones = Q(status__in=AT_PORTAL) | Q(
        status__in=(Status.DONE, Status.REJECTED), portal_status_at__gt=now - AFTERWARDS
    )
    pause = timedelta(seconds=settings.PORTAL_MINUTE_SECONDS)  # one question a minute and dossier is enough
    rested = Q(portal_checked_at__isnull=True) | Q(portal_checked_at__lte=now - pause)
    rows = Submission.objects.filter(open_ones, rested).exclude(portal_code="").exclude(portal_status=10)
    return rows.order_by(F("portal_checked_at").asc(nulls_first=True))


def _ask(row: Submission) -> None:
    Submission.objects.filter(pk=row.pk).update(portal_checked_at=timezone.now())
    try:
        told = open_portal().status(row.portal_code)
    except Exception:
        log.exception("the portal could not be asked about %s", row.reference)
        told = Unknown("exception")
    weather.note(told)
    if isinstance(told, Unknown):
        return
    if told is None or told.reference not in ("", row.reference):
        _remark(row, FORGOTTEN)
        return
    if row.last_error == FORGOTTEN:
        _remark(row, "")
    apply(row, _steps(told))
    if row.arrived_files is None:
        prove_arrival(row)


def _steps(told: Standing) -> list[Step]:
    """Return the portal's history; without one its present status counts as of now, once."""
    return list(told.steps) or [Step(told.number, told.text, "", timezone.now().replace(second=0, microsecond=0))]


def apply(row: Submission, steps: Iterable[Step]) -> None:
    """Keep what the portal told and bring our status up to its newest word. Any order, any number of times."""
    with recording(None) as journal:
        row = Submission.objects.select_for_update().get(pk=row.pk)
        before = (row.status, row.portal_status, row.portal_status_at)
        for step in steps:
            facts = {"note": step.note[:300]}
            PortalStatus.objects.get_or_create(
                submission=row, code=step.number, source_time=step.at, defaults=facts
            )  # fmt: skip
        _follow(row)
        if before != (row.status, row.portal_status, row.portal_status_at):
            journal.changed("submission", row.pk, row.area_id)


def _follow(row: Submission) -> None:
    """Derive everything from the whole history, so that the order in which we heard it can't matter."""
    history = sorted(row.portal_statuses.all(), key=_order)
    if not history:
        return
    newest = history[-1]
    row.portal_status, row.portal_status_at, row.portal_note = newest.code, newest.source_time, newest.note
    row.save(update_fields=["portal_status", "portal_status_at", "portal_note"])
    telling = [told for told in history if told.code in STATUSES and STATUSES[told.code][2]]
    target = STATUSES[telling[-1].code][2] if telling else None
    if target and target != row.status:
        try:
            row.move(target, detail=telling[-1].note)
        except IllegalMove as no:
            log.warning("submission %s does not follow the portal: %s", row.reference, no)


def _order(told: PortalStatus) -> tuple[datetime, int, int]:
    return told.source_time, RANK.get(told.code, 0), told.code


def prove_arrival(row: Submission) -> None:
    """Read the dossier back and compare file by file; keep how many arrived whole. Quiet when it can't be asked."""
    if weather.take_turn() is None:
        return
    try:
        arrival = open_portal().read_back(row.portal_code)
        proof = prove(dossier_of(row), arrival) if isinstance(arrival, Arrival) else None
    except Exception:
        log.exception("the arrival of %s could not be proved", row.reference)
        return
    if proof is not None:
        Submission.objects.filter(pk=row.pk).update(arrived_files=proof.arrived)
        _remark(row, "" if proof.complete else INCOMPLETE)


def _remark(row: Submission, said: str) -> None:
    with recording(None) as journal:
        told = Submission.objects.filter(pk=row.pk).exclude(last_error=said)
        if told.update(last_error=said, updated_at=timezone.now()):
            journal.changed("submission", row.pk, row.area_id)
