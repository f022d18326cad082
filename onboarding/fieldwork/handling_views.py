"""The ward's pages of requests for a visit: the list, one request, what to do with it. For its supervisors only.

The list names nobody; opening a request shows who asks and is written into the audit. Not for: taking requests in
(asking_views.py).
"""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from onboarding.accounts.gates import WardRequest, supervisor_only
from onboarding.accounts.models import Team
from onboarding.fieldwork import doors, handling, keeping
from onboarding.fieldwork.asking_form import title_of
from onboarding.fieldwork.models import VisitRequest
from onboarding.fieldwork.views import uuid_or_404
from onboarding.guides.models import GuideVersion
from onboarding.journal.recording import recording
from onboarding.refusal import Refused
from onboarding.text import tidy

A_PAGE = 25
MOST_DOORS = 6
HOURS_A_DAY = 24
State = VisitRequest.State
LOOK = {
    State.NEW: ("fix", "alert-triangle"),
    State.CALLED: ("wait", "phone"),
    State.PLANNED: ("move", "calendar-event"),
    State.DONE: ("ok", "check"),
    State.CANNOT: ("", "hand-stop"),
    State.SPAM: ("", "trash"),
    State.LAPSED: ("", "eraser"),
}
VERBS = {
    State.CALLED: ("phone", gettext_lazy("Đã gọi")),
    State.DONE: ("check", gettext_lazy("Xong")),
    State.CANNOT: ("hand-stop", gettext_lazy("Không làm được")),
    State.SPAM: ("trash", gettext_lazy("Rác")),
}


@require_safe
@supervisor_only
def request_list(request: WardRequest) -> HttpResponse:
    """List requests of the ward: ?tt= a state or "soon" (all that are open without it), ?ma= a code, ?trang= page."""
    chosen, code = request.GET.get("tt", ""), tidy(request.GET.get("ma", "")).upper()
    found = handling.with_code(request.user, code) if code else handling.requests_for(request.user, chosen)
    page = Paginator(found, A_PAGE).get_page(request.GET.get("trang"))
    titles = _titles(page)
    context = {
        "page": page,
        "rows": [_line(row, titles) for row in page],
        "chosen": chosen,
        "code": code,
        "states": State.choices,
        "count": handling.waiting(request.user),
        "soon": handling.soon_wiped(request.user),
        "SOON": handling.SOON,
    }
    return render(request, "fieldwork/requests.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
@supervisor_only
def one_request(request: WardRequest, pk: UUID) -> HttpResponse:
    """Show who asks for what, an audited read; what is posted as tim is looked for in the register.

    Posted, because it begins as the citizen's address, which must stand in no URL.
    """
    row = _row(request, pk)
    with recording(request.user) as journal:
        journal.saw("visit_request", row.pk, row.area_id)
    words = request.POST.get("tim", row.told("address"))
    moves = [(state, *VERBS[state]) for state in handling.MOVES[State(row.state)] if not row.wiped_at]
    context = {
        **_line(row, _titles([row])),
        "told": {name: row.told(name) for name in ("name", "phone", "address", "note", "time_note", "remark")},
        "moves": [move for move in moves if move[0] != row.state],
        "may_plan": row.state in handling.OPEN,
        "words": words,
        "doors": doors.doors_for(request.user, doors.Wanted(words=words))[:MOST_DOORS] if words else [],
        "teams": Team.objects.filter(area=row.area).order_by("name"),
        "today": timezone.localdate(),
    }
    return render(request, "fieldwork/request.html", context)


@require_POST
@supervisor_only
def move(request: WardRequest, pk: UUID) -> HttpResponse:
    """Move a request to a state (buoc), with a remark (ghi); back to it."""
    _row(request, pk)
    remark = request.POST.get("ghi", "")
    try:
        handling.handle(user=request.user, request=pk, state=request.POST.get("buoc", ""), remark=remark)
        messages.success(request, _("Đã ghi."))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("fieldwork:request", pk)


@require_POST
@supervisor_only
def plan(request: WardRequest, pk: UUID) -> HttpResponse:
    """Plan a request for a day (ngay, YYYY-MM-DD), perhaps with a team (doi) and a door (nha); back to it."""
    row = _row(request, pk)
    door, chosen = request.POST.get("nha", ""), request.POST.get("doi", "")
    team = get_object_or_404(Team, area=row.area, pk=uuid_or_404(chosen)) if chosen else None
    try:
        day = date.fromisoformat(request.POST.get("ngay", ""))
        handling.plan(user=request.user, request=pk, day=day, team=team, household=uuid_or_404(door) if door else None)
        messages.success(request, _("Đã xếp ngày."))
    except Refused as refused:
        messages.error(request, refused.message)
    except ValueError:
        messages.error(request, _("Chưa rõ ngày. Chọn ngày rồi xếp lại."))
    return redirect("fieldwork:request", pk)


def _row(request: WardRequest, pk: UUID) -> VisitRequest:
    rows = VisitRequest.objects.visible_to(request.user).select_related("area", "handled_by", "household")
    return get_object_or_404(rows, pk=pk)


def _line(row: VisitRequest, titles: dict[str, str]) -> dict[str, Any]:
    names = dict(VisitRequest.Time.choices)
    times = [str(names[time]) for time in row.times if time in names]
    facts = {"look": LOOK[State(row.state)], "what": title_of(row.what, titles), "times": ", ".join(times)}
    return {"row": row, "age": _age(timezone.now() - row.made_at), "ends": keeping.warns(row), **facts}


def _age(waited: timedelta) -> str:
    """Return in words how long ago somebody asked."""
    hours = int(waited.total_seconds()) // 3600
    if hours < 1:
        return _("gửi chưa đầy 1 giờ")
    if hours < HOURS_A_DAY * 2:
        return _("gửi %(n)d giờ trước") % {"n": hours}
    return _("gửi %(n)d ngày trước") % {"n": hours // HOURS_A_DAY}


def _titles(rows: Any) -> dict[str, str]:
    """Return the newest title of each guide that rows speak of."""
    known = GuideVersion.objects.filter(guide__slug__in={row.what for row in rows}).order_by("number")
    return dict(known.values_list("guide__slug", "title"))
