"""Pictures are data: the renderer refuses what it can't draw well, and the same data gives the same bytes."""

import hashlib
import io
import unicodedata

import pytest
import zxingcpp
from PIL import Image, ImageChops

from onboarding.guides import pictures
from onboarding.guides.drawing import Scene, alt_text, draw_poster, draw_step
from onboarding.guides.elements import ELEMENTS
from onboarding.guides.glyphs import GLYPHS
from onboarding.guides.layout import place, targets_of
from onboarding.guides.pen import Pen, font
from onboarding.guides.specs import BadSpec, check, faults_of

# The tests' own way to draw remembers; this one does not.
REALLY_DRAW = pictures._draw_all


def scene(spec, caption="Bấm Gửi yêu cầu", note="") -> Scene:
    return Scene(spec, 1, 2, "Hướng dẫn mẫu", caption, note)


def button(count: int) -> list[dict]:
    return [{"t": "button", "text": "Gửi", **({"id": "go"} if i == 0 else {})} for i in range(count)]


@pytest.mark.parametrize(
    ("parts", "caption", "said"),
    [
        ({}, "Một cái tên bước dài hơn ba mươi sáu chữ", "Rút còn 36 chữ"),
        ({"screen": []}, "Bấm Gửi", "Thêm ít nhất một phần tử"),
        ({"screen": [{"t": "banner"}]}, "Bấm Gửi", "Chưa có phần tử nào tên “banner”"),
        ({"screen": [{"t": "button"}]}, "Bấm Gửi", "thiếu “text”"),
        ({"screen": [{"t": "button", "id": "go", "text": "Gửi", "x": 4}]}, "Bấm Gửi", "không hiểu “x”"),
        ({"screen": [{"t": "row", "id": "go", "icon": "logo"}]}, "Bấm Gửi", "chưa có hình “logo”"),
        ({"screen": [{"t": "button", "id": "go", "text": "Nút có chữ dài quá khung vẽ"}]}, "Bấm Gửi", "dài quá khung"),
        ({"targets": []}, "Bấm Gửi", "1 hoặc 2 chỗ chú ý"),
        ({"targets": [{"of": "nut", "label": "nút"}]}, "Bấm Gửi", "“nut” không có trên màn hình"),
        ({"targets": [{"of": "go"}]}, "Bấm Gửi", "chưa có lời tả"),
        ({"screen": button(9)}, "Bấm Gửi", "Bớt phần tử"),
        ({"view": 200}, "Bấm Gửi", "nằm ngoài tranh"),
        ({"frame": "oval"}, "Bấm Gửi", "Dùng phone hoặc plain"),
        ({"screen": [{"t": "alert", "id": "go", "title": "x " * 90}]}, "Bấm Gửi", "dài quá khung"),
        (
            {"screen": [{"t": "alert", "id": "go", "title": "Máy lạ", "main": "Khóa ngay tài khoản"}]},
            "Khóa",
            "quá khung",
        ),
        ({"screen": [{"t": "alert", "id": "go", "title": "Máy lạ", "aim": "main"}]}, "Bấm Gửi", "“main” để chỉ"),
        ({"screen": [{"t": "bubble", "id": "go", "text": "tin nhắn " * 40}]}, "Bấm Gửi", "dài quá khung"),
        ({"screen": [{"t": "call", "id": "go", "name": "Một số lạ có tên rất dài"}]}, "Bấm Gửi", "dài quá khung"),
        ({"screen": [{"t": "tick", "id": "go", "text": "lời cam kết " * 9}]}, "Bấm Gửi", "dài quá khung"),
        ({"screen": [{"t": "file", "id": "go", "name": "Giấy có tên dài quá"}]}, "Bấm Gửi", "dài quá khung"),
        ({"screen": [{"t": "laptop", "id": "go", "address": "dichvucong.example.gov.vn"}]}, "Bấm Gửi", "dài quá khung"),
        ({"screen": [{"t": "officer", "id": "go", "text": "Công an phường Hồ Sen"}]}, "Bấm Gửi", "dài quá khung"),
        ({"screen": [{"t": "qr", "id": "go", "text": "Gửi"}]}, "Bấm Gửi", "không hiểu “text”"),
        ({"screen": [{"t": "row", "id": "go", "aim": "main"}]}, "Bấm Gửi", "không hiểu “aim”"),
    ],
)
def test_a_bad_spec_is_refused_with_a_sentence_that_says_what_to_do(altered, parts, caption, said):
    with pytest.raises(BadSpec) as refused:
        check(scene(altered(**parts), caption))
    assert any(said in fault for fault in refused.value.faults), refused.value.faults
    assert all(fault.endswith(".") for fault in refused.value.faults)


def test_a_note_of_three_lines_is_refused(altered):
    found = faults_of(
        scene(altered(), note="Một ghi chú dài đến mức không thể nào nằm gọn trong hai dòng chữ dưới tranh")
    )
    assert found == ["Dòng ghi chú quá 2 dòng trên tranh. Rút ngắn ghi chú."]


def test_every_element_and_every_sign_can_be_drawn():
    words = {"title": "Kích hoạt", "text": "Gửi", "name": "VNeID", "address": "vneid.gov.vn"}
    for name, element in ELEMENTS.items():
        spec = {"t": name, **{key: words[key] for key in element.needs}}
        screen = [spec, {"t": "button", "id": "go", "text": "Gửi"}]
        drawn = {"screen": screen, "targets": [{"of": "go", "label": "nút Gửi"}]}
        assert faults_of(scene(drawn)) == [], name
        assert draw_step(scene(drawn)).image.size == (720, 900)
    rows = [{"t": "row", "icon": icon, "text": "Gửi"} for icon in GLYPHS]
    assert all(
        faults_of(scene({"screen": [{**row, "id": "go"}], "targets": [{"of": "go", "label": "x"}]})) == []
        for row in rows
    )


def test_the_ring_of_a_field_takes_its_label_in(altered):
    screen = [{"t": "label", "text": "Số điện thoại"}, {"t": "field", "id": "go", "value": "0950 000 000"}]
    (_x, top, _w, height), *_rest = draw_step(scene(altered(screen=screen))).boxes
    label, input_box = (rect for _e, rect in place(screen))
    assert height == round((input_box.bottom - label.y + 20) * 1.86)
    assert top > 0


FULL = [
    {
        "t": "alert",
        "title": "Máy lạ đang dùng",
        "text": "Khóa tài khoản?",
        "icon": "warn",
        "main": "Khóa",
        "other": "Đóng",
    },
    {"t": "bubble", "from": "1414", "text": "So nay dung ten nguoi khac", "mine": True},
    {"t": "call", "name": "Số lạ", "text": "Tự xưng công an"},
    {"t": "tick", "text": "Tôi cam kết lời khai là đúng", "done": True},
    {"t": "file", "name": "Giấy chứng sinh", "note": "Ảnh chụp", "done": True},
    {"t": "qr", "h": 120},
    {"t": "steps", "n": 5, "at": 3, "text": "Đang xử lý"},
    {"t": "laptop", "address": "vneid.gov.vn", "title": "Định danh", "button": "Kích hoạt"},
    {"t": "face", "h": 150},
    {"t": "finger"},
    {"t": "nfc"},
    {"t": "house", "number": "5", "people": 2},
    {"t": "officer", "text": "Công an phường", "guest": False},
]


@pytest.mark.parametrize("element", FULL, ids=lambda e: e["t"])
def test_an_element_with_all_that_it_may_say_is_drawn_inside_its_room(element):
    spec = {"screen": [{**element, "id": "go"}], "targets": [{"of": "go", "label": "chỗ cần xem"}]}
    assert faults_of(scene(spec)) == []
    height = ELEMENTS[element["t"]].height(element)
    paper = Image.new("RGB", (300, round(height) + 60), "white")
    ELEMENTS[element["t"]].draw(element, Pen(paper, 1), 20, 30)
    left, top, right, bottom = ImageChops.invert(paper.convert("L")).getbbox()
    assert left >= 0 and right <= 300
    assert top >= 28 and bottom <= 30 + height + 3


@pytest.mark.parametrize(
    ("element", "aim"),
    [(e, aim) for e in FULL if ELEMENTS[e["t"]].parts for aim in ELEMENTS[e["t"]].parts(e)],
    ids=lambda value: value if isinstance(value, str) else value["t"],
)
def test_the_ring_can_be_put_round_one_button_of_an_element(element, aim):
    whole, part = [targets_of(place([{**element, "id": "go", **more}]))["go"] for more in ({}, {"aim": aim})]
    assert whole.x <= part.x and part.x + part.w <= whole.x + whole.w
    assert whole.y <= part.y and part.bottom <= whole.bottom
    assert part.w * part.h < whole.w * whole.h


def test_no_drawn_code_can_be_read_by_a_phone():
    screen = [{"t": "qr", "id": "go"}]
    picture = draw_step(scene({"screen": screen, "targets": [{"of": "go", "label": "mã QR"}]})).image
    assert zxingcpp.read_barcodes(picture) == []


def test_what_is_no_phone_is_not_called_one(altered):
    assert alt_text(altered(frame="plain")).startswith("Hình vẽ, màn hình")
    one, other = (draw_step(scene(altered(frame=frame))).image for frame in ("phone", "plain"))
    assert one.tobytes() != other.tobytes()


def test_the_target_is_ringed_in_ink_so_that_it_survives_a_bad_printer(altered):
    drawn = draw_step(scene(altered()))
    x, y, w, _h = drawn.boxes[0]
    grey = drawn.image.convert("L")
    column = [grey.getpixel((x + w // 2, y + offset)) for offset in range(-24, 8)]
    assert min(column) < 60, "an ink line must cross the ring's upper edge"


def test_what_stands_at_the_foot_of_a_screen_stays_in_the_picture(altered):
    screen = [{"t": "hero"}, {"t": "spring"}, {"t": "button", "id": "go", "text": "Kích hoạt"}]
    drawn = draw_step(scene(altered(screen=screen)))
    _x, y, _w, h = drawn.boxes[0]
    assert drawn.focus == "bottom"
    assert y > 0 and y + h < 900


def test_the_description_comes_from_the_same_data_as_the_picture(altered):
    assert alt_text(altered()) == "Hình vẽ điện thoại, màn hình “Kích hoạt”. Ngón tay chỉ vào số 1, nút Gửi yêu cầu."


def test_a_picture_without_a_hand_sends_no_finger_to_what_must_not_be_pressed(altered):
    spec = altered(hand=None, targets=[{"of": "go", "n": 1, "label": "tệp lạ"}])
    assert alt_text(spec) == "Hình vẽ điện thoại, màn hình “Kích hoạt”. Vòng khoanh quanh số 1, tệp lạ."


def test_a_poster_says_which_step_of_which_guide_it_is(altered):
    one = draw_poster(scene(altered())).image
    other = draw_poster(Scene(altered(), 2, 2, "Hướng dẫn mẫu", "Bấm Gửi yêu cầu")).image
    assert one.size == (720, 1280)
    assert one.crop((0, 0, 720, 240)).tobytes() != other.crop((0, 0, 720, 240)).tobytes()
    assert one.crop((0, 300, 720, 1200)).tobytes() == other.crop((0, 300, 720, 1200)).tobytes()


def test_the_fonts_have_every_vietnamese_letter():
    vowels = "aăâeêioôơuưy"
    marks = ["", "\u0300", "\u0301", "\u0303", "\u0309", "\u0323"]
    letters = {unicodedata.normalize("NFC", v + m) for v in vowels for m in marks} | {"đ"}
    missing = font(24).getmask("\uffff").getbbox(), bytes(font(24).getmask("\uffff"))
    for weight in (400, 600, 700):
        for letter in letters | {letter.upper() for letter in letters}:
            mask = font(24, weight).getmask(letter)
            assert (mask.getbbox(), bytes(mask)) != missing, letter
        assert font(24, weight).getlength("\u00a0") == font(24, weight).getlength(" ")


def test_each_file_is_named_by_the_hash_of_its_bytes_and_is_what_its_row_says(version):
    rows = [row for step in version.steps.all() for row in step.pictures.all()]
    assert len(rows) == 2 * len(pictures.VARIANTS)
    for row in rows:
        body = pictures.read(row.sha256, row.format)
        assert hashlib.sha256(body).hexdigest() == row.sha256
        assert len(body) == row.bytes
        with Image.open(io.BytesIO(body)) as image:
            assert image.size == (row.width, row.height)


def test_drawing_again_gives_the_same_bytes(version):
    step = version.steps.first()
    again = REALLY_DRAW(pictures.scene_of_step(step))
    assert {row["sha256"] for row in again} == set(step.pictures.values_list("sha256", flat=True))
