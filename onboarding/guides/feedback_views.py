"""The one door at which readers say something: a plain form, without sign-in, cookie or script.

Cross-site forgery needs a cookie that the browser adds by itself. Nothing here reads one and public pages are the same
for everybody, so no token is asked for; a form from another site is refused where the browser tells.
Not for: what is kept (feedback.py).
"""

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_POST

from onboarding.accounts import limits
from onboarding.guides.feedback import Said, Unheard, keep, read
from onboarding.guides.models import Step

MOST_BYTES = 8_000
FORM = "application/x-www-form-urlencoded"
THANKS = "#cam-on"


@csrf_exempt
@require_POST
def feedback(request: HttpRequest) -> HttpResponse:
    """Keep what a reader says and lead back to the step."""
    refused = refusal(request)
    if refused:
        return HttpResponse(status=refused)
    try:
        said = read(request.POST)
    except Unheard:
        return HttpResponse(status=400)
    address = get_adapter(request).get_client_ip(request)
    if not limits.allow("feedback", address, most=settings.FEEDBACK_AN_HOUR, count=len(said)):
        return _too_many()
    kept = keep(said)
    return _back(kept[0]) if kept else HttpResponse(status=400)


def refusal(request: HttpRequest, most: int = MOST_BYTES) -> int:
    """Return the status of a public form that is not even read (more than `most` bytes, not plain, not ours), or 0."""
    length = request.META.get("CONTENT_LENGTH") or "0"
    if not (length.isascii() and length.isdigit() and len(length) < 10) or int(length) > most:
        return 413
    if request.content_type != FORM:
        return 415
    return 403 if request.headers.get("Sec-Fetch-Site") == "cross-site" else 0


def _too_many() -> HttpResponse:
    words = _("Nhiều người đang gửi cùng lúc. Lát nữa bác bấm lại.")
    headers = {"Retry-After": str(limits.seconds_left())}
    return HttpResponse(words, status=429, content_type="text/plain; charset=utf-8", headers=headers)


def _back(said: Said) -> HttpResponse:
    """Lead back to the step, or to the list when the guide no longer has it."""
    there = Step.objects.filter(version__guide__slug=said.slug, version__state="published", number=said.step).exists()
    place = reverse("guides:step", args=[said.slug, said.step]) if there else reverse("guides:catalogue")
    return HttpResponseRedirect(place + THANKS, status=303)
