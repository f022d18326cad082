"""How a phone comes in: a supervisor's one-time QR, a key made on the phone, a device row.

For: `invite()` (the token is shown once and kept as a hash), `enrol()` and the return of a phone that still holds
unsent entries. Not for: the QR picture and its page (oversight) or ending an enrolment (devices.py).
"""

import hashlib
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding import seal, text, vault
from onboarding.accounts import access
from onboarding.accounts.models import Area, Role, User
from onboarding.ids import new_id
from onboarding.journal.recording import Journal, recording
from onboarding.refusal import Refused
from onboarding.sync.models import Device, Enrolment

UNKNOWN, USED, EXPIRED = "enrol_unknown", "enrol_used", "enrol_expired"
OTHER_MEMBER, CLOSED = "enrol_other_member", "enrol_closed"  # the phone then enrols as a new device


@dataclass(frozen=True)
class Returning:
    """A phone that was enrolled before: its old id, and a check which key signed the request at hand."""

    device: UUID
    signed_by: Callable[[bytes], bool]


def invite(*, user: User, member: User) -> tuple[str, Enrolment]:
    """Return the token for member's phone (shown once, in a QR) and its row, good for ten minutes.

    Raises Refused("not_assigned") when user does not supervise the ward where member works.
    """
    ward = access.ward_of(member)
    supervised = Area.objects.visible_to(user, (Role.SUPERVISOR,))
    if ward is None or not supervised.filter(pk=ward.pk).exists():
        raise Refused("not_assigned", _("Người này không làm việc trong phường của bạn."))
    token = secrets.token_urlsafe(24)
    with recording(user) as journal:
        enrolment = Enrolment.objects.create(
            token_hash=_hash(token), user=member, team=access.team_of(member), area=ward, made_by=user,
            expires_at=timezone.now() + timedelta(minutes=settings.ENROL_MINUTES),
        )  # fmt: skip
        journal.did("device.invited", "enrolment", enrolment.pk, ward.pk)
    return token, enrolment


def enrol(*, token: str, sign_public: bytes, name: str, returning: Returning | None = None) -> Device:
    """Turn a token into a device that may sync until settings.DEVICE_DAYS from now; return it.

    1. the token must exist, be unused and not over; 2. used by this very phone already: its answer was lost, give
    it again; 3. a phone that still holds entries keeps its row, its key and its MAC key, so that what it captured
    stays verifiable; 4. the token is used up with the same commit. Raises Refused with UNKNOWN, USED, EXPIRED,
    OTHER_MEMBER, CLOSED or "signature_wrong".
    """
    _check_point(sign_public)
    with recording(None) as journal:
        enrolment = Enrolment.objects.select_for_update(of=("self",)).filter(token_hash=_hash(token)).first()
        if enrolment is None:
            raise Refused(UNKNOWN, _("Mã này không đúng. Quét lại mã QR của phường."))
        if enrolment.used_at:
            return _again(enrolment, sign_public)
        if enrolment.expires_at < timezone.now():
            raise Refused(EXPIRED, _("Mã đã hết hạn. Xin phụ trách phường mã mới."))
        journal.user = enrolment.user
        device = _take_back(enrolment, sign_public, returning) if returning else None
        device = device or _new_device(enrolment, sign_public, name, returning)
        Enrolment.objects.filter(pk=enrolment.pk).update(used_at=timezone.now(), device=device)
        _note(journal, device)
    return device


def _again(enrolment: Enrolment, sign_public: bytes) -> Device:
    device = enrolment.device
    if device is None or bytes(device.sign_public) != sign_public:
        raise Refused(USED, _("Mã này đã dùng rồi. Xin phụ trách phường mã mới."))
    return device


def _take_back(enrolment: Enrolment, sign_public: bytes, returning: Returning) -> Device | None:
    """The same row goes on. None when the server does not know the phone (an older backup came back)."""
    device = Device.objects.select_for_update(of=("self",)).filter(pk=returning.device).first()
    key = bytes(device.sign_public) if device else sign_public
    if not returning.signed_by(key):
        raise Refused("signature_wrong", _("Không xác nhận được máy này. Báo cho phụ trách phường."))
    if device is None:
        return None
    if device.user_id != enrolment.user_id:
        raise Refused(OTHER_MEMBER, _("Máy này đang ghi danh cho người khác."))
    if device.revoked_at or device.lost:
        raise Refused(CLOSED, _("Ghi danh cũ của máy này đã kết thúc. Máy sẽ được ghi danh mới."))
    device.team, device.area, device.valid_to, device.forked = enrolment.team, enrolment.area, _valid_to(), False
    device.save(update_fields=["team", "area", "valid_to", "forked"])
    return device


def _new_device(enrolment: Enrolment, sign_public: bytes, name: str, returning: Returning | None) -> Device:
    pk = returning.device if returning else new_id()
    sealed = vault.ring().encrypt_bytes(secrets.token_bytes(32), place=f"device.mac_key:{pk}")
    return Device.objects.create(
        id=pk, user=enrolment.user, team=enrolment.team, area=enrolment.area, name=text.tidy(name)[:80],
        sign_public=sign_public, mac_key_sealed=sealed, valid_to=_valid_to(),
    )  # fmt: skip


def _note(journal: Journal, device: Device) -> None:
    journal.device = device.pk
    journal.did("device.enrolled", "device", device.pk, device.area_id)


def _valid_to() -> datetime:
    return timezone.now() + timedelta(days=settings.DEVICE_DAYS)


def _check_point(sign_public: bytes) -> None:
    try:
        seal.load_point(sign_public)
    except seal.SealError as error:
        raise Refused("signature_wrong", _("Khóa của máy không đúng. Mở lại ứng dụng rồi thử lại.")) from error


def _hash(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
