"""A photo is judged by its bytes, drawn anew, and shows readers its crop and nothing of what was covered."""

import io
from datetime import timedelta

import pytest
from django.utils import timezone
from PIL import Image

from onboarding.guides import difference, documents, drafts, materials, photo_drawing, photos, pictures
from onboarding.guides.drawing import Scene, alt_text, draw_poster, draw_step
from onboarding.guides.models import Material, Step
from onboarding.guides.proofreading import faults
from onboarding.guides.specs import check, faults_of
from onboarding.refusal import Refused
from tests import build
from tests.guides import media
from tests.guides.media import SECRET

pytestmark = pytest.mark.django_db

RING = {"t": "ring", "n": 1, "box": [100, 400, 400, 80], "label": "nút Gửi"}
COVER = {"t": "cover", "box": [100, 100, 200, 100]}
CROP = [0, 60, 600, 700]


@pytest.fixture
def sha():
    return photos.take(media.screenshot())


@pytest.fixture
def spec(sha):
    """A picture with a photo, its parts replaced on demand."""

    def picture(**parts):
        return {"photo": {"sha256": sha, "crop": CROP, "marks": [RING, COVER], **parts}}

    return picture


def scene(picture, note=""):
    return Scene(picture, 1, 2, "Hướng dẫn mẫu", "Bấm Gửi", note)


def near(pixel, colour, by=40):
    return all(abs(a - b) < by for a, b in zip(pixel, colour, strict=True))


# --- Taking one in ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no picture at all", "không phải ảnh. Chọn một ảnh JPEG"),
        (b"", "không phải ảnh"),
        (b"\xff\xd8\xff\xe0" + b"video" * 2_600_000, "nặng quá 12 MB"),
        (media.video(), "là video"),
        (b"\x1a\x45\xdf\xa3" + bytes(200), "là video"),
        (b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
        (b"\0\0\0\x18ftypheic" + bytes(100), "HEIC chưa đọc được"),
        (media.bomb(), "lớn quá 40 triệu"),
        (media.animated(), "nhiều hình động"),
        (media.screenshot()[:-300], "hỏng giữa chừng"),
        (media.screenshot(form="JPEG")[:-800], "hỏng giữa chừng"),
        (media.screenshot(form="GIF"), "không phải ảnh"),
    ],
    ids=["text", "nothing", "100 MB", "mp4", "webm", "svg", "heic", "bomb", "animated", "cut png", "cut jpeg", "gif"],
)
def test_what_is_no_photo_is_refused_with_a_sentence_and_nothing_is_kept(content, said):
    with pytest.raises(Refused) as no:
        photos.take(content)
    assert said in no.value.message
    assert no.value.message.endswith(".")
    assert not Material.objects.exists()


@pytest.mark.parametrize("form", ["JPEG", "PNG", "WEBP"])
def test_a_photo_is_kept_upright_small_and_without_what_hung_on_it(form):
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "Máy của bà Nhạn"
    sha = photos.take(media.screenshot(2600, 1300, form, exif=exif))
    kept = Image.open(io.BytesIO(materials.read(sha, "webp")))
    assert kept.size == (960, 1920) == photos.size_of(sha)
    assert not kept.getexif()
    assert b"Nh\xe1\xba\xa1n" not in materials.read(sha, "webp")


def test_a_kept_photo_that_is_taken_in_again_is_the_same_file(sha):
    assert photos.take(materials.read(sha, "webp")) == sha
    assert Material.objects.count() == 1


# --- What is drawn ----------------------------------------------------------------------------------------------------


def test_a_photo_gives_a_step_and_a_poster_of_the_usual_sizes(spec):
    assert faults_of(scene(spec())) == []
    step, poster = draw_step(scene(spec())), draw_poster(scene(spec(), "Không đọc mã này cho ai."))
    assert (step.image.size, poster.image.size) == ((720, 900), (720, 1280))
    (x, y, w, h), *others = step.boxes
    assert not others
    assert x >= 0 and x + w <= 720 and y >= 0 and y + h <= 900
    assert step.focus == "mid"
    assert near(step.image.getpixel((4, 4)), (220, 235, 227))


def test_the_ring_has_the_strokes_of_the_drawn_pictures(spec):
    drawn = draw_step(scene(spec()))
    x, y, w, _h = drawn.boxes[0]
    column = [drawn.image.getpixel((x + w // 2, y + offset)) for offset in range(-14, 14)]
    assert any(near(pixel, (20, 33, 30)) for pixel in column)
    assert any(near(pixel, (229, 168, 46)) for pixel in column)


def test_nothing_of_what_was_covered_is_in_any_published_file(spec, guide):
    assert any(near(pixel, SECRET) for pixel in draw_step(scene(spec(marks=[RING]))).image.get_flattened_data())
    step = guide.current.steps.first()
    step.spec = spec()
    pictures.draw(step)
    assert step.pictures.count() == len(pictures.VARIANTS)
    for row in step.pictures.all():
        body = pictures.read(row.sha256, row.format)
        with Image.open(io.BytesIO(body)) as image:
            assert not any(near(pixel, SECRET) for pixel in image.convert("RGB").get_flattened_data()), row.variant
            assert not {"exif", "xmp", "icc_profile"} & {key for key, value in image.info.items() if value}
    covered = photo_drawing.burnt(spec()["photo"])
    assert set(covered.crop((100, 40, 300, 140)).get_flattened_data()) == {(20, 33, 30)}


def test_nothing_beyond_the_crop_is_drawn(spec):
    below = spec(crop=[0, 300, 600, 400], marks=[RING])
    assert not any(near(pixel, SECRET) for pixel in draw_step(scene(below)).image.get_flattened_data())
    assert photo_drawing.burnt(below["photo"]).size == (600, 400)


def test_an_arrow_and_numbers_are_drawn_wherever_they_stand(spec):
    marks = [
        {**RING, "box": [0, 60, 600, 700]},
        {**RING, "n": 2, "box": [0, 400, 40, 40]},
        {"t": "arrow", "from": [500, 700], "to": [300, 490]},
    ]
    picture = spec(marks=marks)
    assert faults_of(scene(picture)) == []
    without = draw_step(scene(spec(marks=marks[:2]))).image
    assert draw_step(scene(picture)).image.tobytes() != without.tobytes()
    assert draw_poster(scene(picture)).image.size == (720, 1280)


def test_the_description_says_what_is_ringed_and_that_something_is_covered(spec):
    assert alt_text(spec()) == "Ảnh chụp. Vòng khoanh quanh số 1, nút Gửi. Phần riêng tư đã được che."
    plain = {key: value for key, value in RING.items() if key != "n"}
    assert alt_text(spec(marks=[plain])) == "Ảnh chụp. Vòng khoanh quanh nút Gửi."


# --- What is wrong with the marks -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        ({"sha256": "0" * 64}, "Không còn ảnh này trong kho"),
        ({"sha256": "../../../etc/passwd"}, "Không còn ảnh này trong kho"),
        ({"sha256": 7}, "Chưa có ảnh"),
        ({"zoom": 2}, "không hiểu mục “zoom”"),
        ({"crop": [0, 0, 601, 700]}, "Khung cắt nằm ngoài ảnh"),
        ({"crop": [-1, 0, 300, 700]}, "Khung cắt nằm ngoài ảnh"),
        ({"crop": [0, 0, 100, 700]}, "mỗi cạnh ít nhất 160"),
        ({"crop": [0, 0, 1.5, 700]}, "Ghi bốn số"),
        ({"crop": "all"}, "Ghi bốn số"),
        ({"marks": "none"}, "Danh sách dấu viết sai"),
        ({"marks": []}, "Khoanh ít nhất một chỗ"),
        ({"marks": [RING] * 13}, "Giữ nhiều nhất 12"),
        ({"marks": ["ring"]}, "Dấu 1: chưa có loại dấu này"),
        ({"marks": [{"t": "blur", "box": [0, 0, 9, 9]}]}, "Dấu 1: chưa có loại dấu này"),
        ({"marks": [{**RING, "colour": "red"}]}, "không hiểu “colour”"),
        ({"marks": [{**RING, "box": [1, 2, 3]}]}, "Ghi số nguyên điểm ảnh"),
        ({"marks": [{**RING, "box": [True, 2, 3, 4]}]}, "Ghi số nguyên điểm ảnh"),
        ({"marks": [{**RING, "box": [500, 400, 400, 80]}]}, "nằm ngoài phần ảnh được cắt"),
        ({"marks": [{**RING, "box": [100, 0, 400, 80]}]}, "nằm ngoài phần ảnh được cắt"),
        ({"marks": [{**RING, "box": [100, 400, -50, 80]}]}, "nằm ngoài phần ảnh được cắt"),
        ({"marks": [{**RING, "box": [100, 400, 2, 80]}]}, "nhỏ quá"),
        ({"marks": [{**RING, "label": " "}]}, "chưa có lời tả"),
        ({"marks": [{**RING, "label": "x" * 81}]}, "quá 80 chữ"),
        ({"marks": [{**RING, "label": ["x"]}]}, "quá 80 chữ"),
        ({"marks": [{**RING, "n": 3}]}, "số phải là 1 hoặc 2"),
        ({"marks": [RING, RING, {**RING, "n": 2}]}, "Giữ nhiều nhất 2"),
        ({"marks": [RING, RING]}, "cùng số 1"),
        ({"marks": [RING, {"t": "arrow", "from": [1, 2]}]}, "Dấu 2: chỗ đặt viết sai"),
        ({"marks": [RING, {"t": "arrow", "from": [100, 500], "to": [100, 502]}]}, "Dấu 2: nhỏ quá"),
        ({"marks": [RING, {**COVER, "box": [500, 700, 200, 200]}]}, "Dấu 2: nằm ngoài"),
    ],
)
def test_bad_marks_are_named_and_say_what_to_do(spec, parts, said):
    found = faults_of(scene(spec(**parts)))
    assert any(said in fault for fault in found), found
    assert all(fault.endswith(".") for fault in found)


def test_a_cover_may_lie_beyond_the_crop(spec):
    assert faults_of(scene(spec(crop=[0, 300, 600, 400]))) == []


def test_an_unknown_part_of_the_picture_is_named(spec):
    assert faults_of(scene({**spec(), "filter": "sepia"})) == ["Tranh không hiểu mục “filter”. Xóa mục này."]


def test_the_drawing_beneath_is_kept_and_does_not_disturb(spec, altered):
    both = {**altered(), **spec()}
    check(scene(both))
    assert alt_text(both).startswith("Ảnh chụp.")


def test_the_content_check_knows_photos(desk, spec, sha):
    desk.guide["steps"][0]["picture"] = spec()
    shelf = desk.write()
    found = faults(shelf, today=timezone.localdate())
    assert not [fault for fault in found if "bước 1" in fault], found
    desk.guide["steps"][0]["picture"] = spec(sha256="0" * 64)
    assert any("Không còn ảnh này" in fault for fault in faults(desk.write(), today=timezone.localdate()))


# --- What is kept for how long ----------------------------------------------------------------------------------------


def test_a_photo_is_dropped_thirty_days_after_the_last_one_let_go_of_it(spec, sha, guide, ward):
    author, now = build.editor(ward.area, "viet"), timezone.now()
    draft = drafts.begin(user=author, guide=guide)
    old = draft.work["steps"][0]
    drafts.change(user=author, version=draft, alter=lambda doc: documents.put_step(doc, 1, {**old, "picture": spec()}))
    assert materials.drop_unused(now) == 0
    assert materials.drop_unused(now + timedelta(days=400)) == 0
    drafts.change(user=author, version=draft, alter=lambda doc: documents.put_step(doc, 1, old))
    assert materials.drop_unused(now + timedelta(days=401)) == 0
    assert materials.drop_unused(now + timedelta(days=430)) == 0
    assert photos.size_of(sha) == (600, 800)
    assert materials.drop_unused(now + timedelta(days=432)) == 1
    assert photos.size_of(sha) is None


def test_a_photo_that_a_step_shows_is_never_dropped(spec, sha, version):
    Step.objects.filter(pk=version.steps.first().pk).update(spec=spec())
    materials.drop_unused(timezone.now())
    assert materials.drop_unused(timezone.now() + timedelta(days=99)) == 0


def test_a_photo_that_is_brought_again_begins_its_days_anew(sha):
    materials.drop_unused(timezone.now() - timedelta(days=29))
    photos.take(media.screenshot())
    assert materials.drop_unused(timezone.now() + timedelta(days=2)) == 0


def test_marks_that_say_something_else_are_a_difference_that_a_reviewer_sees(spec, altered):
    def lines(before, after):
        old, new = ({"steps": [{"title": "Bấm Gửi", "item": "gui", "picture": one}]} for one in (before, after))
        return [line.name for pair in difference.compare(old, new).steps for line in pair.lines]

    assert lines(altered(), {**altered(), **spec()}) == ["Chữ trong tranh"]
    assert lines(spec(), spec()) == []
    assert lines(spec(), spec(marks=[{**RING, "label": "nút Lưu"}, COVER])) == ["Chữ trong tranh"]
    assert lines(spec(), spec(crop=[0, 80, 600, 700])) == ["Hình vẽ"]
    assert lines(spec(), {"photo": "none"}) == lines(spec(), spec(marks=7)) == ["Chữ trong tranh"]
