"""Every screen can be used by everybody: axe finds nothing, nothing is too small for a thumb or too wide for the phone.

Walks past all screens in one browser (tour.py); each says all that it found, not only the first. DESIGN: 56 px for
citizens, 48 for teams and the ward's phone, 44 on its laptop; contrast 7:1 for citizens; 320 px wide and text at 130 %.
"""

from collections.abc import Iterator

import pytest
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, ViewportSize, expect

from tests.browser import tour
from tests.browser.conftest import fresh_context
from tests.browser.phone import TeamPhone
from tests.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

STANDARDS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PHONE, LAPTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 800}

AXE = """async ([tags, rules]) => {
  const only = tags.length ? {type: "tag", values: tags} : {type: "rule", values: rules};
  const more = tags.length ? Object.fromEntries(rules.map((id) => [id, {enabled: true}])) : {};
  const {violations} = await axe.run(document, {runOnly: only, rules: more, resultTypes: ["violations"]});
  const why = (node) => [...node.any, ...node.all, ...node.none][0]?.message ?? "";
  return violations.flatMap(({id, nodes}) =>
    nodes.slice(0, 4).map((node) => `${id}: ${node.target.join(" ")}: ${why(node)}`));
}"""

# What a finger has to hit. Not counted: links inside running text; on the laptop the rows of charts and tables; on the
# phone the link in a card that is a link as a whole.
SMALL = """(least) => {
  const {surface} = document.documentElement.dataset;
  const floor = surface === "citizen" ? least : Math.min(least, 48);  // sign-in is for the ward's own people
  const spared = (one) => one.closest(".sr, .skip, .tbl thead")
    || (one.closest("p, dd, td, .leg, .cov") && getComputedStyle(one).display === "inline")
    || (innerWidth >= 960 ? one.closest("td, .leg, .cov") : one.matches("[data-a=name] a"));
  const words = (one) => (one.textContent || one.ariaLabel || "").trim().slice(0, 24);
  return [...document.querySelectorAll("a, button, input, select, textarea, summary, [role=button]")].flatMap((one) => {
    const box = (one.closest("label") ?? one).getBoundingClientRect();
    if (box.width < 2 || box.height < 2 || spared(one)) return [];
    if (Math.min(box.width, box.height) >= floor - 0.5) return [];
    return [`${Math.round(box.width)}x${Math.round(box.height)} ${one.tagName}.${one.className} "${words(one)}"`];
  });
}"""

# What leaves the screen at its side, or is cut off by what holds it. Fields scroll what is typed in them.
WIDE = """() => {
  const room = document.documentElement.clientWidth;
  const meant = ".scroll, .sr, .skip, .sheet-p, .tbl thead, .hero, .pinart, .pic, .shot, .meter, svg, input, select";
  const all = [...document.querySelectorAll("body *")].filter((one) => !one.closest(meant));
  const out = all.filter((one) => {
    const box = one.getBoundingClientRect();
    return box.width > 1 && (box.right > room + 1 || box.left < -1);
  });
  const clips = (one) => !["visible", "auto"].includes(getComputedStyle(one).overflowX);
  const cut = all.filter((one) => one.clientWidth && one.scrollWidth > one.clientWidth + 1 && clips(one));
  const say = (words, list) => list.slice(0, 3).map((one) =>
    `${words} ${one.tagName}.${one.className} "${one.textContent.trim().slice(0, 24)}"`);
  const scrolls = document.documentElement.scrollWidth;
  return [...(scrolls > room ? [`scrolls to ${scrolls}`] : []), ...say("sticks out", out), ...say("cuts", cut)];
}"""

HEIGHT = "() => document.fonts.ready.then(() => document.documentElement.scrollHeight)"


class Look:
    """What one walk found."""

    def __init__(self, page: Page, *, themes: tuple[str, ...], least: int, rules: tuple[str, ...] = ()) -> None:
        """Measure page in themes; `rules` are held beyond the standards; a thumb hits what is `least` px."""
        self.page, self.themes, self.least = page, themes, least
        self.contrast = [*rules, "color-contrast"]
        self.found: list[str] = []
        self.seen: list[str] = []

    def at(self, name: str) -> None:
        """Measure what is to be seen now, on a screen as high as the page: what floats covers nothing there."""
        self.seen.append(name)
        own = self.page.viewport_size
        height = max(own["height"], self.page.evaluate(HEIGHT))
        if height > own["height"]:
            self.page.set_viewport_size({**own, "height": height})
        self.colours(name)
        self.add(name, "small", self.page.evaluate(SMALL, self.least))
        self.add(name, "wide", self.page.evaluate(WIDE))
        if own["width"] < 600:
            self.reflow(name, {"width": 320, "height": height})
        self.page.set_viewport_size(own)

    def colours(self, name: str) -> None:
        """Ask axe: about everything in the first theme, about the contrast in every other."""
        for theme in (*self.themes[1:], self.themes[0]):
            self.dress(theme=theme)
            standards = STANDARDS if theme == self.themes[0] else []
            self.add(name, theme, self.page.evaluate(AXE, [standards, self.contrast]))

    def reflow(self, name: str, narrow: ViewportSize) -> None:
        """Measure with the largest text, and on the narrowest phone."""
        self.dress(text="130")
        self.add(name, "text 130 %", self.page.evaluate(WIDE))
        self.dress(text="100")
        self.page.set_viewport_size(narrow)
        self.add(name, "320 px", self.page.evaluate(WIDE))

    def dress(self, **look: str) -> None:
        """Change the theme or the size of the text."""
        self.page.evaluate("(look) => void Object.assign(document.documentElement.dataset, look)", look)

    def add(self, name: str, where: str, found: list[str]) -> None:
        """Write findings down."""
        self.found += [f"{name} ({where}): {one}" for one in found]


def walk(look: Look, stops: Iterator[str]) -> None:
    """Walk past the stops and measure at each."""
    for name in stops:
        look.at(name)


@pytest.fixture
def browsing(chromium: Browser, team_house: House) -> Iterator[BrowserContext]:
    """A browser with axe on board, without motion; pages come from the server, so that what is measured is new."""
    made = fresh_context(chromium, team_house, reduced_motion="reduce", service_workers="block")
    made.add_init_script(AXE_SCRIPT)
    made.set_default_timeout(20_000)
    yield made
    made.close()


@pytest.fixture(scope="module")
def phone_of_thu(chromium: Browser, team_house: House) -> Iterator[Look]:
    """The look at a phone that has been through every screen of the team, and has sent a dossier."""
    context = fresh_context(chromium, team_house, reduced_motion="reduce", service_workers="block")
    context.add_init_script(AXE_SCRIPT)
    context.set_default_timeout(20_000)
    look = Look(context.new_page(), themes=("light", "dark", "sun"), least=48)
    walk(look, day_of_a_team(TeamPhone(look.page, team_house)))
    yield look
    context.close()


def day_of_a_team(phone: TeamPhone) -> Iterator[str]:
    """All screens of a team's phone, from the invitation to the outbox with and without network."""
    expect.set_options(timeout=20_000)
    yield from tour.enrolling(phone, member="thu")
    yield from tour.around(phone)
    person = tour.somebody(phone.house, "thu")
    yield from tour.at_the_door(phone, person)
    yield from tour.lodging_notice(phone, person, tour.paper())
    yield from tour.sent(phone)
    phone.page.context.set_offline(True)
    yield from tour.waiting(phone, person)
    phone.page.context.set_offline(False)
    yield from tour.locked(phone)


def test_every_screen_of_a_team_can_be_used_by_everybody(phone_of_thu: Look):
    assert phone_of_thu.found == []
    assert set(phone_of_thu.seen) >= {"enrol", "pin-new", "today", "household", "checklist", "blocker", "scan", "menu"}
    assert set(phone_of_thu.seen) >= {"scan-result", "form-error", "photo", "consent", "signed", "conflict"}
    assert set(phone_of_thu.seen) >= {"outbox-sent", "outbox-wait", "pin-wrong", "pin-forgotten"}


@pytest.mark.usefixtures("phone_of_thu")
def test_every_page_of_a_citizen_can_be_used_by_everybody(browsing: BrowserContext, team_house: House):
    look = Look(browsing.new_page(), themes=("light", "dark"), least=56, rules=("color-contrast-enhanced",))
    walk(look, tour.citizen(look.page, receipt=tour.newest_dossier(team_house)[1]))
    assert look.found == []
    assert {*tour.CITIZEN, "receipt", "sign-in-wrong"} == set(look.seen)


@pytest.mark.usefixtures("phone_of_thu")
@pytest.mark.parametrize(("screen", "least"), [(PHONE, 48), (LAPTOP, 44)], ids=["phone", "laptop"])
def test_every_page_of_the_ward_can_be_used_by_everybody(browsing: BrowserContext, team_house: House, screen, least):
    look = Look(browsing.new_page(), themes=("light", "dark"), least=least)
    look.page.set_viewport_size(screen)
    look.page.goto("/dang-nhap/?next=/phuong/")
    tour.sign_in(look.page)
    walk(look, tour.ward(look.page, dossier=tour.newest_dossier(team_house)[0]))
    assert look.found == []
    assert {"dashboard", "visits", "household", "dossiers", "dossier", "devices", "invitation"} <= set(look.seen)


PLANTED = """<!doctype html><html lang="vi"><title>Trang thử</title><main><h1>Trang thử</h1>
<img src="/khong-co.png" width="40" height="40"><p id="pale">Chữ nhạt</p>
<button id="small">Nhỏ</button><p id="wide">Rộng</p></main></html>"""
PLANT = """() => {
  document.querySelector("#pale").style.color = "#bbb";
  document.querySelector("#wide").style.width = "600px";
  document.querySelector("#small").style.height = "20px";
}"""


def test_a_planted_pale_small_wide_and_silent_page_is_found(browsing: BrowserContext):
    page = browsing.new_page()
    page.route("**/trong/", lambda route: route.fulfill(body=PLANTED, content_type="text/html; charset=utf-8"))
    page.goto("/trong/")
    page.evaluate(PLANT)
    look = Look(page, themes=("light",), least=48)
    look.at("planted")
    found = "\n".join(look.found)
    for words in ("color-contrast: #pale", "image-alt: img", "BUTTON", "scrolls to", "sticks out P"):
        assert words in found
