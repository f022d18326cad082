"""How long the ward keeps who asked for a visit, and the wiping of what is personal when that is over.

What ended keeps it settings.ASK_KEEP_DAYS. What nobody ends keeps it ASK_OPEN_DAYS after the last thing done about it,
from the day ASK_OPEN_FROM on, and the ward is told ASK_WARN_DAYS before. The row stays without a name, for the count.
Not for: what becomes of a request while it is open (handling.py).
"""

from datetime import date, datetime, time, timedelta
from typing import Any

from django.conf import settings
from django.db.models import QuerySet
from django.db.models.functions import Coalesce
from django.utils import timezone

from onboarding.fieldwork.asking import CLOSED, OPEN
from onboarding.fieldwork.models import VisitRequest
from onboarding.fieldwork.models.asking import PERSONAL
from onboarding.journal.recording import recording

State = VisitRequest.State
EMPTY: dict[str, Any] = {f"{name}_sealed": None for name in PERSONAL} | {"phone_index": None, "household": None}


def wipe_finished(*, older_than: timedelta | None = None) -> int:
    """Take what is personal out of requests that ended so long ago (settings.ASK_KEEP_DAYS); return how many.

    A retention verb; each is written down in the audit.
    """
    edge = timezone.now() - (older_than or timedelta(days=settings.ASK_KEEP_DAYS))
    return _wipe(VisitRequest.objects.filter(state__in=CLOSED, wiped_at=None, handled_at__lt=edge))


def wipe_unfinished() -> int:
    """Take what is personal out of requests that nobody ended in time, and end them; return how many.

    A retention verb; each is written down in the audit with the state it was left in.
    """
    return _wipe(ending_by(timezone.localdate()), state=State.LAPSED)


def soon_wiped() -> QuerySet[VisitRequest]:
    """Return the open requests that will be wiped within settings.ASK_WARN_DAYS unless somebody does something."""
    return ending_by(timezone.localdate() + timedelta(days=settings.ASK_WARN_DAYS))


def ending_by(day: date) -> QuerySet[VisitRequest]:
    """Return the open requests that are to be wiped on `day` or before."""
    rows = VisitRequest.objects.filter(state__in=OPEN, wiped_at=None)
    if day < _first_day():
        return rows.none()
    last = day - timedelta(days=settings.ASK_OPEN_DAYS)
    untouched = rows.annotate(touched=Coalesce("handled_at", "made_at")).filter(touched__lt=_end_of(last))
    return untouched.exclude(planned_for__gt=last)


def ends_on(row: VisitRequest) -> date | None:
    """Return the day on which an open request loses what is personal; None for one that ended."""
    if row.state not in OPEN:
        return None
    touched = timezone.localdate(row.handled_at or row.made_at)
    last = max(touched, row.planned_for or touched)
    return max(last + timedelta(days=settings.ASK_OPEN_DAYS), _first_day())


def warns(row: VisitRequest) -> date | None:
    """Return ends_on() when it is so near that the ward is told, else None."""
    day = ends_on(row)
    return day if day and day <= timezone.localdate() + timedelta(days=settings.ASK_WARN_DAYS) else None


def _first_day() -> date:
    """Return the first day on which anything open is wiped: whoever looks after requests was told before."""
    return settings.ASK_OPEN_FROM + timedelta(days=settings.ASK_WARN_DAYS)


def _end_of(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day + timedelta(days=1), time.min))


def _wipe(due: QuerySet[VisitRequest], **changes: Any) -> int:
    with recording(None) as journal:
        # Locked: one that is taken up again at this moment is either not due any more, or wiped before.
        rows = list(due.select_for_update().values_list("pk", "area_id", "state"))
        for pk, area, state in rows:
            VisitRequest.objects.filter(pk=pk).update(**EMPTY, wiped_at=timezone.now(), **changes)
            journal.did("visit_request.wipe", "visit_request", pk, area, detail={"from": state} if changes else {})
    return len(rows)
