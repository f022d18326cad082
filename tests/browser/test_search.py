"""The search in a real browser: at every keystroke, without network when the home was opened once, without JavaScript.

Not for: what is found for which words; tests/wire/finding.json says that for both halves.
"""

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.test_worker import (  # noqa: F401  the small site and a fresh phone
    CACHED,
    Site,
    browser,
    collected,
    page,
    site,
    visit,
    wait_until_cached,
)

pytestmark = pytest.mark.browser

INDEX = "/tim/muc-luc.json"


def type_in(page: Page, words: str) -> None:  # noqa: F811
    page.get_by_label("Tìm việc cần làm").press_sequentially(words)


def expect_found(page: Page, *titles: str) -> None:  # noqa: F811
    expect(page.get_by_role("navigation", name="Kết quả tìm").get_by_role("link").locator("b")).to_have_text(titles)


def test_every_keystroke_is_answered_and_the_answer_leads_to_the_guide(page: Page):  # noqa: F811
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    visit(page, "/")
    type_in(page, "kha")
    expect(page.get_by_role("link", name="Khai tử cho người thân")).to_be_visible()
    type_in(page, "i sin")
    expect_found(page, "Khai sinh cho bé", "Xin bản sao khai sinh")
    expect(page.get_by_text("Thấy 2 kết quả.")).to_be_visible()
    assert page.get_by_role("link", name="Khai sinh cho bé").get_attribute("href") == "/huong-dan/khai-sinh/"
    page.get_by_label("Tìm việc cần làm").fill("")
    expect(page.get_by_text("kết quả.")).to_be_hidden()
    assert said == []


def test_more_than_a_screen_holds_waits_behind_a_button(page: Page):  # noqa: F811
    visit(page, "/")
    type_in(page, "k")
    expect(page.get_by_text("Thấy 10 kết quả.")).to_be_visible()
    results = page.get_by_role("navigation", name="Kết quả tìm").get_by_role("link")
    expect(results).to_have_count(5)
    page.get_by_role("link", name="Xem hết").click()
    page.wait_for_url("**/tim/?q=k")
    expect(results).to_have_count(10)
    expect(page.get_by_role("link", name="Xem hết")).to_be_hidden()


def test_what_is_not_found_says_what_to_do(page: Page):  # noqa: F811
    visit(page, "/")
    expect(page.get_by_text("Không thấy bài nào")).to_be_hidden()
    type_in(page, "xyzzy")
    expect(page.get_by_text("Bác gọi tổ hỗ trợ, có người chỉ giúp.")).to_be_visible()


def test_without_network_a_home_that_was_opened_once_still_finds(page: Page, site: Site):  # noqa: F811
    visit(page, "/")
    wait_until_cached(page, INDEX)
    wait_until_cached(page, "/tim/")
    site.stop()
    assert page.reload().status == 200
    type_in(page, "tạm chú")
    expect_found(page, "Đăng ký tạm trú", "Khai báo tạm vắng")
    page.get_by_role("button", name="Tìm").click()
    page.wait_for_url("**/tim/?q=*")
    expect(page.get_by_label("Tìm việc cần làm")).to_have_value("tạm chú")
    expect_found(page, "Đăng ký tạm trú", "Khai báo tạm vắng")


def test_no_question_is_kept_on_the_phone(page: Page):  # noqa: F811
    visit(page, "/")
    wait_until_cached(page, "/tim/")
    page.goto("/tim/?q=KT3")
    expect_found(page, "Đăng ký tạm trú")
    page.goto("/huong-dan/vneid/2/")
    wait_until_cached(page, "/huong-dan/vneid/2/")
    kept = page.evaluate(CACHED.replace(".pathname", ".href"))
    assert [url for url in kept if "q=" in url] == []
    text = page.evaluate("async () => (await caches.match('/tim/')).text()")
    assert "KT3" not in text


def test_without_javascript_the_server_finds_the_same(browser: Browser, site: Site):  # noqa: F811
    context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="vi-VN")
    try:
        tab = context.new_page()
        tab.goto("/")
        tab.get_by_label("Tìm việc cần làm").fill("tạm chú")
        tab.get_by_role("button", name="Tìm").click()
        expect_found(tab, "Đăng ký tạm trú", "Khai báo tạm vắng")
        assert tab.get_by_role("link", name="Đăng ký tạm trú").get_attribute("href") == "/huong-dan/tam-tru/"
    finally:
        context.close()
