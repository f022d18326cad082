"""How often one address may ask for a visit: too seldom to flood the ward, enough for a family behind one router.

Not for: how an address is counted (accounts/limits.py), or how many open requests one phone number may have
(asking.py).
"""

from django.conf import settings

from onboarding.accounts.limits import DAY, allow

TRIES_AN_HOUR = 60  # forms looked at, wrong ones too


def may_try(address: str) -> bool:
    """Count a form of this address; say whether it is looked at."""
    return allow("ask-try", address, most=TRIES_AN_HOUR)


def may_ask(address: str) -> bool:
    """Count a request of this address; say whether it is taken: settings.ASKS_AN_HOUR, settings.ASKS_A_DAY."""
    this_hour = allow("ask-hour", address, most=settings.ASKS_AN_HOUR)
    return this_hour and allow("ask-day", address, most=settings.ASKS_A_DAY, span=DAY)
