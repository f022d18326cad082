"""The supervisor's pages of doors: the list of the ward, one door, and the few things to decide there.

Every page that shows personal records writes into the audit who saw what. Not for: phones (sync) or dossiers: the
part of a door's page that shows them comes from the room submissions by its address.
"""

from datetime import date
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Page, Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from onboarding.accounts.gates import WardRequest, supervisor_only
from onboarding.accounts.models import Area, Team, User
from onboarding.fieldwork import conflicts, doors, feed, numbers, rounds
from onboarding.fieldwork.birth import show_birth
from onboarding.fieldwork.models import Conflict, Household, Mark, Resident
from onboarding.guides.models import Blocker
from onboarding.journal.recording import recording
from onboarding.refusal import Refused

DOORS_A_PAGE = 25
LOOK = {
    "todo": ("", "door"),
    "done": ("ok", "check"),
    "away": ("", "user-off"),
    "appt": ("wait", "clock"),
    "refused": ("", "hand-stop"),
    "moved": ("", "logout"),
}
EID_LOOK = {
    "active": ("ok", "check"),
    "level2": ("wait", "clock"),
    "level1": ("", "user"),
    "none": ("", "user-off"),
    "unknown": ("", "user-question"),
    "child": ("", "user"),
}


@require_safe
@supervisor_only
def visit_list(request: WardRequest) -> HttpResponse:
    """List doors: ?tim= words, ?to= group, ?tt= status, ?nguoi= member, ?vuong= blocker or *, ?trang= page."""
    wanted = doors.Wanted(**{name: request.GET.get(key, "") for name, key in _KEYS.items()})
    page = Paginator(doors.doors_for(request.user, wanted), DOORS_A_PAGE).get_page(request.GET.get("trang"))
    _saw_list(request.user, page)
    titles = _titles(home.blocker for home in page)
    everything = Household.objects.visible_to(request.user).filter(deleted_at=None)
    context = {
        "page": page,
        "rows": [(home, _chip(home, titles)) for home in page],
        "wanted": wanted,
        "tags": _tags(request, wanted, titles),
        "doors": everything.count(),
        "reached": everything.exclude(status=Household.Status.TODO).count(),
        "deleted_edits": doors.edits_of_deleted(request.user).count(),
        "teams": Team.objects.filter(area=request.ward).order_by("name"),
        "today": timezone.localdate(),
        "before": _with(request, trang=page.number - 1) if page.has_previous() else "",
        "after": _with(request, trang=page.number + 1) if page.has_next() else "",
    }
    part = "#results" if request.htmx and not request.htmx.history_restore_request else ""
    return render(request, f"fieldwork/visits.html{part}", context)


@require_POST
@supervisor_only
def assign(request: WardRequest) -> HttpResponse:
    """Give the chosen doors (nha) to a team (doi) for a day (ngay, YYYY-MM-DD); back to the list."""
    team = get_object_or_404(Team, area=request.ward, pk=uuid_or_404(request.POST.get("doi", "")))
    try:
        day = date.fromisoformat(request.POST.get("ngay", ""))
        rounds.add_to_rounds(user=request.user, team=team, day=day, households=request.POST.getlist("nha"))
        messages.success(request, _("Đã giao cho %(team)s.") % {"team": team.name})
    except Refused as refused:
        messages.error(request, refused.message)
    except ValueError:
        messages.error(request, _("Chưa rõ ngày. Chọn ngày rồi giao lại."))
    return redirect("fieldwork:visits")


@require_safe
@supervisor_only
def household(request: WardRequest, pk: UUID) -> HttpResponse:
    """Show a door, who lives behind it, what happened, and what waits for a decision."""
    home = _door(request.user, pk)
    people = list(home.residents.filter(deleted_at=None))
    with recording(request.user) as journal:
        journal.saw("household", home.pk, home.area_id)
        for person in people:
            journal.saw("resident", person.pk, home.area_id)
    context = {
        "home": home,
        "look": LOOK[home.status],
        "people": _people(people),
        "visits": home.visits.select_related("user").order_by("-received_at"),
        "conflicts": _conflicts(request.user, [home.pk, *(person.pk for person in people)]),
        "sample": any(numbers.is_demo_number(person.number) for person in people if person.number),
    }
    return render(request, "fieldwork/household.html", context)


@require_POST
@supervisor_only
def number(request: WardRequest, pk: UUID, resident: UUID) -> HttpResponse:
    """Show one personal number whole; an audited read of its own."""
    home = _door(request.user, pk)
    person = get_object_or_404(home.residents.filter(deleted_at=None), pk=resident)
    with recording(request.user) as journal:
        journal.did("resident.number_seen", "resident", person.pk, home.area_id)
    return render(request, "fieldwork/number.html", {"number": numbers.show_number(person.number)})


@require_POST
@supervisor_only
def close_conflict(request: WardRequest, pk: UUID, conflict: UUID) -> HttpResponse:
    """Keep one of two values (giu: ours or theirs); back to the door."""
    home = _door(request.user, pk)
    get_object_or_404(Conflict.objects.visible_to(request.user), pk=conflict)
    try:
        conflicts.close_conflict(user=request.user, conflict=conflict, keep=request.POST.get("giu", ""))
    except Refused as refused:
        messages.error(request, refused.message)
    return redirect("fieldwork:household", home.pk)


@require_safe
@supervisor_only
def deleted_edits(request: WardRequest) -> HttpResponse:
    """List what phones still wrote about doors and people that were deleted: kept, but never applied."""
    rows = list(doors.edits_of_deleted(request.user).select_related("user", "area"))
    with recording(request.user) as journal:
        for row in rows:
            journal.saw(row.record, row.subject, row.area_id)
    found = [feed.describe_conflict(row) | {"row": row} for row in rows]
    return render(request, "fieldwork/deleted_edits.html", {"edits": found})


@require_POST
@supervisor_only
def put_away(request: WardRequest, conflict: UUID) -> HttpResponse:
    """Close one edit of something deleted; the record stays deleted."""
    found = get_object_or_404(doors.edits_of_deleted(request.user), pk=conflict)
    conflicts.close_conflict(user=request.user, conflict=found.pk, keep=conflicts.OURS)
    return redirect("fieldwork:deleted-edits")


# --- What the list shows ----------------------------------------------------------------------------------------------

_KEYS = {"words": "tim", "group": "to", "status": "tt", "by": "nguoi", "blocker": "vuong"}


def _saw_list(user: User, page: Page) -> None:
    with recording(user) as journal:
        for area in {home.area_id for home in page}:
            shown = sum(home.area_id == area for home in page)
            journal.did("household.list_seen", "household", None, area, detail={"count": shown})


def _titles(codes: Any) -> dict[str, str]:
    return dict(Blocker.objects.filter(code__in=set(filter(None, codes))).values_list("code", "title"))


def _chip(home: Any, titles: dict[str, str]) -> tuple[str, str, str]:
    """Return colour, icon and words of the one thing to know about a door."""
    if home.in_conflict:
        return "fix", "alert-triangle", _("Hai bản khác nhau")
    if home.blocker:
        return "fix", "alert-triangle", _("Vướng: %(what)s") % {"what": titles.get(home.blocker, home.blocker)}
    return *LOOK[home.status], home.get_status_display()


def _tags(request: WardRequest, wanted: doors.Wanted, titles: dict[str, str]) -> list[tuple[str, str, bool]]:
    """Return the filters as (words, address, on); an address that is on takes the filter away."""
    choices = [("to", str(area.pk), area.name) for area in _groups(request.user)]
    choices.append(("vuong", "*", _("Đang vướng")))
    choices += [("tt", value, str(label)) for value, label in Household.Status.choices]
    if wanted.by:
        walker = User.objects.filter(pk=uuid_or_404(wanted.by)).first()
        choices.insert(0, ("nguoi", wanted.by, walker.name if walker else _("Người đi")))
    if wanted.blocker not in ("", "*"):
        choices.insert(0, ("vuong", wanted.blocker, titles.get(wanted.blocker, wanted.blocker)))
    return [_tag(request, key, value, words) for key, value, words in choices]


def _tag(request: WardRequest, key: str, value: str, words: str) -> tuple[str, str, bool]:
    on = request.GET.get(key) == value
    return words, _with(request, **{key: "" if on else value, "trang": ""}), on


def _groups(user: User) -> Any:
    return Area.objects.visible_to(user).filter(households__isnull=False).distinct().order_by("path")


def _with(request: WardRequest, **changes: object) -> str:
    """Return the query of this page with some keys changed; an empty value takes the key away."""
    query = request.GET.copy()
    for key, value in changes.items():
        query.pop(key, None)
        if value:
            query[key] = str(value)
    return f"?{query.urlencode()}"


# --- What a door shows ------------------------------------------------------------------------------------------------


def _door(user: User, pk: UUID) -> Household:
    rows = Household.objects.visible_to(user).filter(deleted_at=None).select_related("area")
    return get_object_or_404(rows, pk=pk)


def _people(people: list[Resident]) -> list[dict[str, Any]]:
    stuck = {mark.resident_id: mark.blocker for mark in _stuck(people)}
    titles = _titles(stuck.values())
    return [
        {
            "person": person,
            "born": show_birth(person.birth),
            "masked": numbers.mask_number(person.number),
            "look": EID_LOOK[person.eid],
            "stuck": titles.get(stuck.get(person.pk, ""), stuck.get(person.pk, "")),
            "doubts": _doubts(person),
        }
        for person in people
    ]


def _stuck(people: list[Resident]) -> Any:
    return Mark.objects.filter(resident__in=people, current=True, state=Mark.State.BLOCKED).order_by("received_at")


def _doubts(person: Resident) -> list[str]:
    return numbers.number_warnings(person.number, birth=person.birth, sex=person.sex) if person.number else []


def _conflicts(user: User, subjects: list[UUID]) -> list[dict[str, Any]]:
    rows = doors.open_conflicts().visible_to(user).filter(subject__in=subjects).exclude(field="*")
    rows = rows.select_related("user")
    return [feed.describe_conflict(row) | {"label": _label(row), "row": row} for row in rows]


def _label(row: Conflict) -> str:
    table = Household if row.record == "household" else Resident
    names = {"household": _("Nhà"), "number": _("Số định danh"), "phone": _("Số điện thoại"), "eid": _("Tài khoản")}
    names |= {"address": _("Địa chỉ trên thẻ"), "order": _("Thứ tự")}
    if row.record == "household":
        names |= {"number": _("Số nhà")}
    columns = {field.name: str(field.verbose_name) for field in table._meta.fields}
    return names.get(row.field) or columns.get(row.field, row.field)


def uuid_or_404(value: str) -> UUID:
    """Return what a form sent as an id. Raises Http404."""
    try:
        return UUID(value)
    except ValueError:
        raise Http404 from None
