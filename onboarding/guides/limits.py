"""How much readers of one address may say in an hour. Not for: knowing readers; an address is kept as a salted hash,
and only until the hour is over.
"""

import time

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

HOUR = 3600


def allow(address: str, count: int) -> bool:
    """Count what this address says now; say whether that is still within settings.FEEDBACK_AN_HOUR."""
    key = f"feedback:{int(time.time()) // HOUR}:{salted_hmac('onboarding.guides.limits', address).hexdigest()}"
    # Two at the same moment may count as one: this keeps a flood out, it does not keep accounts.
    so_far = cache.get(key, 0) + count
    if so_far > settings.FEEDBACK_AN_HOUR:
        return False
    cache.set(key, so_far, HOUR)
    return True


def seconds_left() -> int:
    """Return when the next hour begins."""
    return HOUR - int(time.time()) % HOUR
