"""Sending what is due to the portal, once, although nothing between here and there can be trusted.

Four results: taken, refused, not sent, unknown. Only "not sent" is repeated by the machine. "Unknown" is looked up
by our reference and, when the portal has none, waits for a person. A claim is a conditional update with a fence and
a lease; a result counts only for its own fence. Rows are the truth: `sweep` finds what lost messages forgot.
Not for: the portal's later statuses (tracking.py) or its weather (weather.py).
"""

import logging
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import TypeVar
from uuid import UUID

from django.conf import settings
from django.db import IntegrityError, transaction
from django.db.models import F, QuerySet, Window
from django.db.models.functions import RowNumber
from django.utils import timezone
from django.utils.translation import gettext_noop as _

from onboarding.failpoint import failpoint
from onboarding.fieldwork.models import Consent
from onboarding.journal.recording import recording
from onboarding.submissions import attachments, bell, weather
from onboarding.submissions.decisions import confirm_never_arrived, record_code, retry
from onboarding.submissions.dossiers import dossier_of
from onboarding.submissions.models import IllegalMove, Status, Submission
from onboarding.submissions.portal import Found, NotSent, Outcome, Refused, Taken, Unknown, open_portal
from onboarding.submissions.tracking import prove_arrival
from onboarding.submissions.weather import hold

__all__ = ["confirm_never_arrived", "deliver", "due", "hold", "look_up", "record_code", "retry", "sweep", "work"]

log = logging.getLogger(__name__)
T = TypeVar("T")
MINUTES = (1, 5, 25, 120, 360)  # waits after "not sent"; settings.PORTAL_MINUTE_SECONDS says how long one is
GIVE_UP = timedelta(days=3)
# The newest answer to "may that one still be at the portal?" decides whether a correction may go.
UNDECIDED = (Status.QUEUED, Status.SENDING, Status.UNKNOWN)
NOBODY_TO_ASK = ("not_offered", "hand_over")

# Kept in the row in the house's language and translated where it is shown.
WHY = {
    "lease": _("Máy gửi dừng giữa chừng. Đang hỏi lại Cổng."),
    "absent": _("Cổng trả lời chưa có hồ sơ này. Cần người kiểm tra rồi cho gửi lại."),
    "nobody": _("Cổng này không cho hỏi lại. Gọi Cổng để hỏi, rồi ghi kết quả vào đây."),
    "not_asked": _("Chưa hỏi lại được Cổng. Máy tự hỏi lại."),
    "not_sent": _("Chưa gửi được lên Cổng. Máy tự gửi lại."),
    "given_up": _("Đã thử ba ngày chưa gửi được. Cần người xem lại."),
    "unknown": _("Cổng chưa trả lời rõ. Đang hỏi lại, chưa gửi lại."),
    "other_code": _("Cổng trả mã của hồ sơ khác. Cần người kiểm tra."),
    "not_ready": _("Chưa mở được hồ sơ để gửi. Cần người xem lại."),
}


# --- What is due ------------------------------------------------------------------------------------------------------


def due(now: datetime | None = None) -> QuerySet[Submission]:
    """Return what should be done now, oldest first and in turns by ward: to send, or to ask about."""
    now = now or timezone.now()
    ready = Submission.objects.filter(status__in=(Status.QUEUED, Status.UNKNOWN), next_try_at__lte=now)
    ready = ready.filter(complete_at__isnull=False).exclude(ward__in=weather.held_wards())
    # A correction waits until it is clear whether the one it replaces is at the portal.
    ready = ready.exclude(replaces__status__in=UNDECIDED)
    # The id decides between two of one moment: otherwise the database may answer differently each time it is asked.
    turn = Window(RowNumber(), partition_by=F("ward"), order_by=["created_at", "pk"])
    return ready.annotate(turn=turn).order_by("turn", "created_at", "pk")


def sweep(now: datetime | None = None) -> list[UUID]:
    """End leases that ran out, and ring for what is due; return the ids rung for. Idempotent, harmless in parallel."""
    now = now or timezone.now()
    end_leases(now)
    bells = 2 * settings.WORKER_CAPACITY
    unchecked = attachments.unchecked(bells)
    if unchecked:
        bell.ring("check_files", unchecked)
    ids = list(due(now).values_list("pk", flat=True)[:bells]) if weather.is_fair(now) else []
    if ids:
        bell.ring("deliver", ids)
    return ids


def work(seconds: float = 10) -> int:
    """Deliver what is due until nothing is or the time is over; return how many. This is what a bell begins."""
    end, done = time.monotonic() + seconds, 0
    while time.monotonic() < end and weather.is_fair():
        ids = list(due().values_list("pk", flat=True)[:20])
        if not any([deliver(pk) for pk in ids if time.monotonic() < end]):
            break
        done += len(ids)
    return done


def end_leases(now: datetime | None = None) -> None:
    """Whoever held a lease that ran out may have sent or not: unknown, never queued. The fence shuts its door."""
    now = now or timezone.now()
    for row in Submission.objects.filter(status=Status.SENDING, lease_until__lt=now):
        _move(row, Status.UNKNOWN, WHY["lease"], fence=row.fence + 1, next_try_at=now, last_error=WHY["lease"], asked=0)


# --- One submission ---------------------------------------------------------------------------------------------------


def deliver(submission_id: UUID) -> bool:
    """Bring one submission forward if it is due: send it, or ask about it. Say whether there was something to do.

    May be called by anybody, at any time, twice at once.
    """
    row = due().filter(pk=submission_id).select_related("version__form", "household", "resident", "area").first()
    if row is None:
        return False
    if row.status == Status.UNKNOWN:
        return look_up(row)
    if not _claim(row):
        return row.status == Status.WITHDRAWN
    failpoint("deliver.before_call")
    outcome = _call(lambda: _send(row))
    failpoint("deliver.after_call")
    _settle(row, outcome)
    if row.status == Status.SENT:
        prove_arrival(row)
    return True


def look_up(row: Submission) -> bool:
    """Ask the portal for our reference of a submission whose outcome is unknown. Say whether it was asked."""
    if not _wait_for_turn():
        return False
    found = _call(lambda: open_portal().lookup(row.reference))
    weather.note(found)
    if isinstance(found, Found):
        _found(row, found)
    else:
        _still_unknown(row, found)
    return True


def _claim(row: Submission) -> bool:
    """Make the submission ours for the length of a lease; exactly one caller gets it.

    The consent is read under its row's lock: taken back before the claim it stops the submission, later it can't.
    """
    if not _wait_for_turn():
        return False
    lease = timezone.now() + timedelta(seconds=settings.PORTAL_LEASE_SECONDS)
    with recording(None):
        given = Consent.objects.select_for_update().filter(pk=row.consent, withdrawn_at__isnull=True)
        if given.first() is None:
            _move(row, Status.WITHDRAWN, _("Người dân đã rút lại đồng ý."))
            return False
        return _move(row, Status.SENDING, fence=row.fence + 1, lease_until=lease, tries=row.tries + 1)


def _wait_for_turn() -> bool:
    wait = weather.take_turn()
    if wait:
        time.sleep(wait)
    return wait is not None


def _send(row: Submission) -> Outcome:
    """Call the portal for a claimed submission; from the second try on, or after a restore, ask first if it is there.

    What was ever unknown is sent again only after the portal said that it has none, or has nobody to ask.
    """
    try:
        dossier, portal = dossier_of(row), open_portal()
    except Exception:  # nothing has left the house yet
        log.exception("submission %s can't be made ready", row.reference)
        return NotSent("not_ready")
    doubtful = weather.asks_first()
    found = portal.lookup(row.reference) if doubtful or _was_tried(row) else None
    if isinstance(found, Found):
        return Taken(found.code, found.reference, found.status)
    if isinstance(found, Unknown) and found.why not in NOBODY_TO_ASK and (doubtful or _was_unknown(row)):
        return NotSent(found.why, found.retry_after, row.attached)
    return portal.send(dossier, attached=row.attached)


def _was_tried(row: Submission) -> bool:
    return row.transitions.filter(after=Status.SENDING).count() > 1


def _was_unknown(row: Submission) -> bool:
    return row.transitions.filter(after=Status.UNKNOWN).exists()


def _call(ask: Callable[[], T]) -> T | Unknown:
    """Ask the portal. An exception on the way out or back leaves us without knowledge, not with a failure."""
    try:
        return ask()
    except Exception:
        log.exception("the portal could not be asked")
        return Unknown("exception")


# --- What came of it --------------------------------------------------------------------------------------------------


def _settle(row: Submission, outcome: Outcome) -> None:
    """Write the result of a claimed call. A worker whose lease was ended changes nothing."""
    weather.note(outcome)
    if isinstance(outcome, Taken) and outcome.reference == row.reference:
        _taken(row, outcome.code)
    elif isinstance(outcome, Refused):
        _move(row, Status.REJECTED, outcome.reason, lease_until=None, portal_note=outcome.reason[:300], last_error="")
    elif isinstance(outcome, NotSent):
        _not_sent(row, outcome)
    else:
        _unknown(row, outcome if isinstance(outcome, Unknown) else Unknown("not_ours"))


def _taken(row: Submission, code: str, *, twice: bool = False) -> None:
    facts = {"portal_code": code, "lease_until": None, "last_error": "", "maybe_twice": row.maybe_twice or twice}
    try:
        with transaction.atomic():
            _move(row, Status.SENT, code, **facts)
            failpoint("deliver.before_commit")
    except IntegrityError:  # another submission has this code: whatever the portal means, it is not a receipt for this
        log.error("the portal gave %s a code that another submission has", row.reference)
        if row.status == Status.SENDING:
            _unknown(row, Unknown("other_code"))
        else:
            _ask_again(row, WHY["other_code"])


def _not_sent(row: Submission, outcome: NotSent) -> None:
    now = timezone.now()
    first = row.first_not_sent_at or now
    facts = {"lease_until": None, "first_not_sent_at": first, "attached": dict(outcome.attached) or row.attached}
    if now - first >= GIVE_UP:
        _move(row, Status.FAILED, outcome.why, last_error=WHY["given_up"], **facts)
        return
    said = WHY["not_ready"] if outcome.why in weather.HOME_MADE else WHY["not_sent"]
    wait = max(_wait(row.tries), timedelta(seconds=min(outcome.retry_after or 0, 86_400)))
    _move(row, Status.QUEUED, outcome.why, next_try_at=now + wait, last_error=said, **facts)


def _unknown(row: Submission, outcome: Unknown) -> None:
    said = WHY.get(outcome.why, WHY["unknown"])
    # A moment for the portal to finish what it may be doing, before it is asked.
    facts = {"next_try_at": timezone.now() + _wait(1), "asked": 0, "absent_at": None, "lease_until": None}
    # A code that was fixed before sending is what a person can ask the portal for.
    told = f"{outcome.why} {outcome.code}".strip()
    _move(row, Status.UNKNOWN, told, fence=row.fence + 1, last_error=said, **facts)


def _found(row: Submission, found: Found) -> None:
    _taken(row, found.code, twice=found.doubled)
    if row.status == Status.SENT:
        prove_arrival(row)


def _still_unknown(row: Submission, answer: Unknown | None) -> None:
    """The portal has none (a person decides), or could not be asked (the machine asks again)."""
    if answer is None:
        _ask_again(row, WHY["absent"], absent_at=timezone.now())
    elif answer.why in NOBODY_TO_ASK:
        _ask_again(row, WHY["nobody"])
    else:
        _ask_again(row, row.last_error if row.absent_at else WHY["not_asked"])


def _ask_again(row: Submission, said: str, **facts: object) -> None:
    """Note an answer that moves nothing. Portals list late, so they are asked again, ever more rarely."""
    later = timezone.now() + _wait(row.asked + 1)
    with recording(None) as journal:
        same = Submission.objects.filter(pk=row.pk, status=row.status, fence=row.fence)
        if same.update(asked=F("asked") + 1, next_try_at=later, last_error=said, updated_at=timezone.now(), **facts):
            journal.changed("submission", row.pk, row.area_id)


def _wait(tries: int) -> timedelta:
    minutes = MINUTES[min(max(tries, 1), len(MINUTES)) - 1]
    return timedelta(seconds=minutes * settings.PORTAL_MINUTE_SECONDS)


def _move(row: Submission, to: str, detail: str = "", **facts: object) -> bool:
    """Move a submission if it still is as we read it; say whether it was. Phones hear of all but the claim."""
    try:
        with recording(None) as journal:
            row.move(to, detail=detail, **facts)
            if to != Status.SENDING:
                journal.changed("submission", row.pk, row.area_id)
    except IllegalMove as late:
        log.info("submission %s: %s", row.reference, late)
        return False
    return True
