"""The public doors of the guides: readable without signing in, without JavaScript, and kept by anything between.

Not for: what stands on the pages (pages.py). No answer here depends on who asks.
"""

import hashlib
from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404
from django.urls import reverse
from django.utils import timezone
from django.utils.cache import get_conditional_response
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_safe

from onboarding.guides import packing, pages, papers, pictures, places, recordings, sealing, sharing, withdrawals
from onboarding.guides.models import Guide, GuideVersion, Procedure, Step
from onboarding.guides.ranges import ranged
from onboarding.qr import qr_file
from onboarding.text import tidy

MINUTES_5, YEAR = 300, 31_536_000
QUESTION = 80  # characters of a question that are read
View = Callable[..., HttpResponse]
_origin = sharing.origin_of
PAPERS: dict[str, Callable[..., bytes]] = {
    "a4": papers.sheet, "a5": papers.handout, "ap-phich": papers.poster, "chu": papers.words_only,
}  # fmt: skip


def public(seconds: int, *, immutable: bool = False) -> Callable[[View], View]:
    """Return a decorator: the answer may be kept by everybody for so long and is then asked for by its ETag."""
    rule = f"public, max-age={seconds}{', immutable' if immutable else ''}"

    def decorate(view: View) -> View:
        @require_safe
        @wraps(view)
        def wrapped(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            response = view(request, *args, **kwargs)
            # A part of a file goes by the mark of the whole.
            etag = response.headers.get("ETag") or f'"{hashlib.sha256(response.content).hexdigest()[:32]}"'
            for name, value in (("Cache-Control", rule), ("ETag", etag), ("X-Content-Type-Options", "nosniff")):
                response.headers[name] = value
            return get_conditional_response(request, etag=etag, response=response) or response

        return wrapped

    return decorate


@gzip_page
@public(MINUTES_5)
def home(request: HttpRequest) -> HttpResponse:
    """Show the citizens' home."""
    return HttpResponse(pages.home())


@gzip_page
@public(MINUTES_5)
def english(request: HttpRequest) -> HttpResponse:
    """Show the list of guides in English."""
    return HttpResponse(pages.english())


@gzip_page
@public(MINUTES_5)
def catalogue(request: HttpRequest) -> HttpResponse:
    """Show the list of guides."""
    return HttpResponse(pages.catalogue())


@gzip_page
@public(MINUTES_5)
def procedures(request: HttpRequest) -> HttpResponse:
    """Show the list of procedures."""
    return HttpResponse(pages.procedures())


@gzip_page
@public(MINUTES_5)
def procedure(request: HttpRequest, slug: str) -> HttpResponse:
    """Show what to know about a procedure today."""
    return HttpResponse(pages.procedure(get_object_or_404(Procedure, slug=slug), timezone.localdate()))


@gzip_page
@public(MINUTES_5)
def event(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the guides for something that has happened."""
    try:
        return HttpResponse(pages.event(slug))
    except LookupError:
        raise Http404("No such event") from None


@require_safe
def search(request: HttpRequest) -> HttpResponse:
    """Answer what somebody asks in `q`, or wait for it."""
    asked = tidy(request.GET.get("q", ""))[:QUESTION]
    return _answer(request, asked) if asked else _wait_for_question(request)


@gzip_page
def _answer(request: HttpRequest, asked: str) -> HttpResponse:
    # Nobody keeps it: what people ask is their own affair.
    return HttpResponse(pages.search(asked))


@gzip_page
@public(MINUTES_5)
def _wait_for_question(request: HttpRequest) -> HttpResponse:
    return HttpResponse(pages.search(""))


@gzip_page
@public(MINUTES_5)
def index(request: HttpRequest) -> HttpResponse:
    """Answer with what phones search in."""
    return HttpResponse(pages.index(), content_type="application/json")


@gzip_page
@public(MINUTES_5)
def overview(request: HttpRequest, slug: str) -> HttpResponse:
    """Show a guide's face."""
    version = _current(slug)
    return HttpResponse(pages.overview(version, packing.size_of_rest(version)))


@gzip_page
@public(MINUTES_5)
def step(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show one step."""
    return _step_page(pages.step, slug, number)


@public(MINUTES_5)
def short(request: HttpRequest, slug: str, item: str) -> HttpResponse:
    """Lead to the step that is called so today, or to the guide's face when no step is any more: paper lives longer."""
    version = _current(slug)
    return HttpResponseRedirect(places.step_called(version, item) or reverse("guides:overview", args=[slug]))


@gzip_page
@public(MINUTES_5)
def code(request: HttpRequest, slug: str, item: str) -> HttpResponse:
    """Answer with the QR code of a step's short address."""
    if places.step_called(_current(slug), item) is None:
        raise Http404("No such step")
    address = _origin(request) + reverse("guides:short", args=[slug, item])
    return HttpResponse(qr_file(address), content_type="image/svg+xml")


@gzip_page
@public(MINUTES_5)
def stuck(request: HttpRequest, slug: str, number: int) -> HttpResponse:
    """Show what to do when a step does not go on."""
    return _step_page(pages.stuck, slug, number)


@gzip_page
@public(MINUTES_5)
def sheets(request: HttpRequest, slug: str) -> HttpResponse:
    """Show the guide on A4."""
    return HttpResponse(pages.sheets(_current(slug), _origin(request)))


@public(MINUTES_5)
def paper(request: HttpRequest, slug: str, kind: str) -> HttpResponse:
    """Answer with the guide as a PDF to print."""
    return _pdf(PAPERS[kind](_current(slug), origin=_origin(request)), f"{slug}-{kind}")


@public(MINUTES_5)
def door_hanger(request: HttpRequest) -> HttpResponse:
    """Answer with the paper that the team hangs on a door where nobody was at home."""
    return _pdf(papers.door_hanger(origin=_origin(request)), "giay-treo-cua")


@public(MINUTES_5)
def share(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the picture of a guide for where links are passed on."""
    return HttpResponse(sharing.of_guide(_current(slug)), content_type="image/png")


@public(MINUTES_5)
def share_home(request: HttpRequest) -> HttpResponse:
    """Answer with the picture of the home for where links are passed on."""
    return HttpResponse(sharing.of_house(), content_type="image/png")


@gzip_page
@public(0)
def pack(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with the signed list of what a phone needs to keep this guide."""
    try:
        made = sealing.pack(_current(slug), _origin(request))
    except sealing.Drifted:
        return HttpResponse(status=503)  # phones keep what they have
    return JsonResponse(made, json_dumps_params={"ensure_ascii": False})


@gzip_page
@public(0)
def withdrawn(request: HttpRequest) -> HttpResponse:
    """Answer with what was taken back and what is current: what phones ask first."""
    return JsonResponse(withdrawals.news())


@gzip_page
@public(MINUTES_5)
def steps(request: HttpRequest, slug: str) -> HttpResponse:
    """Answer with a guide's steps as data."""
    return HttpResponse(pages.steps(_current(slug)), content_type="application/json")


@public(YEAR, immutable=True)
def picture(request: HttpRequest, sha256: str, kind: str) -> HttpResponse:
    """Answer with a picture; its address is the hash of its bytes, so it never changes."""
    try:
        body = pictures.read(sha256, kind)
    except FileNotFoundError:
        raise Http404("No such picture") from None
    return HttpResponse(body, content_type=pictures.TYPES[kind])


@public(YEAR, immutable=True)
def sound(request: HttpRequest, sha256: str, form: str) -> HttpResponse:
    """Answer with a recording, or the part of it that a Range asks for: iPhones play nothing without that."""
    try:
        body = recordings.read(sha256, form)
    except FileNotFoundError:
        raise Http404("No such recording") from None
    answer = ranged(request, body, recordings.TYPES[form])
    answer["ETag"] = f'"{sha256[:32]}"'
    return answer


def _pdf(content: bytes, name: str) -> HttpResponse:
    headers = {"Content-Disposition": f'inline; filename="{name}.pdf"'}
    return HttpResponse(content, content_type="application/pdf", headers=headers)


def _current(slug: str) -> GuideVersion:
    """Return the published version; a draft or a withdrawn one does not exist for readers."""
    guide = Guide.objects.filter(slug=slug).first()
    version = guide.current if guide else None
    if version is None:
        raise Http404("withdrawn" if withdrawals.was_here(slug) else "No such guide")
    return version


def _step_page(draw: Callable[[GuideVersion, int], bytes], slug: str, number: int) -> HttpResponse:
    try:
        return HttpResponse(draw(_current(slug), number))
    except Step.DoesNotExist:
        raise Http404("No such step") from None
