"""A guide travels as one zip without loss.

Not for: zips that somebody made to hurt (test_unpacking.py).
"""

import io
import json
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from onboarding.guides import documents, drafts, exchange, incoming, photos, recordings, sounds
from onboarding.guides.models import Guide, GuideVersion, Material, Recording
from onboarding.refusal import Refused
from tests import build
from tests.guides import media
from tests.guides.test_drafts import TODAY
from tests.guides.zips import altered, entries, made, refusal

pytestmark = pytest.mark.django_db

MARKS = [
    {"t": "ring", "n": 1, "box": [100, 400, 400, 80], "label": "nút Gửi"},
    {"t": "cover", "box": [100, 100, 200, 100]},
    {"t": "cover", "box": [0, 20, 90, 90]},
    {"t": "cover", "box": [500, 0, 90, 40]},
    {"t": "arrow", "from": [300, 600], "to": [300, 500]},
]


@pytest.fixture
def author(ward):
    return build.editor(ward.area, "viet")


@pytest.fixture
def draft(author, guide):
    """A draft with a photo that is cut and covered, and a recording."""
    draft = drafts.begin(user=author, guide=guide)
    step = draft.work["steps"][0]
    photo = {"sha256": photos.take(media.screenshot()), "crop": [20, 60, 560, 700], "marks": MARKS}
    step = {**step, "picture": {**step["picture"], "photo": photo}}
    step["audio"] = recordings.said(step, sounds.take(media.voice()))
    return drafts.change(user=author, version=draft, alter=lambda doc: documents.put_step(doc, 1, step))


def empty_house():
    """Leave nothing of the guide but its procedure."""
    Guide.objects.all().delete()
    Material.objects.all().delete()


# --- There and back ---------------------------------------------------------------------------------------------------


def test_a_guide_comes_back_as_it_went(draft, author):
    first = exchange.export(draft)
    empty_house()
    back = incoming.take_in(user=author, packed=first)
    again = exchange.export(back)
    here, there = entries(first), entries(again)
    assert sorted(here) == sorted(there)
    assert [name for name in here if here[name] != there[name]] == []
    assert again == first
    assert drafts.faults(back.work, today=TODAY) == []


def test_the_zip_holds_what_the_format_says(draft):
    files = entries(exchange.export(draft))
    told = json.loads(files["guide.json"])
    photo = told["guide"]["steps"][0]["picture"]["photo"]
    audio = told["guide"]["steps"][0]["audio"]
    assert sorted(files) == sorted(
        ["LICENCE.txt", "README.txt", "guide.json", f"audio/{audio['opus']}.opus", f"audio/{audio['m4a']}.m4a"]
        + [f"pictures/{kind}" for kind in ("step-01.webp", "step-02.webp", "poster-01.jpg", "poster-02.jpg")]
        + [f"pictures/photo-{photo['sha256']}.webp"]
    )
    assert (told["format"], told["format_version"], told["language"]) == ("go-cua-guide", 1, "vi")
    assert told["checked_by"] == "biên tập viên"
    assert told["guide"]["version"]["checked_on"] == "2026-11-21"
    assert "viet" not in files["guide.json"].decode()
    assert told["licence"] in files["LICENCE.txt"].decode()


def test_a_photo_leaves_the_house_only_cut_out_and_covered(draft):
    files = entries(exchange.export(draft))
    photo = json.loads(files["guide.json"])["guide"]["steps"][0]["picture"]["photo"]
    name = next(name for name in files if "photo-" in name)
    with Image.open(io.BytesIO(files[name])) as image:
        assert image.size == (560, 700)
        assert media.SECRET not in set(image.convert("RGB").get_flattened_data())
    assert photo["crop"] == [0, 0, 560, 700]
    # The second cover is kept as far as it lies in the crop, the third lies beyond it.
    assert [mark.get("box") for mark in photo["marks"]] == [
        [80, 340, 400, 80],
        [80, 40, 200, 100],
        [0, 0, 70, 50],
        None,
    ]
    assert photo["marks"][-1] == {"t": "arrow", "from": [280, 540], "to": [280, 440]}


def test_the_same_version_is_the_same_file_whenever_it_is_exported(version):
    assert exchange.export(version) == exchange.export(version)


def test_a_published_guide_comes_back_as_a_draft_that_says_the_same(version, author):
    first = exchange.export(version)
    back = incoming.take_in(user=author, packed=first)
    assert (back.state, back.number, back.author) == (GuideVersion.State.DRAFT, version.number + 1, author)
    assert exchange.export(back) == first
    version.refresh_from_db()
    assert version.state == GuideVersion.State.PUBLISHED


def test_what_was_changed_after_it_came_says_so(draft, author):
    GuideVersion.objects.filter(pk=draft.pk).update(changed_at=timezone.now() - timedelta(days=1))
    draft.refresh_from_db()
    first = exchange.export(draft)
    empty_house()
    back = incoming.take_in(user=author, packed=first)
    changed = drafts.change(user=author, version=back, alter=lambda doc: documents.move_step(doc, 2, 1))
    told = [json.loads(entries(packed)["guide.json"])["made_at"] for packed in (first, exchange.export(changed))]
    assert told[0] < told[1]


def test_a_draft_with_faults_travels_with_them(draft, author):
    def spoil(doc):
        doc["steps"][1]["picture"]["screen"].append({"t": "hologram"})
        doc["steps"][0]["picture"]["photo"]["crop"] = [0, 0, 9999, 9999]
        doc["steps"][0]["title"] = "Bấm " * 1000

    faulty = drafts.change(user=author, version=draft, alter=spoil)
    packed = exchange.export(faulty)
    assert not [name for name in entries(packed) if "photo" in name]
    empty_house()
    back = incoming.take_in(user=author, packed=packed)
    assert back.work["steps"][0]["title"] == "Bấm " * 1000
    said = " ".join(text for _step, text in drafts.faults(back.work, today=TODAY))
    assert "Chưa có phần tử nào tên “hologram”" in said and "Không còn ảnh này" in said


def test_too_much_for_one_zip_is_said_before_it_is_sent(draft):
    with patch.object(exchange, "MOST_PACKED", 1000), pytest.raises(Refused) as no:
        exchange.export(draft)
    assert "Cắt ảnh nhỏ lại" in no.value.message


# --- What may come in with faults -------------------------------------------------------------------------------------


def test_what_an_author_can_mend_comes_in_and_is_named(version, author):
    def alter(told):
        step = told["guide"]["steps"][0]
        step["title"] = "x" * 5000
        step["picture"]["targets"][0]["of"] = "cho-khac"
        told["guide"]["steps"][1]["picture"]["screen"][0] = {"t": "hologram", "src": "javascript:alert(1)"}
        told["guide"]["version"]["summary"] = "<script>alert(1)</script>"

    back = incoming.take_in(user=author, packed=altered(exchange.export(version), alter))
    said = " ".join(text for _step, text in drafts.faults(back.work, today=TODAY))
    assert "dài 5000 chữ" in said and "“hologram”" in said
    page = Client()
    page.force_login(author)
    for where in (
        reverse("guides:edit", args=["mau"]),
        *(reverse("guides:edit-step", args=["mau", n]) for n in (1, 2)),
    ):
        shown = page.get(where)
        assert shown.status_code == 200
        assert b"<script>alert" not in shown.content


@pytest.mark.parametrize(
    "photo",
    [{"crop": None}, {"crop": [0, 0]}, {"marks": 7}, {"marks": [{"t": "arrow", "from": 7, "to": {}}, 3]}],
)
def test_a_photo_that_is_described_badly_comes_in_and_can_be_mended_on_its_page(draft, author, photo):
    def spoil(told):
        held = told["guide"]["steps"][0]["picture"]["photo"]
        held |= photo
        if held["crop"] is None:
            del held["crop"]

    packed = altered(exchange.export(draft), spoil)
    drafts.discard(user=author, version=draft)
    incoming.take_in(user=author, packed=packed)
    page, where = Client(), reverse("guides:edit-photo", args=["mau", 1])
    page.force_login(author)
    assert page.get(where).status_code == 200
    file = SimpleUploadedFile("anh.png", media.screenshot(560, 700))
    assert page.post(where, {"do": "upload", "file": file}).status_code == 302
    assert page.get(where).status_code == 200


def test_a_hash_alone_brings_no_photo_of_another_guide(draft, author):
    def steal(told):
        told["guide"]["steps"][1]["picture"]["photo"] = draft.work["steps"][0]["picture"]["photo"]
        told["guide"]["steps"][1]["audio"] = draft.work["steps"][0]["audio"]

    packed = altered(exchange.export(draft), steal)
    files = {name: body for name, body in entries(packed).items() if "audio/" not in name}
    drafts.discard(user=author, version=draft)
    back = incoming.take_in(user=author, packed=made(files))
    assert back.work["steps"][1]["picture"]["photo"]["sha256"] == ""
    assert [step.get("audio") for step in back.work["steps"]] == [{}, {}]
    said = [text for step, text in drafts.faults(back.work, today=TODAY) if step == 2]
    assert "Không còn bản ghi âm của bước này. Ghi lại, hoặc bỏ bản ghi." in said


# --- What does not come in --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("part", "body"), [("photo-", media.bomb()), ("photo-", b"<svg/>"), (".opus", b"x"), (".m4a", media.voice())]
)
def test_a_photo_or_sound_that_is_none_keeps_the_zip_out(draft, author, part, body):
    files = entries(exchange.export(draft))
    name = next(name for name in files if part in name)
    drafts.discard(user=author, version=draft)
    assert refusal(made({**files, name: body}), author)


def test_a_guide_that_is_being_written_is_not_written_over(draft, author):
    packed = exchange.export(draft)
    assert "đang có một bản nháp" in refusal(packed, author)
    draft.refresh_from_db()
    assert draft.revision == 1


# --- The doors --------------------------------------------------------------------------------------------------------


@pytest.fixture
def editor(ward):
    client = Client()
    client.force_login(build.editor(ward.area))
    return client


def brought(client, content):
    return client.post(reverse("guides:import"), {"file": SimpleUploadedFile("goi.zip", content)})


def test_an_editor_exports_and_imports_and_a_stranger_finds_neither(version, editor, client, ward):
    export = reverse("guides:export", args=[version.pk])
    assert export in editor.get(reverse("guides:ward-guide", args=["mau"])).content.decode()
    assert reverse("guides:import") in editor.get(reverse("guides:ward-guides")).content.decode()
    answer = editor.get(export)
    assert answer["Content-Disposition"] == 'attachment; filename="mau-1.zip"'
    assert answer["Content-Type"] == "application/zip"
    assert editor.get(reverse("guides:import")).status_code == 200
    assert client.get(export).status_code == 302
    client.force_login(ward.member)
    assert client.get(export).status_code == 404
    assert brought(client, answer.content).status_code == 404
    assert drafts.open_draft(version.guide) is None
    assert brought(editor, answer.content).url == reverse("guides:edit", args=["mau"])
    draft = drafts.open_draft(version.guide)
    assert draft is not None and draft.author.username == "bientap"
    assert not Recording.objects.exists()


def test_what_is_no_zip_gets_its_sentence_on_the_page(editor):
    answer = brought(editor, b"<script>alert(1)</script>")
    assert answer.status_code == 422
    assert "không phải gói hướng dẫn" in answer.content.decode()
    assert "Chưa chọn tệp" in editor.post(reverse("guides:import")).content.decode()


def test_a_version_that_is_not_here_is_not_found(editor, version):
    assert editor.get(reverse("guides:export", args=[version.guide_id])).status_code == 404
