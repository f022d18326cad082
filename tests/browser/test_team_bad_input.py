"""Wrong input at the door: each gets a sentence that says what to do, and nothing entered is lost."""

import re
import struct
import zlib
from io import BytesIO
from pathlib import Path

import pytest
import segno
from PIL import Image
from playwright.sync_api import Browser, expect

from tests.browser.conftest import fresh_context
from tests.browser.phone import TeamPhone
from tests.house import House

pytestmark = [pytest.mark.browser, pytest.mark.timeout(300)]


def jpeg(width: int = 800, height: int = 600) -> bytes:
    """A sharp picture with lines like print."""
    image = Image.new("L", (width, height), 235)
    for y in range(0, height, 12):
        image.paste(30, (20, y, width - 20, y + 4))
    out = BytesIO()
    image.convert("RGB").save(out, "JPEG", quality=90)
    return out.getvalue()


def bomb() -> bytes:
    """60 million pixels in a few kilobytes."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 10_000, 6_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * (1251 * 6000), 9)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


# The camera opens when release() is called, not before: a cheap phone takes seconds for it.
SLOW_CAMERA = """() => {
  const open = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
  const waiting = new Promise((resolve) => { window.release = resolve; });
  navigator.mediaDevices.getUserMedia = async (wanted) => { await waiting; return open(wanted); };
}"""

# The store says what a full phone says, for pictures only.
FULL = """() => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (value, ...key) {
    if (value.of) throw new DOMException("full", "QuotaExceededError");
    return put.call(this, value, ...key);
  };
}"""


def write(folder: Path, name: str, data: bytes) -> str:
    path = folder / name
    path.write_bytes(data)
    return str(path)


def card(folder: Path, text: str) -> str:
    """A picture of a card's QR code."""
    path = folder / "card.png"
    segno.make(text, error="m", encoding="utf-8").save(str(path), scale=6, border=4)
    return str(path)


@pytest.fixture
def at_papers(phone: TeamPhone) -> TeamPhone:
    """A phone whose form is filled up to the papers."""
    phone.first_house()
    phone.begin_form()
    phone.to_first_section()
    phone.fill_form()
    return phone


def test_a_file_that_is_no_photo_a_cut_one_and_a_bomb_are_each_refused_with_a_sentence(at_papers, papers):
    choose = at_papers.screen.locator("[data-slot] input[type=file]").first
    error = at_papers.screen.locator("[data-slot] [data-error-for]").first
    choose.set_input_files(write(papers, "note.jpg", b"day khong phai anh"))
    expect(error).to_have_text("Tệp này không phải ảnh. Chọn ảnh chụp giấy tờ.")
    choose.set_input_files(write(papers, "cut.jpg", jpeg()[:9000]))
    expect(error).to_have_text("Ảnh bị thiếu một phần. Chụp lại.")
    choose.set_input_files(write(papers, "bomb.png", bomb()))
    expect(error).to_have_text("Ảnh này quá lớn cho máy. Chụp lại bằng máy ảnh trong ứng dụng.")
    choose.set_input_files(write(papers, "good.jpg", jpeg()))
    expect(at_papers.screen.locator(".shot .chip")).to_have_text("Rõ chữ")
    expect(error).to_be_hidden()


def test_a_blurred_and_a_dark_photo_say_what_to_do(at_papers, papers):
    choose = at_papers.screen.locator("[data-slot] input[type=file]").first
    error = at_papers.screen.locator("[data-slot] [data-error-for]").first
    smooth, dark = BytesIO(), BytesIO()
    Image.linear_gradient("L").resize((800, 600)).convert("RGB").save(smooth, "JPEG")
    Image.open(BytesIO(jpeg())).point(lambda v: v // 6).save(dark, "JPEG")
    choose.set_input_files(write(papers, "blur.jpg", smooth.getvalue()))
    expect(error).to_have_text("Ảnh mờ. Lau ống kính, chạm để chụp lại.")
    choose.set_input_files(write(papers, "dark.jpg", dark.getvalue()))
    expect(error).to_have_text("Ảnh tối. Ra chỗ sáng rồi chụp lại.")


def test_a_camera_that_opens_slowly_loses_no_tap_and_can_be_left(at_papers):
    at_papers.page.evaluate(SLOW_CAMERA)
    shot, shutter = at_papers.screen.locator("[data-shot]").first, at_papers.page.locator("[data-shoot]")
    shot.click()
    expect(shutter).to_be_disabled()
    at_papers.page.locator("[data-camera] [data-cancel]").click()
    expect(shutter).to_be_hidden()
    shot.click()
    expect(shutter).to_be_disabled()
    at_papers.page.evaluate("() => window.release()")
    shutter.click()
    expect(at_papers.screen.locator(".shot img")).to_be_visible()


@pytest.mark.fault("F05")
def test_a_full_phone_refuses_the_photo_and_keeps_the_form(at_papers, papers):
    at_papers.page.evaluate(FULL)
    at_papers.screen.locator("[data-slot] input[type=file]").first.set_input_files(
        write(papers, "a.jpg", jpeg(1600, 1200))
    )
    expect(at_papers.screen.locator("[data-slot] [data-error-for]").first).to_contain_text(
        "Máy hết chỗ, chưa lưu được ảnh."
    )
    at_papers.screen.locator("[data-prev]").click()
    expect(at_papers.screen.locator("[name=reason]")).to_have_value("tham")


def test_an_id_number_of_eleven_digits_names_what_is_missing(phone: TeamPhone):
    phone.first_house()
    phone.begin_form()
    phone.to_first_section()
    phone.screen.locator("[name=document_type]").select_option("8")
    phone.screen.locator("[name=document_number]").fill("09915800000")
    phone.press("Tiếp tục")
    expect(phone.screen.locator("[data-error-for=document_number]")).to_have_text(
        "Số định danh có 12 số. Còn thiếu 1 số."
    )
    expect(phone.screen.locator("[name=document_number]")).to_have_attribute("aria-invalid", "true")


def test_a_citizens_secret_is_refused_in_a_note_at_once(phone: TeamPhone):
    home = phone.first_house()
    phone.go(f"{home}/xong/met")
    phone.wait_for("ket-thuc")
    phone.screen.get_by_label("Ghi chú").fill("mã OTP là 428190")
    expect(phone.screen.locator("[data-error=note]")).to_have_text(
        "Không ghi mật khẩu hay mã OTP của dân. Xóa phần đó đi."
    )
    phone.press("Lưu lượt thăm")
    phone.wait_for("ket-thuc")


def test_a_card_read_from_a_picture_is_masked_compared_and_never_taken_for_granted(phone: TeamPhone, papers: Path):
    phone.first_house()
    phone.press("Quét thẻ để thêm người")
    phone.wait_for("quet")
    choose = phone.screen.locator("[data-file]")
    choose.set_input_files(card(papers, "https://example.com/"))
    expect(phone.screen.get_by_text("Mã này không phải mã trên thẻ căn cước.")).to_be_visible()
    text = "099058000777||Ngô Đình Thử Nghiệm|02091958|Nam|Số 5 Ngõ 99, Phường Trúc Bạch, Quận Ba Đình, Hà Nội|05052022"
    choose.set_input_files(card(papers, text))
    phone.wait_for("ket-qua")
    expect(phone.screen.get_by_text("Chưa có trong danh sách")).to_be_visible()
    expect(phone.screen.get_by_text("••• ••• ••• 777")).to_be_visible()
    expect(phone.screen.get_by_text("Thẻ ghi địa giới cũ.")).to_be_visible()
    assert phone.screen.locator("[name=same]:checked").count() == 0
    phone.press("Thêm vào nhà này")
    expect(phone.screen.get_by_text("Chưa chọn. Nhìn người trước mặt rồi chọn một dòng.")).to_be_visible()
    phone.screen.get_by_role("button", name="Hiện đủ 12 số").click()
    expect(phone.screen.get_by_text("099 058 000 777")).to_be_visible()
    phone.screen.get_by_label("Đúng người này").check()
    phone.press("Thêm vào nhà này")
    expect(phone.screen.get_by_text("Khớp với người trong hộ")).to_be_visible()
    phone.screen.get_by_label("Đúng người này").check()
    phone.press("Điền vào tờ khai")
    phone.wait_for("to-khai")
    expect(phone.screen.locator("[name=guest_name]")).to_have_value("Ngô Đình Thử Nghiệm")
    expect(phone.screen.get_by_text("Từ thẻ").first).to_be_visible()


def test_a_used_qr_and_a_foreign_one_say_what_to_do(chromium: Browser, team_house: House):
    context = fresh_context(chromium, team_house)
    phone = TeamPhone(context.new_page(), team_house)
    for token, said in (("khong-co-that", "Mã QR này không phải của Gõ Cửa."),):
        phone.page.goto(f"/doi/#/ghi-danh/{token}")
        phone.page.get_by_label("Đặt tên cho máy này").fill("Máy thử")
        phone.page.get_by_role("button", name="Ghi danh máy").click()
        expect(phone.screen.get_by_text(said)).to_be_visible()
        expect(phone.page.get_by_label("Đặt tên cho máy này")).to_have_value("Máy thử")
    context.close()


def test_five_wrong_pins_wipe_what_can_be_read_and_keep_what_waits(chromium: Browser, team_house: House):
    context = fresh_context(chromium, team_house)
    phone = TeamPhone(context.new_page(), team_house)
    phone.enrol("thu")
    phone.wait_until_kept()
    team_house.kill("web")
    phone.first_house()
    phone.press("Vắng nhà")
    phone.wait_for("ket-thuc")
    phone.press("Lưu lượt thăm")
    phone.wait_for("hom-nay")
    phone.go("/may")
    phone.press("Khóa ngay")
    phone.wait_for("mo-khoa")
    for left in (4, 3, 2, 1):
        phone.type_pin("135246")
        expect(phone.screen.get_by_text(re.compile(f"Còn {left} lần thử"))).to_be_visible()
    phone.type_pin("135246")
    phone.wait_for("quen-pin")
    expect(phone.screen.get_by_text("1 mục chưa gửi vẫn nằm trên máy và vẫn được gửi.")).to_be_visible()
    team_house.start("web")
    phone.page.reload()
    phone.wait_for("quen-pin")
    expect(phone.screen.get_by_text("Không có mục nào chưa gửi.")).to_be_visible(timeout=20_000)
    context.close()


def test_a_forgotten_pin_is_given_up_after_a_warning_and_costs_nothing_that_waits(chromium: Browser, team_house: House):
    context = fresh_context(chromium, team_house)
    phone = TeamPhone(context.new_page(), team_house)
    phone.enrol("dinh")
    phone.go("/may")
    phone.press("Khóa ngay")
    phone.wait_for("mo-khoa")
    phone.screen.locator("[data-key=forgot]").click()
    phone.wait_for("quen-pin")
    phone.press("Bỏ mã PIN cũ")
    expect(phone.screen.get_by_text("Tờ khai đang dở trên máy sẽ mất")).to_be_visible()
    phone.press("Bỏ mã và xóa")
    expect(phone.screen.get_by_role("heading", name="Ghi danh lại máy")).to_be_visible()
    phone.enrol("dinh")
    context.close()
