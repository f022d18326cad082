"""The citizens' page "Gọi tổ hỗ trợ": the number to call, and a form to be called back; without sign-in or cookie.

The page is the same for everybody and may be kept; what is posted never is. Cross-site forgery needs a cookie that the
browser adds by itself, and nothing here reads one. A phone posts the same fields sealed, and gets JSON.
Not for: what is kept (asking.py) or who looks after it (handling_views.py).
"""

import re
from dataclasses import dataclass
from uuid import UUID

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_http_methods, require_safe

from onboarding.accounts import limits
from onboarding.accounts.areas import help_line, wards
from onboarding.fieldwork import asking, asking_form, asking_limits
from onboarding.fieldwork.asking_form import AskForm
from onboarding.fieldwork.models import VisitRequest
from onboarding.guides import arranging
from onboarding.guides.feedback_views import refusal
from onboarding.guides.views import MINUTES_5, public
from onboarding.refusal import Refused

MOST_BYTES = 12_000
LANGUAGE = "vi"
CODE = re.compile(rf"HEN-[{asking.LETTERS}]{{5}}")


@dataclass(frozen=True)
class Ask:
    """What came in: the id, the fields, and whether a phone sealed them (then it is answered in JSON)."""

    id: UUID
    said: asking.Said
    by_phone: bool


@csrf_exempt
@require_http_methods(["GET", "HEAD", "POST"])
def ask(request: HttpRequest) -> HttpResponse:
    """Show the page, with the guide of ?bai= as the first thing to need help with; or take a request in."""
    return _take(request) if request.method == "POST" else _show(request)


@require_safe
def taken(request: HttpRequest, code: str) -> HttpResponse:
    """Show the receipt of a request that was posted without a script."""
    if not CODE.fullmatch(code) or not VisitRequest.objects.filter(code=code).exists():
        raise Http404("No such request")
    return HttpResponse(_drawn("fieldwork/asked.html", {"code": code}))


@gzip_page
@public(MINUTES_5)
def _show(request: HttpRequest) -> HttpResponse:
    return HttpResponse(_page(_form(guide=request.GET.get("bai", "")[:60])))


def _take(request: HttpRequest) -> HttpResponse:
    refused = refusal(request, MOST_BYTES)
    if refused:
        return HttpResponse(status=refused)
    address = get_adapter(request).get_client_ip(request)
    with translation.override(LANGUAGE):
        if not asking_limits.may_try(address):
            return _too_many(_form(request.POST), by_phone="sealed" in request.POST)
        try:
            return _judge(_read(request), address)
        except Refused as no:
            return JsonResponse({"message": no.message}, status=400)


def _read(request: HttpRequest) -> Ask:
    """Return what was posted. Raises Refused when a phone's words can't be opened."""
    if "sealed" not in request.POST:
        said = request.POST.copy()
        return Ask(asking.id_of(said), said, by_phone=False)
    try:
        chosen = UUID(request.POST.get("id", ""))
    except ValueError as error:
        raise Refused("seal_broken", _("Không mở được lời hẹn này. Ghi lại rồi gửi.")) from error
    opened = asking.open_ask(ask=chosen, key=request.POST.get("key", ""), sealed=request.POST["sealed"])
    return Ask(chosen, opened, by_phone=True)


def _judge(came: Ask, address: str) -> HttpResponse:
    """Answer with the receipt of what is known, with what is wrong, or with a new receipt."""
    code = asking.receipt(came.id)
    if code:
        return _received(came, code)
    form = _form(came.said)
    if not form.wards:
        return _refused(came, form, _("Ở đây chưa có tổ nào nhận hẹn. Gọi phường."), 409)
    if not form.is_valid():
        return _wrong(came, form)
    if not asking_limits.may_ask(address):
        return _too_many(form, by_phone=came.by_phone)
    try:
        return _received(came, _kept(came.id, form).code)
    except Refused as no:
        return _refused(came, form, no.message, 409)


def _kept(chosen: UUID, form: AskForm) -> VisitRequest:
    told = {name: form.cleaned_data[name] for name in ("name", "phone", "address", "note", "time_note")}
    facts = {name: form.cleaned_data[name] for name in ("what", "times")}
    return asking.ask(request=chosen, area=form.place(), consent=form.cleaned_data["words"], **facts, **told)


# --- Answers ----------------------------------------------------------------------------------------------------------


def _received(came: Ask, code: str) -> HttpResponse:
    if came.by_phone:
        return JsonResponse({"code": code})
    return HttpResponseRedirect(reverse("fieldwork:asked", args=[code]), status=303)


def _wrong(came: Ask, form: AskForm) -> HttpResponse:
    if came.by_phone:
        return JsonResponse({"errors": {name: found[0] for name, found in form.errors.items()}}, status=422)
    return HttpResponse(_page(form), status=422)


def _refused(came: Ask, form: AskForm, message: str, status: int) -> HttpResponse:
    if came.by_phone:
        return JsonResponse({"message": message}, status=status)
    return HttpResponse(_page(form, message=message), status=status)


def _too_many(form: AskForm, *, by_phone: bool) -> HttpResponse:
    words = _("Mạng này đã gửi nhiều lời hẹn. Gọi số trên, hoặc lát nữa gửi lại.")
    headers = {"Retry-After": str(limits.seconds_left())}
    if by_phone:
        return JsonResponse({"message": words}, status=429, headers=headers)
    return HttpResponse(_page(form, message=words), status=429, headers=headers)


def _form(said: asking.Said | None = None, guide: str = "") -> AskForm:
    read = said.get("what", "") if said else guide
    return AskForm(said, wards=wards(), guides=arranging.published(), guide=read)


def _page(form: AskForm, message: str = "") -> str:
    """Return the page: without the request, so that nothing of who asks gets in."""
    context = {
        "form": form,
        "message": message,
        "key": asking.sealing_key(),
        "sentences": asking_form.SENTENCES,
        "keep_days": settings.ASK_KEEP_DAYS,
        "open_days": settings.ASK_OPEN_DAYS,
        "lines": [ward for ward in form.wards.values() if ward.phone],
    }
    return _drawn("fieldwork/ask.html", context)


def _drawn(template: str, context: dict[str, object]) -> str:
    ward = help_line()
    with translation.override(LANGUAGE):
        html = render_to_string(template, {"help": ward, "ward_name": ward.name if ward else "", **context})
    return "\n".join(line.strip() for line in html.splitlines() if line.strip())
