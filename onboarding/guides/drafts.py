"""Writing a guide: a draft is begun from what readers have, changed part by part, and never loses what was typed.

A draft may be faulty for as long as it is one; what is wrong with it is said by faults(), and rows of steps are
written from it by settle() when it goes to review. Whoever changes a draft is one of its writers and can't publish it.
Not for: its way to the readers (publishing.py) or forms and pages (workbench.py, editing_views.py).
"""

import json
from datetime import date

from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.accounts.models import User
from onboarding.guides import arranging, documents, proofreading, publishing, recordings
from onboarding.guides.content import bound
from onboarding.guides.documents import Alter, Doc
from onboarding.guides.models import Blocker, Guide, GuideVersion, Procedure, Step
from onboarding.refusal import Refused

OPEN = (GuideVersion.State.DRAFT, GuideVersion.State.REVIEW, GuideVersion.State.SCHEDULED)
MOST_BYTES = 200_000  # a guide of nine steps has about 12,000
MOST_STEPS = 20


def open_draft(guide: Guide) -> GuideVersion | None:
    """Return the version of guide that somebody is writing or that waits for review or its day, or None."""
    return guide.versions.filter(state__in=OPEN, author__isnull=False).first()


def begin(*, user: User, guide: Guide, source: GuideVersion | None = None) -> GuideVersion:
    """Return the open draft of guide, or a new one that says what source (or else the current version) says.

    source: the version to go back to. Raises Refused: "not_assigned", "open" when there is a draft already and a source
    is asked for.
    """
    publishing.area_of(user)
    held = open_draft(guide)
    if held and source:
        raise Refused("open", _("Bài này đang có một bản nháp. Phát hành hoặc bỏ bản nháp đó trước."))
    return held or _begun(user, guide, source or guide.current)


def begin_new(*, user: User, procedure: Procedure, doc: Doc) -> GuideVersion:
    """Return the first draft of a new guide. doc: a document with slug and code.

    Raises Refused: "not_assigned", "taken" when another guide has this slug or code.
    """
    publishing.area_of(user)
    head = {name: doc[name] for name in ("slug", "code", "topic", "words", "order", "icon") if name in doc}
    try:
        with transaction.atomic():
            guide = Guide.objects.create(procedure=procedure, **head)
    except IntegrityError:
        raise Refused("taken", _("Đã có hướng dẫn mang tên hoặc mã này. Đặt tên khác.")) from None
    return _begun(user, guide, None, doc)


def begin_from(*, user: User, guide: Guide, doc: Doc) -> GuideVersion:
    """Return a new draft of guide that says what doc says.

    Raises Refused: "not_assigned", "open" when there is a draft already.
    """
    publishing.area_of(user)
    if open_draft(guide):
        raise Refused("open", _("Bài này đang có một bản nháp. Phát hành hoặc bỏ bản nháp đó trước."))
    return _begun(user, guide, None, doc)


@transaction.atomic
def change(*, user: User, version: GuideVersion, alter: Alter, saw: str = "", step: int = 0) -> GuideVersion:
    """Change a draft and return it. saw: mark() of documents.part_of(): of that step, or of the face.

    Raises Refused: "not_assigned", "frozen" unless it is a draft, "stale" when somebody changed this part meanwhile,
    "too_large", "unreadable", "no_step" when there is no such step.
    """
    publishing.area_of(user)
    row = GuideVersion.objects.select_for_update().select_related("guide").get(pk=version.pk)
    if row.state != GuideVersion.State.DRAFT or not row.work:
        raise Refused("frozen", _("Bản này không còn là bản nháp. Viết bản mới để sửa."))
    try:
        _check_seen(row, saw, step)
        alter(row.work)
    except IndexError:
        raise Refused("no_step", _("Bước này không còn nữa. Mở lại bản nháp để xem các bước.")) from None
    _check_size(row.work)
    row.revision, row.changed_at = row.revision + 1, timezone.now()
    row.save(update_fields=["work", "revision", "changed_at"])
    row.writers.add(user)
    return row


@transaction.atomic
def discard(*, user: User, version: GuideVersion) -> None:
    """Throw a draft away; a guide that has no other version goes with it. Raises Refused: "not_assigned", "frozen"."""
    publishing.area_of(user)
    row = GuideVersion.objects.select_for_update().select_related("guide").get(pk=version.pk)
    if row.state != GuideVersion.State.DRAFT or row.author_id is None:
        raise Refused("frozen", _("Chỉ bỏ được bản nháp."))
    guide = row.guide
    row.delete()
    if not guide.versions.exists():
        guide.delete()


@transaction.atomic
def settle(version: GuideVersion) -> None:
    """Write the rows of a draft from its document. Call it only when faults() is empty: columns have limits."""
    doc = version.work
    for name, value in documents.file_of(doc).version.items():
        if name in documents.FACE:
            setattr(version, name, value)
    version.title = bound(version.title)
    version.save(update_fields=list(documents.FACE))
    version.steps.all().delete()
    rows = [{**{name: step[name] for name in documents.STEP if name in step}} for step in doc["steps"]]
    Step.objects.bulk_create(
        Step(version=version, number=number, spec=step["picture"], **{**row, "title": bound(row["title"])})
        for number, (row, step) in enumerate(zip(rows, doc["steps"], strict=True), 1)
    )
    recordings.attach(version)


def faults(doc: Doc, *, today: date) -> list[tuple[int, str]]:
    """Return what is wrong with a document: (number of the step or 0 for the face, sentence)."""
    known = set(Blocker.objects.values_list("code", flat=True))
    found = proofreading.guide_faults(documents.file_of(doc), arranging.SHELF, known, today)
    return found + [(0, fault) for fault in recordings.heavy(doc)]


@transaction.atomic
def _begun(user: User, guide: Guide, source: GuideVersion | None, doc: Doc | None = None) -> GuideVersion:
    newest = guide.versions.order_by("-number").first()
    work = doc or (
        documents.of_version(source) if source else {**documents.of_guide(guide), "version": {}, "steps": []}
    )
    work.setdefault("steps", [])
    face = documents.file_of(work).version
    draft = GuideVersion.objects.create(
        guide=guide,
        number=newest.number + 1 if newest else 1,
        language=source.language if source else "vi",
        title=bound(str(face.get("title") or guide.slug))[:80],
        checked_on=face.get("checked_on") or timezone.localdate(),
        author=user,
        work=work,
        changed_at=timezone.now(),
    )
    draft.writers.add(user)
    return draft


def _check_seen(row: GuideVersion, saw: str, step: int) -> None:
    part = documents.part_of(row.work, step)
    if saw and saw != documents.mark(part):
        when = timezone.localtime(row.changed_at)
        words = _("Phần này vừa được sửa ở nơi khác lúc %(time)s. Chép phần đang viết, rồi mở lại trang.")
        raise Refused("stale", words % {"time": f"{when.hour}:{when:%M}"})


def _check_size(work: Doc) -> None:
    if len(work["steps"]) > MOST_STEPS:
        raise Refused("too_large", _("Bài đã có %(most)s bước. Tách thành hai bài.") % {"most": MOST_STEPS})
    try:
        text = json.dumps(work, ensure_ascii=False, allow_nan=False)
        size = len(text.encode())
    except ValueError:  # half a sign, or a number that is none
        text, size = "\\u0000", 0
    if "\\u0000" in text:
        raise Refused("unreadable", _("Có ký tự không lưu được. Gõ lại phần vừa dán."))
    if size > MOST_BYTES:
        raise Refused("too_large", _("Bài quá dài để lưu. Rút ngắn lời hoặc bớt phần tử trong tranh."))
