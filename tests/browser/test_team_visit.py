"""A visit at a door without network, from the PIN to the outbox, and what happens when the network is back."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from tests.browser.phone import TeamPhone

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def test_a_visit_is_made_without_network_and_goes_by_itself_when_there_is_one(phone: TeamPhone):
    phone.house.kill("web")
    phone.open("/hom-nay")  # a cold start: page and files come from the worker, people from the phone's own store
    home = phone.first_house()
    phone.press("Bắt đầu thăm")
    expect(phone.screen.get_by_text("Đang thăm từ")).to_be_visible()

    phone.screen.locator("[data-people] a.row").first.click()
    phone.wait_for("nguoi")
    expect(phone.screen.locator("[data-rule]")).to_contain_text("Không hỏi, không ghi OTP, mật khẩu.")
    phone.screen.locator("[data-s=now] .btn.go").click()
    expect(phone.screen.locator("li[data-s=done]").first).to_be_visible()
    expect(phone.screen.locator("[data-saved]")).to_contain_text("Đã lưu trên máy")

    phone.screen.locator("[data-forms] a").first.click()
    phone.wait_for("to-khai")
    phone.fill_form()
    phone.shoot()
    phone.press("Tiếp tục")
    expect(phone.screen.get_by_role("heading", name="Xem lại")).to_be_visible()
    phone.press("Đọc và ký")
    phone.wait_for("ky")
    assert phone.screen.locator("[name=purpose]:checked").count() == 0
    phone.sign()
    phone.press("Hoàn tất và lưu")
    phone.wait_for("nha")
    assert home in phone.page.url

    phone.press("Kết thúc lượt thăm")
    phone.wait_for("ket-thuc")
    phone.screen.get_by_label("Gặp được").check()
    phone.press("Lưu lượt thăm")
    phone.wait_for("hom-nay")

    phone.go("/hop-gui")
    waiting = phone.screen.locator("[data-group=wait]")
    expect(waiting.locator("li.row")).to_have_count(4)  # tick, consent, form, visit
    expect(waiting.locator(".chip").first).to_have_text("Đang chờ mạng")
    sent = phone.screen.locator("[data-group=ok] li.row")
    before = sent.count()  # what this phone sent before today's visit

    phone.house.start("web")
    phone.press("Thử lại")
    expect(waiting).to_be_hidden(timeout=30_000)
    expect(sent).to_have_count(before + 4)
    expect(phone.screen.locator("[data-group=ok] .chip").first).to_have_text("Đã gửi")


def test_what_was_typed_is_there_again_after_the_app_died_and_says_so(phone: TeamPhone):
    home = phone.first_house()
    phone.begin_form()
    phone.screen.locator("[name=guest_name]").fill("Thử")
    expect(phone.screen.locator("[data-saved]")).to_contain_text("Đã lưu trên máy")
    phone.open(home)  # the page is gone without a word, as when the system ends the app
    phone.screen.locator("[data-papers] a").first.click()
    phone.wait_for("to-khai")
    expect(phone.screen.get_by_text("Đã lấy lại tờ khai dở")).to_be_visible()
    expect(phone.screen.locator("[name=guest_name]")).to_have_value("Thử")


@pytest.mark.fault("F09")
def test_a_form_open_in_another_tab_can_only_be_read(phone: TeamPhone):
    phone.first_house()
    phone.begin_form()
    form = phone.page.evaluate("() => location.hash.slice(1)")
    other = TeamPhone(phone.page.context.new_page(), phone.house)
    other.open(form)
    other.wait_for("to-khai")
    expect(other.screen.get_by_text("Tờ khai này đang mở ở một thẻ khác.")).to_be_visible()
    expect(other.screen.locator("[name=guest_name]")).to_be_disabled()
    other.page.close()


def test_locking_leaves_no_name_and_no_number_in_the_page(phone: TeamPhone):
    phone.first_house()
    names = phone.screen.locator("[data-people] b").all_inner_texts()
    assert names
    phone.go("/may")
    phone.press("Khóa ngay")
    phone.wait_for("mo-khoa")
    left = phone.page.content()
    assert [name for name in names if name.split()[-1] in left.replace("Mẫu", "") and name in left] == []


def test_the_shell_is_the_same_for_everybody_and_fits_the_phone(phone: TeamPhone):
    for width, text in ((320, "100"), (360, "130")):
        phone.page.set_viewport_size({"width": width, "height": 640})
        phone.page.evaluate("(size) => { document.documentElement.dataset.text = size }", text)
        for path in ("/hom-nay", "/quet", "/huong-dan", "/hop-gui", "/may"):
            phone.go(path)
            assert phone.page.evaluate("() => document.documentElement.scrollWidth <= innerWidth"), (width, text, path)


RULES = {"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}


@pytest.mark.parametrize("theme", ["light", "dark", "sun"])
def test_axe_finds_nothing_on_the_teams_screens(phone: TeamPhone, theme: str):
    phone.page.set_viewport_size({"width": 360, "height": 2400})  # nothing hides under the bars
    phone.page.evaluate("(name) => { document.documentElement.dataset.theme = name }", theme)
    home = phone.first_house()
    person = phone.screen.locator("[data-people] a.row").first.get_attribute("href").removeprefix("#")
    found = {}
    for path in ("/hom-nay", home, f"{home}/xong/met", f"{home}/hen", f"{home}/sua", person, "/quet", "/huong-dan",
                 "/tranh/vneid-muc-2/5", "/hop-gui", "/may"):  # fmt: skip
        phone.go(path)
        violations = Axe().run(phone.page, options=RULES).response["violations"]
        if violations:
            found[path] = [(v["id"], v["nodes"][0]["html"][:200]) for v in violations]
    assert found == {}
