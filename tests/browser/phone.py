"""What a team member does with the phone, as a test says it: enrol, unlock, open a screen, draw a signature.

For: browser tests of the team app; everything by what is to be seen. Not for: assertions.
"""

import re
from dataclasses import dataclass

from playwright.sync_api import Locator, Page, expect

from tests.house import House

PIN = "280194"
INVITE = """
from onboarding.accounts.models import User
from onboarding.sync import enrolments
ward, member = User.objects.get(username="phutrach"), User.objects.get(username="{}")
print("token=" + enrolments.invite(user=ward, member=member)[0])
"""
KEPT = """async () => {
  for (;; await new Promise((next) => setTimeout(next, 50)))
    for (const name of await caches.keys())
      if (name.startsWith("gocua-team-") && (await (await caches.open(name)).keys()).length > 5) return;
}"""


@dataclass
class TeamPhone:
    """One tab of a phone of the team."""

    page: Page
    house: House

    @property
    def screen(self) -> Locator:
        """The screen that is to be seen."""
        return self.page.locator("[data-screen]:not([hidden])")

    def invite(self, username: str) -> str:
        """Return the token of an enrolment QR that the supervisor shows."""
        return re.search(r"token=(\S+)", self.house.manage("shell", "-c", INVITE.format(username)))[1]

    def enrol(self, username: str) -> None:
        """Scan the ward's QR, name the phone, choose a PIN, wait for today's round."""
        self.page.goto(f"/doi/#/ghi-danh/{self.invite(username)}")
        self.page.get_by_label("Đặt tên cho máy này").fill("Máy của Mẫu")
        self.page.get_by_role("button", name="Ghi danh máy").click()
        self.wait_for("dat-pin")
        self.type_pin()
        expect(self.screen.get_by_role("heading", name="Nhập lại mã PIN")).to_be_visible()
        self.type_pin()
        self.wait_for("hom-nay")
        expect(self.screen.locator(".card.hot")).to_be_visible(timeout=20_000)

    def wait_until_kept(self) -> None:
        """Wait until the worker has the whole app."""
        self.page.evaluate(KEPT)

    def wait_for(self, screen: str) -> None:
        """Wait until a screen is shown."""
        self.page.locator(f"[data-screen={screen}]:not([hidden])").wait_for(timeout=20_000)

    def type_pin(self, pin: str = PIN) -> None:
        """Press six keys of the pad."""
        for digit in pin:
            self.screen.locator(f"[data-key='{digit}']").click()

    def open(self, path: str) -> None:
        """Open a screen of the app from cold: the phone asks for the PIN first."""
        self.page.goto("about:blank")
        self.page.goto(f"/doi/#{path}")
        self.wait_for("mo-khoa")
        self.type_pin()
        expect(self.page.locator("[data-screen=mo-khoa]")).to_be_hidden(timeout=20_000)

    def go(self, path: str) -> None:
        """Go to a screen without leaving the page."""
        self.page.evaluate("(path) => { location.hash = path }", path)
        expect(self.page.locator("body")).to_have_attribute("data-shown", path)

    def press(self, name: str) -> None:
        """Press the one button or link with this name on the screen."""
        self.screen.locator("button, a").filter(has_text=name).first.click()

    def first_house(self) -> str:
        """Enter a house of today that nobody has been in, and return its address."""
        self.go("/hom-nay")
        self.screen.locator("[data-rows] a.row").filter(has=self.page.locator("svg.i:last-child")).nth(1).click()
        self.wait_for("nha")
        return self.page.evaluate("() => location.hash.slice(1)")

    def begin_form(self) -> None:
        """Open the lodging notice for the first person of the house one is in."""
        self.screen.locator("[data-people] a.row").first.click()
        self.wait_for("nguoi")
        self.screen.locator("[data-forms] a").first.click()
        self.wait_for("to-khai")

    def to_first_section(self) -> None:
        """Go back in the form to where it begins."""
        back, body = self.screen.locator("[data-prev]"), self.page.locator("body")
        while back.is_enabled():
            before = body.get_attribute("data-shown") or ""
            back.click()
            expect(body).not_to_have_attribute("data-shown", before)

    def fill_form(self) -> None:
        """Fill the lodging notice up to the papers, with what a card says typed by hand."""
        form = self.screen
        form.locator("[name=guest_birth]").fill("1958")
        form.locator("[name=guest_sex]").first.check()
        form.locator("[name=document_type]").select_option("8")
        form.locator("[name=document_number]").fill("099 158 000 001")
        self.press("Tiếp tục")
        expect(form.get_by_role("heading", name="Nơi lưu trú")).to_be_visible()
        self.press("Tiếp tục")
        arrival = form.locator("[name=arrival]")
        expect(arrival).to_be_visible()
        form.locator("[name=departure]").fill(arrival.input_value())
        form.locator("[name=reason]").select_option("tham")
        self.press("Tiếp tục")
        expect(form.get_by_role("heading", name="Giấy tờ", exact=True)).to_be_visible()

    def shoot(self) -> None:
        """Take a picture of the first paper with the camera in the page."""
        self.screen.locator("[data-shot]").first.click()
        self.page.locator("[data-shoot]").click()
        expect(self.screen.locator(".shot .chip")).to_be_visible()

    def sign(self) -> None:
        """Agree to the filing and draw a signature."""
        self.screen.locator("[name=purpose]").first.check()
        pad = self.screen.locator("[data-sign]")
        pad.scroll_into_view_if_needed()
        box = pad.bounding_box()
        mouse = self.page.mouse
        mouse.move(box["x"] + 40, box["y"] + 90)
        mouse.down()
        for i in range(24):
            mouse.move(box["x"] + 40 + 7 * i, box["y"] + 60 + 35 * (i % 2))
        mouse.up()
