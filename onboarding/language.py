"""Which language a page is drawn in: Vietnamese, unless the person at this browser has chosen English.

For: one middleware and the cookie's name. What a browser says it prefers is not asked: phones here are set to odd
languages by whoever sold them. Not for: the words (locale/), or guides and forms, which are written in Vietnamese.
"""

from collections.abc import Callable

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.utils import translation

# Kept on phones or sent to them, the same for everybody. A consent is signed under its exact words, too.
SAME_FOR_ALL = ("/doi/", "/sync/", "/huong-dan/", "/b/", "/goi-to/", "/offline/", "/manifest.json")


def chosen_language(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Return middleware that answers in the language of the cookie, and says so in Content-Language.

    No Vary: the pages that follow the cookie are never stored (onboarding/headers.py).
    """

    def middleware(request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        with translation.override(language):
            request.LANGUAGE_CODE = language
            response = get_response(request)
        response.headers.setdefault("Content-Language", language)
        return response

    return middleware


def language_of(request: HttpRequest) -> str:
    """Return the code of the language to answer in: the cookie's if it is one of ours, else Vietnamese."""
    told = request.COOKIES.get(settings.LANGUAGE_COOKIE_NAME)
    if request.path.startswith(SAME_FOR_ALL) or told not in dict(settings.LANGUAGES):
        return settings.LANGUAGE_CODE
    return told
