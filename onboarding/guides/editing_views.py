"""The doors of the editor: a draft's face, its steps one at a time with the live picture, their order.

Whatever is typed is kept, faulty or not; what is wrong is said beside it. Each page works as a plain form; with htmx it
saves while one types. Not for: review and publication (review_views.py) or what a draft is (drafts.py).
"""

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from onboarding import file_bounds
from onboarding.accounts.access import has_role
from onboarding.accounts.gates import WardRequest, for_roles
from onboarding.accounts.models import Role
from onboarding.guides import documents, drafts, face_form, stage, step_form, workbench
from onboarding.guides.documents import Doc
from onboarding.guides.models import Guide, GuideVersion, Procedure
from onboarding.refusal import Refused

editors_only = for_roles(Role.EDITOR, Role.SUPERVISOR)
DAY = 86_400


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def new(request: WardRequest) -> HttpResponse:
    """Begin a new guide: what it is called and which procedure it is for."""
    said = {name: request.POST.get(name, "").strip() for name in ("title", "procedure", "topic")}
    if request.method == "POST":
        try:
            draft = face_form.begin(user=request.user, said=said)
        except Refused as no:
            messages.error(request, no.message)
        else:
            return redirect("guides:edit-step", draft.guide.slug, 1)
    rows = {"procedures": Procedure.objects.all(), "topics": workbench.topics(), "said": said}
    return page(request, "guides/edit_new.html", rows, 422 if request.method == "POST" else 200)


@editors_only
@require_POST
def begin(request: WardRequest, slug: str) -> HttpResponse:
    """Open the draft of a guide, a new one if there is none."""
    guide = get_object_or_404(Guide, slug=slug)
    draft = drafts.begin(user=request.user, guide=guide)
    if draft.state != GuideVersion.State.DRAFT:
        messages.info(request, _("Bài này đang chờ duyệt. Lấy về nháp để sửa tiếp."))
        return redirect("guides:ward-guide", slug)
    return redirect("guides:edit-step", slug, 1) if draft.work["steps"] else redirect("guides:edit", slug)


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def face(request: WardRequest, slug: str) -> HttpResponse:
    """Show and keep what stands on a draft's face."""
    draft, refused = draft_of(slug), ""
    if request.method == "POST":
        try:
            draft = drafts.change(
                user=request.user, version=draft, alter=lambda doc: face_form.put(doc, request.POST),
                saw=request.POST.get("saw", ""),
            )  # fmt: skip
        except Refused as no:
            refused = no.message
        if request.htmx or not refused:
            return _face_saved(request, draft, refused)
    doc = {**draft.work, **face_form.read(request.POST)} if refused else draft.work
    rest = {"form": face_form.inputs(doc), "topics": workbench.topics(), "refused": refused}
    context = {**workbench.frame(draft, 0), **rest}
    return page(request, "guides/edit_face.html", context, 422 if refused else 200)


@editors_only
@require_http_methods(["GET", "HEAD", "POST"])
def step(request: WardRequest, slug: str, number: int) -> HttpResponse:
    """Show and keep one step of a draft."""
    draft = draft_of(slug)
    before = step_of(draft, number)
    if request.method != "POST":
        return page(request, "guides/edit_step.html", workbench.step_page(draft, number, before))
    what = request.POST.get("do", "")
    said = step_form.read(request.POST, before)
    if what:
        step_form.rearrange(said, what)
    try:
        draft = drafts.change(
            user=request.user, version=draft, alter=lambda doc: documents.put_step(doc, number, said),
            saw=request.POST.get("saw", ""), step=number,
        )  # fmt: skip
    except Refused as no:
        return _step_refused(request, draft, number, said, no.message)
    return _step_saved(request, draft, number, what)


@editors_only
@require_POST
def order(request: WardRequest, slug: str) -> HttpResponse:
    """Add, copy, move or drop a step: `do` is one of these, `step` its number, `den` where it goes."""
    draft, number = draft_of(slug), max(0, documents.number_of(request.POST.get("step", "")))
    to = max(0, documents.number_of(request.GET.get("den", ""))) or number
    acts: dict[str, tuple[Any, int]] = {
        "add": (lambda doc: documents.add_step(doc, min(number, len(doc["steps"]))), number + 1),
        "copy": (lambda doc: documents.copy_step(doc, number), number + 1),
        "move": (lambda doc: documents.move_step(doc, number, to), to),
        "drop": (lambda doc: documents.drop_step(doc, number), max(1, number - 1)),
    }
    if request.POST.get("do") not in acts:
        raise Http404
    alter, then = acts[request.POST["do"]]
    saw = request.POST.get("saw", "")
    try:
        draft = drafts.change(user=request.user, version=draft, alter=alter, saw=saw, step=number if saw else 0)
    except Refused as no:
        messages.error(request, no.message)
    there = min(then, len(draft.work["steps"]))
    return redirect("guides:edit-step", slug, there) if there else redirect("guides:edit", slug)


@editors_only
@require_POST
def discard(request: WardRequest, slug: str) -> HttpResponse:
    """Throw the draft away."""
    draft = draft_of(slug)
    try:
        drafts.discard(user=request.user, version=draft)
    except Refused as no:
        messages.error(request, no.message)
        return redirect("guides:edit", slug)
    messages.success(request, _("Đã bỏ bản nháp. Bản người dân đang xem vẫn như cũ."))
    there = Guide.objects.filter(slug=slug).exists()
    return redirect("guides:ward-guide", slug) if there and draft.guide.current else redirect("guides:ward-guides")


@editors_only
@require_safe
def try_out(request: WardRequest, slug: str) -> HttpResponse:
    """Show the whole draft as readers will see it."""
    draft = draft_of(slug)
    cards = [workbench.card(number, one, draft.language) for number, one in enumerate(draft.work["steps"], 1)]
    return page(request, "guides/edit_try.html", {**workbench.frame(draft, -1), "doc": draft.work, "cards": cards})


@editors_only
@require_GET
def picture(request: WardRequest, slug: str, number: int) -> HttpResponse:
    """Answer with the picture of a step as it is written now; `co` is its size."""
    size = request.GET.get("co", "")
    data = stage.preview(step_of(draft_of(slug), number)["picture"], size if size in stage.SIZES else "")
    if data is None:
        raise Http404
    # The address holds a mark of the spec, so what it shows never changes.
    return HttpResponse(data, content_type="image/webp", headers={"Cache-Control": f"private, max-age={DAY}"})


# --- What every door needs --------------------------------------------------------------------------------------------


def draft_of(slug: str) -> GuideVersion:
    """Return the open draft of the guide, as one that may still be written."""
    guide = get_object_or_404(Guide.objects.select_related("procedure"), slug=slug)
    draft = drafts.open_draft(guide)
    if draft is None or draft.state != GuideVersion.State.DRAFT:
        raise Http404
    draft.guide = guide
    return draft


def step_of(draft: GuideVersion, number: int) -> Doc:
    """Return one step of a draft as it is written. Raises Http404."""
    if not 1 <= number <= len(draft.work["steps"]):
        raise Http404
    return draft.work["steps"][number - 1]


def brought(request: WardRequest, most: int, heavy: Callable[[], str]) -> bytes:
    """Return the bytes of the uploaded file. heavy: what to say of one of more than `most`, which is not read.

    Raises Refused: "no_file", "too_large".
    """
    file = request.FILES.get("file")
    if file_bounds.too_large(request) or (isinstance(file, UploadedFile) and (file.size or 0) > most):
        raise Refused("too_large", heavy())
    if not isinstance(file, UploadedFile):
        raise Refused("no_file", _("Chưa chọn tệp. Chọn một tệp rồi bấm lại."))
    return bytes(file.read())


def page(request: WardRequest, template: str, context: dict[str, Any], status: int = 200) -> HttpResponse:
    """Draw a page of the editor, with the ward's rail for those who may open what it leads to."""
    supervises = has_role(request.user, Role.SUPERVISOR)
    return render(request, template, {**context, "supervises": supervises}, status=status)


# --- Answers ----------------------------------------------------------------------------------------------------------


def _face_saved(request: WardRequest, draft: GuideVersion, refused: str) -> HttpResponse:
    if not request.htmx:
        messages.success(request, _("Đã lưu."))
        return redirect("guides:edit", draft.guide.slug)
    # What was refused was not seen here: the mark stays the old one.
    saw = {"saw": request.POST.get("saw", "")} if refused else {}
    context = {**workbench.frame(draft, 0), "refused": refused, **saw}
    return render(request, "guides/_edit_face_live.html", context, status=422 if refused else 200)


def _step_saved(request: WardRequest, draft: GuideVersion, number: int, what: str) -> HttpResponse:
    one = step_of(draft, number)
    if request.htmx and what:
        return render(request, "guides/_edit_step.html", workbench.step_page(draft, number, one))
    if request.htmx:
        context = {"again": True, "choices": stage.choices(one.get("picture", {}))}
        context |= {**workbench.frame(draft, number), **workbench.stage_of(number, one)}
        return render(request, "guides/_edit_live.html", context)
    where = reverse("guides:edit-step", args=[draft.guide.slug, number])
    return HttpResponseRedirect(f"{where}#hinh-ve" if what else where, status=303)


def _step_refused(request: WardRequest, draft: GuideVersion, number: int, said: Doc, why: str) -> HttpResponse:
    """Say why it was not kept; what was typed stays where it is, or comes back in the form."""
    saw = {"saw": request.POST.get("saw", ""), "refused": why}
    if request.htmx:
        context = {**workbench.frame(draft, number), **workbench.stage_of(number, said), **saw}
        return render(request, "guides/_edit_live.html", context, status=422)
    return page(request, "guides/edit_step.html", {**workbench.step_page(draft, number, said), **saw}, 422)
