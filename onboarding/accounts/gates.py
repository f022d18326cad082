"""Doors that open for a role only: sign in first, then either you hold the role or the page does not exist.

For: decorators around views of the ward. `request.ward` is the ward the person works in; for an editor, the area.
Not for: rows; those come through visible_to(), which is what keeps one ward out of another's records.
"""

from collections.abc import Callable
from functools import wraps

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from onboarding.accounts import access
from onboarding.accounts.models import Area, Role, User

View = Callable[..., HttpResponse]


class WardRequest(HttpRequest):
    """A request behind a gate, for type checkers: somebody is signed in and works in a ward."""

    user: User  # type: ignore[assignment]  # no anonymous user passes the gate
    ward: Area
    htmx: HtmxDetails


def for_roles(*roles: str) -> Callable[[View], View]:
    """Return a decorator: anonymous people are sent to sign in, people without one of roles get 404.

    A page that asks for a part of itself gets 401: the page to sign in on would be put into it.
    """

    def decorate(view: View) -> View:
        @wraps(view)
        def gate(request: WardRequest, *args: object, **kwargs: object) -> HttpResponse:
            if not access.has_role(request.user, *roles):
                raise Http404
            ward = access.place_of(request.user)
            if ward is None:
                raise Http404
            request.ward = ward
            return view(request, *args, **kwargs)

        led = login_required(gate)

        @wraps(view)
        def door(request: WardRequest, *args: object, **kwargs: object) -> HttpResponse:
            if request.htmx and not request.user.is_authenticated:
                return HttpResponse(status=401)
            return led(request, *args, **kwargs)

        return door

    return decorate


supervisor_only = for_roles(Role.SUPERVISOR)
