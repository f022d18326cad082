"""The public door of short links: /d/<code>, printed and read aloud, so it never changes. No cookie, no sign-in.

Not for: which codes there are (links.py) or what counts as an opening (opens.py).
"""

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import translation
from django.views.decorators.http import require_safe

from onboarding.accounts.areas import help_line
from onboarding.fieldwork import announcing, links, opens


@require_safe
def short_link(request: HttpRequest, code: str) -> HttpResponse:
    """Lead to what a link is about, counted when somebody reads; an unknown code leads on to the guides."""
    link = links.find(code)
    if link is None:
        return _unknown()
    if opens.is_reading(request):
        address = get_adapter(request).get_client_ip(request)
        opens.count(link, reader_address=address, agent=request.headers.get("User-Agent", ""))
    # Asked anew each time, or a second reader on the same line would not be counted.
    return HttpResponseRedirect(links.target(link), headers={"Cache-Control": "no-store"})


def _unknown() -> HttpResponse:
    # Drawn without the request: no session and no chosen language gets in.
    with translation.override(announcing.LANGUAGE):
        page = render_to_string("fieldwork/unknown_link.html", {"help": help_line()})
    return HttpResponse(page, status=404, headers={"Cache-Control": "no-store"})
