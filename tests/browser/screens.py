"""Take the README's pictures again: python -m tests.browser.screens, from the top of the repository.

Real screens of the demo ward, as one morning of one team leaves them. Not for: tests; nothing is asserted here beyond
what the walk itself needs, and test_looks.py measures the same screens.
"""

import contextlib
import os
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "onboarding.settings")

import django
from PIL import Image
from playwright.sync_api import Browser, Page, expect, sync_playwright

django.setup()

from tests.browser import tour  # noqa: E402  needs the settings
from tests.browser.phone import TeamPhone  # noqa: E402
from tests.house import ROOT, House, house  # noqa: E402
from tests.portal import Levers  # noqa: E402

FOLDER = ROOT / "docs" / "screens"
MEMBER = "mau"
MOST = 60_000  # bytes of one picture


def keep(page: Page, name: str) -> None:
    """Write what is to be seen to docs/screens/<name>.webp, once nothing floats over it any more."""
    page.evaluate("() => document.fonts.ready")
    expect(page.locator(".toast:visible")).to_have_count(0, timeout=10_000)
    picture = Image.open(BytesIO(page.screenshot(animations="disabled", caret="hide"))).convert("RGB")
    for quality in range(88, 40, -4):
        out = BytesIO()
        picture.save(out, "WEBP", quality=quality, method=6)
        if out.tell() <= MOST:
            break
    (FOLDER / f"{name}.webp").write_bytes(out.getvalue())


def open_page(browser: Browser, home: House, *, wide: bool = False) -> Page:
    """Open a browser of its own: a phone with a fine screen, or a laptop."""
    size = {"width": 1280, "height": 800} if wide else {"width": 360, "height": 740}
    context = browser.new_context(
        base_url=f"http://localhost:{home.port}", viewport=size, device_scale_factor=1 if wide else 2, locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh", has_touch=not wide, reduced_motion="reduce", permissions=["camera"],
    )  # fmt: skip
    context.set_default_timeout(30_000)
    return context.new_page()


def citizens(page: Page) -> None:
    """A step where a secret is entered, and the sheet for paper."""
    for name, path in (("citizen-step", f"{tour.GUIDE}5/"), ("citizen-print", f"{tour.GUIDE}in/")):
        page.goto(path)
        page.wait_for_load_state("networkidle")
        keep(page, name)


def morning(phone: TeamPhone) -> None:
    """Enrol, and visit the first three doors, but not the one that is shown later."""
    for _ in tour.enrolling(phone, member=MEMBER):
        pass
    person = tour.somebody(phone.house, MEMBER)
    doors = phone.screen.locator("a[href^='#/nha/']")
    doors.first.wait_for()
    homes = dict.fromkeys(link.get_attribute("href").removeprefix("#") for link in doors.all())
    for path in [path for path in homes if person["home"] not in path][:3]:
        tour.visit(phone, f"{path}/xong/met", "ket-thuc")
        phone.press("Lưu lượt thăm")
        phone.wait_for("hom-nay")


def at_the_door(phone: TeamPhone) -> Iterator[tuple[str, str]]:
    """Walk one house with the network gone; gives the name of each screen and of its picture."""
    person = tour.somebody(phone.house, MEMBER)
    wanted = {"household": "team-household", "checklist": "team-checklist", "scan-result": "team-scan-result"}
    for name in tour.at_the_door(phone, person):
        if name in wanted:
            yield name, wanted[name]
    for _ in tour.lodging_notice(phone, person, tour.paper()):
        pass
    tour.visit(phone, f"/nha/{person['home']}/xong/met", "ket-thuc")
    phone.press("Lưu lượt thăm")
    phone.wait_for("hom-nay")


def team(phone: TeamPhone, portal: Levers) -> None:
    """A morning of a team: today, one house offline, the outbox before and after the network is back."""
    page = phone.page
    morning(phone)
    page.evaluate("() => scrollTo(0, 0)")
    keep(page, "team-today")
    page.context.set_offline(True)
    for name, picture in at_the_door(phone):
        if name == "checklist":
            phone.screen.locator("[data-s=block]").scroll_into_view_if_needed()
        page.evaluate("() => scrollTo(0, 0)")
        keep(page, picture)
    tour.visit(phone, "/hop-gui", "hop-gui")
    page.locator("[data-group=wait] > h2").scroll_into_view_if_needed()
    keep(page, "team-outbox-offline")
    page.context.set_offline(False)
    phone.press("Thử lại")
    phone.house.wait_until(lambda: portal.ledger(), "the portal has a dossier")
    portal.advance(code=portal.ledger()[0]["code"], status=2)
    sent = page.locator("[data-group=ok] li", has_text="lưu trú").first
    for _ in range(60):
        phone.press("Thử lại")
        with contextlib.suppress(AssertionError):
            expect(sent).to_contain_text("tiếp nhận", timeout=1_000)
            break
    page.locator("[data-group=ok] > h2").evaluate("(title) => scrollTo(0, title.offsetTop - 80)")
    keep(page, "team-outbox-sent")


def ward(page: Page, home: House) -> None:
    """The supervisor's two most opened pages."""
    page.goto("/dang-nhap/?next=/phuong/")
    tour.sign_in(page)
    page.wait_for_load_state("networkidle")
    keep(page, "ward-dashboard")
    page.goto(tour.newest_dossier(home)[0])
    page.wait_for_load_state("networkidle")
    keep(page, "ward-dossier")


def main() -> None:
    """Furnish a house, walk through it, leave nothing behind but the pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    expect.set_options(timeout=30_000)
    camera = ["--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    with (
        tempfile.TemporaryDirectory(prefix="gocua-screens-") as folder,
        sync_playwright() as playwright,
        house(Path(folder), "web", "worker", "beat", "sandbox") as home,
    ):
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox", *camera])
        citizens(open_page(browser, home))
        team(TeamPhone(open_page(browser, home), home), Levers(home.sandbox_url))
        ward(open_page(browser, home, wide=True), home)
        browser.close()


if __name__ == "__main__":
    main()
