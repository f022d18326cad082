"""How often one address may ask for a visit: too seldom to flood the ward, enough for a family behind one router.

Not for: how many requests one phone number may have open (asking.py), or knowing who asks; an address is kept as a
salted hash, and only until its day is over.
"""

import time

from django.conf import settings
from django.core.cache import cache
from django.utils.crypto import salted_hmac

HOUR, DAY = 3600, 86_400
TRIES_AN_HOUR = 60  # forms looked at, wrong ones too


def may_try(address: str) -> bool:
    """Count a form of this address; say whether it is looked at."""
    return _count("try", address, HOUR) <= TRIES_AN_HOUR


def may_ask(address: str) -> bool:
    """Count a request of this address; say whether it is taken: settings.ASKS_AN_HOUR, settings.ASKS_A_DAY."""
    return _count("hour", address, HOUR) <= settings.ASKS_AN_HOUR and _count("day", address, DAY) <= settings.ASKS_A_DAY


def seconds_left() -> int:
    """Return when the next hour begins."""
    return HOUR - int(time.time()) % HOUR


def _count(what: str, address: str, length: int) -> int:
    salted = salted_hmac("onboarding.fieldwork.asking_limits", address).hexdigest()
    key = f"ask:{what}:{int(time.time()) // length}:{salted}"
    # Two at the same moment may count as one: this keeps a flood out, it does not keep accounts.
    so_far = cache.get(key, 0) + 1
    cache.set(key, so_far, length)
    return so_far
