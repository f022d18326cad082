"""A step of a guide is heard on a real phone without network: what a person has read, else a voice of the phone.

The sound is really encoded and decoded, and comes out of the saved guide; voices are made up, because chromium brings
none. Not for: what a recording may be (tests/guides/test_sounds.py) or recording one (test_guide_media.py).
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Locator, Page, expect

from tests.browser.ground import Ground, go
from tests.browser.handset import Handset
from tests.browser.reader import AWAY, FACE, SAVED, SLUG, WRITE
from tests.browser.test_worker import CONTROLLED

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

# Its first step is read aloud, its second is not.
READ = (
    WRITE
    + """
from onboarding.guides import materials, sounds
from onboarding.guides.models import Recording
from tests.guides import media
def read(version):
    sound = sounds.take(media.voice(20.0))
    for form in ("opus", "m4a"):
        sha256 = getattr(sound, form)
        held = {"sha256": sha256, "bytes": materials.weight(sha256, form), "seconds": sound.seconds}
        Recording.objects.create(step=version.steps.get(number=1), form=form, **held)
    return sound.opus
answer = copy(Guide.objects.get(slug="vneid-muc-2").current, heard=read)
"""
)
SOUNDS = """
window.heard = [];
const really = HTMLMediaElement.prototype.play;
HTMLMediaElement.prototype.play = function () { window.heard.push(this); return really.call(this); };
"""
VOICES = """
window.said = [];
speechSynthesis.getVoices = () => [{ lang: "vi-VN", localService: true }];
speechSynthesis.speak = (saying) => void window.said.push(saying.text);
speechSynthesis.cancel = () => void window.said.push("");
Object.defineProperty(SpeechSynthesisUtterance.prototype, "voice", { set() {} });
"""
SOUNDING = "() => window.heard.at(-1).currentTime > 0.2 && !window.heard.at(-1).paused"
SILENT = "() => window.heard.length > 0 && window.heard.every((audio) => audio.paused)"
PART = """async (address) => {
  const answer = await fetch(address, { headers: { Range: "bytes=0-3" } });
  return [answer.status, answer.headers.get("Content-Range").split("/")[0], await answer.text()];
}"""


@dataclass
class Listener:
    """A phone and the address of the one recording in the guide."""

    ground: Ground
    sound: str

    def team(self) -> Handset:
        """Return a member's phone that has the guide, with no network and the app closed."""
        phone = self.ground.fresh("mau")
        phone.kept_for_offline()
        self.ground.house.wait_until(lambda: phone.page.evaluate(SAVED) == 1, "the app keeps the guide")
        self.ground.line.fail("down")
        phone.page.goto("about:blank")
        return phone

    def at_step(self, phone: Handset, number: int) -> Page:
        """Open a step of the guide inside the app."""
        phone.page.goto(f"{self.ground.line.url}/doi/#/tranh/{SLUG}/{number}")
        phone.unlock()
        expect(phone.page.get_by_text(f"Bước {number} trên 8", exact=True)).to_be_visible()
        return phone.page


@pytest.fixture
def listener(ground: Ground) -> Iterator[Listener]:
    """A guide whose first step is read aloud; it is away again afterwards."""
    yield Listener(ground, f"/tieng/{ground.clerk.ask(READ)}.opus")
    ground.clerk.ask(AWAY)


def ear(page: Page) -> Locator:
    """The button to listen on the screen that is shown."""
    return page.locator("main button:visible").filter(has_text="Nghe đọc")


def hush(page: Page) -> Locator:
    """The same button while one hears something."""
    return page.locator("main button:visible").filter(has_text="Dừng")


def test_the_team_hears_a_recorded_step_without_network_until_it_is_left_or_the_app_locks(listener: Listener):
    phone = listener.team()
    phone.context.add_init_script(SOUNDS)
    phone.page.clock.install()
    page = listener.at_step(phone, 1)
    assert page.evaluate(PART, listener.sound) == [206, "bytes 0-3", "OggS"]

    ear(page).click()
    page.wait_for_function(SOUNDING)
    expect(hush(page)).to_have_attribute("aria-pressed", "true")
    hush(page).click()
    expect(ear(page)).to_have_attribute("aria-pressed", "false")
    page.wait_for_function(SILENT)

    ear(page).click()
    page.wait_for_function(SOUNDING)
    page.get_by_role("button", name="Bước tiếp").click()
    expect(page.get_by_text("Bước 2 trên 8", exact=True)).to_be_visible()
    page.wait_for_function(SILENT)
    expect(ear(page).or_(hush(page))).to_have_count(0)  # nobody has read it, and this phone has no voice

    page.get_by_role("button", name="Bước trước").click()
    ear(page).click()
    page.wait_for_function(SOUNDING)
    page.clock.fast_forward("20:00")
    expect(page.locator("[data-screen=mo-khoa]")).to_be_visible()
    page.wait_for_function(SILENT)
    phone.unlock()
    expect(ear(page)).to_have_count(1)


def test_where_nobody_has_read_a_step_the_team_hears_a_voice_of_the_phone(listener: Listener):
    phone = listener.team()
    phone.context.add_init_script(VOICES)
    page = listener.at_step(phone, 2)
    title = page.locator("[data-screen=tranh] h1").inner_text().replace("\u00a0", " ")
    ear(page).click()
    expect(hush(page)).to_be_visible()
    assert page.evaluate("() => window.said.filter(Boolean)") == [title]
    go(page, "/huong-dan", "huong-dan")
    assert page.evaluate("() => window.said.at(-1)") == ""
    expect(page.locator("[data-screen=tranh] main > button")).to_have_count(0)


def test_a_recording_that_is_not_here_without_network_gives_way_to_a_voice_at_the_same_press(
    listener: Listener, chromium: Browser
):
    context = chromium.new_context(base_url=listener.ground.line.url, viewport={"width": 360, "height": 740})
    context.add_init_script(VOICES)
    page = context.new_page()
    try:
        page.goto(f"{FACE}1/")
        page.evaluate(CONTROLLED)
        listener.ground.line.fail("down")
        ear(page).click()
        expect(hush(page)).to_have_attribute("aria-pressed", "true")
        page.wait_for_function("() => window.said.some(Boolean)")
        hush(page).click()
        expect(ear(page)).to_have_attribute("aria-pressed", "false")
    finally:
        context.close()
