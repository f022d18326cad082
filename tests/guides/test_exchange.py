"""A guide travels as one zip without loss, and a zip that somebody made to hurt does no harm."""

import io
import json
import zipfile
from datetime import timedelta
from unittest.mock import patch

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from onboarding.guides import documents, drafts, exchange, incoming, photos, recordings, sounds, unpacking
from onboarding.guides.models import Guide, GuideVersion, Material, Procedure, Recording
from onboarding.refusal import Refused
from tests import build
from tests.guides import media
from tests.guides.test_drafts import TODAY

pytestmark = pytest.mark.django_db

MARKS = [
    {"t": "ring", "n": 1, "box": [100, 400, 400, 80], "label": "nút Gửi"},
    {"t": "cover", "box": [100, 100, 200, 100]},
    {"t": "cover", "box": [0, 20, 90, 90]},
    {"t": "cover", "box": [500, 0, 90, 40]},
    {"t": "arrow", "from": [300, 600], "to": [300, 500]},
]


@pytest.fixture
def author():
    return build.user("viet")


@pytest.fixture
def draft(author, guide):
    """A draft with a photo that is cut and covered, and a recording."""
    draft = drafts.begin(user=author, guide=guide)
    step = draft.work["steps"][0]
    photo = {"sha256": photos.take(media.screenshot()), "crop": [20, 60, 560, 700], "marks": MARKS}
    step = {**step, "picture": {**step["picture"], "photo": photo}}
    step["audio"] = recordings.said(step, sounds.take(media.voice()))
    return drafts.change(user=author, version=draft, alter=lambda doc: documents.put_step(doc, 1, step))


def entries(packed):
    with zipfile.ZipFile(io.BytesIO(packed)) as file:
        return {name: file.read(name) for name in file.namelist()}


def made(files):
    """A zip of these entries, written by no program of ours."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as file:
        for name, body in files.items():
            file.writestr(name, body)
    return out.getvalue()


def altered(packed, alter):
    """The zip with its guide.json altered."""
    files = entries(packed)
    told = json.loads(files["guide.json"])
    alter(told)
    return made({**files, "guide.json": json.dumps(told, ensure_ascii=False).encode()})


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
    page.force_login(build.editor(build.ward().area))
    for where in (
        reverse("guides:edit", args=["mau"]),
        *(reverse("guides:edit-step", args=["mau", n]) for n in (1, 2)),
    ):
        shown = page.get(where)
        assert shown.status_code == 200
        assert b"<script>alert" not in shown.content


def test_a_hash_alone_brings_no_photo_of_another_guide(draft, author):
    def steal(told):
        told["guide"]["steps"][1]["picture"]["photo"] = draft.work["steps"][0]["picture"]["photo"]
        told["guide"]["steps"][1]["audio"] = draft.work["steps"][0]["audio"]

    packed = altered(exchange.export(draft), steal)
    files = {name: body for name, body in entries(packed).items() if "audio/" not in name}
    drafts.discard(version=draft)
    back = incoming.take_in(user=author, packed=made(files))
    assert back.work["steps"][1]["picture"]["photo"]["sha256"] == ""
    assert [step.get("audio") for step in back.work["steps"]] == [{}, {}]
    said = [text for step, text in drafts.faults(back.work, today=TODAY) if step == 2]
    assert "Không còn bản ghi âm của bước này. Ghi lại, hoặc bỏ bản ghi." in said


# --- What does not come in --------------------------------------------------------------------------------------------


def refusal(packed, author):
    """Take packed in, see that it is refused and that nothing has come of it; return the sentence."""
    before = (Guide.objects.count(), GuideVersion.objects.count())
    with pytest.raises(Refused) as no:
        incoming.take_in(user=author, packed=packed)
    assert (Guide.objects.count(), GuideVersion.objects.count()) == before
    assert no.value.message.endswith(".")
    return no.value.message


def plus(name, body=b"x"):
    return lambda files: made({**files, name: body})


def link(files):
    out = io.BytesIO(made(files))
    with zipfile.ZipFile(out, "a") as file:
        entry = zipfile.ZipInfo("pictures/step-09.webp")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        file.writestr(entry, "/etc/passwd")
    return out.getvalue()


def twice(files):
    out = io.BytesIO(made(files))
    with pytest.warns(UserWarning, match="Duplicate"), zipfile.ZipFile(out, "a") as file:
        file.writestr("guide.json", b"{}")
    return out.getvalue()


def locked(files):
    """Say in both headers of the first entry that it is encrypted."""
    packed = bytearray(made(files))
    packed[6] |= 1
    packed[packed.index(b"PK\x01\x02") + 8] |= 1
    return bytes(packed)


def lying(files):
    """A bomb that says it is small: 70 MB of zeros in 70 kB, its stated size made small."""
    packed = bytearray(made({**files, "pictures/step-01.webp": bytes(70_000_000)}))
    size = (70_000_000).to_bytes(4, "little")
    while size in packed:
        at = packed.index(size)
        packed[at : at + 4] = (1000).to_bytes(4, "little")
    return bytes(packed)


HOSTILE = {
    "text": (lambda files: b"no zip at all", "không phải gói hướng dẫn"),
    "nothing": (lambda files: b"", "không phải gói hướng dẫn"),
    "cut": (lambda files: made(files)[:-200], "không phải gói hướng dẫn"),
    "21 MB": (lambda files: bytes(20_000_001), "nặng quá 20 MB"),
    "10,000 entries": (lambda files: made({f"pictures/step-{n}.webp": b"" for n in range(10_000)}), "Gói có 10000 tệp"),
    "parent": (plus("../../etc/cron.d/x"), "tệp lạ “../../etc/cron.d/x”"),
    "parent within": (plus("pictures/../../x.webp"), "tệp lạ"),
    "absolute": (plus("/etc/passwd"), "tệp lạ “/etc/passwd”"),
    "backslash": (plus("pictures\\step-01.webp"), "tệp lạ “pictures?step-01.webp”"),
    "drive": (plus("C:/x.webp"), "tệp lạ"),
    "zero byte": (lambda files: plus("guide.json0x")(files).replace(b"guide.json0x", b"guide.json\0x"), "tệp lạ"),
    "nested": (plus("pictures/more.zip", b"PK\x03\x04"), "tệp lạ “pictures/more.zip”"),
    "program": (plus("run.sh"), "tệp lạ"),
    "link": (link, "tệp lạ"),
    "twice": (twice, "hai tệp cùng tên “guide.json”"),
    "locked": (locked, "khóa bằng mật khẩu"),
    "bomb": (plus("pictures/step-01.webp", bytes(61_000_000)), "bung ra quá 60 MB"),
    "lying bomb": (lying, "hoặc đã hỏng"),
    "no guide": (lambda files: made({"README.txt": b"x"}), "không có guide.json"),
    "no json": (plus("guide.json", b"{"), "Không đọc được guide.json"),
    "not text": (plus("guide.json", b"\xff\xfe"), "Không đọc được guide.json"),
    "deep": (plus("guide.json", b"[" * 100_000 + b"]" * 100_000), "Không đọc được guide.json"),
    "quite deep": (plus("guide.json", b"[" * 30 + b"]" * 30), "Không đọc được guide.json"),
    "long": (plus("guide.json", b'"' + b"x" * 400_000 + b'"'), "Không đọc được guide.json"),
    "no number": (plus("guide.json", b'{"format": NaN}'), "Không đọc được guide.json"),
    "zero sign": (plus("guide.json", b'{"format": "\\u0000"}'), "Không đọc được guide.json"),
    "half a sign": (plus("guide.json", b'{"format": "\\ud800"}'), "Không đọc được guide.json"),
    "other format": (plus("guide.json", b'{"format": "h5p"}'), "không phải bài hướng dẫn của Gõ Cửa"),
    "a list": (plus("guide.json", b"[]"), "không phải bài hướng dẫn của Gõ Cửa"),
}  # fmt: skip


@pytest.mark.parametrize("name", HOSTILE)
def test_a_zip_made_to_hurt_gets_its_sentence_and_nothing_comes_in(version, author, name):
    make, said = HOSTILE[name]
    assert said in refusal(make(entries(exchange.export(version))), author)


def within(*path, value):
    def alter(told):
        part = told
        for key in path[:-1]:
            part = part[key]
        part[path[-1]] = value

    return alter


@pytest.mark.parametrize(
    ("alter", "said"),
    [
        (within("format_version", value=2), "bản Gõ Cửa khác"),
        (within("language", value="fr"), "không phải bài tiếng Việt"),
        (within("surprise", value=1), "không phải bài hướng dẫn"),
        (within("guide", value=[]), "viết sai ở “guide”"),
        (within("guide", "language", value="en"), "viết sai ở “guide.language”"),
        (within("guide", "slug", value="../mau"), "viết sai ở “guide.slug”"),
        (within("guide", "slug", value="m" * 61), "viết sai ở “guide.slug”"),
        (within("guide", "order", value=70_000), "viết sai ở “guide.order”"),
        (within("guide", "words", value="mẫu"), "viết sai ở “guide.words”"),
        (within("guide", "review_by", value="mai"), "viết sai ở “guide.review_by”"),
        (within("guide", "author", value="viet"), "viết sai ở “guide.author”"),
        (within("guide", "version", "state", value="published"), "viết sai ở “version.state”"),
        (within("guide", "version", "minutes", value=True), "viết sai ở “version.minutes”"),
        (within("guide", "steps", value=[{}] * 21), "viết sai ở “guide.steps”"),
        (within("guide", "steps", 0, value={"picture": 7}), "viết sai ở “steps.1.picture”"),
        (within("guide", "steps", 0, "id", value=1), "viết sai ở “steps.1.id”"),
        (within("guide", "steps", 0, "picture", "screen", value=["bar"]), "viết sai ở “steps.1.picture.screen”"),
        (within("guide", "steps", 0, "picture", "targets", value={}), "viết sai ở “steps.1.picture.targets”"),
        (within("guide", "steps", 0, "blockers", value=[7]), "viết sai ở “steps.1.blockers”"),
        (within("guide", "steps", 0, "title", value=None), "chỗ không đọc được"),
    ],
)
def test_a_document_of_another_shape_is_refused_and_says_where(version, author, alter, said):
    assert said in refusal(altered(exchange.export(version), alter), author)


@pytest.mark.parametrize(
    ("part", "body"), [("photo-", media.bomb()), ("photo-", b"<svg/>"), (".opus", b"x"), (".m4a", media.voice())]
)
def test_a_photo_or_sound_that_is_none_keeps_the_zip_out(draft, author, part, body):
    files = entries(exchange.export(draft))
    name = next(name for name in files if part in name)
    drafts.discard(version=draft)
    assert refusal(made({**files, name: body}), author)


def test_a_guide_that_is_being_written_is_not_written_over(draft, author):
    packed = exchange.export(draft)
    assert "đang có một bản nháp" in refusal(packed, author)
    draft.refresh_from_db()
    assert draft.revision == 1


def test_a_procedure_that_is_not_here_is_named(version, author):
    packed = exchange.export(version)
    Guide.objects.all().delete()
    Procedure.objects.all().delete()
    assert "chưa có thủ tục “viec-mau”" in refusal(packed, author)


def test_a_code_that_another_guide_has_is_said(version, author):
    packed = altered(exchange.export(version), within("guide", "slug", value="khac"))
    assert "Đã có hướng dẫn mang tên hoặc mã này" in refusal(packed, author)


def test_folders_that_a_zip_program_adds_are_no_reason_to_refuse(version):
    files = entries(exchange.export(version))
    assert unpacking.unpack(made({"pictures/": b"", **files, "audio/": b""})) == files


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
