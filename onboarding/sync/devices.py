"""Ending and extending an enrolment. Not for: beginning one (enrolments.py) or listing phones (oversight).

What a revoked phone still holds is not lost: it may send it, into quarantine, and is told to wipe the rest.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.accounts.models import Area, Role, User
from onboarding.journal.recording import recording
from onboarding.refusal import Refused
from onboarding.sync.models import Device


def revoke(*, user: User, device: Device, lost: bool = False) -> None:
    """End a phone's enrolment now; `lost` says that it is in foreign hands. Raises Refused("not_assigned")."""
    _check_ward(user, device)
    with recording(user) as journal:
        Device.objects.filter(pk=device.pk).update(revoked_at=timezone.now(), lost=lost)
        journal.did("device.lost" if lost else "device.revoked", "device", device.pk, device.area_id)
    device.refresh_from_db()


def renew(*, user: User, device: Device) -> None:
    """Extend a phone's enrolment by settings.DEVICE_DAYS from now. Raises Refused; a revoked phone enrols anew."""
    _check_ward(user, device)
    if device.revoked_at:
        raise Refused("device_revoked", _("Máy này đã bị thu hồi. Ghi danh lại bằng mã QR mới."))
    with recording(user) as journal:
        valid_to = timezone.now() + timedelta(days=settings.DEVICE_DAYS)
        Device.objects.filter(pk=device.pk).update(valid_to=valid_to)
        journal.did("device.renewed", "device", device.pk, device.area_id)
    device.refresh_from_db()


def _check_ward(user: User, device: Device) -> None:
    if not Area.objects.visible_to(user, (Role.SUPERVISOR,)).filter(pk=device.area_id).exists():
        raise Refused("not_assigned", _("Máy này không thuộc phường của bạn."))
