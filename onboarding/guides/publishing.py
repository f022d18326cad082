"""The life of a guide's version: written as a draft, drawn, published by a second person, withdrawn.

A published version is frozen: whoever wants another word writes a new version. Not for: the words (content.py) or
the pictures (pictures.py).
"""

from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.accounts.models import User
from onboarding.guides import pictures, recordings
from onboarding.guides.models import Guide, GuideVersion, Step
from onboarding.guides.specs import BadSpec
from onboarding.refusal import Refused

STEP_FIELDS = ("title", "text", "safety", "needs", "item", "blockers", "spec")


@transaction.atomic
def write_draft(*, user: User | None, guide: Guide, face: dict[str, Any], steps: list[dict[str, Any]]) -> GuideVersion:
    """Return a new draft of guide. face: fields of GuideVersion; steps: dicts of STEP_FIELDS, in order."""
    newest = guide.versions.order_by("-number").first()
    version = GuideVersion.objects.create(guide=guide, number=newest.number + 1 if newest else 1, author=user, **face)
    _write_steps(version, steps)
    return version


@transaction.atomic
def rewrite_steps(*, version: GuideVersion, steps: list[dict[str, Any]]) -> None:
    """Replace the steps of a draft. Raises Refused("frozen") for any other version."""
    _locked(version, GuideVersion.State.DRAFT, _("Bản này đã phát hành. Viết bản mới để sửa."))
    version.steps.all().delete()
    _write_steps(version, steps)


def publish(*, user: User | None, version: GuideVersion) -> GuideVersion:
    """Draw what is missing and publish; user is None only for the guides we ship.

    Raises Refused: "frozen" unless it is a draft, "own_version" when author and publisher are one person,
    "bad_picture" when a step cannot be drawn, "too_heavy" when its recordings make the pack too heavy.
    """
    if user and user == version.author:
        raise Refused("own_version", _("Bản này do anh/chị viết. Nhờ người khác xem rồi phát hành."))
    draw_missing(version)
    recordings.check_weight(version)
    with transaction.atomic():
        row = _locked(version, GuideVersion.State.DRAFT, _("Bản này đã phát hành hoặc đã rút."))
        row.state, row.publisher, row.published_at = GuideVersion.State.PUBLISHED, user, timezone.now()
        row.save(update_fields=["state", "publisher", "published_at"])
    return row


@transaction.atomic
def withdraw(*, version: GuideVersion) -> GuideVersion:
    """Take a published version away from readers; the one before it, if still published, is current again."""
    row = _locked(version, GuideVersion.State.PUBLISHED, _("Chỉ rút được bản đang phát hành."))
    row.state = GuideVersion.State.WITHDRAWN
    row.save(update_fields=["state"])
    return row


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


def _write_steps(version: GuideVersion, steps: list[dict[str, Any]]) -> None:
    Step.objects.bulk_create(
        Step(version=version, number=number, **{name: step[name] for name in STEP_FIELDS if name in step})
        for number, step in enumerate(steps, 1)
    )


def _locked(version: GuideVersion, state: str, otherwise: str) -> GuideVersion:
    row = GuideVersion.objects.select_for_update().get(pk=version.pk)
    if row.state != state:
        raise Refused("frozen", otherwise)
    return row
