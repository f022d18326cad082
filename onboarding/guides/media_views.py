"""The editor's doors for photographs and recordings of a step: bring one, mark it or hear it, keep it in the draft.

Works as plain forms; with htmx the marks are kept while one draws. What is brought is private until it is published.
Not for: words and drawn screens (editing_views.py).
"""

from collections.abc import Callable

from csp.constants import SELF
from csp.decorators import csp_update
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from onboarding import headers
from onboarding.accounts.gates import WardRequest
from onboarding.guides import (
    documents,
    drafts,
    editing_views,
    materials,
    photo_form,
    photos,
    recordings,
    sounds,
    workbench,
)
from onboarding.guides.documents import Doc
from onboarding.guides.editing_views import editors_only
from onboarding.guides.models import GuideVersion
from onboarding.guides.ranges import ranged
from onboarding.refusal import Refused

WITH_MICROPHONE = headers.PERMISSIONS.replace("microphone=()", "microphone=(self)")
KEPT = "private, max-age=86400, immutable"


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def photo(request: WardRequest, slug: str, number: int) -> HttpResponse:
    """Show and keep the photo of a step: `do` is upload, remove, or what photo_form.read() knows."""
    draft = editing_views.draft_of(slug)
    before = editing_views.step_of(draft, number)
    if request.method != "POST":
        return editing_views.page(request, "guides/edit_photo.html", workbench.photo_page(draft, number, before))
    said, what = before, request.POST.get("do", "")
    try:
        said = {**before, "picture": _pictured(request, before.get("picture", {}), what)}
        draft = _kept(request, draft, number, said)
    except Refused as no:
        return _photo_refused(request, draft, number, said, no.message)
    return _photo_saved(request, draft, number, what)


@csp_update({"media-src": [SELF, "blob:"]})  # to hear what was recorded before it is kept
@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def audio(request: WardRequest, slug: str, number: int) -> HttpResponse:
    """Show and keep the recording of a step: `do` is upload or remove."""
    draft, refused = editing_views.draft_of(slug), ""
    one = editing_views.step_of(draft, number)
    if request.method == "POST":
        try:
            _kept(request, draft, number, _heard(request, one))
        except Refused as no:
            refused = no.message
        else:
            return redirect("guides:edit-audio", slug, number)
    held = recordings.kept(one)
    context = {
        **workbench.frame(draft, number), "step": one, "refused": refused, "longest": sounds.LONGEST,
        "most": sounds.MAX_BYTES, "heavy": sounds.heavy(),
        "seconds": held.get("seconds"), "opus": held.get("opus"), "m4a": held.get("m4a"),
    }  # fmt: skip
    page = editing_views.page(request, "guides/edit_audio.html", context, 422 if refused else 200)
    page["Permissions-Policy"] = WITH_MICROPHONE
    return page


@editors_only
@require_safe
def kept_photo(request: WardRequest, sha256: str) -> HttpResponse:
    """Answer with a photo as an editor brought it, re-encoded."""
    return _material(sha256, photos.FORM, lambda body: HttpResponse(body, content_type="image/webp"))


@editors_only
@require_safe
def kept_sound(request: WardRequest, sha256: str, form: str) -> HttpResponse:
    """Answer with a recording that need not be published."""
    return _material(sha256, form, lambda body: ranged(request, body, recordings.TYPES[form]))


def _material(sha256: str, form: str, answer: Callable[[bytes], HttpResponse]) -> HttpResponse:
    try:
        response = answer(materials.read(sha256, form))
    except FileNotFoundError:
        raise Http404("No such material") from None
    response["Cache-Control"] = KEPT
    response["X-Content-Type-Options"] = "nosniff"
    return response


# --- What a form says -------------------------------------------------------------------------------------------------


def _pictured(request: WardRequest, picture: Doc, what: str) -> Doc:
    """Return the picture that the form says. Raises Refused for a file that is no photo."""
    if what == "remove":
        return {key: value for key, value in picture.items() if key != "photo"}
    if what == "upload":
        sha256 = photos.take(editing_views.brought(request, photos.MAX_BYTES, photos.heavy))
        return {**picture, "photo": photo_form.fresh(sha256, picture.get("photo"))}
    if not isinstance(picture.get("photo"), dict):
        raise Refused("no_photo", _("Chưa có ảnh. Tải một ảnh lên."))
    return {**picture, "photo": photo_form.read(request.POST, picture["photo"])}


def _heard(request: WardRequest, step: Doc) -> Doc:
    if request.POST.get("do") == "remove":
        return {key: value for key, value in step.items() if key != "audio"}
    sound = sounds.take(editing_views.brought(request, sounds.MAX_BYTES, sounds.heavy))
    return {**step, "audio": recordings.said(step, sound)}


def _kept(request: WardRequest, draft: GuideVersion, number: int, said: Doc) -> GuideVersion:
    return drafts.change(
        user=request.user, version=draft, alter=lambda doc: documents.put_step(doc, number, said),
        saw=request.POST.get("saw", ""), step=number,
    )  # fmt: skip


# --- What the page of a photo shows -----------------------------------------------------------------------------------


def _photo_saved(request: WardRequest, draft: GuideVersion, number: int, what: str) -> HttpResponse:
    one = editing_views.step_of(draft, number)
    if request.htmx and what:
        return render(request, "guides/_edit_photo.html", workbench.photo_page(draft, number, one))
    if request.htmx:
        context = {**workbench.frame(draft, number), **workbench.stage_of(number, one), "again": True}
        return render(request, "guides/_edit_live.html", context)
    messages.success(request, _("Đã lưu."))
    return redirect("guides:edit-photo", draft.guide.slug, number)


def _photo_refused(request: WardRequest, draft: GuideVersion, number: int, said: Doc, why: str) -> HttpResponse:
    """Say why it was not kept; what was drawn stays where it is, or comes back in the form."""
    context = {**workbench.photo_page(draft, number, said), "saw": request.POST.get("saw", ""), "refused": why}
    if request.htmx:
        # A button swaps the whole work, typing only what follows it.
        part = "guides/_edit_photo.html" if request.POST.get("do") else "guides/_edit_live.html"
        return render(request, part, context, status=422)
    return editing_views.page(request, "guides/edit_photo.html", context, 422)
