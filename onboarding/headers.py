"""Browser rules on every answer: permissions, and no storage of pages that may hold personal data.

Not for: the content security policy (django-csp) or transport rules (Django's SecurityMiddleware).
"""

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

PERMISSIONS = "camera=(self), geolocation=(self), microphone=(), payment=(), usb=()"
# Only these may be kept by the browser or by anything between: public guides and the empty shell set it themselves.
PRIVATE = "no-store"


def browser_rules(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Return middleware that adds Permissions-Policy, and Cache-Control: no-store where a view said nothing."""

    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cache-Control", PRIVATE)
        return response

    return middleware
