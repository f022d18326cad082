"""The counts beside the ward's rail and tabs: what waits there for a person.

For: one context processor; nothing is asked of the database unless a page of the ward draws its rail. Not for: the
figures of the overview (oversight).
"""

from typing import Any, cast

from django.http import HttpRequest
from django.utils.functional import SimpleLazyObject

from onboarding.accounts.models import User
from onboarding.fieldwork import handling


def nav_counts(request: HttpRequest) -> dict[str, Any]:
    """Return `nav_counts` for templates: {"asks": requests for a visit that nobody has looked after}."""
    return {"nav_counts": SimpleLazyObject(lambda: _counts(request))}


def _counts(request: HttpRequest) -> dict[str, int]:
    return {"asks": handling.waiting(cast(User, request.user))} if hasattr(request, "ward") else {}
