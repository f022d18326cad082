"""Files: pieces that survive any interruption, only for entries that name them, believed only by their hash."""

import json
import random

import pytest
from django.core.files.storage import default_storage
from django.db import connection

from onboarding.ids import new_id
from onboarding.submissions import attachments
from onboarding.sync import durable, uploads
from onboarding.sync.models import Entry, Upload
from tests.phone import CHUNK, enrolled, sha256, visit_body
from tests.transport import through_django

PHOTO = random.Random(7).randbytes(200_000)


@pytest.fixture
def carrying(home):
    """Capture an entry that names files: carrying(phone, paper=b"…") → (entry id, hash of the first file)."""

    def capture(phone, **files):
        entry = phone.capture(
            "visit", visit_body(), subject=home.pk, chain=new_id(), area=home.area_id, files=files or {"paper-1": PHOTO}
        )
        return entry, next(iter(phone.outbox[entry].files))

    return capture


def test_a_file_arrives_in_pieces_and_is_proved_by_its_hash(phone, carrying):
    entry, name = carrying(phone)
    phone.push()
    assert phone.hello()["files_missing"] == [name]
    answer = phone.upload(entry)

    assert (answer.status, answer.json["complete"], phone.is_ours(answer.json)) == (200, True, True)
    with default_storage.open(attachments.sealed_name(name)) as file:
        assert file.read() == phone.outbox[entry].files[name]
    assert Upload.objects.get(pk=name).done_at is not None
    assert phone.hello()["files_missing"] == []
    assert not list(uploads._path(Upload(sha256=name)).parent.glob("*.part"))


@pytest.mark.fault("F25")
def test_an_upload_cut_at_any_byte_goes_on_from_there_and_sends_at_most_one_piece_twice(phone, carrying):
    entry, name = carrying(phone)
    phone.push()
    sealed, luck, sent = phone.outbox[entry].files[name], random.Random(3), 0
    for _ in range(400):
        offset = phone.where(entry, name, len(sealed))
        piece = sealed[offset : offset + luck.randint(1, 9000)]
        if luck.random() < 0.5:
            sent += len(piece)
            phone.patch(name, piece, offset)  # the answer is lost
        elif luck.random() < 0.5:
            elsewhere = phone.patch(name, piece, offset + luck.choice([-1, 1]) * luck.randint(1, 5000) % len(sealed))
            assert elsewhere.status in (400, 409)
        if phone.where(entry, name, len(sealed)) == len(sealed):
            break
    assert sent <= len(sealed)
    assert phone.upload(entry).status == 200
    assert default_storage.open(attachments.sealed_name(name)).read() == sealed


@pytest.mark.fault("F26")
def test_when_the_server_lost_its_part_the_phone_begins_anew(phone, carrying):
    entry, name = carrying(phone)
    phone.push()
    sealed = phone.outbox[entry].files[name]
    phone.patch(name, sealed[:CHUNK], phone.where(entry, name, len(sealed)))
    uploads._path(Upload(sha256=name)).unlink()

    assert phone.request("HEAD", f"/sync/files/{name}/").status == 404
    assert phone.upload(entry).status == 200


@pytest.mark.fault("F26")
def test_when_storage_lost_a_whole_file_that_is_still_needed_it_is_asked_for_again(phone, carrying, monkeypatch):
    entry, name = carrying(phone)
    phone.push()
    phone.upload(entry)
    default_storage.delete(attachments.sealed_name(name))
    monkeypatch.setattr(attachments, "missing_files", lambda ids: [name])
    phone.outbox[entry].done.clear()

    assert phone.hello()["files_missing"] == [name]
    assert phone.upload(entry).status == 200
    assert default_storage.exists(attachments.sealed_name(name))


def test_a_piece_at_another_offset_is_409_with_the_true_one(phone, carrying):
    entry, name = carrying(phone)
    phone.push()
    sealed = phone.outbox[entry].files[name]
    phone.where(entry, name, len(sealed))
    phone.patch(name, sealed[:1000], 0)
    for offset, piece in ((0, sealed[:1000]), (2000, sealed[2000:2100]), (1000, sealed[:CHUNK] + b"x" * 5)):
        answer = phone.patch(name, piece, offset)
        assert answer.status in (409, 413)
    assert phone.patch(name, b"x" * 10, 5).headers["upload-offset"] == "1000"
    assert phone.request("HEAD", f"/sync/files/{name}/").headers["upload-offset"] == "1000"


def test_a_file_that_hashes_wrong_begins_anew_and_is_never_handed_on(phone, carrying):
    entry, name = carrying(phone, paper=b"a" * 1000)
    phone.push()
    sealed = phone.outbox[entry].files[name]
    phone.where(entry, name, len(sealed))
    answer = phone.patch(name, b"x" * len(sealed), 0)

    assert (answer.status, answer.headers["upload-offset"]) == (460, "0")
    assert not default_storage.exists(attachments.sealed_name(name))
    assert phone.upload(entry).status == 200


def test_bytes_beyond_the_announced_size_are_refused(phone, carrying):
    entry, name = carrying(phone, paper=b"a" * 1000)
    phone.push()
    sealed = phone.outbox[entry].files[name]
    phone.where(entry, name, len(sealed))
    assert phone.patch(name, sealed + b"x", 0).status == 409
    assert phone.create(entry, name, len(sealed) + 1).status == 404


def test_a_stranger_gets_404_for_a_file_that_is_not_hers(phone, carrying, ward):
    entry, name = carrying(phone)
    phone.push()
    phone.where(entry, name, len(phone.outbox[entry].files[name]))
    other = enrolled(ward.stranger, ward.stranger)
    size = len(phone.outbox[entry].files[name])

    assert other.request("HEAD", f"/sync/files/{name}/").status == 404
    assert other.create(entry, name, size).status == 404
    assert other.patch(name, b"x", 0).status == 404
    assert phone.create(entry, "b" * 64, 10).status == 404


@pytest.mark.fault("F70")
def test_an_entry_that_names_too_large_or_too_many_files_is_parked(phone, home):
    place = {"subject": home.pk, "area": home.area_id}
    file = {"sha256": "a" * 64, "size": 10}
    for files in (
        [{**file, "slot": "a", "size": 5 * 1024 * 1024 + 1}],
        [{**file, "slot": f"s{i}"} for i in range(21)],
        [{**file, "slot": "a"}, {**file, "slot": "a"}],
        [{**file, "slot": "../x"}],
        [{**file, "slot": "a", "sha256": "A" * 64}],
        [{**file, "slot": "a", "size": 0}],
    ):
        entry = phone.capture("visit", visit_body(), chain=new_id(), **place)
        row = phone.outbox[entry]
        row.entry = phone.signed({**row.entry, "files": files})
        phone.push(entry)
        assert phone.receipt(entry)["code"] == "answers_invalid"


def test_beyond_its_daily_share_a_phone_waits_with_its_files(phone, carrying, settings):
    settings.SYNC_FILE_BYTES_A_DAY = 250_000
    first, _name = carrying(phone)
    second, name = carrying(phone, paper=PHOTO[:100_000])
    phone.push()
    assert phone.upload(first).status == 200
    answer = phone.upload(second)
    assert (answer.status, answer.json["code"]) == (429, "too_many")
    assert int(answer.headers["retry-after"]) > 0
    assert name in phone.hello()["files_missing"]


@pytest.mark.fault("F79")
@pytest.mark.parametrize("name", ["../../etc/passwd", "..%2f..%2fx", "A" * 64, "a" * 63, "con", "a" * 64 + "%00"])
def test_a_name_that_is_no_hash_never_reaches_the_disk(phone, name):
    assert phone.patch(name, b"x", 0).status == 404
    meta = phone.create(str(new_id()), name.replace("%", ""), 10)
    assert meta.status == 404


@pytest.mark.fault("F80")
@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"Content-Type": "multipart/form-data; boundary=x"}, 415),
        ({"Content-Type": "image/jpeg"}, 415),
        ({"Upload-Offset": "-1"}, 400),
        ({"Upload-Offset": "x"}, 400),
        ({"Upload-Offset": "9" * 30}, 400),
    ],
)
def test_tricks_with_headers_are_4xx(phone, carrying, headers, status):
    entry, name = carrying(phone)
    phone.push()
    phone.where(entry, name, len(phone.outbox[entry].files[name]))
    good = {"Upload-Offset": "0", "Content-Type": "application/offset+octet-stream"}
    answer = phone.request("PATCH", f"/sync/files/{name}/", body=b"x", headers=good | headers)
    assert answer.status == status
    assert answer.is_ours()


def test_a_piece_over_64_kilobytes_is_413(phone, carrying):
    entry, name = carrying(phone)
    phone.push()
    assert phone.patch(name, b"x" * (CHUNK + 1), 0).status == 413
    signed = phone.headers("PATCH", f"/sync/files/{name}/", b"x")
    assert through_django("PATCH", f"/sync/files/{name}/", b"y", signed).status == 401


@pytest.mark.skipif(connection.vendor != "sqlite", reason="the embedded database's own backup")
@pytest.mark.django_db(transaction=True)
def test_when_the_last_file_is_here_the_entry_gets_a_newer_number_that_a_backup_must_cover(phone, carrying, home):
    """The first number may be older than the photo: a phone that went by it would drop a photo no backup has."""
    phone.hello()
    entry, name = carrying(phone)
    phone.push()
    before = phone.receipt(entry)["number"]
    durable.back_up()
    assert phone.hello()["durable"][str(home.area_id)] < before

    phone.upload(entry)
    phone.outbox[entry].done.add(name)
    hello = phone.hello()
    assert phone.receipt(entry)["number"] > before
    phone.purge(hello["durable"])
    assert entry in phone.outbox
    durable.back_up()
    phone.purge(phone.hello()["durable"])
    assert entry not in phone.outbox


def test_a_file_that_came_before_its_held_entry_is_announced_when_the_entry_is_applied(phone, home, monkeypatch):
    told = []
    monkeypatch.setattr(attachments, "file_arrived", lambda *, sha256: told.append(sha256))
    first = phone.capture("visit", visit_body(), subject=home.pk, chain=home.pk, area=home.area_id)
    second = phone.capture(
        "submission", {}, subject=new_id(), chain=home.pk, area=home.area_id, files={"paper-1": b"p" * 100}
    )
    phone.push(second)
    phone.upload(second)
    told.clear()
    from onboarding.submissions import intake

    monkeypatch.setattr(intake, "take_submission", lambda **_values: None)
    monkeypatch.setattr("onboarding.sync.kinds._keys", lambda body, names: body.update(dict.fromkeys(names.split())))
    monkeypatch.setattr("onboarding.sync.kinds.as_uuid", lambda value: value)
    monkeypatch.setattr("onboarding.sync.kinds._answers", lambda value: value)
    phone.push(first)

    assert Entry.objects.get(pk=second).verdict == "accepted"
    assert told == list(phone.outbox[second].files)


def test_the_proof_names_size_and_hash(phone, carrying):
    entry, name = carrying(phone, paper=b"z" * 50)
    phone.push()
    answer = phone.upload(entry)
    body = json.loads(answer.body)
    assert {key: body[key] for key in ("sha256", "size", "complete")} == {
        "sha256": sha256(phone.outbox[entry].files[name]), "size": 143, "complete": True,
    }  # fmt: skip
    again = phone.patch(name, b"", 143)
    assert again.json == body
