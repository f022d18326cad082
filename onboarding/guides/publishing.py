"""How a version of a guide comes to its readers, and how it is taken from them.

Published by a second person, never by one who wrote it; frozen from then on; withdrawn by one person at once. Not for:
the way there (reviewing.py), doing it on a day (timetable.py), the words (content.py), the pictures (pictures.py) or
the seal (sealing.py).
"""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding import text
from onboarding.accounts import access
from onboarding.accounts.models import Area, Role, User
from onboarding.guides import documents, packing, pictures, sealing
from onboarding.guides.models import Guide, GuideVersion, Step
from onboarding.guides.specs import BadSpec
from onboarding.journal.recording import Journal, recording
from onboarding.refusal import Refused

STEP_FIELDS = ("title", "text", "safety", "needs", "item", "blockers", "spec")
HEAD = ("topic", "words", "order", "icon")
NOTE = 300
State = GuideVersion.State


@transaction.atomic
def write_draft(*, user: User | None, guide: Guide, face: dict[str, Any], steps: list[dict[str, Any]]) -> GuideVersion:
    """Return a new draft of guide. face: fields of GuideVersion; steps: dicts of STEP_FIELDS, in order."""
    newest = guide.versions.order_by("-number").first()
    face = {"language": guide.language, **face}
    version = GuideVersion.objects.create(guide=guide, number=newest.number + 1 if newest else 1, author=user, **face)
    _write_steps(version, steps)
    return version


@transaction.atomic
def rewrite_steps(*, version: GuideVersion, steps: list[dict[str, Any]]) -> None:
    """Replace the steps of a draft. Raises Refused("frozen") for any other version."""
    locked(version, [State.DRAFT], _("Bản này đã phát hành. Viết bản mới để sửa."))
    version.steps.all().delete()
    _write_steps(version, steps)


def publish(*, user: User | None, version: GuideVersion, saw: int | None = None) -> GuideVersion:
    """Draw what is missing and publish; user is None only for the guides we ship.

    saw: the revision that user compared. Raises Refused: "not_assigned", "own_version" for whoever wrote it, "frozen"
    unless it waits for review, "stale" when it was changed meanwhile, "bad_picture" when a step cannot be drawn,
    "too_heavy" when its recordings make the pack too heavy.
    """
    if user:
        check_may_decide(user, version)
    draw_missing(version)
    packing.check_weight(version)
    with recording(user) as journal:
        row = waiting(version, saw) if user else locked(version, [State.DRAFT], _("Bản này đã phát hành hoặc đã rút."))
        release(row, by=user, at=timezone.now())
        note(journal, "guide.publish", row, user)
    return row


def withdraw(
    *, version: GuideVersion, user: User | None = None, why: str = "", earlier: bool = False
) -> list[GuideVersion]:
    """Take a published version from its readers at once and return what was taken; one person is enough.

    The version before it, if still published and not expired, is current again; earlier: take those, too. user is None
    only for the house itself. Raises Refused: "not_assigned", "no_reason", "frozen".
    """
    said = reason(why, _("Chưa ghi vì sao rút. Ghi một câu cho người viết.")) if user else why
    if user:
        area_of(user)
    with recording(user) as journal:
        otherwise = _("Chỉ rút được bản đang phát hành.")
        row = locked(version, [State.PUBLISHED, State.SCHEDULED], otherwise)
        if row.state == State.SCHEDULED and not is_due(row):
            raise Refused("frozen", otherwise)
        before = row.guide.versions.filter(state=State.PUBLISHED, number__lt=row.number, language=row.language)
        taken = [row, *before] if earlier else [row]
        for each in taken:
            _withdrawn(each, said)
            note(journal, "guide.withdraw", each, user, why=said)
        _tell_sisters(row.guide)
    return taken


def draw_missing(version: GuideVersion) -> int:
    """Draw the steps whose pictures are missing or old; return how many. Raises Refused("bad_picture")."""
    count = 0
    for step in version.steps.select_related("version"):
        try:
            count += pictures.draw(step)
        except BadSpec as bad:
            where = _("Bước %(number)s: ") % {"number": step.number}
            raise Refused("bad_picture", where + " ".join(bad.faults)) from bad
    return count


# --- Who may, and what state it is in ---------------------------------------------------------------------------------


def area_of(user: User) -> Area:
    """Return the area for which user keeps guides. Raises Refused("not_assigned")."""
    place = access.place_of(user) if access.has_role(user, Role.EDITOR, Role.SUPERVISOR) else None
    if place is None:
        raise Refused("not_assigned", _("Việc này thuộc biên tập viên. Gọi phường."))
    return place


def wrote(user: User, version: GuideVersion) -> bool:
    """Say whether user is one of those who wrote version."""
    return user.pk == version.author_id or version.writers.filter(pk=user.pk).exists()


def check_may_decide(user: User, version: GuideVersion) -> None:
    """Raise Refused("not_assigned"), or "own_version" when user wrote version."""
    area_of(user)
    if wrote(user, version):
        raise Refused("own_version", _("Bản này do anh/chị viết. Nhờ người khác xem rồi phát hành."))


def locked(version: GuideVersion, states: Iterable[str], otherwise: str) -> GuideVersion:
    """Return version as it is now, its guide locked until the commit. Raises Refused("frozen") in any other state.

    The guide is what is locked: of two people who move versions of one guide, the second sees what the first did.
    """
    guide = Guide.objects.select_for_update().get(pk=version.guide_id)
    row = GuideVersion.objects.select_for_update().filter(pk=version.pk).first()
    if row is None or row.state not in states:
        raise Refused("frozen", otherwise)
    row.guide = guide
    return row


def waiting(version: GuideVersion, saw: int | None) -> GuideVersion:
    """Return a version that may be released, locked: as it was seen, with all its pictures. Raises Refused."""
    row = locked(version, [State.REVIEW, State.SCHEDULED], _("Bản này không còn chờ duyệt. Mở lại trang để xem."))
    if (saw is not None and saw != row.revision) or row.steps.filter(scene="").exists():
        raise Refused("stale", _("Bản này vừa được sửa. Xem lại phần khác rồi phát hành."))
    return row


def release(row: GuideVersion, *, by: User | None, at: datetime) -> None:
    """Make a locked version the one that readers get, with what it says of its guide, and seal it."""
    row.state, row.publisher, row.published_at = State.PUBLISHED, by, at
    row.number = _number(row)
    if row.publish_at and row.publish_at > at:
        row.publish_at = None  # nobody waited for its day
    row.save(update_fields=["state", "publisher", "published_at", "publish_at", "number"])
    _apply_head(row)
    _seal(row)
    _tell_sisters(row.guide)


def note(journal: Journal, action: str, row: GuideVersion, user: User | None, **detail: Any) -> None:
    """Write a deed into the audit of the place where user works; what the house does by itself is in no book."""
    place = access.place_of(user) if user else None
    if place:
        said = {
            "guide": row.guide.slug,
            "number": row.number,
            **{name: value for name, value in detail.items() if value},
        }
        journal.did(action, "guide_version", row.pk, place.pk, detail=said)


def is_due(row: GuideVersion) -> bool:
    """Say whether the time of a scheduled version has come."""
    return row.publish_at is not None and row.publish_at <= timezone.now()


def reason(said: str, missing: str) -> str:
    """Return a note as it is kept. Raises Refused: "no_reason" with the sentence missing, "too_large"."""
    kept = text.tidy(said)
    if not kept:
        raise Refused("no_reason", missing)
    return fitting(kept)


def fitting(said: str) -> str:
    """Return a note, tidied. Raises Refused("too_large")."""
    kept = text.tidy(said)
    if len(kept) > NOTE:
        words = _("Lời ghi dài %(n)s chữ. Rút còn %(most)s chữ.")
        raise Refused("too_large", words % {"n": len(kept), "most": NOTE})
    return kept


def _withdrawn(row: GuideVersion, why: str) -> None:
    row.published_at = row.published_at or row.publish_at  # its day may have come before the beat
    row.state, row.withdrawn_at, row.review_note = State.WITHDRAWN, timezone.now(), why
    row.save(update_fields=["state", "withdrawn_at", "review_note", "published_at"])


def _seal(version: GuideVersion) -> None:
    try:
        sealing.freeze(version)
    except sealing.Drifted as lost:
        raise Refused("bad_picture", _("Tranh của bản này bị hỏng. Sửa một chữ trong bước để vẽ lại.")) from lost


def _tell_sisters(guide: Guide) -> None:
    # Afterwards, so that no two who publish sister guides wait for each other.
    transaction.on_commit(lambda: sealing.sisters_again(guide), robust=True)


def _number(row: GuideVersion) -> int:
    """Return its number, or the next one when a later version came out first: the newest number is what readers get."""
    others = row.guide.versions.filter(language=row.language).exclude(pk=row.pk)
    overtaken = others.filter(number__gt=row.number, published_at__isnull=False).exists()
    return others.aggregate(most=Max("number"))["most"] + 1 if overtaken else row.number


def _apply_head(row: GuideVersion) -> None:
    """Say of the guide itself what the version's document says; its slug and code are printed, so they stay."""
    doc, guide = row.work, row.guide
    if not doc:
        return
    for name in HEAD:
        if name in doc:
            setattr(guide, name, doc[name])
    guide.review_by = documents.file_of(doc).data["review_by"]
    guide.save(update_fields=[*HEAD, "review_by"])


def _write_steps(version: GuideVersion, steps: list[dict[str, Any]]) -> None:
    Step.objects.bulk_create(
        Step(version=version, number=number, **{name: step[name] for name in STEP_FIELDS if name in step})
        for number, step in enumerate(steps, 1)
    )
