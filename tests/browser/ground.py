"""What the fault tests stand on: phones in stages of work to be copied, a line that fails, a clerk at the server.

For: fixtures (conftest.py passes them on) and what a member does at the door, said once. A phone is prepared once a
session and its folder copied for every test, as a backup of a phone would be. Not for: assertions about faults.
"""

import json
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import timedelta
from io import BytesIO
from pathlib import Path

import pytest
from django.utils import timezone
from PIL import Image
from playwright.sync_api import Page, Playwright, expect

from tests.browser.handset import Handset
from tests.faultproxy import FaultProxy, fault_proxy
from tests.house import ROOT, House

# What only this test writes; wherever it is found in clear, it was left behind.
GUEST = "Đặng Thị Chim Hoàng Yến"
NUMBER = "099158777555"
ROOM = "gác xép hoàng yến"

LISTEN = """
import json, sys, traceback
for line in sys.stdin:
    names = {"broke": ""}
    try:
        exec(json.loads(line), names)
    except Exception:
        names["broke"] = traceback.format_exc()
    print("ANSWER" + json.dumps([names["broke"], names.get("answer")], default=str), flush=True)
"""
INVITE = """
from onboarding.accounts.models import User
from onboarding.sync import enrolments
by = {{name: User.objects.get(username=name) for name in ("phutrach", "{0}")}}
answer = enrolments.invite(user=by["phutrach"], member=by["{0}"])[0]
"""
PEOPLE = """
from onboarding.fieldwork.models import Resident, Round
walk = Round.objects.filter(team__memberships__user__username="{0}").order_by("-day").first()
rows = Resident.objects.filter(household__stops__round=walk, birth__regex="^....-..-..$").exclude(number_sealed=None)
rows = [row for row in rows.select_related("household").order_by("pk") if row.birth < "2000"]
answer = [{{"id": str(row.pk), "home": str(row.household_id), "name": row.name, "number": row.number}} for row in rows]
"""


class Clerk:
    """Somebody at the server's own desk: looks rows up and changes them, in one Django process for all questions."""

    def __init__(self, house: House) -> None:
        """Sit down; end() to leave."""
        command = [sys.executable, "manage.py", "shell", "-c", LISTEN]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=house.env(), stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, code: str):
        """Run code in Django and return what it put into `answer`."""
        self.process.stdin.write(json.dumps(code) + "\n")
        self.process.stdin.flush()
        for line in self.process.stdout:
            if line.startswith("ANSWER"):
                broke, answer = json.loads(line.removeprefix("ANSWER"))
                assert not broke, broke
                return answer
        raise AssertionError("the clerk has left")

    def entries(self, *ids: str) -> list[dict]:
        """Return the rows of these entries, oldest first."""
        return self.ask(
            "from onboarding.sync.models import Entry\n"
            f"rows = Entry.objects.filter(pk__in={list(ids)!r}).order_by('epoch', 'seq')\n"
            "answer = [{'id': str(r.pk), 'kind': r.kind, 'verdict': r.verdict, 'receipt': r.receipt} for r in rows]"
        )

    def end(self) -> None:
        """Leave."""
        self.process.stdin.close()
        self.process.wait(15)


@dataclass
class Ground:
    """A running house behind a faulty line, and phones for it."""

    playwright: Playwright
    house: House
    line: FaultProxy
    clerk: Clerk
    folder: Path
    on: list[Handset] = field(default_factory=list)
    made: int = 0
    stages: dict[str, Path] = field(default_factory=dict)
    draft: str = ""

    def address(self, member: str) -> str:
        """Return the address in a fresh enrolment QR."""
        return f"{self.line.url}/doi/#/ghi-danh/{self.clerk.ask(INVITE.format(member))}"

    def people(self, member: str = "mau") -> list[dict]:
        """Return grown-ups of the member's round: id, home, name, number."""
        return self.clerk.ask(PEOPLE.format(member))

    def new_phone(self, copy_of: Path | None = None) -> Handset:
        """Return a phone that is off, empty or a copy."""
        self.made += 1
        place = self.folder / f"phone-{self.made}"
        if copy_of:
            shutil.copytree(copy_of, place)
        phone = Handset(self.playwright, place, self.line.url)
        self.on.append(phone)
        return phone

    def fresh(self, member: str) -> Handset:
        """Return a phone that a member has just enrolled, unlocked, with its round."""
        phone = self.new_phone()
        phone.enrol(self.address(member))
        return phone

    def phone(self, stage: str = "enrolled") -> Handset:
        """Return an unlocked copy of the phone at a stage: "enrolled" this morning, or "ready" for the signature."""
        phone = self.new_phone(self.stage(stage))
        phone.switch_on()
        phone.unlock()
        expect(phone.page.locator("[data-screen=hom-nay]")).to_be_visible()
        return phone

    def ready(self) -> Handset:
        """Return an unlocked phone before the signature under a whole form; its line is down."""
        phone = self.phone("ready")
        self.line.fail("down", "/sync/")
        go(phone.page, f"/ky/{self.draft}", "ky")
        return phone

    def stage(self, name: str) -> Path:
        """Return the folder of the phone at a stage, made at the first call."""
        if name not in self.stages:
            phone = getattr(self, f"_{name}")()
            phone.switch_off()
            self.stages[name] = phone.profile.parent
        return self.stages[name]

    def _enrolled(self) -> Handset:
        phone = self.fresh("mau")
        phone.kept_for_offline()
        return phone

    def _ready(self) -> Handset:
        phone = self.phone("enrolled")
        open_form(phone.page, self.people()[0])
        fill_form(phone.page)
        expect(phone.page.locator("[data-screen=ky]")).to_be_visible()
        self.draft = phone.page.evaluate("() => location.hash.split('/').pop()")
        return phone

    def put_away(self) -> None:
        """Switch every phone off and mend the line."""
        self.line.heal()
        for phone in self.on:
            phone.switch_off()
        self.on.clear()


@pytest.fixture(scope="session")
def whole_ground(
    playwright_once: Playwright, team_house: House, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ground]:
    """One ground a session."""
    with ExitStack() as stack:
        line = stack.enter_context(fault_proxy(team_house.url))
        clerk = Clerk(team_house)
        stack.callback(clerk.end)
        yield Ground(playwright_once, team_house, line, clerk, tmp_path_factory.mktemp("phones"))


@pytest.fixture
def ground(whole_ground: Ground) -> Iterator[Ground]:
    """The ground with a whole line; every phone is off and the line is mended afterwards."""
    expect.set_options(timeout=20_000)
    if "web" not in whole_ground.house.processes:
        whole_ground.house.start("web")
    whole_ground.line.seen.clear()
    yield whole_ground
    whole_ground.put_away()


# --- what a member does ----------------------------------------------------------------------------------------------


def go(page: Page, path: str, screen: str) -> None:
    """Go to a screen of the app without leaving the page."""
    page.evaluate("(path) => { location.hash = path }", path)
    expect(page.locator(f"[data-screen={screen}]")).to_be_visible()


def open_form(page: Page, person: dict) -> None:
    """Begin the lodging notice for a person, or go on with it."""
    go(page, f"/to-khai/luu-tru/{person['home']}/{person['id']}", "to-khai")
    page.wait_for_function("() => /^#.to-khai.[^/]{36}/.test(location.hash)")


def fill_form(page: Page, photo: bytes | None = None) -> None:
    """Fill the lodging notice from its first section to its end, up to the signature."""
    form = page.locator("[data-screen=to-khai]")
    shown = form.locator("[data-fields] > section:visible")
    form.locator("[name=guest_name]").fill(GUEST)
    form.locator("[name=document_type]").select_option("8")
    form.locator("[name=document_number]").fill(NUMBER)
    next_section(form, "guest")
    form.locator("[name=room]").fill(ROOM)
    next_section(form, "place")
    form.locator("[name=departure]").fill((timezone.localdate() + timedelta(days=1)).isoformat())
    form.locator("[name=reason]").select_option("tham")
    next_section(form, "time")
    choose_photo(page, photo or big_photo())
    expect(form.locator(".shot img")).to_be_visible()
    next_section(form, "papers")
    expect(shown).to_have_attribute("data-form-section", "review")
    form.locator("[data-next]").click()


def next_section(form, code: str) -> None:
    """Leave a section by its button."""
    form.locator("[data-next]").click()
    expect(form.locator(f"[data-form-section={code}]")).to_be_hidden()


def choose_photo(page: Page, data: bytes, name: str = "giay.jpg") -> None:
    """Give the first paper a picture from a file."""
    slot = page.locator("[data-screen=to-khai] [data-slot] input[type=file]").first
    slot.set_input_files({"name": name, "mimeType": "image/jpeg", "buffer": data})


def big_photo(width: int = 900, height: int = 700) -> bytes:
    """A sharp picture that stays several chunks long however it is packed."""
    out = BytesIO()
    Image.effect_noise((width, height), 90).convert("RGB").save(out, "JPEG", quality=85)
    return out.getvalue()


def agree_and_sign(page: Page) -> None:
    """Tick the purpose that is needed and draw a signature; "Hoàn tất và lưu" is left to the test."""
    screen = page.locator("[data-screen=ky]")
    expect(screen.locator("[data-sign]")).to_be_visible()
    screen.locator("[name=purpose]").first.check()
    pad = screen.locator("[data-sign]")
    pad.scroll_into_view_if_needed()
    box = pad.bounding_box()
    page.mouse.move(box["x"] + 20, box["y"] + 60)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(box["x"] + 20 + 25 * step, box["y"] + (90 if step % 2 else 40))
    page.mouse.up()


def finish(page: Page) -> None:
    """Press "Hoàn tất và lưu" and see the house again."""
    page.get_by_role("button", name="Hoàn tất và lưu").click()
    expect(page.locator("[data-screen=nha]")).to_be_visible()


def nobody_home(page: Page, person: dict, note: str = "") -> None:
    """Record that nobody opened."""
    go(page, f"/nha/{person['home']}/xong/away", "ket-thuc")
    if note:
        page.locator("#visit-note").fill(note)
    page.get_by_role("button", name="Lưu lượt thăm").click()
    expect(page.locator("[data-screen=hom-nay]")).to_be_visible()


def try_again(page: Page) -> None:
    """Press "Thử lại" in the outbox."""
    if page.locator("[data-screen=hop-gui]").is_hidden():
        go(page, "/hop-gui", "hop-gui")
    page.get_by_role("button", name="Thử lại").click()
