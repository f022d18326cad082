"""Asking for a visit from a real phone: without network it waits sealed, then arrives once, whatever the line loses.

The line is really cut (a browser's own offline switch does not reach the worker). Not for: what the server takes
(tests/fieldwork/test_asking.py) or the small outbox alone (tests/js/asks.test.js).
"""

import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import fresh_context
from tests.browser.ground import Ground
from tests.browser.handset import Handset
from tests.house import House

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

PAGE = "/goi-to/"
NAME, PHONE, NOTE = "Đặng Thị Chim Hoàng Yến", "0900000077", "chó mực tên Hoàng Yến"
POST = "POST /goi-to/"
KEPT = """async () => {
  for (const end = Date.now() + 20000; Date.now() < end; await new Promise((next) => setTimeout(next, 50)))
    for (const name of await caches.keys())
      if (name.startsWith("gocua-hen-") && (await (await caches.open(name)).match("/goi-to/"))) return true;
  return false;
}"""
ROWS = """
from onboarding.fieldwork.models import VisitRequest
rows = [row for row in VisitRequest.objects.order_by("made_at") if row.told("phone") == "{0}"]
answer = [{{"code": row.code, "name": row.told("name"), "what": row.what, "times": row.times}} for row in rows]
"""
FORGET = """
from django.core.cache import cache
from onboarding.fieldwork.models import VisitRequest
cache.clear()
ours = [row.pk for row in VisitRequest.objects.all() if row.told("phone") == "{0}"]
VisitRequest.objects.filter(pk__in=ours).delete()
"""


@pytest.fixture
def phone(ground: Ground) -> Handset:
    """A citizen's phone that has seen the home twice; the ward has nothing from this number."""
    ground.clerk.ask(FORGET.format(PHONE))
    phone = ground.new_phone()
    page = phone.switch_on("/")
    page.wait_for_function("() => navigator.serviceWorker.controller")
    page.reload()
    assert page.evaluate(KEPT)
    return phone


def write(page: Page, **changes: str) -> None:
    """Fill the form in."""
    page.get_by_label("Họ và tên").fill(changes.get("name", NAME))
    page.get_by_label("Số điện thoại").fill(changes.get("phone", PHONE))
    page.get_by_label("Cần giúp việc gì").select_option("y-te")
    page.get_by_label("Nói thêm").fill(NOTE)
    page.get_by_label("Chiều").check()
    page.get_by_label("Tôi đồng ý").check()


def send(page: Page) -> None:
    """Press the button."""
    page.get_by_role("button", name="Gửi lời hẹn").click()


def asked(page: Page, state: str):
    """The line of the list that is in a state."""
    return page.locator(f"[data-asks-list] > [data-state={state}]")


def rows(ground: Ground, number: str = PHONE) -> list[dict]:
    """What the ward has from this number."""
    return ground.clerk.ask(ROWS.format(number))


def test_asked_without_network_it_waits_sealed_through_a_closed_phone_and_arrives_once(ground: Ground, phone: Handset):
    ground.line.fail("down")
    page = phone.page
    page.goto(ground.line.url + PAGE + "?bai=vneid-muc-2")
    expect(page.get_by_label("Cần giúp việc gì")).to_have_value("vneid-muc-2")
    write(page)
    send(page)
    expect(asked(page, "wait")).to_contain_text("Đang chờ mạng")
    expect(asked(page, "wait")).to_contain_text("Chiều")
    expect(page.locator("[data-asks]")).not_to_contain_text("Hoàng Yến")
    expect(page.get_by_text("Đã gửi")).to_have_count(0)
    assert page.evaluate("() => JSON.stringify({...sessionStorage, ...localStorage})").count("Hoàng") == 0
    phone.switch_off()
    assert rows(ground) == []
    left_in_clear(phone.profile)

    ground.line.heal()
    page = phone.switch_on(PAGE)
    expect(asked(page, "ok")).to_be_visible()
    (row,) = rows(ground)
    assert (row["name"], row["what"], row["times"]) == (NAME, "y-te", ["chieu"])
    expect(asked(page, "ok")).to_contain_text("Đã gửi")
    expect(asked(page, "ok")).to_contain_text(row["code"])
    page.reload()
    page.wait_for_load_state("networkidle")
    expect(asked(page, "ok")).to_have_count(1)
    assert len(rows(ground)) == 1


def test_the_answer_lost_on_the_way_the_phone_asks_again_and_there_is_still_one_row(ground: Ground, phone: Handset):
    lost = ground.line.fail("drop_reply", POST, times=1)
    page = phone.page
    page.goto(ground.line.url + PAGE)
    write(page)
    send(page)
    ground.house.wait_until(lambda: len(rows(ground)) == 1, "the server takes it")
    page.evaluate("() => dispatchEvent(new Event('online'))")  # the browser's own sync may be quicker
    expect(asked(page, "ok")).to_contain_text(rows(ground)[0]["code"])
    posts = [line for line in ground.line.seen if line.startswith(POST)]
    assert (lost.hits, len(rows(ground))) == (1, 1) and len(posts) >= 2


def test_what_is_written_while_the_first_is_on_its_way_stays_typed(ground: Ground, phone: Handset):
    ground.line.fail("hold", POST)
    page = phone.page
    page.goto(ground.line.url + PAGE)
    write(page)
    send(page)
    expect(asked(page, "move")).to_be_visible()
    page.get_by_role("button", name="Ghi lời hẹn khác").click()
    expect(page.get_by_label("Họ và tên")).to_have_value("")
    page.get_by_label("Họ và tên").fill("Lê Thu Mẫu")
    ground.line.heal()
    expect(asked(page, "ok")).to_be_visible()
    expect(page.get_by_label("Họ và tên")).to_have_value("Lê Thu Mẫu")


def test_a_button_pressed_twice_asks_once(ground: Ground, phone: Handset):
    page = phone.page
    page.goto(ground.line.url + PAGE)
    write(page)
    page.get_by_role("button", name="Gửi lời hẹn").evaluate("(button) => { button.click(); button.click(); }")
    expect(asked(page, "ok")).to_be_visible()
    page.wait_for_load_state("networkidle")
    expect(page.locator("[data-asks-list] > *")).to_have_count(1)
    assert len(rows(ground)) == 1


def test_any_other_page_has_the_worker_send_what_waits(ground: Ground, phone: Handset):
    ground.line.fail("down", POST)
    page = phone.page
    page.goto(ground.line.url + PAGE)
    write(page)
    send(page)
    expect(asked(page, "wait")).to_be_visible()
    ground.line.heal()
    page.goto(ground.line.url + "/huong-dan/")
    ground.house.wait_until(lambda: len(rows(ground)) == 1, "the worker sends")
    page.goto(ground.line.url + PAGE)
    expect(asked(page, "ok")).to_have_count(1)


def test_what_waits_can_be_deleted_and_never_arrives(ground: Ground, phone: Handset):
    ground.line.fail("down")
    page = phone.page
    page.goto(ground.line.url + PAGE)
    write(page)
    send(page)
    asked(page, "wait").get_by_role("button", name="Xóa").click()
    expect(page.locator("[data-asks-list] > *")).to_have_count(0)
    ground.line.heal()
    page.goto(ground.line.url + PAGE)
    page.wait_for_load_state("networkidle")
    assert rows(ground) == []


def test_what_the_phone_sees_is_wrong_is_never_sent_and_stays_typed(ground: Ground, phone: Handset):
    page = phone.page
    page.goto(ground.line.url + PAGE)
    write(page, phone="090000007")
    page.get_by_label("Nói thêm").fill("OTP 428190")
    send(page)
    expect(page.get_by_text("Số này mới có 9 chữ số. Nhập đủ 10 số, bắt đầu bằng 0.")).to_be_visible()
    expect(page.get_by_text("Chỗ này có mật khẩu hoặc mã OTP.")).to_be_visible()
    expect(page.get_by_text("Có 2 chỗ cần xem lại.")).to_be_visible()
    expect(page.get_by_label("Số điện thoại")).to_be_focused()
    assert not [line for line in ground.line.seen if line.startswith(POST)]
    page.reload()
    expect(page.get_by_label("Họ và tên")).to_have_value(NAME)
    expect(page.get_by_label("Cần giúp việc gì")).to_have_value("y-te")
    expect(page.get_by_label("Chiều")).to_be_checked()
    page.get_by_label("Số điện thoại").fill(PHONE)
    page.get_by_label("Nói thêm").fill("")
    send(page)
    expect(asked(page, "ok")).to_be_visible()
    page.reload()
    expect(page.get_by_label("Họ và tên")).to_have_value("")


def test_a_refusal_says_why_at_once_where_it_was_typed_and_later_in_the_list(ground: Ground, phone: Handset):
    page = phone.page
    for _time in range(3):
        page.goto(ground.line.url + PAGE)
        write(page)
        send(page)
        expect(asked(page, "ok")).to_have_count(_time + 1)
    page.get_by_role("button", name="Ghi lời hẹn khác").click()
    write(page)
    send(page)
    expect(page.get_by_role("alert")).to_contain_text("Số này đã hẹn rồi. Tổ sẽ gọi lại.")
    expect(page.get_by_label("Họ và tên")).to_have_value(NAME)
    ground.line.fail("down", POST)
    send(page)
    expect(asked(page, "wait")).to_have_count(1)
    ground.line.heal()
    page.reload()
    expect(asked(page, "fix")).to_contain_text("Cần xem lại")
    expect(asked(page, "fix")).to_contain_text("Số này đã hẹn rồi. Tổ sẽ gọi lại.")
    assert len(rows(ground)) == 3


def test_a_word_that_is_no_guide_is_not_offered(ground: Ground, phone: Handset):
    phone.page.goto(ground.line.url + PAGE + "?bai=constructor")
    expect(phone.page.get_by_label("Cần giúp việc gì")).to_have_value("")
    expect(phone.page.locator("#hen_what option[value=constructor]")).to_have_count(0)


def test_without_javascript_the_form_leads_to_its_receipt_and_errors_keep_what_was_typed(
    chromium: Browser, team_house: House, ground: Ground
):
    ground.clerk.ask(FORGET.format(PHONE))
    context = fresh_context(chromium, team_house, java_script_enabled=False)
    try:
        tab = context.new_page()
        tab.goto(PAGE + "?bai=vneid-muc-2")
        write(tab, phone="12")
        send(tab)
        expect(tab.get_by_text("Số này mới có 2 chữ số.")).to_be_visible()
        expect(tab.get_by_label("Họ và tên")).to_have_value(NAME)
        expect(tab.get_by_label("Chiều")).to_be_checked()
        tab.get_by_label("Số điện thoại").fill(PHONE)
        send(tab)
        expect(tab.get_by_text(re.compile("^HEN-"))).to_have_text(rows(ground)[0]["code"])
    finally:
        context.close()


def left_in_clear(profile: Path) -> None:
    """Nothing that names somebody lies in the files of the phone's databases and caches."""
    places = [place for name in ("IndexedDB", "Service Worker", "Local Storage") for place in profile.rglob(name)]
    assert places
    for path in (file for place in places for file in place.rglob("*") if file.is_file()):
        content = path.read_bytes()
        for planted in (NAME, PHONE, NOTE):
            assert planted.encode() not in content and planted.encode("utf-16-le") not in content, path
