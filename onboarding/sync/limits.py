"""How much one phone may send in an hour. Not for: protection against strangers; they can't sign a request.

Beyond the limit the answer is 429 with Retry-After: the phone keeps everything and goes on later.
"""

from datetime import timedelta

from django.conf import settings
from django.utils import timezone

from onboarding.sync.models import Device, Entry
from onboarding.sync.requests import Halt

HOUR = timedelta(hours=1)


def check_entries(device: Device, count: int) -> None:
    """Raise Halt 429 when count more entries would be over settings.SYNC_ENTRIES_AN_HOUR for this phone."""
    since = timezone.now() - HOUR
    recent = Entry.objects.filter(device=device, received_at__gt=since).order_by("received_at")
    over = recent.count() + count - settings.SYNC_ENTRIES_AN_HOUR
    if over <= 0:
        return
    times = list(recent.values_list("received_at", flat=True)[over - 1 : over])
    wait = (times[0] - since).total_seconds() if times else HOUR.total_seconds()
    raise Halt(429, "too_many", headers={"Retry-After": str(max(1, int(wait) + 1))})
