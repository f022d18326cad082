"""How much one address may do at a public door within an hour or a day of the clock, without knowing who it is.

For: doors that need no sign-in. An address is kept as a salted hash, and only until its hour or day is over. Not for:
how much that is (settings, and the room whose door it is), enrolled phones (sync/limits.py) or signing in (allauth).
"""

import time

from django.core.cache import cache
from django.utils.crypto import salted_hmac

HOUR, DAY = 3600, 86_400


def allow(what: str, address: str, *, most: int, count: int = 1, span: int = HOUR) -> bool:
    """Count what this address does now, and say whether it is within `most`; what is refused does not count.

    span: seconds, HOUR or DAY.
    """
    key = _key(what, address, span)
    # Two at the same moment may count as one: this keeps a flood out, it does not keep accounts.
    so_far = cache.get(key, 0) + count
    if so_far > most:
        return False
    cache.set(key, so_far, span)
    return True


def is_first(what: str, who: str, *, span: int = HOUR) -> bool:
    """Say whether `who` does this for the first time in this hour. Two at the same moment are one first time."""
    return cache.add(_key(what, who, span), 1, span)


def seconds_left() -> int:
    """Return how many seconds are left of this hour."""
    return HOUR - int(time.time()) % HOUR


def _key(what: str, who: str, span: int) -> str:
    return f"{what}:{int(time.time()) // span}:{salted_hmac(f'onboarding.accounts.limits.{what}', who).hexdigest()}"
