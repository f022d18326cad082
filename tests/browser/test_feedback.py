"""A reader's tap in a real browser: without network it waits on the phone, then arrives once; without JavaScript too.

Not for: what the server takes (tests/guides/test_feedback.py) or how the phone keeps it (tests/js/heard.test.mjs).
"""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.site import HEARD
from tests.browser.test_worker import (  # noqa: F401  the small site and a fresh phone
    CACHED,
    Site,
    browser,
    collected,
    page,
    site,
    visit,
)

pytestmark = pytest.mark.browser

STEP = "/huong-dan/vneid/1/"
TAP = "Khác với máy của tôi"


@pytest.fixture(autouse=True)
def nobody_has_spoken_yet() -> Iterator[None]:
    """What the small site heard is of one test."""
    HEARD.clear()
    yield
    HEARD.clear()


def heard(kind: str) -> list[tuple[str, int, int]]:
    """What the site heard of one kind."""
    return [(said.slug, said.number, said.step) for said in HEARD if said.kind == kind]


def nothing_waits(page: Page) -> None:  # noqa: F811
    page.wait_for_function("() => (localStorage.getItem('gocua-heard') ?? '[]') === '[]'")


def test_a_tap_without_network_waits_and_arrives_once_when_the_network_is_back(page: Page, site: Site):  # noqa: F811
    visit(page, STEP)
    page.wait_for_load_state("networkidle")
    page.context.set_offline(True)
    page.get_by_role("button", name=TAP).click()
    expect(page.get_by_text("Đang chờ mạng.")).to_be_visible()
    expect(page.get_by_text("Đã gửi.")).to_be_hidden()
    assert heard("differs") == []
    page.get_by_role("button", name=TAP).click(force=True)
    page.context.set_offline(False)
    nothing_waits(page)
    page.reload()
    page.wait_for_load_state("networkidle")
    assert heard("differs") == [("vneid", 1, 1)]
    assert [path for path in page.evaluate(CACHED) if path.startswith("/y-kien")] == []


def test_reading_is_counted_and_going_on_too(page: Page, site: Site):  # noqa: F811
    visit(page, STEP)
    page.get_by_role("link", name="Bước tiếp").click()
    page.wait_for_url("**/huong-dan/vneid/2/")
    page.wait_for_load_state("networkidle")
    nothing_waits(page)
    assert (heard("opened"), heard("finished")) == ([("vneid", 1, 1), ("vneid", 1, 2)], [("vneid", 1, 1)])


def test_without_javascript_the_tap_leads_back_to_the_step_with_thanks(browser: Browser, site: Site):  # noqa: F811
    context = browser.new_context(base_url=site.url, java_script_enabled=False, locale="vi-VN")
    try:
        tab = context.new_page()
        tab.goto(STEP)
        expect(tab.get_by_text("Cảm ơn bác.")).to_be_hidden()
        tab.get_by_role("button", name=TAP).click()
        expect(tab.get_by_text("Cảm ơn bác.")).to_be_visible()
        assert tab.url.endswith(f"{STEP}#cam-on")
        assert heard("differs") == [("vneid", 1, 1)]
    finally:
        context.close()
