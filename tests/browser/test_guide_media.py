"""An editor marks a screenshot by dragging on it and reads a step aloud into the microphone.

In a real browser on a real house; chromium plays the microphone. Not for: bad files (tests/guides/test_media_pages.py).
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.guides import media
from tests.house import House

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

DESK = "/phuong/huong-dan/vneid-muc-2/"


@pytest.fixture
def author(chromium: Browser, team_house: House) -> Iterator[Page]:
    """An editor's laptop at step 3 of a draft."""
    context = chromium.new_context(
        base_url=f"http://localhost:{team_house.port}", viewport={"width": 1280, "height": 1400}, locale="vi-VN",
        permissions=["microphone"],
    )  # fmt: skip
    page = context.new_page()
    page.goto(f"/dang-nhap/?next={DESK}")
    page.locator("[name=login]").fill("bientap")
    page.locator("[name=password]").fill("ho-sen-2026")
    page.locator("[name=password]").press("Enter")
    page.wait_for_url(f"**{DESK}")
    # Tests share the house: the first of them begins the draft.
    begin = page.get_by_role("button", name="Sửa bài này")
    if begin.count():
        begin.click()
        page.wait_for_url("**/soan/1/")
    page.goto(f"{DESK}soan/3/")
    yield page
    context.close()


def drag(page: Page, tool: str, start: tuple[float, float], end: tuple[float, float]) -> None:
    """Choose a tool and drag with it; places are shares of the photo. Waits until the server has kept it."""
    page.get_by_role("button", name=tool, exact=True).first.click()
    seen = page.locator("[data-photo-marks] svg").bounding_box()
    (x, y), (to_x, to_y) = [(seen["x"] + a * seen["width"], seen["y"] + b * seen["height"]) for a, b in (start, end)]
    with page.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        page.mouse.move(x, y)
        page.mouse.down()
        page.mouse.move((x + to_x) / 2, (y + to_y) / 2)
        page.mouse.move(to_x, to_y)
        page.mouse.up()


def test_a_file_that_is_too_heavy_is_said_to_be_so_before_it_is_sent(author: Page, tmp_path: Path):
    large = tmp_path / "lon.jpg"
    with large.open("wb") as file:
        file.truncate(12_000_001)
    author.goto(f"{DESK}soan/3/anh/")
    field = author.get_by_label("Chọn ảnh")
    field.set_input_files(large)
    expect(author.get_by_role("alert").filter(has_text="Tệp nặng quá 12 MB.")).to_be_visible()
    expect(field).to_have_value("")
    small = tmp_path / "vua.jpg"
    small.write_bytes(media.screenshot(form="JPEG"))
    field.set_input_files(small)
    expect(author.get_by_text("Tệp nặng quá 12 MB.")).to_have_count(0)
    expect(field).to_have_value(re.compile("vua.jpg$"))


def test_a_screenshot_is_marked_by_dragging_and_by_keys(author: Page, tmp_path: Path):
    shot = tmp_path / "man-hinh.jpg"
    shot.write_bytes(media.screenshot(form="JPEG"))
    author.get_by_role("link", name="Dùng ảnh chụp").click()
    author.get_by_label("Chọn ảnh").set_input_files(shot)
    author.get_by_role("button", name="Tải ảnh lên").click()
    expect(author.get_by_text("Khoanh ít nhất một chỗ")).to_be_visible()

    drag(author, "Khoanh số", (0.15, 0.5), (0.85, 0.6))
    expect(author.locator("[data-mark=ring]")).to_have_count(1)
    drag(author, "Che", (0.15, 0.12), (0.5, 0.25))
    expect(author.locator("[data-mark=cover]")).to_have_count(1)
    drag(author, "Mũi tên", (0.5, 0.8), (0.5, 0.63))
    expect(author.locator("[data-mark=arrow]")).to_have_count(1)
    drag(author, "Cắt", (0.02, 0.05), (0.98, 0.9))
    with author.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        author.get_by_label("Lời tả cho người không nhìn thấy ảnh").fill("nút Gửi")
    expect(author.get_by_text("Đủ chữ to, đủ lời đọc, đủ mô tả cho người khiếm thị.")).to_be_visible()

    height = author.locator("[data-mark=ring] [name=y]")
    before, picture = int(height.input_value()), author.locator("#tranh img")
    drawn = picture.get_attribute("src")
    with author.expect_response(lambda answer: answer.request.method == "POST" and answer.ok):
        author.locator("[data-place='0']").focus()
        author.keyboard.press("ArrowUp")
    expect(height).to_have_value(str(before - 6))
    expect(picture).not_to_have_attribute("src", str(drawn))
    author.reload()
    expect(height).to_have_value(str(before - 6))
    expect(author.locator("[data-mark]")).to_have_count(3)


def test_a_step_is_read_aloud_heard_and_kept(author: Page):
    author.get_by_role("link", name="Ghi âm lời đọc").click()
    author.get_by_role("button", name="Ghi âm", exact=True).click()
    expect(author.locator("[data-time]")).to_have_text("0:02")
    author.get_by_role("button", name="Dừng ghi").click()
    expect(author.get_by_text("Nghe lại trước khi giữ")).to_be_visible()
    author.get_by_role("button", name="Giữ bản ghi này").click()
    expect(author.get_by_text("Bản ghi đang có")).to_be_visible()
    seconds = author.evaluate(
        """async () => {
          const player = document.querySelector("audio.player");
          await player.play();
          return player.duration;
        }"""
    )
    assert 1 < seconds < 5
