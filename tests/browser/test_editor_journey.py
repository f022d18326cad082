"""An author mends one word and one target, a second person publishes it, and a phone that saved the guide follows.

In real browsers on a real house behind a line that fails. Not for: every way of editing (tests/guides/test_editor.py)
or of renewing (test_saved_guides.py).
"""

import re
from collections.abc import Iterator

import pytest
from django.utils import timezone
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.reader import FACE, SLUG, WHOLE_PICTURES, Reader

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

DESK = f"/phuong/huong-dan/{SLUG}/"
WORD = "Bác tự gõ"


@pytest.fixture
def desks(chromium: Browser, reader: Reader) -> Iterator[list[BrowserContext]]:
    """The laptops of two people in the ward's office."""
    made = [
        chromium.new_context(base_url=reader.ground.house.url, viewport={"width": 1280, "height": 800}, locale="vi-VN")
        for _ in range(2)
    ]
    yield made
    for context in made:
        context.close()


def signed_in(context: BrowserContext, name: str) -> Page:
    """The page of a guide, opened by somebody who has signed in."""
    page = context.new_page()
    page.goto(f"/dang-nhap/?next={DESK}")
    page.locator("[name=login]").fill(name)
    page.locator("[name=password]").fill("ho-sen-2026")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"**{DESK}")
    return page


def kept(page: Page, act) -> None:
    """Do something in the editor and wait until the server has kept it."""
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        act()


def test_an_author_mends_a_word_and_a_target_another_publishes_and_a_saved_phone_follows(reader: Reader, desks):
    reader.save()
    author = signed_in(desks[0], "bientap")
    author.get_by_role("button", name="Sửa bài này").click()
    author.wait_for_url("**/soan/1/")
    author.locator(f"a[href='{DESK}soan/5/']").click()

    words = author.get_by_label("Lời đọc to")
    kept(author, lambda: words.fill(words.input_value().replace("Bác tự nhập", WORD)))
    author.get_by_role("button", name="Chỗ bấm", exact=True).click()
    picture = author.locator("#tranh img")
    before = picture.get_attribute("src")
    kept(author, lambda: author.locator("[data-spot='1']").click())
    expect(picture).not_to_have_attribute("src", before)
    expect(author.locator("[data-spot='1']")).to_have_attribute("aria-pressed", "true")
    kept(author, lambda: author.locator("[name=target-1-label]").fill("tin nhắn có mã"))
    expect(author.get_by_text("Đủ chữ to, đủ lời đọc, đủ mô tả cho người khiếm thị.")).to_be_visible()
    author.reload()
    expect(author.get_by_label("Lời đọc to")).to_have_value(re.compile(WORD))

    author.get_by_role("link", name="Gửi duyệt").click()
    # What stands in the way is said at once, and where; nothing that was written is lost by trying.
    author.get_by_role("button", name="Gửi duyệt").click()
    expect(author.get_by_text("Thiếu “Từ hay gõ khi tìm”.")).to_be_visible()
    author.get_by_role("link", name="Trang đầu").click()
    kept(author, lambda: author.get_by_label("Từ hay gõ khi tìm").fill("bài thử"))
    kept(author, lambda: author.get_by_label("Xem lại trước ngày").fill(f"{timezone.localdate().year + 1}-06-01"))
    expect(author.get_by_text("Bài đã đủ, gửi duyệt được.")).to_be_visible()
    author.get_by_label("Bản này có gì mới").fill("Tin nhắn đã đổi chỗ.")
    author.get_by_role("button", name="Gửi duyệt").click()
    expect(author.get_by_text("Bản này do anh/chị viết")).to_be_visible()
    expect(author.get_by_role("button", name="Phát hành")).to_have_count(0)

    other = signed_in(desks[1], "phutrach")
    other.get_by_role("link", name="Xem và duyệt").click()
    expect(other.get_by_text("Tin nhắn đã đổi chỗ.")).to_be_visible()
    expect(other.locator("ins", has_text="gõ").first).to_be_visible()
    expect(other.get_by_role("heading", name=re.compile("^Bước 5"))).to_be_visible()
    reader.ground.line.seen.clear()
    reader.ground.line.fail("down", "GET /tranh/")
    other.get_by_role("button", name="Phát hành").click()
    expect(other.get_by_text("Đang dùng").first).to_be_visible()

    phone = reader.page
    phone.reload()
    reader.ground.house.wait_until(lambda: reader.asked(failed=True), "the new picture is asked for")
    reader.cut()
    assert reader.version() == 1
    for number in (1, 5, 8):
        phone.goto(f"{FACE}{number}/")
        phone.wait_for_function(WHOLE_PICTURES)
        expect(phone.get_by_text(WORD)).to_be_hidden()

    first = set(reader.asked())
    reader.ground.line.heal()
    reader.ground.line.seen.clear()
    phone.goto(FACE)
    reader.until(2)
    fetched = first | set(reader.asked())
    pages = {f"{FACE}{number}/{tail}" for number in range(1, 9) for tail in ("", "vuong/")}
    # Opening the face has the first step fetched ahead; everything else is what changed.
    assert fetched & pages - {f"{FACE}1/"} == {f"{FACE}5/"}
    assert len({url for url in fetched if url.startswith("/tranh/")} - set(reader.files)) == 1
    reader.cut()
    phone.goto(f"{FACE}5/")
    expect(phone.get_by_text(WORD)).to_be_visible()
    phone.wait_for_function(WHOLE_PICTURES)
