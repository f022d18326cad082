"""Wrong input on the phone: each gets a Vietnamese sentence that says what to do, and nothing entered is lost.

One unlocked phone without network for the whole file; the enrolment QRs take fresh ones. Not for: what the server
makes of bad input (tests/sync, tests/submissions), nor a full phone and wrong PINs to their end (test_faults_*.py).
"""

import struct
import zlib
from collections.abc import Iterator
from io import BytesIO

import pytest
import segno
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.ground import GUEST, Ground, big_photo, choose_photo, go, next_section, open_form
from tests.browser.handset import PIN, Handset
from tests.faultproxy import Rule

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

CARD = "099158777555||Đặng Thị Chim Hoàng Yến|{birth}|Nữ|Số 5 Ngõ 99 Phố Mẫu, Phường Hồ Sen, Hà Nội|05052022"
PHOTO_REFUSED = {
    "none": "Tệp này không phải ảnh. Chọn ảnh chụp giấy tờ.",
    "cut": "Ảnh bị thiếu một phần. Chụp lại.",
    "huge": "Ảnh này quá lớn cho máy. Chụp lại bằng máy ảnh trong ứng dụng.",
}


@pytest.fixture(scope="module")
def door(whole_ground: Ground) -> Iterator[Handset]:
    """An unlocked phone without network, for all tests here."""
    expect.set_options(timeout=20_000)
    phone = whole_ground.phone()
    whole_ground.on.remove(phone)
    yield phone
    phone.switch_off()


@pytest.fixture
def page(door: Handset, whole_ground: Ground) -> Iterator[Page]:
    """Its page; nothing is captured by any test here."""
    whole_ground.line.turn_to(Rule("down", "/sync/"))
    before = [row["id"] for row in door.stored("outbox")]
    yield door.page
    assert [row["id"] for row in door.stored("outbox")] == before
    whole_ground.line.heal()


@pytest.fixture(scope="module")
def person(whole_ground: Ground) -> dict:
    """Somebody of the round who has no draft yet."""
    return whole_ground.people()[3]


# --- cards -----------------------------------------------------------------------------------------------------------


def picture(text: str) -> Image.Image:
    """A picture of a QR code."""
    out = BytesIO()
    segno.make(text, error="m", encoding="utf-8").save(out, kind="png", scale=6, border=4)
    return Image.open(BytesIO(out.getvalue())).convert("RGB")


def damaged(text: str) -> Image.Image:
    """The same with a thumb across it."""
    image = picture(text)
    ImageDraw.Draw(image).rectangle([image.width // 4, 0, 3 * image.width // 4, image.height], fill="#8a6f5c")
    return image


def show(page: Page, image: Image.Image) -> None:
    """Choose a picture of a card on the scan screen."""
    out = BytesIO()
    image.save(out, "PNG")
    card = {"name": "the.png", "mimeType": "image/png", "buffer": out.getvalue()}
    page.locator("[data-screen=quet] [data-file]").set_input_files(card)


@pytest.mark.parametrize(
    "text, sentence",
    [
        ("https://vi-du.example/tai-ung-dung", "Mã này không phải mã trên thẻ căn cước. Quét mã QR ở thẻ có gắn chip."),
        ("|".join(CARD.format(birth="14021958").split("|")[:6]), "Mã này không phải mã trên thẻ căn cước."),
        ("DN4979915877755|C490|14/02/1958|2|Phường Hồ Sen|01-07|A|B", "Đây là thẻ bảo hiểm y tế. Quét thẻ căn cước."),
        ("099158777|x|y|14021958|Nam|z|05052022", "Đây là giấy cũ có 9 số. Nhập tay số định danh 12 số."),
        (CARD.format(birth="31022958"), "Ngày sinh trên mã chưa đọc được. Nhập tay theo thẻ."),
        (CARD.format(birth="14022958"), "Ngày sinh trên mã ở tương lai. Nhập tay theo thẻ."),
        ("", "Chưa đọc được thẻ. Lau ống kính, để thẻ nằm gọn trong khung."),
    ],
    ids=["url", "six fields", "insurance", "nine digits", "no such day", "future", "damaged"],
)
def test_a_code_that_is_no_card_says_what_to_do_and_keeps_what_was_typed(page: Page, person, text: str, sentence: str):
    go(page, "/hom-nay", "hom-nay")
    go(page, f"/quet/{person['home']}", "quet")
    page.locator("[data-typed] summary").click()
    page.locator("#card-name").fill(GUEST)
    show(page, picture(text) if text else damaged(CARD.format(birth="14021958")))
    expect(page.locator("[data-screen=quet] [data-message]")).to_contain_text(sentence)
    expect(page.locator("#card-name")).to_have_value(GUEST)
    page.locator("[data-typed] summary").click()


@pytest.fixture
def typing(page: Page, person: dict) -> Page:
    """The scan screen with a card being typed by hand."""
    go(page, "/hom-nay", "hom-nay")
    go(page, f"/quet/{person['home']}", "quet")
    page.evaluate("() => { document.querySelector('[data-typed]').open = true }")
    page.locator("#card-number").fill("099158777555")
    page.locator("#card-name").fill(GUEST)
    page.locator("#card-birth").fill("14/02/1958")
    page.locator("[data-typed] [value=nu]").check()
    return page


@pytest.mark.parametrize(
    "field, value, sentence",
    [
        ("number", "09915877755", "Số định danh có 12 số. Còn thiếu 1 số."),
        ("number", "09915877755O", "Số định danh chỉ gồm chữ số. Kiểm tra lại từng số."),
        ("birth", "14/02/2958", "Ngày sinh này ở tương lai. Kiểm tra lại năm."),
        ("birth", "31/02/1958", "Ngày sinh chưa đủ. Ghi ngày, tháng và 4 số của năm, hoặc chỉ ghi năm."),
    ],
)
def test_a_mistake_in_a_typed_card_is_named_above_its_field(typing: Page, field: str, value: str, sentence: str):
    typing.locator(f"#card-{field}").fill(value)
    typing.get_by_role("button", name="Dùng thông tin này").click()
    expect(typing.locator(f"[data-screen=quet] [data-error={field}]")).to_have_text(sentence)
    expect(typing.locator(f"#card-{field}")).to_have_value(value)
    expect(typing.locator("#card-name")).to_have_value(GUEST)
    expect(typing.locator("[data-typed] [value=nu]")).to_be_checked()


def test_a_year_is_a_birth_date_for_who_knows_no_more(typing: Page):
    typing.locator("#card-birth").fill("1958")
    typing.get_by_role("button", name="Dùng thông tin này").click()
    expect(typing.locator("[data-screen=ket-qua] [data-card]")).to_contain_text("sinh 1958")


# --- the form --------------------------------------------------------------------------------------------------------


@pytest.fixture
def form(page: Page, person: dict) -> Page:
    """The first section of a form, right as it stands."""
    go(page, "/hom-nay", "hom-nay")
    open_form(page, person)
    page.evaluate("() => { location.hash = location.hash.split('/phan/')[0] + '/phan/1' }")
    expect(page.locator("[data-form-section=guest]")).to_be_visible()
    page.locator("[name=guest_name]").fill(GUEST)
    page.locator("[name=guest_birth]").fill("14/02/1958")
    page.locator("[name=document_type]").select_option("8")
    page.locator("[name=document_number]").fill("099158777555")
    return page


@pytest.mark.parametrize(
    "field, value, sentence",
    [
        ("document_number", "09915877755", "Số định danh có 12 số. Còn thiếu 1 số."),
        ("guest_birth", "14/02/2958", "Ngày sinh này ở tương lai. Kiểm tra lại năm."),
        ("guest_name", "", "Chưa có họ tên. Quét thẻ hoặc ghi theo giấy tờ."),
        ("guest_phone", "09500001", "Số này mới có 8 chữ số. Nhập đủ 10 số, bắt đầu bằng 0."),
    ],
)
def test_a_mistake_in_the_form_is_named_above_its_field(form: Page, field: str, value: str, sentence: str):
    form.locator(f"[name={field}]").fill(value)
    form.locator("[data-screen=to-khai] [data-next]").click()
    expect(form.locator(f"[data-error-for={field}]")).to_have_text(sentence)
    expect(form.locator(f"[name={field}]")).to_have_value(value)
    expect(form.locator("[name=document_type]")).to_have_value("8")
    form.locator("[name=guest_phone]").fill("")


def test_a_year_is_a_birth_date_in_the_form_too(form: Page):
    form.locator("[name=guest_birth]").fill("1958")
    next_section(form.locator("[data-screen=to-khai]"), "guest")


def bomb() -> bytes:
    """60 million pixels in a few kilobytes."""

    def part(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    head = struct.pack(">IIBBBBB", 10_000, 6_000, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes(1251 * 6000), 9)
    return b"\x89PNG\r\n\x1a\n" + part(b"IHDR", head) + part(b"IDAT", rows) + part(b"IEND", b"")


def test_a_file_that_is_no_photo_a_cut_one_and_a_bomb_are_refused_and_the_good_one_stays(form: Page):
    screen = form.locator("[data-screen=to-khai]")
    next_section(screen, "guest")
    next_section(screen, "place")
    screen.locator("[name=departure]").fill(screen.locator("[name=arrival]").input_value())
    screen.locator("[name=reason]").select_option("tham")
    next_section(screen, "time")
    error = screen.locator("[data-slot] [data-error-for]").first
    good = big_photo()
    choose_photo(form, good)
    expect(screen.locator(".shot img")).to_be_visible()
    assert len(bomb()) < 20_000
    for why, data in (("none", b"<html>hoa don</html>"), ("cut", good[: len(good) // 2]), ("huge", bomb())):
        choose_photo(form, data)
        expect(error).to_have_text(PHOTO_REFUSED[why])
        expect(screen.locator(".shot img")).to_be_visible()  # the good one is still there
    choose_photo(form, good)
    expect(error).to_be_hidden()


def test_a_citizens_secret_in_a_note_is_refused_and_the_rest_stays(page: Page, person: dict):
    go(page, f"/nha/{person['home']}/xong/refused", "ket-thuc")
    for secret in ("Mã OTP là 482913", "mật khẩu VNeID: Hoasen2026"):
        page.locator("#visit-note").fill(secret)
        page.get_by_role("button", name="Lưu lượt thăm").click()
        expect(page.locator("[data-screen=ket-thuc] [data-error=note]")).to_have_text(
            "Không ghi mật khẩu hay mã OTP của dân. Xóa phần đó đi."
        )
        expect(page.locator("#visit-note")).to_have_value(secret)
        expect(page.locator("[data-screen=ket-thuc] [value=refused]")).to_be_checked()


# --- PIN and enrolment -----------------------------------------------------------------------------------------------


def test_a_wrong_pin_says_how_often_and_a_right_one_opens_the_same_screen(page: Page, door: Handset, person: dict):
    go(page, f"/nha/{person['home']}", "nha")
    go(page, "/may", "may")
    page.get_by_role("button", name="Khóa ngay").click()
    door.type_pin("481620")
    expect(page.locator("[data-screen=mo-khoa] [data-message]")).to_have_text("Sai 1 lần. Còn 4 lần thử.")
    door.unlock(PIN)
    expect(page.locator("[data-screen=may]")).to_be_visible()


def test_a_phone_too_full_to_count_a_pin_says_so_and_opens_when_there_is_room(page: Page, door: Handset):
    go(page, "/may", "may")
    page.get_by_role("button", name="Khóa ngay").click()
    page.evaluate("""() => {
      const put = IDBObjectStore.prototype.put;
      IDBObjectStore.prototype.put = function (...given) {
        if (!window.__room) throw new DOMException("full", "QuotaExceededError");
        return put.apply(this, given);
      };
    }""")
    door.type_pin()
    expect(page.locator("[data-screen=mo-khoa] [data-message]")).to_contain_text("Máy hết chỗ.")
    page.evaluate("() => { window.__room = true }")
    door.unlock()


def enrol_with(ground: Ground, address: str) -> Page:
    """Open a QR's address on a phone that has never seen us, and press the button."""
    page = ground.new_phone().switch_on("/doi/")
    page.goto(address)
    page.get_by_label("Đặt tên cho máy này").fill("Máy của Hà")
    page.get_by_role("button", name="Ghi danh máy").click()
    return page


@pytest.mark.parametrize(
    "change, fact, todo",
    [
        ("expires_at=timezone.now()", "Mã QR này đã hết hạn.", "mã mới"),
        ("used_at=timezone.now()", "Mã QR này đã dùng cho máy khác.", "mã mới"),
        ("token_hash=str(row.pk)", "Mã QR này không phải của Gõ Cửa.", "Quét lại"),
    ],
    ids=["expired", "used", "unknown"],
)
def test_a_qr_that_enrols_nobody_says_what_to_do_and_keeps_the_name(ground: Ground, change: str, fact: str, todo: str):
    address = ground.address("du")
    ground.clerk.ask(f"""
from django.utils import timezone
from onboarding.sync.models import Enrolment
row = Enrolment.objects.latest("made_at")
Enrolment.objects.filter(pk=row.pk).update({change})
""")
    page = enrol_with(ground, address)
    message = page.locator("[data-screen=ghi-danh] [data-message]")
    expect(message).to_contain_text(fact)
    expect(message).to_contain_text(todo)
    expect(page.get_by_label("Đặt tên cho máy này")).to_have_value("Máy của Hà")


def test_enrolling_without_network_says_so_and_goes_through_later(ground: Ground):
    address = ground.address("du")
    phone = ground.new_phone()
    page = phone.switch_on("/doi/")
    page.goto(address)
    ground.line.turn_to(Rule("down", "/sync/"))
    page.get_by_label("Đặt tên cho máy này").fill("Máy của Hà")
    page.get_by_role("button", name="Ghi danh máy").click()
    expect(page.locator("[data-screen=ghi-danh] [data-message]")).to_contain_text("Việc này cần mạng.")
    ground.line.heal()
    page.get_by_role("button", name="Ghi danh máy").click()
    expect(page.locator("[data-screen=dat-pin]")).to_be_visible()
