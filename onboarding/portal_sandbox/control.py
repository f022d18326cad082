"""The levers of the stand-in portal, its ledger, and a small page for people.

For: tests and demonstrations. Not for: clients; a real portal has none of this. No log-in: it listens on the
loopback address unless told otherwise.
"""

import json
from collections import Counter
from pathlib import Path
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.csrf import csrf_protect
from django.views.decorators.http import require_POST

from onboarding.portal_sandbox import faults, ledger
from onboarding.portal_sandbox.models import NEXT_STATUS, STATUSES, Call, Mode, PortalDossier, PortalFile, Session, Step

CSS = Path(__file__).with_name("page.css")


def health(request: HttpRequest) -> JsonResponse:
    """Say that the process answers and its database can be read."""
    return JsonResponse({"ok": True, "dossiers": PortalDossier.objects.count()})


def ledger_json(request: HttpRequest) -> JsonResponse:
    """GET ?reference= → {rows: […]}: everything this portal ever accepted."""
    return JsonResponse({"rows": ledger.rows(request.GET.get("reference", ""))})


def calls(request: HttpRequest) -> JsonResponse:
    """GET → {calls: [{service, mode}], counts: {service: n}}, oldest first."""
    seen = list(Call.objects.values("service", "mode"))
    return JsonResponse({"calls": seen, "counts": Counter(call["service"] for call in seen)})


@require_POST
def switch(request: HttpRequest) -> JsonResponse:
    """POST {mode, times?, service?, retry_after?, seconds?}: misbehave from now on. mode ok ends it."""
    body = _json(request)
    name = str(body.get("mode", "ok"))
    if not faults.is_mode(name):
        return JsonResponse({"error": f"no mode {name}", "modes": [*faults.CONTENT_MODES, *faults.WIRE]}, status=400)
    chosen = {
        "name": name,
        "service": str(body.get("service", "DongBoHoSoMC")),
        "times": body.get("times"),
        "retry_after": int(body.get("retry_after", 7)),
        "seconds": float(body.get("seconds", 60)),
    }
    Mode.objects.update_or_create(pk=1, defaults=chosen)
    return JsonResponse(chosen)


@require_POST
def advance(request: HttpRequest) -> JsonResponse:
    """POST {code | reference, status?, note?, at? yyyyMMddHHmmss}: move dossiers. 404 when there are none."""
    body = _json(request)
    found = ledger.find(code=str(body.get("code", "")), reference=str(body.get("reference", "")))
    at = ledger.from_stamp(body["at"]) if body.get("at") else None
    try:
        for dossier in found:
            ledger.advance(dossier, status=body.get("status"), note=str(body.get("note", "")), at=at)
    except ledger.Rejected as reason:
        return JsonResponse({"error": str(reason)}, status=400)
    return JsonResponse({"moved": {row.code: row.status for row in found}}, status=200 if found else 404)


@require_POST
def forget(request: HttpRequest) -> JsonResponse:
    """POST {code | reference}: the portal was restored from an old backup and no longer knows this dossier."""
    body = _json(request)
    found = ledger.find(code=str(body.get("code", "")), reference=str(body.get("reference", "")))
    PortalDossier.objects.filter(pk__in=[row.pk for row in found]).update(forgotten=True)
    return JsonResponse({"forgotten": [row.code for row in found]})


@require_POST
def expire_sessions(request: HttpRequest) -> JsonResponse:
    """POST: every session ends now."""
    return JsonResponse({"ended": Session.objects.all().delete()[0]})


@require_POST
def reset(request: HttpRequest) -> JsonResponse:
    """POST: empty ledger, no sessions, mode ok."""
    for table in (PortalFile, Step, PortalDossier, Session, Mode, Call):
        table.objects.all().delete()
    return JsonResponse({"ok": True})


@csrf_protect
def page(request: HttpRequest) -> HttpResponse:
    """Show people the dossiers, newest first, with a button to move each one on."""
    dossiers = list(PortalDossier.objects.prefetch_related("files").order_by("-pk")[:200])
    for dossier in dossiers:
        ledger.move_by_time(dossier)
    shown = [(row, STATUSES[row.status], STATUSES.get(NEXT_STATUS.get(row.status, 0))) for row in dossiers]
    mode = Mode.objects.exclude(name="ok").exclude(times=0).first()
    answer = render(request, "portal_sandbox/page.html", {"shown": shown, "mode": mode})
    answer["Content-Security-Policy"] = "default-src 'none'; style-src 'self'; form-action 'self'"
    return answer


@require_POST
@csrf_protect
def advance_from_page(request: HttpRequest, code: str) -> HttpResponse:
    """Move one dossier to its next status, then show the page again."""
    dossier = get_object_or_404(PortalDossier, code=code)
    if dossier.status in NEXT_STATUS:
        ledger.advance(dossier)
    return redirect("page")


def stylesheet(request: HttpRequest) -> HttpResponse:
    """Serve the page's style sheet; this process has no static files otherwise."""
    return HttpResponse(CSS.read_bytes(), content_type="text/css; charset=utf-8")


def _json(request: HttpRequest) -> dict[str, Any]:
    return json.loads(request.body or b"{}")
