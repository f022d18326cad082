"""Editors bring photos and recordings, mark and hear them; nobody else finds these pages; nothing drawn is lost."""

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.files.uploadhandler import TemporaryFileUploadHandler
from django.test import Client
from django.urls import reverse

from onboarding.guides import documents, drafts, photos, sounds
from onboarding.guides.models import Material
from tests import build
from tests.guides import media

pytestmark = pytest.mark.django_db

PHOTO, AUDIO = reverse("guides:edit-photo", args=["mau", 1]), reverse("guides:edit-audio", args=["mau", 1])
ROW = {"t": "ring", "x": "100", "y": "400", "w": "400", "h": "80", "n": "1", "label": "nút Gửi"}
CROP = {"crop-x": "0", "crop-y": "60", "crop-w": "600", "crop-h": "700"}


@pytest.fixture
def editor(ward):
    client = Client()
    client.force_login(build.editor(ward.area))
    return client


@pytest.fixture
def draft(guide, ward):
    return drafts.begin(user=build.editor(ward.area, "viet"), guide=guide)


@pytest.fixture
def photographed(draft, editor):
    """The draft whose first step has a photo."""
    upload(editor, media.screenshot())
    draft.refresh_from_db()
    return draft


def upload(client, content, where=PHOTO, name="anh.jpg", **more):
    file = SimpleUploadedFile(name, content, content_type="image/jpeg")
    return client.post(where, {"do": "upload", "file": file, **more})


def picture(draft):
    draft.refresh_from_db()
    return draft.work["steps"][0]["picture"]


def rows(*marks):
    """Form fields of several marks."""
    return {**CROP, **{name: [mark[name] for mark in marks] for name in ROW}}


@pytest.mark.parametrize("digits", ["9" * 5000, "٣" * 5000, "²"])
def test_a_mark_that_is_none_is_neither_moved_nor_dropped(photographed, editor, digits):
    for verb in ("drop", "up"):
        editor.post(PHOTO, {**rows(ROW), "do": f"{verb}:{digits}"})
        assert len(picture(photographed)["photo"]["marks"]) == 1


@pytest.mark.parametrize("where", [PHOTO, AUDIO])
def test_who_keeps_no_guides_finds_no_such_page(draft, where, client, ward):
    assert client.get(where).status_code == 302
    client.force_login(ward.member)
    assert client.get(where).status_code == 404
    assert upload(client, media.screenshot(), where).status_code == 404
    assert not Material.objects.exists()


@pytest.mark.parametrize(("where", "said"), [(PHOTO, "nặng quá 12 MB"), (AUDIO, "nặng quá 10 MB")])
def test_a_form_that_is_too_large_is_said_to_be_so_and_its_file_is_put_nowhere(
    photographed, editor, where, said, settings, monkeypatch
):
    before = photographed.work["steps"][0]
    settings.FORM_MOST_BYTES = 3_000_000

    def never(*args, **kwargs):
        raise AssertionError("a file was begun")

    monkeypatch.setattr(TemporaryFileUploadHandler, "new_file", never)
    answer = upload(editor, bytes(3_000_001), where)
    assert (answer.status_code, said in answer.content.decode()) == (422, True)
    assert f'data-heavy="Tệp {said}' in answer.content.decode()
    photographed.refresh_from_db()
    assert photographed.work["steps"][0] == before


def test_a_file_heavier_than_its_kind_is_not_read(photographed, editor, monkeypatch):
    monkeypatch.setattr(photos, "MAX_BYTES", 1000)
    monkeypatch.setattr(photos, "take", None)
    assert "nặng quá 12 MB" in upload(editor, media.screenshot()).content.decode()


def test_what_was_brought_is_for_editors_only(photographed, editor, client, ward):
    sha, sound = picture(photographed)["photo"]["sha256"], sounds.take(media.voice())
    addresses = [f"/phuong/anh/{sha}.webp", f"/phuong/tieng/{sound.opus}.opus", f"/phuong/tieng/{sound.m4a}.m4a"]
    for address in addresses:
        assert client.get(address).status_code == 302
        answer = editor.get(address)
        assert answer.status_code == 200
        assert answer["Cache-Control"].startswith("private")
    client.force_login(ward.member)
    assert {client.get(address).status_code for address in addresses} == {404}
    assert editor.get(f"/phuong/anh/{'0' * 64}.webp").status_code == 404
    assert client.get(f"/tranh/{sha}.webp").status_code == 404


def test_a_guide_without_a_draft_or_step_has_no_such_page(guide, editor, ward):
    assert editor.get(PHOTO).status_code == 404
    drafts.begin(user=build.editor(ward.area, "viet"), guide=guide)
    assert editor.get(PHOTO).status_code == 200
    assert editor.get(reverse("guides:edit-photo", args=["mau", 9])).status_code == 404
    assert editor.get(reverse("guides:edit-audio", args=["khong-co", 1])).status_code == 404


# --- Photos -----------------------------------------------------------------------------------------------------------


def test_a_photo_that_is_brought_is_shown_whole_and_the_drawing_waits_beneath(photographed, editor):
    held = picture(photographed)
    assert held["photo"] | {"sha256": ""} == {"sha256": "", "crop": [0, 0, 600, 800], "marks": []}
    assert held["screen"] and held["targets"]
    page = editor.get(PHOTO).content.decode()
    assert f"/phuong/anh/{held['photo']['sha256']}.webp" in page
    assert "Khoanh ít nhất một chỗ" in page
    shown = editor.get(f"/phuong/huong-dan/mau/soan/1/tranh.webp?v={documents.mark(held)}")
    assert (shown.status_code, shown["Content-Type"]) == (200, "image/webp")
    assert "bientap" in {writer.username for writer in photographed.writers.all()}


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no picture", "không phải ảnh"),
        (media.bomb(), "lớn quá"),
        (media.video(), "là video"),
        (b"<svg onload='alert(1)'/>", "SVG"),
        (bytes(12_000_001), "nặng quá 12 MB"),
    ],
)
def test_what_is_no_photo_gets_its_sentence_and_the_draft_stays(photographed, editor, content, said):
    before = picture(photographed)
    answer = upload(editor, content)
    assert answer.status_code == 422
    page = answer.content.decode()
    assert said in page and "<svg onload" not in page
    assert picture(photographed) == before


def test_sending_no_file_says_so(draft, editor):
    answer = editor.post(PHOTO, {"do": "upload"})
    assert answer.status_code == 422
    assert "Chưa chọn tệp" in answer.content.decode()


def test_marks_are_typed_without_a_script_kept_and_drawn(photographed, editor):
    editor.post(PHOTO, rows(ROW, {**ROW, "t": "arrow", "n": "", "label": ""}, {**ROW, "t": "cover", "n": ""}))
    photo = picture(photographed)["photo"]
    assert photo["crop"] == [0, 60, 600, 700]
    assert photo["marks"] == [
        {"t": "ring", "box": [100, 400, 400, 80], "label": "nút Gửi", "n": 1},
        {"t": "arrow", "from": [100, 400], "to": [400, 80]},
        {"t": "cover", "box": [100, 400, 400, 80]},
    ]
    page = editor.get(PHOTO).content.decode()
    mark = documents.mark(picture(photographed))
    address = f"/phuong/huong-dan/mau/soan/1/tranh.webp?v={mark}"
    assert address in page
    assert editor.get(address)["Content-Type"] == "image/webp"


def test_what_was_typed_wrong_is_kept_and_named(photographed, editor):
    editor.post(PHOTO, rows({**ROW, "x": "ngoài kia", "label": ""}, {**ROW, "y": "9999"}))
    marks = picture(photographed)["photo"]["marks"]
    assert (marks[0]["box"], marks[1]["box"]) == (["ngoài kia", 400, 400, 80], [100, 9999, 400, 80])
    page = editor.get(PHOTO).content.decode()
    assert 'value="ngoài kia"' in page
    assert "Dấu 1: chỗ đặt viết sai. Ghi số nguyên điểm ảnh." in page


@pytest.mark.parametrize("sent", [{}, {"t": ["x"] * 400}, {**rows(ROW), "x": ["1e400"]}, {**rows(ROW), "h": ["\x00"]}])
def test_a_form_made_to_hurt_does_no_harm(photographed, editor, sent):
    assert editor.post(PHOTO, sent).status_code == 302
    assert editor.get(PHOTO).status_code == 200


@pytest.mark.parametrize(
    ("do", "labels"),
    [("up:1", ["b", "a"]), ("down:0", ["b", "a"]), ("up:0", ["a", "b"]), ("drop:0", ["b"]), ("drop:7", ["a", "b"])],
)
def test_marks_are_moved_and_dropped_by_their_buttons(photographed, editor, do, labels):
    editor.post(PHOTO, {**rows({**ROW, "label": "a"}, {**ROW, "label": "b", "n": "2"}), "do": do})
    assert [mark["label"] for mark in picture(photographed)["photo"]["marks"]] == labels


def test_a_new_mark_lies_where_it_was_drawn_or_in_the_middle(photographed, editor):
    editor.post(PHOTO, {**CROP, "do": "add:ring", "new": "10,70,200,50"})
    editor.post(PHOTO, {**rows(ROW), "do": "add:ring"})
    marks = picture(photographed)["photo"]["marks"]
    assert marks[1] == {"t": "ring", "box": [150, 340, 300, 140], "label": "", "n": 2}
    editor.post(PHOTO, {**CROP, "do": "add:arrow", "new": "10,70,200,500"})
    assert picture(photographed)["photo"]["marks"] == [{"t": "arrow", "from": [10, 70], "to": [200, 500]}]


def test_while_one_draws_the_marks_are_kept_and_the_picture_answered(photographed, editor):
    answer = editor.post(PHOTO, rows(ROW), headers={"HX-Request": "true"})
    said = answer.content.decode()
    assert 'id="song"' in said and 'hx-swap-oob="true"' in said
    assert documents.mark(picture(photographed)) in said
    added = editor.post(PHOTO, {**rows(ROW), "do": "add:cover"}, headers={"HX-Request": "true"})
    assert 'id="buoc"' in added.content.decode()


@pytest.mark.parametrize("htmx", [{}, {"HX-Request": "true"}])
def test_marks_that_came_too_late_are_not_lost_and_not_written_over(photographed, editor, htmx):
    saw = documents.mark(photographed.work["steps"][0])
    editor.post(PHOTO, rows({**ROW, "label": "của người khác"}))
    answer = editor.post(PHOTO, {**rows({**ROW, "label": "của tôi"}), "saw": saw, "do": "up:0"}, headers=htmx)
    assert answer.status_code == 422
    assert "vừa được sửa ở nơi khác" in answer.content.decode()
    assert 'value="của tôi"' in answer.content.decode()
    assert picture(photographed)["photo"]["marks"][0]["label"] == "của người khác"


def test_a_new_shot_of_the_same_screen_keeps_its_marks(photographed, editor):
    editor.post(PHOTO, rows(ROW))
    before = picture(photographed)["photo"]
    upload(editor, media.screenshot(form="JPEG"))
    after = picture(photographed)["photo"]
    assert after["sha256"] != before["sha256"]
    assert (after["crop"], after["marks"]) == (before["crop"], before["marks"])
    upload(editor, media.screenshot(500, 500))
    assert picture(photographed)["photo"]["crop"] == [0, 0, 500, 500]
    assert picture(photographed)["photo"]["marks"] == before["marks"]


def test_without_its_photo_the_step_is_drawn_again(photographed, editor, draft):
    drawing = {key: value for key, value in picture(photographed).items() if key != "photo"}
    editor.post(PHOTO, {"do": "remove"})
    assert picture(photographed) == drawing


def test_the_step_page_shows_the_photo(photographed, editor):
    editor.post(PHOTO, rows(ROW))
    page = editor.get(reverse("guides:edit-step", args=["mau", 1])).content.decode()
    assert "Bước này dùng ảnh chụp" in page
    assert PHOTO in page and AUDIO in page


# --- Recordings -------------------------------------------------------------------------------------------------------


def test_a_recording_is_brought_heard_and_dropped(draft, editor):
    assert "chưa có bản ghi" in editor.get(AUDIO).content.decode()
    upload(editor, media.spoken("webm", "libopus"), AUDIO, "ban-ghi")
    draft.refresh_from_db()
    audio = draft.work["steps"][0]["audio"]
    page = editor.get(AUDIO).content.decode()
    assert f"/phuong/tieng/{audio['opus']}.opus" in page and f"/phuong/tieng/{audio['m4a']}.m4a" in page
    assert "Bản ghi đang có, 2 giây" in page
    editor.post(AUDIO, {"do": "remove"})
    draft.refresh_from_db()
    assert "audio" not in draft.work["steps"][0]


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"no sound", "không phải bản ghi âm"),
        (media.screenshot(), "không phải bản ghi âm"),
        (media.voice(46, rate=8000), "dài quá 45 giây"),
        (b"RIFF" + bytes(10_000_000), "nặng quá 10 MB"),
    ],
)
def test_what_is_no_recording_gets_its_sentence_and_the_one_before_stays(draft, editor, content, said):
    upload(editor, media.voice(), AUDIO, "ban-ghi.wav")
    draft.refresh_from_db()
    before = draft.work["steps"][0]["audio"]
    answer = upload(editor, content, AUDIO, "ban-ghi.mp3")
    assert answer.status_code == 422
    assert said in answer.content.decode()
    draft.refresh_from_db()
    assert draft.work["steps"][0]["audio"] == before


def test_a_recording_of_words_that_changed_meanwhile_is_not_taken(draft, editor, ward):
    saw = documents.mark(draft.work["steps"][0])
    other = {**draft.work["steps"][0], "text": "Bác đợi một chút."}
    drafts.change(
        user=build.editor(ward.area, "khac"), version=draft, alter=lambda doc: documents.put_step(doc, 1, other)
    )
    answer = upload(editor, media.voice(), AUDIO, "ban-ghi.wav", saw=saw)
    assert answer.status_code == 422
    assert "vừa được sửa ở nơi khác" in answer.content.decode()


def test_only_the_page_of_recordings_may_use_the_microphone(draft, editor):
    page, other = editor.get(AUDIO), editor.get(PHOTO)
    assert "microphone=(self)" in page["Permissions-Policy"]
    assert "microphone=()" in other["Permissions-Policy"]
    assert "media-src 'self' blob:" in page["Content-Security-Policy"]
    assert "media-src" not in other["Content-Security-Policy"]


def test_photos_of_other_hashes_are_not_guessed_from_a_form(draft, editor):
    kept = photos.take(media.screenshot())
    editor.post(PHOTO, {**rows(ROW), "sha256": kept})
    assert "photo" not in picture(draft)
