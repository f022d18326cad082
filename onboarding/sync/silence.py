"""Phones that have not been heard of: who, since when, and how much still lies on them.

For: the ward's panels. Thresholds are those of the design: 4, 8 and 24 hours. Not for: acting on a phone
(devices.py); silence may only mean that somebody sleeps.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

from onboarding.accounts.models import User
from onboarding.sync.models import Device

QUIET_HOURS, LONG_HOURS, DAY_HOURS = 4, 8, 24


@dataclass(frozen=True)
class Silence:
    """One phone and the whole hours since it was last heard of."""

    device: Device
    hours: int

    @property
    def state(self) -> str:
        """The chip's colour: wait, fix or solid."""
        if self.hours >= DAY_HOURS:
            return "solid"
        return "fix" if self.hours >= LONG_HOURS else "wait"


def silent_devices(user: User, *, now: datetime) -> list[Silence]:
    """Return the phones in use that were last heard of over four hours ago, the longest first."""
    active = Device.objects.visible_to(user).filter(revoked_at__isnull=True, user__is_active=True)
    quiet = active.filter(seen_at__lt=now - timedelta(hours=QUIET_HOURS)).select_related("user", "team")
    found = [Silence(device, int((now - device.seen_at).total_seconds() // 3600)) for device in quiet]
    return sorted(found, key=lambda silence: (-silence.hours, silence.device.user.name))


def on_phones(silences: list[Silence]) -> int:
    """Return how many entries still lie on these phones, as they last said."""
    return sum(silence.device.unsent for silence in silences)
