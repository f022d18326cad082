"""The three journeys in one go, in real browsers against real processes, with the server dead in the middle.

A citizen reads a guide with the server stopped. A team enrols a phone, loses network and browser, works a door offline
and gets its dossier to a portal that times out after accepting. The ward sees it. One dossier stands in the ledger.
"""

import contextlib
import json
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import Playwright, expect

from tests.browser.handset import Handset
from tests.house import House, house
from tests.portal import Levers

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WHO = """
import json
from onboarding.fieldwork.models import Resident, Round
walk = Round.objects.filter(team__memberships__user__username="mau").order_by("-day").first()
rows = Resident.objects.filter(household__stops__round=walk, birth__regex="^....-..-..$", eid="unknown")
row = rows.exclude(number_sealed=None).select_related("household").order_by("pk").first()
print("FOUND" + json.dumps({
    "id": str(row.pk), "home": str(row.household_id), "name": row.name, "number": row.number, "birth": row.birth,
    "sex": row.sex, "plate": row.household.number}))
"""


def somebody(home: House) -> dict:
    """A resident of today's round whose card can be read."""
    return json.loads(home.manage("shell", "-c", WHO).split("FOUND")[1])


def card_of(person: dict) -> str:
    """What the QR of the person's card says."""
    year, month, day = person["birth"].split("-")
    sex = "Nam" if person["sex"] == "nam" else "Nữ"
    address = "Số 5 Ngõ 99 Phố Mẫu, Phường Hồ Sen, Hà Nội"
    return f"{person['number']}||{person['name']}|{day}{month}{year}|{sex}|{address}|05052022"


def sign_in(browser, url: str, path: str):
    """A supervisor's laptop on a page of the ward."""
    page = browser.new_context(viewport={"width": 1280, "height": 800}, locale="vi-VN").new_page()
    page.goto(f"{url}/dang-nhap/?next={path}")
    page.get_by_label("Tên đăng nhập").fill("phutrach")
    page.get_by_label("Mật khẩu").fill("ho-sen-2026")
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    return page


def draw(page, box) -> None:
    """Sign with a finger: one stroke with a few corners."""
    left, top = box["x"] + 20, box["y"] + 30
    page.mouse.move(left, top)
    page.mouse.down()
    for step in range(1, 9):
        page.mouse.move(left + 25 * step, top + (40 if step % 2 else 5))
    page.mouse.up()


def test_the_three_journeys(tmp_path, playwright_once: Playwright):
    with house(tmp_path / "var", "web", "worker", "beat", "sandbox") as home:
        browser = playwright_once.chromium.launch(
            executable_path="/usr/bin/chromium", args=["--no-sandbox", "--disable-gpu"]
        )
        person = somebody(home)
        portal = Levers(home.sandbox_url)

        # --- A: a guide, saved, then read with the server dead
        citizen = browser.new_context(viewport={"width": 360, "height": 740}, locale="vi-VN").new_page()
        citizen.goto(f"{home.url}/huong-dan/vneid-muc-2/")
        citizen.wait_for_function("() => navigator.serviceWorker.controller !== null")
        citizen.get_by_role("button", name="Lưu về máy").click()
        expect(citizen.get_by_text("Xem được khi không có mạng")).to_be_visible(timeout=40_000)

        # --- B: morning. The ward invites, the phone enrols and pulls its round
        ward = sign_in(browser, home.url, "/phuong/may/")
        ward.locator("li", has_text="Lê Thu Mẫu").get_by_role("button", name="Mở mã").click()
        address = ward.locator(".qr").get_attribute("data-address")
        phone = Handset(playwright_once, tmp_path / "phone", home.url, card_of(person))
        phone.switch_on()
        phone.enrol(address)
        phone.kept_for_offline()

        # --- the network is really gone: the server's process is killed, and so is the browser
        home.kill("web")
        phone.kill()

        citizen.goto(f"{home.url}/huong-dan/vneid-muc-2/")
        citizen.get_by_role("link", name="Bắt đầu").click()
        for number in range(1, 12):
            expect(citizen.get_by_text(f"Bước {number} trên 11")).to_be_visible()
            expect(citizen.locator("main img").first).to_have_js_property("complete", True)
            assert citizen.locator("main img").first.evaluate("(image) => image.naturalWidth") > 0
            if number < 11:
                citizen.get_by_role("link", name="Bước tiếp").click()

        page = phone.switch_on()
        phone.unlock()
        work_at_the_door(page, home.url, person)
        page.goto(f"{home.url}/doi/#/hop-gui")
        expect(page.locator("[data-group=wait]")).to_be_visible()
        waiting = int(page.locator("[data-group=wait] [data-n]").inner_text())
        assert waiting == 4  # the checklist (two steps), the consent, the dossier, the visit
        expect(page.locator("[data-group=ok]")).to_be_hidden()

        # --- evening: the browser dies once more, then the network returns; the portal takes it and falls silent
        phone.kill()
        portal.mode("timeout_after", times=1)
        home.start("web")
        page = phone.switch_on()
        phone.unlock()
        page.goto(f"{home.url}/doi/#/hop-gui")
        expect(page.locator("[data-group=ok] li")).to_have_count(waiting, timeout=60_000)
        expect(page.locator("[data-group=wait]")).to_be_hidden()
        assert (
            "Xem hai bản và chọn" in page.locator("[data-group=fix]").inner_text()
        )  # the demo's conflict, nothing of ours
        expect(page.locator("[data-group=fix] li.row")).to_have_count(1)

        # --- the worker finds out what became of it; exactly one dossier stands in the portal's ledger
        home.wait_until(lambda: portal.ledger(), "the portal has a dossier")
        dossier = page.locator("[data-group=ok] li", has_text="lưu trú").first
        expect_soon(page, lambda wait: expect(dossier.locator(".num")).to_have_count(1, timeout=wait))
        code = portal.ledger()[0]["code"]
        assert code in dossier.inner_text()
        portal.advance(code=code, status=2)
        expect_soon(page, lambda wait: expect(dossier).to_contain_text("Được tiếp nhận", timeout=wait))

        # --- C: the ward sees it, and so does the citizen
        ward.goto(f"{home.url}/phuong/ho-so/")
        ward.locator("main a", has_text=person["name"]).first.click()
        expect(ward.locator("main")).to_contain_text(code)
        expect(ward.locator("main")).to_contain_text("Chưa rõ Cổng đã nhận chưa")  # the timeline tells the truth
        receipt = ward.locator("a[href*='/bien-nhan/']").first.get_attribute("href")
        citizen.goto(home.url + receipt if receipt.startswith("/") else receipt)
        expect(citizen.locator("main")).to_contain_text(code)
        assert person["name"] not in citizen.content()

        assert len(portal.ledger()) == 1
        phone.switch_off()
        browser.close()


def expect_soon(page, expectation) -> None:
    """Ask the phone to sync until expectation(wait in ms) holds; a minute at most."""
    for _ in range(29):
        page.get_by_role("button", name="Thử lại").click()
        with contextlib.suppress(AssertionError):
            return expectation(2_000)
    return expectation(2_000)


def work_at_the_door(page, url: str, person: dict) -> None:
    """Visit, tick, block, scan the card, fill the lodging notice with a photo, consent, sign."""
    page.goto(f"{url}/doi/#/nha/{person['home']}")
    page.get_by_role("button", name="Bắt đầu thăm").click()
    page.goto(f"{url}/doi/#/nguoi/{person['id']}")
    shown = page.locator("[data-screen=nguoi]")
    shown.get_by_role("button", name="Xong").first.click()
    expect(shown.locator("[data-items] > li[data-s=done]")).to_have_count(1)
    shown.get_by_role("button", name="Vướng").first.click()
    page.locator("[data-sheet=blocker] .pick").first.click()
    page.get_by_role("button", name="Lưu chỗ vướng").click()
    expect(shown.locator("[data-items] > li[data-s=block]")).to_have_count(1)

    page.goto(f"{url}/doi/#/quet/{person['home']}")
    page.get_by_role("button", name="Mở máy ảnh").click()
    expect(page.locator("[data-screen=ket-qua]")).to_be_visible(timeout=60_000)
    page.get_by_label("Đúng người này").check()
    page.locator("[data-screen=ket-qua] [data-use]").click()
    expect(page.locator("[data-screen=ket-qua]")).to_be_hidden()

    page.goto(f"{url}/doi/#/to-khai/luu-tru/{person['home']}/{person['id']}")
    fill_in(page)
    sign(page)

    page.goto(f"{url}/doi/#/nha/{person['home']}/xong/met")
    page.get_by_role("button", name="Lưu lượt thăm").click()
    expect(page.locator("[data-screen=hom-nay]")).to_be_visible()


def fill_in(page) -> None:
    """Go through the sections of the lodging notice; what the card told stands there already."""
    form = page.locator("[data-screen=to-khai]")
    expect(form.locator("[data-field=guest_name] input")).not_to_have_value("")
    form.locator("[data-next]").click()
    tomorrow = timezone.localdate() + timedelta(days=1)
    for _ in range(6):
        expect(form.locator("[data-fields] > section:visible")).to_have_count(1)
        code = form.locator("[data-fields] > section:visible").get_attribute("data-form-section")
        departure = form.locator("[data-field=departure] input")
        if departure.is_visible():
            departure.fill(
                tomorrow.isoformat() if departure.get_attribute("type") == "date" else f"{tomorrow:%d/%m/%Y}"
            )
        reason = form.locator("[data-field=reason] select")
        if reason.is_visible():
            reason.select_option("tham")
        if code == "papers":
            form.locator("[data-shot]").first.click()
            page.locator("[data-shoot]").click()
            expect(form.locator(".shot img")).to_be_visible()
        form.locator("[data-next]").click()
        if code == "review":
            return
        expect(form.locator(f"[data-form-section={code}]")).to_be_hidden()
    raise AssertionError("the form has no end")


def sign(page) -> None:
    """Tick the purpose that is needed, sign, finish."""
    screen = page.locator("[data-screen=ky]")
    expect(screen).to_be_visible()
    screen.locator("input[type=checkbox]").first.check()
    pad = screen.locator("[data-sign]")
    pad.scroll_into_view_if_needed()
    draw(page, pad.bounding_box())
    screen.get_by_role("button", name="Hoàn tất và lưu").click()
    expect(screen).to_be_hidden()
