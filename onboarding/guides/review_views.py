"""The doors of a version's way to its readers: compare, publish, set its days, send back, withdraw, go back to it.

For editors and supervisors; the catalogue is one for the whole house, so those of every ward may. Not for: writing
(editing_views.py). Pictures of what is not published are reached by their hash alone, as all pictures are; only pages
behind this gate name it, and nothing in them is personal.
"""

from collections.abc import Callable
from functools import partial
from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from onboarding.accounts.gates import WardRequest, for_roles
from onboarding.accounts.models import Role
from onboarding.guides import comparing, drafts, drawing_room, following, publishing, reviewing, timetable
from onboarding.guides.models import GuideVersion
from onboarding.guides.review_forms import EndForm, KindForm, NoteForm, ScheduleForm, WithdrawForm
from onboarding.guides.reviewing import Faulty
from onboarding.guides.ward_views import show
from onboarding.refusal import Refused

keepers = for_roles(Role.EDITOR, Role.SUPERVISOR)
State = GuideVersion.State


@require_safe
@keepers
def review(request: WardRequest, pk: UUID) -> HttpResponse:
    """Show a version beside what readers have, and what can be done with it."""
    version = _version(pk)
    drawing_room.help_along(version)
    return _page(request, version)


@require_safe
@keepers
def progress(request: WardRequest, pk: UUID) -> HttpResponse:
    """Answer with how many pictures are drawn; asked for again by the page while there are some to come."""
    version = _version(pk)
    drawing_room.help_along(version)
    return show(request, "guides/_drawing.html", _drawing(version))


@require_POST
@keepers
def send(request: WardRequest, pk: UUID) -> HttpResponse:
    """Gửi duyệt: what is wrong with the draft is said step by step, and the draft stays as it is."""
    version = _version(pk)
    try:
        reviewing.send_for_review(user=request.user, version=version, note=request.POST.get("note", ""))
    except Faulty as no:
        context = {"version": version, "faults": comparing.by_step(version, no.faults), "said": no.message}
        return show(request, "guides/review_faults.html", context, status=422)
    except Refused as no:
        messages.error(request, no.message)
        return redirect("guides:ward-guide", slug=version.guide.slug)
    messages.success(request, _("Đã gửi duyệt. Người khác xem rồi phát hành."))
    return redirect("guides:review", pk=pk)


@require_POST
@keepers
def take_back(request: WardRequest, pk: UUID) -> HttpResponse:
    """Lấy lại để sửa."""
    version = _version(pk)
    done = _done(request, lambda: reviewing.take_back(user=request.user, version=version), _("Đã lấy lại bản nháp."))
    return redirect("guides:edit", slug=version.guide.slug) if done else redirect("guides:review", pk=pk)


@require_POST
@keepers
def publish(request: WardRequest, pk: UUID) -> HttpResponse:
    """Phát hành: for whoever did not write it, and saw it as it is."""
    version = _version(pk)
    verb = partial(publishing.publish, user=request.user, version=version, saw=_saw(request))
    if _done(request, verb, _("Đã phát hành. Người dân thấy bản này từ bây giờ.")):
        return redirect("guides:ward-guide", slug=version.guide.slug)
    return redirect("guides:review", pk=pk)


@require_POST
@keepers
def schedule(request: WardRequest, pk: UUID) -> HttpResponse:
    """Hẹn ngày."""
    version, form = _version(pk), ScheduleForm(request.POST)

    def verb() -> object:
        times = {"at": form.cleaned_data["at"], "until": form.cleaned_data["until"]}
        return timetable.schedule(user=request.user, version=version, saw=_saw(request), **times)

    return _by_form(request, version, {"schedule": form}, verb, _("Đã hẹn ngày phát hành."))


@require_POST
@keepers
def unschedule(request: WardRequest, pk: UUID) -> HttpResponse:
    """Bỏ hẹn."""
    version = _version(pk)
    _done(request, lambda: timetable.unschedule(user=request.user, version=version), _("Đã bỏ hẹn. Bài lại chờ duyệt."))
    return redirect("guides:review", pk=pk)


@require_POST
@keepers
def send_back(request: WardRequest, pk: UUID) -> HttpResponse:
    """Trả lại, or for a shipped version: Không dùng."""
    version, form = _version(pk), NoteForm(request.POST)
    verb, said = (reviewing.send_back, _("Đã trả lại cho người viết.")) if version.author_id else (
        reviewing.decline, _("Đã ghi: không dùng bản này."))  # fmt: skip
    return _by_form(
        request, version, {"back": form}, lambda: verb(user=request.user, version=version, **form.cleaned_data), said
    )


@keepers
def withdraw(request: WardRequest, pk: UUID) -> HttpResponse:
    """Ask for the reason first, and say what readers will have; then take the version from them."""
    version = _version(pk)
    if version.published_at is None and not version.guide.versions.readable().filter(pk=pk).exists():
        raise Http404("Nobody has it")
    form = WithdrawForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            publishing.withdraw(user=request.user, version=version, **form.cleaned_data)
        except Refused as no:
            form.refuse(no)
        else:
            messages.success(request, _("Đã rút. Người dân không mở được bản này nữa."))
            return redirect("guides:ward-guide", slug=version.guide.slug)
    context = {
        "version": version, "form": form, "next": comparing.next_after(version),
        "english": None if version.guide.original_id else following.english_of(version.guide),
    }  # fmt: skip
    return show(request, "guides/withdraw.html", context, status=422 if form.errors else 200)


@keepers
def end(request: WardRequest, pk: UUID) -> HttpResponse:
    """Show and set until when readers have a version that they have now; `never` takes its end away."""
    version = _version(pk)
    if not GuideVersion.objects.readable().filter(pk=pk).exists():
        raise Http404("Nobody has it")
    said = {"until": version.expires_at}
    form, never = EndForm(request.POST if request.method == "POST" else None, initial=said), "never" in request.POST
    if never:
        form.fields["until"].required = False
    if request.method == "POST" and form.is_valid():
        try:
            until = None if never else form.cleaned_data["until"]
            timetable.set_end(user=request.user, version=version, until=until)
        except Refused as no:
            form.refuse(no)
        else:
            messages.success(request, _("Đã bỏ hạn.") if never else _("Đã đặt hạn."))
            return redirect("guides:ward-guide", slug=version.guide.slug)
    context = {
        "version": version, "form": form, "next": comparing.next_after(version, version.expires_at),
        "mine": publishing.wrote(request.user, version),
    }  # fmt: skip
    return show(request, "guides/end.html", context, status=422 if form.errors else 200)


@require_POST
@keepers
def revert(request: WardRequest, pk: UUID) -> HttpResponse:
    """Quay lại bản này: a new draft that says what this version says."""
    version = _version(pk)
    verb = partial(drafts.begin, user=request.user, guide=version.guide, source=version)
    if _done(request, verb, _("Đã mở bản nháp theo bản số %(number)s.") % {"number": version.number}):
        return redirect("guides:edit", slug=version.guide.slug)
    return redirect("guides:ward-guide", slug=version.guide.slug)


# --- The page ---------------------------------------------------------------------------------------------------------


def _page(request: WardRequest, version: GuideVersion, status: int = 200, **forms: KindForm) -> HttpResponse:
    mine, open_now = publishing.wrote(request.user, version), version.state in drawing_room.ASKED
    out = version.state == State.SCHEDULED and publishing.is_due(version)
    context = {
        **comparing.context(version), **_drawing(version), "mine": mine, "out": out,
        "may_decide": open_now and not mine and not out, "may_send_back": version.state == State.REVIEW,
        "schedule": ScheduleForm(initial={"at": version.publish_at, "until": version.expires_at}), "back": NoteForm(),
        **forms,
    }  # fmt: skip
    return show(request, "guides/review.html", context, status=status)


def _drawing(version: GuideVersion) -> dict[str, object]:
    drawn, total = drawing_room.progress(version)
    waits = version.state in drawing_room.ASKED
    return {"version": version, "drawn": drawn, "total": total, "drawing": waits and drawn < total, "waits": waits}


def _version(pk: UUID) -> GuideVersion:
    rows = GuideVersion.objects.select_related("guide__procedure", "author", "publisher")
    return get_object_or_404(rows, pk=pk)


def _saw(request: WardRequest) -> int:
    """Return the revision that was compared; a form that says none has seen nothing."""
    said = request.POST.get("saw", "")
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 9 else -1


def _done(request: WardRequest, verb: Callable[[], object], said: str) -> bool:
    """Run a verb and say what came of it; return whether it was done."""
    try:
        verb()
    except Refused as no:
        messages.error(request, no.message)
        return False
    messages.success(request, said)
    return True


def _by_form(
    request: WardRequest, version: GuideVersion, named: dict[str, KindForm], verb: Callable[[], object], said: str
) -> HttpResponse:
    """Run a verb with what a form says; what is refused is said at its field, what was typed stays."""
    (form,) = named.values()
    if form.is_valid():
        try:
            verb()
        except Refused as no:
            form.refuse(no)
        else:
            messages.success(request, said)
            return redirect("guides:review", pk=version.pk)
    return _page(request, _version(version.pk), 422, **named)
