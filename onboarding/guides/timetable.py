"""Versions of guides that come on a day and go on a day, in Hà Nội's time.

Readers get them by the clock (VersionQuerySet.readable); keep_time() only brings the states after it. Not for:
publishing now (publishing.py).
"""

from datetime import datetime, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.accounts.models import User
from onboarding.guides import packing, publishing
from onboarding.guides.models import GuideVersion
from onboarding.journal.recording import recording
from onboarding.refusal import Refused

State = GuideVersion.State
FARTHEST = timedelta(days=366)  # further is a slip of the finger


def schedule(
    *, user: User, version: GuideVersion, at: datetime, until: datetime | None = None, saw: int | None = None
) -> GuideVersion:
    """Draw what is missing and let readers have a version from `at` until `until` (for good when not given).

    A second call sets other times. saw: the revision that user compared. Raises Refused: "past", "too_far",
    "ends_first" and as publishing.publish().
    """
    publishing.check_may_decide(user, version)
    _check_times(at, until)
    publishing.draw_missing(version)
    packing.check_weight(version)
    with recording(user) as journal:
        row = publishing.waiting(version, saw)
        _check_not_out(row)
        row.state, row.publisher, row.publish_at, row.expires_at = State.SCHEDULED, user, at, until
        row.save(update_fields=["state", "publisher", "publish_at", "expires_at"])
        publishing.note(journal, "guide.schedule", row, user, at=_iso(at), until=_iso(until))
    return row


def unschedule(*, user: User, version: GuideVersion) -> GuideVersion:
    """Let a scheduled version wait for review again. Raises Refused: "not_assigned", "frozen" once its time came."""
    publishing.area_of(user)
    with recording(user) as journal:
        row = publishing.locked(version, [State.SCHEDULED], _("Bản này không còn hẹn ngày. Mở lại trang để xem."))
        _check_not_out(row)
        row.state, row.publisher, row.publish_at, row.expires_at = State.REVIEW, None, None, None
        row.save(update_fields=["state", "publisher", "publish_at", "expires_at"])
        publishing.note(journal, "guide.unschedule", row, user)
    return row


def set_end(*, user: User, version: GuideVersion, until: datetime | None) -> GuideVersion:
    """Let readers lose a version that they have at `until`, or never (None).

    An end that comes sooner is one person's to say, as withdrawing is. More time is given by somebody who did not write
    it, as publishing is. Raises Refused: "not_assigned", "past", "own_version", "frozen" unless readers have it.
    """
    publishing.area_of(user)
    if until is not None and until <= timezone.now():
        raise Refused("past", _("Giờ này đã qua. Chọn ngày giờ sắp tới, hoặc bấm Rút bài này."))
    with recording(user) as journal:
        row = _readable(version)
        was = row.expires_at
        if was == until:
            return row
        if was is not None and (until is None or until > was) and publishing.wrote(user, row):
            raise Refused("own_version", _("Bản này do anh/chị viết. Nhờ người khác gia hạn."))
        row.expires_at = until
        row.save(update_fields=["expires_at"])
        publishing.note(journal, "guide.set_end", row, user, until=_iso(until), was=_iso(was))
    return row


def keep_time() -> int:
    """Publish what is due and withdraw what has expired; return how many. What came before may be current again."""
    now, moved = timezone.now(), 0
    for row in GuideVersion.objects.filter(state=State.SCHEDULED, publish_at__lte=now):
        moved += _come(row)
    for row in GuideVersion.objects.filter(state=State.PUBLISHED, expires_at__lte=now):
        moved += _go(row)
    return moved


def _come(version: GuideVersion) -> bool:
    with recording(None) as journal:
        try:
            row = publishing.locked(version, [State.SCHEDULED], "")
        except Refused:  # somebody was quicker
            return False
        if not publishing.is_due(row):
            return False
        publishing.release(row, by=row.publisher, at=row.publish_at or timezone.now())
        publishing.note(journal, "guide.publish", row, row.publisher, scheduled=True)
    return True


def _go(version: GuideVersion) -> bool:
    with transaction.atomic():
        try:
            row = publishing.locked(version, [State.PUBLISHED], "")
        except Refused:  # somebody was quicker
            return False
        if row.expires_at is None or row.expires_at > timezone.now():  # was given more time meanwhile
            return False
        publishing.withdraw(version=row, why=_("Hết hạn."))
    return True


def _readable(version: GuideVersion) -> GuideVersion:
    """Return a version that readers have, locked. Raises Refused("frozen") for any other, whatever its state says."""
    otherwise = _("Chỉ đặt hạn cho bản người dân đang có. Mở lại trang để xem.")
    row = publishing.locked(version, [State.PUBLISHED, State.SCHEDULED], otherwise)
    if not GuideVersion.objects.readable().filter(pk=row.pk).exists():
        raise Refused("frozen", otherwise)
    return row


def _iso(when: datetime | None) -> str:
    return timezone.localtime(when).isoformat() if when else ""


def _check_not_out(row: GuideVersion) -> None:
    if row.state == State.SCHEDULED and publishing.is_due(row):
        raise Refused("frozen", _("Đã đến giờ, người dân đang xem bản này. Muốn dừng thì rút bài."))


def _check_times(at: datetime, until: datetime | None) -> None:
    if at <= timezone.now():
        raise Refused("past", _("Giờ này đã qua. Chọn ngày giờ sắp tới, hoặc bấm Phát hành."))
    if at > timezone.now() + FARTHEST:
        raise Refused("too_far", _("Ngày này xa hơn một năm. Kiểm tra lại năm."))
    if until is not None and until <= at:
        raise Refused("ends_first", _("Bài hết hạn trước khi bắt đầu. Chọn ngày hết hạn muộn hơn."))
