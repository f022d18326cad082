"""Every step of every shipped guide as it stands on a small phone: its rings whole above the bar, and the way to help.

The real template and style with the shipped words; instead of the picture its size and the boxes of its rings are
enough, so nothing is drawn and no house is needed. Not for: whether a picture's ring is where its box says
(tests/guides/test_pictures.py), colours and targets (test_looks.py).
"""

import re
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from django.conf import settings
from django.template.loader import render_to_string
from django.utils import translation
from playwright.sync_api import Browser, Page, Route

from onboarding.guides import needs
from onboarding.guides.content import GuideFile, Shelf, bound
from onboarding.guides.drawing import rings
from onboarding.guides.framing import LINE, Frame, frame_of
from onboarding.guides.pages import Shown

pytestmark = pytest.mark.browser

SITE = "http://buoc.test"
DIST = settings.BASE_DIR / "static" / "dist"
HIGH = 900
EMPTY = f'<!doctype html><html data-surface="citizen"><link rel="stylesheet" href="{settings.STATIC_URL}app.css"><body>'
PICTURE = '<svg xmlns="http://www.w3.org/2000/svg" width="720" height="900"/>'
# A message of the police is quoted whole: its ring and its eight lines fit, the buttons are one swipe away.
QUOTES = {"kich-hoat-tren-may-tinh/1", "kich-hoat-tren-may-tinh-en/1"}

# What each page shows before anybody scrolls: how much of its rings is cut, how many lines its title has, whether it
# sticks out at the side, whether the words and the way to help are whole. One page after another in one document.
LOOK = """async ([pages, voice, line]) => {
  const box = (one) => one.getBoundingClientRect();
  const put = ({html, language}) => {
    document.documentElement.lang = language;
    document.body.replaceWith(new DOMParser().parseFromString(html, "text/html").body);
    if (voice) for (const one of document.querySelectorAll("[data-module=read-aloud]")) one.hidden = false;
  };
  const cut = ([x, y, w, h]) => {
    const image = document.querySelector(".pic img"), seen = box(image), look = getComputedStyle(image);
    const scale = Math.max(seen.width / 720, seen.height / 900);
    const [left, top] = look.objectPosition.split(" ").map((share) => parseFloat(share) / 100);
    const x0 = seen.left + (seen.width - 720 * scale) * left, y0 = seen.top + (seen.height - 900 * scale) * top;
    const ring = { left: x0 + (x - line) * scale, right: x0 + (x + w + line) * scale,
      top: y0 + Math.max(0, y - line) * scale, bottom: y0 + Math.min(900, y + h + line) * scale };
    const room = { left: Math.max(seen.left, 0), right: Math.min(seen.right, innerWidth),
      top: Math.max(seen.top, box(document.querySelector(".bar")).bottom),
      bottom: Math.min(seen.bottom, box(document.querySelector(".foot")).top) };
    return Math.max(0, room.left - ring.left, ring.right - room.right, room.top - ring.top, ring.bottom - room.bottom);
  };
  const whole = (one) => box(one).bottom <= box(document.querySelector(".foot")).top + 0.5;
  put(pages[0]);
  for (const weight of [400, 600, 700]) await document.fonts.load(`${weight} 16px "Be Vietnam Pro"`);
  return pages.map((page) => {
    put(page);
    const [title, help, aloud] = ["h1", ".say-so > a", ".say-so > .tint"].map((name) => document.querySelector(name));
    return { name: page.name, cut: Math.max(0, ...page.boxes.map(cut)),
      lines: Math.round(box(title).height / parseFloat(getComputedStyle(title).lineHeight)),
      wide: document.documentElement.scrollWidth > innerWidth, words: whole(document.querySelector(".say")),
      help: whole(help) && (aloud.hidden || whole(aloud)) };
  });
}"""


def page_of(file: GuideFile, number: int, frame: Frame | None = None, **words: str) -> dict:
    """Return a step's page as readers get it, with the boxes of its rings."""
    step = {"title": "", "text": "", "safety": "", **file.steps[number - 1], **words}
    boxes, total = rings(step["picture"]), len(file.steps)
    guide = SimpleNamespace(slug=file.data["slug"])
    context: dict[str, object] = {
        "version": SimpleNamespace(title=bound(file.version["title"]), language=file.language), "guide": guide,
        "step": SimpleNamespace(number=number, title=bound(step["title"]), text=step["text"], safety=step["safety"]),
        "picture": Shown("/tranh.svg", "/tranh.svg", "Hình vẽ điện thoại", frame or frame_of(boxes, HIGH)),
        "total": total, "last": number == total, "home": "/", "seen": f"{guide.slug}.1", "sound": {}, "help": None,
    }  # fmt: skip
    with translation.override(file.language):
        context["needs"] = needs.called(step.get("needs", []))
        html = render_to_string("guides/step.html", context)
    return {"name": f"{guide.slug}/{number}", "html": html, "language": file.language, "boxes": boxes}


@pytest.fixture(scope="module")
def pages() -> list[dict]:
    """Every step of every guide, Vietnamese and English."""
    files = [*Shelf().guides, *Shelf().english]
    return [page_of(file, number) for file in files for number in range(1, len(file.steps) + 1)]


@pytest.fixture
def phone(chromium: Browser) -> Iterator[Page]:
    """A small phone whose every address is answered from the built style; no script runs."""
    context = chromium.new_context(viewport={"width": 360, "height": 740}, java_script_enabled=False)
    context.route(f"{SITE}/**", answer)
    page = context.new_page()
    page.goto(f"{SITE}/")
    yield page
    context.close()


def answer(route: Route) -> None:
    """Give the style and the fonts as built, a picture of the right size, else an empty page with that style."""
    path = route.request.url.removeprefix(SITE)
    if path.startswith(settings.STATIC_URL):
        name = re.sub(r"\.[0-9a-f]{12}(?=\.)", "", path.removeprefix(settings.STATIC_URL))
        return route.fulfill(path=DIST / name)
    if path.endswith(".svg"):
        return route.fulfill(body=PICTURE, content_type="image/svg+xml")
    return route.fulfill(body=EMPTY, content_type="text/html; charset=utf-8")


def look(phone: Page, pages: list[dict], *, text: str = "100", voice: bool = False) -> list[dict]:
    """Return what is to be seen of the pages on that phone. voice: it can read aloud, which is one button more."""
    phone.evaluate("(size) => { document.documentElement.dataset.text = size }", text)
    found = phone.evaluate(LOOK, [pages, voice, LINE])
    assert [one["name"] for one in found] == [one["name"] for one in pages]
    return found


def names(found: list[dict], fault) -> set[str]:
    return {one["name"] for one in found if fault(one)}


@pytest.mark.parametrize("voice", [False, True], ids=["silent", "voice"])
def test_rings_words_and_the_way_to_help_stand_above_the_bar_of_a_small_phone(phone: Page, pages, voice: bool):
    found = look(phone, pages, voice=voice)
    assert names(found, lambda one: one["cut"] > 1) == set()
    assert names(found, lambda one: one["wide"] or one["lines"] > 2) == set()
    assert names(found, lambda one: not one["words"]) == set()
    assert names(found, lambda one: not one["help"]) == QUOTES
    assert len(found) > 600


@pytest.mark.parametrize(("width", "height", "text"), [(360, 740, "130"), (320, 640, "100"), (320, 640, "115")])
def test_the_largest_rings_and_longest_words_are_whole_with_larger_text_and_on_a_smaller_phone(
    phone: Page, pages, width: int, height: int, text: str
):
    phone.set_viewport_size({"width": width, "height": height})
    found = look(phone, worst(pages), text=text, voice=True)
    assert names(found, lambda one: one["cut"] > 1) == set()
    assert names(found, lambda one: one["wide"] or one["lines"] > 3) == set()
    assert len(found) > 40


def worst(pages: list[dict]) -> list[dict]:
    """Return the pages with the largest rings and those with the most words."""
    large = sorted(pages, key=lambda page: -frame_of(page["boxes"], HIGH).tall)[:40]
    long = sorted(pages, key=lambda page: -len(page["html"]))[:40]
    return list({page["name"]: page for page in [*large, *long]}.values())


def test_a_planted_wrong_crop_long_text_and_long_title_are_found(phone: Page):
    file = next(file for file in Shelf().guides if file.data["slug"] == "vneid-muc-2")
    low = max(range(1, len(file.steps) + 1), key=lambda number: page_of(file, number)["boxes"][0][1])
    planted = [
        page_of(file, low),
        page_of(file, low, Frame(0, 20)),
        page_of(file, low, text="Bác nhập từng số vào ô. " * 20),
        page_of(file, low, title="Nhập mã trong tin nhắn vào từng ô một " * 2),
        page_of(file, low, title="Nhập mã " * 60),
    ]
    good, cropped, long, titled, sunk = look(phone, planted)
    assert (good["cut"], good["words"], good["help"], good["lines"] < 3) == (0, True, True, True)
    assert cropped["cut"] > 10
    assert not long["words"] and not long["help"] and long["cut"] == 0
    assert titled["lines"] > 2 and sunk["cut"] > 10
