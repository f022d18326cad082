"""What a phone asks before it renews anything: which versions were taken back or expired, and what is current, signed.

For: dropping a guide that may be dangerous before anything else is fetched. Small: one line a guide. Not for: taking a
version back (publishing.py).
"""

from typing import Any

from django.db.models import F, Q
from django.utils import timezone

from onboarding.guides.models import GuideVersion
from onboarding.guides.signing import Signed, signed

MOST = 400  # versions named; older ones are gone from every phone that has been online since
State = GuideVersion.State


def news() -> Signed:
    """Return, signed, {"kind": "news", "withdrawn": [[slug, version]], "current": {slug: [version, mark]}}.

    withdrawn is newest first; mark is that of the pack as it was signed last, empty before the first time.
    """
    return signed({"kind": "news", "withdrawn": _withdrawn(), "current": _current()})


def was_here(slug: str) -> bool:
    """Say whether readers could once open the guide, and now cannot because it was taken back."""
    return any(name == slug for name, _number in _gone().values_list("guide__slug", "number"))


def _gone() -> Any:
    taken = Q(state=State.WITHDRAWN, published_at__isnull=False)
    expired = Q(state__in=(State.PUBLISHED, State.SCHEDULED), expires_at__lte=timezone.now())
    return GuideVersion.objects.filter(taken | expired)


def _withdrawn() -> list[list[Any]]:
    rows = _gone().order_by(F("withdrawn_at").desc(nulls_last=True), "-published_at", "guide__slug", "-number")
    return [[slug, number] for slug, number in rows.values_list("guide__slug", "number")[:MOST]]


def _current() -> dict[str, list[Any]]:
    rows = GuideVersion.objects.readable().order_by("guide__slug", "number")
    # In the order of their numbers: the last one stays.
    found = rows.values_list("guide__slug", "number", "sealed__manifest__mark")
    return {slug: [number, mark or ""] for slug, number, mark in found}
