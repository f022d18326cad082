"""Readers hear the step as it reads now, wherever their phone is, and a guide stays light enough to be saved."""

import json

import pytest
from django.urls import reverse

from onboarding.guides import documents, drafts, materials, packing, pages, publishing, recordings, reviewing, sounds
from onboarding.guides.models import GuideVersion, Recording
from onboarding.refusal import Refused
from tests import build
from tests.guides import media
from tests.guides.test_drafts import TODAY, say

pytestmark = pytest.mark.django_db

RETOLD = (1, "Lời đã sửa sau khi ghi âm. Ghi lại.")
HEAVY = (0, "Bản ghi nặng quá, bài vượt 300 kB. Ghi ngắn lại.")


@pytest.fixture
def author(ward):
    return build.editor(ward.area, "viet")


@pytest.fixture
def draft(author, guide):
    """A draft whose first step was read aloud."""
    draft, sound = drafts.begin(user=author, guide=guide), sounds.take(media.voice())
    step = draft.work["steps"][0]
    heard = {**step, "audio": recordings.said(step, sound)}
    return drafts.change(user=author, version=draft, alter=lambda doc: documents.put_step(doc, 1, heard))


@pytest.fixture
def published(draft, author, ward):
    sent = reviewing.send_for_review(user=author, version=draft)
    return publishing.publish(user=ward.supervisor, version=sent)


def test_a_recorded_step_has_no_fault_until_its_words_change(draft, author):
    assert drafts.faults(draft.work, today=TODAY) == []
    assert RETOLD in drafts.faults(
        drafts.change(user=author, version=draft, alter=say("Bấm nút khác")).work, today=TODAY
    )


def test_another_picture_leaves_the_recording_alone(draft, author):
    other = {**draft.work["steps"][0], "picture": draft.work["steps"][1]["picture"], "needs": []}
    kept = drafts.change(user=author, version=draft, alter=lambda doc: documents.put_step(doc, 1, other))
    assert RETOLD not in drafts.faults(kept.work, today=TODAY)


@pytest.mark.parametrize(
    "audio",
    [
        7,
        {},
        {"opus": "0" * 64, "m4a": "0" * 64, "seconds": 2, "words": "x"},
        {"opus": 1, "m4a": 2, "seconds": "x", "words": []},
    ],
)
def test_a_recording_that_is_not_here_is_named(draft, author, audio):
    broken = {**draft.work["steps"][0], "audio": audio}
    kept = drafts.change(user=author, version=draft, alter=lambda doc: documents.put_step(doc, 1, broken))
    said = [text for step, text in drafts.faults(kept.work, today=TODAY) if step == 1]
    assert said == ["Không còn bản ghi âm của bước này. Ghi lại, hoặc bỏ bản ghi."]
    drafts.settle(kept)
    assert not Recording.objects.exists()


def test_recordings_that_make_a_guide_too_heavy_are_named_and_not_published(draft, author, ward, monkeypatch):
    sent = reviewing.send_for_review(user=author, version=draft)
    monkeypatch.setattr(recordings, "PACK", 20_000)
    assert HEAVY in drafts.faults(sent.work, today=TODAY)
    with pytest.raises(Refused) as no:
        publishing.publish(user=ward.supervisor, version=sent)
    assert (no.value.code, no.value.message) == ("too_heavy", HEAVY[1])
    sent.refresh_from_db()
    assert sent.state == GuideVersion.State.REVIEW


def test_what_a_drawn_version_weighs_is_what_its_pack_says(draft, author, ward, monkeypatch):
    sent = reviewing.send_for_review(user=author, version=draft)
    publishing.draw_missing(sent)
    weight = packing.manifest(sent, "", "")["bytes"]
    monkeypatch.setattr(recordings, "PACK", weight - 1)
    with pytest.raises(Refused) as no:
        publishing.publish(user=ward.supervisor, version=sent)
    assert no.value.code == "too_heavy"
    monkeypatch.setattr(recordings, "PACK", weight)
    assert publishing.publish(user=ward.supervisor, version=sent).state == GuideVersion.State.PUBLISHED


def test_what_is_not_drawn_yet_is_weighed_as_what_readers_have_now(draft, version, monkeypatch):
    spoken = materials.weight(draft.work["steps"][0]["audio"]["opus"], "opus")
    expected = version.sealed["manifest"]["bytes"] + spoken
    monkeypatch.setattr(recordings, "PACK", expected)
    assert recordings.heavy(draft.work) == []
    monkeypatch.setattr(recordings, "PACK", expected - 1)
    assert recordings.heavy(draft.work) == [HEAVY[1]]
    # Of a new guide nothing is known but its sisters.
    assert recordings.heavy({**draft.work, "slug": "moi"}) == [HEAVY[1]]
    GuideVersion.objects.update(sealed=None)
    assert recordings.heavy(draft.work) == []


def test_a_guide_without_recordings_is_never_called_heavy(guide, author, monkeypatch):
    monkeypatch.setattr(recordings, "PACK", 1)
    plain = drafts.begin(user=author, guide=guide)
    assert drafts.faults(plain.work, today=TODAY) == []


def test_readers_get_a_player_that_needs_neither_voice_nor_script(published, client):
    opus, m4a = (recordings.address(published.work["steps"][0]["audio"][form], form) for form in ("opus", "m4a"))
    page = client.get(reverse("guides:step", args=["mau", 1])).content.decode()
    assert f'<source src="{opus}" type="audio/ogg; codecs=opus"><source src="{m4a}" type="audio/mp4">' in page
    assert 'data-module="recorded"' in page and 'data-module="read-aloud"' not in page
    other = client.get(reverse("guides:step", args=["mau", 2])).content.decode()
    assert "<audio" not in other and 'data-module="read-aloud"' in other


def test_the_light_file_belongs_to_the_pack_and_the_team_gets_its_address(published):
    said = published.work["steps"][0]["audio"]
    files = {file["url"]: file for file in packing.manifest(published, "", "")["files"]}
    assert files[f"/tieng/{said['opus']}.opus"]["bytes"] == len(materials.read(said["opus"], "opus"))
    assert f"/tieng/{said['m4a']}.m4a" not in files
    steps = json.loads(pages.steps(published))["steps"]
    assert [sorted(step["sound"]) for step in steps] == [["m4a", "opus"], []]


@pytest.mark.parametrize(
    ("asked", "status", "told"),
    [
        (None, 200, None),
        ("bytes=0-99", 206, "bytes 0-99/{size}"),
        ("bytes=100-", 206, "bytes 100-{last}/{size}"),
        ("bytes=-5", 206, "bytes {tail}-{last}/{size}"),
        ("bytes=0-1,5-6", 200, None),
        ("bytes=-", 200, None),
        ("bytes=999999-", 416, "bytes */{size}"),
        ("bytes=9-3", 416, "bytes */{size}"),
    ],
)
def test_a_player_gets_the_part_it_asks_for(published, client, asked, status, told):
    said = published.work["steps"][0]["audio"]
    whole = materials.read(said["opus"], "opus")
    answer = client.get(f"/tieng/{said['opus']}.opus", **({"HTTP_RANGE": asked} if asked else {}))
    size = len(whole)
    assert answer.status_code == status
    assert answer.get("Content-Range") == (told.format(size=size, last=size - 1, tail=size - 5) if told else None)
    assert answer["ETag"] == f'"{said["opus"][:32]}"'
    if status == 200:
        assert answer.content == whole
        assert answer["Content-Type"] == "audio/ogg; codecs=opus"
        assert "immutable" in answer["Cache-Control"]
    if status == 206:
        assert answer.content in whole


def test_the_recording_of_a_draft_does_not_exist_for_readers(draft, author, client):
    said = draft.work["steps"][0]["audio"]
    assert client.get(f"/tieng/{said['opus']}.opus").status_code == 404
    reviewing.send_for_review(user=author, version=draft)
    assert client.get(f"/tieng/{said['opus']}.opus").status_code == 404


def test_a_new_recording_is_a_difference_that_a_reviewer_sees(draft, author, ward):
    def lines():
        (pair,) = [pair for pair in reviewing.difference_of(draft).steps if pair.kind == "changed"]
        return [(line.name, [piece.text for piece in line.new]) for line in pair.lines]

    assert lines() == [("Bản ghi âm", ["Có."])]
    sent = reviewing.send_for_review(user=author, version=draft)
    publishing.publish(user=ward.supervisor, version=sent)
    draft = drafts.begin(user=author, guide=sent.guide)
    step = {**draft.work["steps"][0], "audio": recordings.said(draft.work["steps"][0], sounds.take(media.voice(3)))}
    draft = drafts.change(user=author, version=draft, alter=lambda doc: documents.put_step(doc, 1, step))
    assert lines() == [("Bản ghi âm", ["Ghi lại."])]
    bare = {key: value for key, value in step.items() if key != "audio"}
    draft = drafts.change(user=author, version=draft, alter=lambda doc: documents.put_step(doc, 1, bare))
    assert lines() == [("Bản ghi âm", [])]
