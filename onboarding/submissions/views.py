"""The ward's dossiers, and the citizen's receipt page.

For: finding rows through visible_to(), calling one verb, saying what came of it. Every page that shows personal
fields writes an audit entry; numbers stay masked until somebody asks for them. Not for: rules.
"""

from collections.abc import Callable, Mapping
from io import BytesIO
from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.paginator import Paginator
from django.db.models import Count, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop
from django.views.decorators.http import require_POST, require_safe

from onboarding import text
from onboarding.accounts.gates import WardRequest, for_roles, supervisor_only
from onboarding.accounts.models import FIELD_ROLES, Area
from onboarding.fieldwork.models import Household
from onboarding.journal.recording import recording
from onboarding.qr import qr_svg
from onboarding.refusal import Refused
from onboarding.submissions import attachments, decisions, feed, forms, timeline, weather
from onboarding.submissions.dossiers import dossier_of
from onboarding.submissions.models import NOT_SENT, Attachment, Status, Submission
from onboarding.submissions.portal import write_package

PAGE = 50
# The same parts as the bar on the ward's first page, by the key in its links.
GROUPS = {
    "waiting": (gettext_noop("Chờ gửi lên Cổng"), (Status.PREPARED, Status.QUEUED, Status.SENDING)),
    "problem": (gettext_noop("Cần người xem"), (Status.UNKNOWN, Status.FAILED, Status.SUPPLEMENT, Status.REJECTED)),
    "sent": (gettext_noop("Đã nộp lên Cổng"), (Status.SENT, Status.ACCEPTED)),
    "done": (gettext_noop("Có kết quả"), (Status.DONE,)),
}
CHIPS = {
    Status.UNKNOWN: ("fix", "help-circle"),
    Status.FAILED: ("fix", "alert-triangle"),
    Status.SUPPLEMENT: ("fix", "alert-triangle"),
    Status.REJECTED: ("fix", "x"),
    Status.SENT: ("ok", "checks"),
    Status.ACCEPTED: ("ok", "file-check"),
    Status.DONE: ("ok", "check"),
    Status.WITHDRAWN: ("", "archive"),
}
CARRIED = (Status.PREPARED, Status.FAILED)  # surely not at the portal: may be handed over as a file


@require_safe
@supervisor_only
def dossiers(request: WardRequest) -> HttpResponse:
    """List the ward's dossiers, newest first: ?nhom= a group, ?q= a name, our reference or the portal's code."""
    rows = _rows(request)
    chosen, words = request.GET.get("nhom", ""), text.tidy(request.GET.get("q", ""))
    if chosen in GROUPS:
        rows = rows.filter(status__in=GROUPS[chosen][1])
    if words:
        code = Q(reference__iexact=words) | Q(portal_code__iexact=words)
        rows = rows.filter(code | Q(resident__search__contains=text.fold(words)))
    page = Paginator(rows, PAGE).get_page(request.GET.get("trang"))
    context = {
        "page": page, "lines": _lines(page), "groups": _groups(), "chosen": chosen, "words": words,
        "guard": weather.guard(_guard_name(request)), "portal": weather.guard(),
    }  # fmt: skip
    part = "submissions/list.html#lines" if request.htmx else "submissions/list.html"
    return render(request, part, context)


@require_safe
@supervisor_only
def dossier(request: WardRequest, pk: UUID) -> HttpResponse:
    """Show one dossier with its answers (an audited read), papers, timeline and what can be done."""
    row = _row(request, pk)
    papers = list(row.attachments.all())
    with recording(request.user) as journal:
        journal.saw("submission", row.pk, row.area_id)
    context = {
        "row": row,
        "papers": _papers(row, papers),
        "sections": forms.shown_answers(row.version.definition, row.answers),
        "remarks": timeline.remarks(row, papers),
        "events": timeline.timeline(row),
        "steps": timeline.steps(row),
        "files_good": sum(paper.state == Attachment.State.GOOD for paper in papers),
        "status_text": _status_text(row, papers),
        "replaced_by": row.replaced_by.first(),
        "can_retry": row.status in (Status.FAILED, Status.UNKNOWN) or (row.status == Status.QUEUED and row.tries),
        "can_carry": row.status in CARRIED and row.complete_at,
        "can_record_code": row.status in (Status.PREPARED, Status.UNKNOWN),
        "is_unknown": row.status == Status.UNKNOWN,
    }
    return render(request, "submissions/dossier.html", context)


@require_safe
@supervisor_only
def reveal(request: WardRequest, pk: UUID, field: str) -> HttpResponse:
    """Show one masked value in full: "number" of the person, or an answer marked secret. Audited by field."""
    row = _row(request, pk)
    secret = {spec["name"] for spec in forms.specs(row.version.definition) if spec.get("secret")}
    value = row.resident.number if field == "number" else row.answers.get(field, "") if field in secret else ""
    if not value:
        raise Http404
    with recording(request.user) as journal:
        journal.saw("submission", row.pk, row.area_id, detail={"field": field})
    return render(request, "submissions/revealed.html", {"value": value, "row": row})


@require_safe
@supervisor_only
def paper(request: WardRequest, pk: UUID, slot: str) -> HttpResponse:
    """Show one checked picture (an audited read); ?tai=1 saves it. Only what was drawn anew is ever served."""
    row = _row(request, pk)
    found = get_object_or_404(row.attachments, slot=slot, state=Attachment.State.GOOD)
    with recording(request.user) as journal:
        journal.saw("attachment", found.pk, row.area_id)
    kind = "attachment" if request.GET.get("tai") else "inline"
    return _private(attachments.picture(found), "image/jpeg", f'{kind}; filename="{row.reference}-{found.slot}.jpg"')


@require_safe
@supervisor_only
def package(request: WardRequest, pk: UUID) -> HttpResponse:
    """Hand a dossier over as a file, when no portal can be reached from here. Audited."""
    row = _row(request, pk)
    if row.status not in CARRIED or not row.complete_at:
        raise Http404
    target = BytesIO()
    write_package(dossier_of(row), target)
    with recording(request.user) as journal:
        journal.did("submission.export", "submission", row.pk, row.area_id)
    return _private(target.getvalue(), "application/zip", f'attachment; filename="{row.reference}.zip"')


@require_POST
@supervisor_only
def retry(request: WardRequest, pk: UUID) -> HttpResponse:
    """Thử lại: an unknown one is asked for first."""
    said = _("Máy đang làm. Tải lại trang sau ít phút để xem.")
    return _decided(request, pk, lambda: decisions.retry(user=request.user, submission=pk), said)


@require_POST
@supervisor_only
def never_arrived(request: WardRequest, pk: UUID) -> HttpResponse:
    """A person was told that the portal never got it."""
    note = request.POST.get("note", "")
    said = _("Đã cho gửi lại. Máy hỏi Cổng một lần nữa trước khi gửi.")
    return _decided(
        request, pk, lambda: decisions.confirm_never_arrived(user=request.user, submission=pk, note=note), said
    )


@require_POST
@supervisor_only
def record_code(request: WardRequest, pk: UUID) -> HttpResponse:
    """A person has the portal's code on paper."""
    code = request.POST.get("code", "")
    said = _("Đã ghi mã hồ sơ.")
    return _decided(request, pk, lambda: decisions.record_code(user=request.user, submission=pk, code=code), said)


@require_POST
@supervisor_only
def hold(request: WardRequest) -> HttpResponse:
    """Stop or resume all sending of the ward, or to the portal."""
    held = request.POST.get("held") == "1"
    try:
        weather.hold(user=request.user, portal=_guard_name(request), held=held, note=request.POST.get("note", ""))
    except Refused as no:
        messages.error(request, no.message)
    return redirect("submissions:list")


@require_safe
@for_roles(*FIELD_ROLES)
def for_household(request: WardRequest, household: UUID) -> HttpResponse:
    """A part for the page of a house: its dossiers."""
    home = get_object_or_404(Household.objects.visible_to(request.user), pk=household)
    rows = _rows(request).filter(household=home)
    return render(request, "submissions/for_household.html", {"lines": _lines(rows)})


@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponse:
    """Tell whoever holds the slip how the dossier stands: in plain words, nothing personal."""
    row = get_object_or_404(Submission.objects.select_related("version__form", "area"), receipt_token=token)
    ward = Area.objects.filter(level="ward", code=row.ward).first() or row.area
    context = {"row": row, "ward": ward, "ward_name": ward.name, "words": timeline.for_citizen(row)}
    context["qr"] = qr_svg(request.build_absolute_uri())
    answer = render(request, "submissions/receipt.html", context)
    answer["X-Robots-Tag"] = "noindex"
    return answer


def _rows(request: WardRequest) -> Any:
    rows = Submission.objects.visible_to(request.user)
    return rows.select_related("version__form", "household", "resident", "area", "user")


def _row(request: WardRequest, pk: UUID) -> Submission:
    return get_object_or_404(_rows(request), pk=pk)


def _guard_name(request: WardRequest) -> str:
    """Return the switch that this person turns: the ward's own, or the portal's for who supervises everything."""
    whole = request.ward.parent_id is None
    return weather.portal_name() if whole else weather.ward_guard(request.ward.code)


def _groups() -> list[tuple[str, str]]:
    return [(key, _(name)) for key, (name, _statuses) in GROUPS.items()]


def _lines(rows: Any) -> list[dict[str, Any]]:
    """Return rows with their chip: files first while nothing can be sent."""
    found = list(rows)
    counts = {
        line["submission"]: line
        for line in Attachment.objects.filter(submission__in=[row.pk for row in found]).order_by()
        .values("submission").annotate(
            files=Count("pk"), here=Count("pk", filter=Q(state__in=feed.HERE)),
            damaged=Count("pk", filter=Q(state=Attachment.State.DAMAGED)),
        )
    }  # fmt: skip
    return [_line(row, counts.get(row.pk, {"files": 0, "here": 0, "damaged": 0})) for row in found]


def _line(row: Submission, count: Mapping[str, Any]) -> dict[str, Any]:
    words = feed.status_text(row, files=count["files"], here=count["here"], damaged=count["damaged"])
    state, icon = CHIPS.get(Status(row.status), ("wait", "clock"))
    if count["damaged"] and row.status in NOT_SENT:
        state, icon = "fix", "photo-off"
    return {"row": row, "words": words, "state": state, "icon": icon}


def _status_text(row: Submission, papers: list[Attachment]) -> str:
    states = [paper.state for paper in papers]
    here = sum(state in feed.HERE for state in states)
    return feed.status_text(row, files=len(states), here=here, damaged=states.count(Attachment.State.DAMAGED))


def _papers(row: Submission, papers: list[Attachment]) -> list[dict[str, Any]]:
    titles = {paper["slot"]: paper["title"] for paper in row.version.definition.get("papers", [])}
    return [{"paper": paper, "title": titles.get(paper.slot, paper.slot)} for paper in papers]


def _decided(request: WardRequest, pk: UUID, decide: Callable[[], Submission], said: str) -> HttpResponse:
    _row(request, pk)
    try:
        decide()
        messages.success(request, said)
    except Refused as no:
        messages.error(request, no.message)
    return redirect("submissions:dossier", pk)


def _private(content: bytes, kind: str, disposition: str) -> HttpResponse:
    """Answer with bytes that nothing may keep, frame, sniff or run."""
    headers = {
        "Content-Disposition": disposition,
        "Content-Security-Policy": "sandbox; default-src 'none'",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "Cache-Control": "no-store",
    }
    return HttpResponse(content, content_type=kind, headers=headers)
