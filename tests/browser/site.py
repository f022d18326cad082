"""A small site for the worker's tests: guides, the search, a team shell and a personal page in the real frame.

No database: what is searched is the index of tests/wire/finding.json.
"""

import hashlib
import json
from pathlib import Path

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import render
from django.template import RequestContext, Template
from django.urls import include, path
from django.views.decorators.csrf import csrf_exempt

from onboarding.guides import finding, signing
from onboarding.guides.feedback import Said, read
from onboarding.worker import service_worker

CITIZEN = '{% extends "layouts/citizen.html" %}{% load ui %}'
HOME = CITIZEN + (
    '{% block title %}Trang chính{% endblock %}{% block main %}{% include "components/resume.html" %}'
    '{% include "guides/_search.html" %}<h1>Bác muốn làm gì?</h1>'
    '<a href="/huong-dan/vneid/1/">Kích hoạt VNeID</a>{% endblock %}'
)
STEP = CITIZEN + (
    "{% block title %}Bước {{ n }}{% endblock %}"
    '{% block main_attrs %} data-module="remember-step swipe counted" data-kind="opened"'
    ' data-seen="{{ slug }}.1" data-slug="{{ slug }}" data-step="{{ n }}"'
    ' data-total="3" data-title="Kích hoạt VNeID"{% endblock %}'
    "{% block main %}{% steps n 3 %}<h1>Bước {{ n }} của {{ slug }}</h1>"
    '<figure class="pic"><img src="/huong-dan/tranh/1.svg" width="720" height="900" alt="Tranh"></figure>'
    '{% include "components/read_aloud.html" %}'
    '{% include "components/guide_saver.html" with slug=slug keys=keys only %}'
    '{% include "components/differs.html" with seen="vneid.1" step=n only %}'
    '{% include "components/feedback.html" with seen="vneid.1" step=n only %}{% endblock %}'
    '{% block foot %}<footer class="foot"><a class="btn go xl" rel="next" href="/huong-dan/{{ slug }}/2/">Bước tiếp</a>'
    "</footer>{% endblock %}"
)
GUIDE = CITIZEN + '{% block main %}<h1>Kích hoạt VNeID</h1><a href="1/">Bắt đầu</a>{% endblock %}'
SHELL = '{% extends "layouts/team.html" %}{% block main %}<h1>Hôm nay</h1>{% endblock %}'
PERSONAL = CITIZEN + "{% block main %}<h1>Hồ sơ của bà Nhạn</h1>{% endblock %}"
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="900"><rect width="720" height="900"/></svg>'


SHARED = json.loads((Path(__file__).parent.parent / "wire" / "finding.json").read_text(encoding="utf-8"))
INDEX = SHARED["index"]
ICONS = " ".join(sorted({doc["icon"] for doc in INDEX["docs"]}))


def draw(request: HttpRequest, source: str, **values: object) -> HttpResponse:
    return HttpResponse(Template(source).render(RequestContext(request, values)))


def public(response: HttpResponse) -> HttpResponse:
    response["Cache-Control"] = "public, max-age=0, must-revalidate"
    return response


def home(request: HttpRequest) -> HttpResponse:
    return public(draw(request, HOME))


def step(request: HttpRequest, slug: str, n: int) -> HttpResponse:
    return public(draw(request, STEP, slug=slug, n=n, keys=" ".join(signing.public_keys())))


def guide(request: HttpRequest, slug: str) -> HttpResponse:
    return public(draw(request, GUIDE, slug=slug))


def picture(request: HttpRequest) -> HttpResponse:
    return public(HttpResponse(PICTURE, content_type="image/svg+xml"))


def search(request: HttpRequest) -> HttpResponse:
    asked = request.GET.get("q", "")
    found = finding.find(finding.prepare(INDEX), asked)
    page = render(request, "guides/search.html", {"asked": asked, "found": found, "icons": ICONS})
    return page if asked else public(page)


def index(request: HttpRequest) -> HttpResponse:
    return public(JsonResponse(INDEX))


ASK = CITIZEN + "{% block main %}<h1>Gọi tổ hỗ trợ</h1>{% endblock %}"
ASK_STATUS = 200


def ask(request: HttpRequest) -> HttpResponse:
    page = public(draw(request, ASK))
    page.status_code = ASK_STATUS
    return page


HEARD: list[Said] = []


@csrf_exempt
def hear(request: HttpRequest) -> HttpResponse:
    said = read(request.POST)
    HEARD.extend(said)
    return HttpResponseRedirect(f"/huong-dan/{said[0].slug}/{said[0].step}/#cam-on", status=303)


def shell(request: HttpRequest) -> HttpResponse:
    return draw(request, SHELL)


def personal(request: HttpRequest) -> HttpResponse:
    return draw(request, PERSONAL)


def pack(request: HttpRequest, slug: str) -> JsonResponse:
    bodies = {f"/huong-dan/{slug}/{n}/": step(request, slug, n).content for n in (1, 2, 3)}
    bodies[f"/huong-dan/{slug}/"] = guide(request, slug).content
    bodies["/huong-dan/tranh/1.svg"] = PICTURE.encode()
    files = [
        {"url": url, "sha256": hashlib.sha256(body).hexdigest(), "bytes": len(body)} for url, body in bodies.items()
    ]
    face = {"kind": "pack", "slug": slug, "version": 1, "title": "Kích hoạt VNeID", "mark": "0123456789abcdef"}
    return JsonResponse(signing.signed({**face, "bytes": sum(map(len, bodies.values())), "files": files}))


def withdrawn(request: HttpRequest) -> JsonResponse:
    current = {"vneid": [1, "0123456789abcdef"]}
    return JsonResponse(signing.signed({"kind": "news", "withdrawn": [], "current": current}))


guides = [
    path("", home, name="home"),
    path("tim/", search, name="search"),
    path("tim/muc-luc.json", index, name="index"),
    path("huong-dan/", home, name="catalogue"),
    path("y-kien/", hear, name="feedback"),
    path("huong-dan/<slug:slug>/", guide, name="overview"),
]
urlpatterns = [
    path("", include((guides, "guides"))),
    path("huong-dan/<slug:slug>/<int:n>/", step),
    path("huong-dan/<slug:slug>/goi.json", pack),
    path("huong-dan/rut.json", withdrawn),
    path("huong-dan/tranh/1.svg", picture),
    path("goi-to/", ask),
    path("doi/", shell),
    path("phuong/ho-so/", personal),
    path("serviceworker.js", service_worker),
    path("", include("pwa.urls")),
]
