"""A paper is opened, decoded whole and drawn anew in the worker; what comes out is a picture and nothing else."""

import io
import struct
import zlib
from datetime import timedelta

import pytest
from django.core.files.storage import default_storage
from django.utils import timezone
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from onboarding import vault
from onboarding.celery import app
from onboarding.submissions import attachments, delivery, feed, photos
from onboarding.submissions.models import Attachment, Status, Submission
from tests import build

CANARY = b"<script>canary</script>"


def bomb(width: int, height: int) -> bytes:
    """A small PNG that claims to be huge."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    rows = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", rows) + chunk(b"IEND", b"")


def with_place() -> bytes:
    """A JPEG that says where it was taken, with a comment, a thumbnail-like note and a profile."""
    exif = Image.Exif()
    exif[0x010E] = "canary"
    exif.get_ifd(0x8825)[2] = (21.0, 2.0, 8.0)
    return build.drawn_photo(exif=exif.tobytes(), comment=CANARY, icc_profile=b"canary profile")


def animated() -> bytes:
    target = io.BytesIO()
    frames = [Image.new("RGB", (40, 40), colour) for colour in ("red", "blue")]
    frames[0].save(target, "WEBP", save_all=True, append_images=frames[1:])
    return target.getvalue()


def text_png() -> bytes:
    info = PngInfo()
    info.add_text("Comment", "canary")
    return build.drawn_photo(kind="PNG", pnginfo=info)


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_three_kinds_of_pictures_are_taken_and_become_a_jpeg_of_at_most_1600(kind):
    photo = photos.clean(build.drawn_photo(2000, 1000, kind))
    assert (photo.width, photo.height) == (1600, 800)
    assert Image.open(io.BytesIO(photo.content)).format == "JPEG"


@pytest.mark.parametrize(
    "content",
    [
        pytest.param(build.drawn_photo()[:3000], id="truncated", marks=pytest.mark.fault("F73")),
        pytest.param(bomb(8000, 7500), id="60 megapixels", marks=pytest.mark.fault("F71")),
        pytest.param(bomb(60000, 60000), id="3600 megapixels", marks=pytest.mark.fault("F71")),
        pytest.param(bomb(100, 100), id="lying header", marks=pytest.mark.fault("F71")),
        pytest.param(b"", id="empty", marks=pytest.mark.fault("F75")),
        pytest.param(b"<html>" + CANARY, id="html", marks=pytest.mark.fault("F75")),
        pytest.param(b"<svg xmlns='http://www.w3.org/2000/svg'/>", id="svg", marks=pytest.mark.fault("F75")),
        pytest.param(build.drawn_photo(kind="GIF"), id="gif", marks=pytest.mark.fault("F75")),
        pytest.param(build.drawn_photo(kind="TIFF"), id="tiff", marks=pytest.mark.fault("F75")),
        pytest.param(build.drawn_photo(kind="BMP"), id="bmp", marks=pytest.mark.fault("F75")),
        pytest.param(animated(), id="animated", marks=pytest.mark.fault("F75")),
        pytest.param(b"\xff\xd8\xff\xe0" + b"\0" * 2000, id="jpeg head only", marks=pytest.mark.fault("F73")),
        pytest.param(build.drawn_photo() + b"x" * 5_000_000, id="heavy", marks=pytest.mark.fault("F70")),
    ],
)
def test_anything_else_is_refused_with_a_sentence(content):
    with pytest.raises(photos.BadPhoto, match=r"Chụp lại"):
        photos.clean(content)


@pytest.mark.fault("F74")
def test_a_second_file_behind_a_picture_stays_behind():
    photo = photos.clean(build.drawn_photo() + CANARY + b"PK\x03\x04")
    assert b"canary" not in photo.content
    assert b"PK\x03\x04" not in photo.content


@pytest.mark.fault("F76")
@pytest.mark.parametrize("content", [with_place(), text_png()], ids=["jpeg", "png"])
def test_place_notes_and_profiles_are_gone(content):
    assert b"canary" in content
    photo = photos.clean(content)
    picture = Image.open(io.BytesIO(photo.content))
    assert (dict(picture.getexif()), picture.info.get("icc_profile"), picture.info.get("comment")) == ({}, None, None)
    assert b"canary" not in photo.content


def test_a_picture_on_its_side_is_turned_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    photo = photos.clean(build.drawn_photo(600, 400, exif=exif.tobytes()))
    assert (photo.width, photo.height) == (400, 600)


def filed_with(ward, content: bytes, **changes: object) -> tuple[Submission, dict]:
    entry = build.new_id()
    file = build.sealed_photo(entry, content)
    return build.filed(ward, entry=entry, files=(file,), **changes), file


def paper_of(row: Submission) -> Attachment:
    return Attachment.objects.get(submission=row)


def test_a_good_paper_makes_the_submission_complete_and_rings(ward, bells, django_capture_on_commit_callbacks):
    row, file = filed_with(ward, build.drawn_photo())
    assert attachments.missing_files([row.entry]) == [file["sha256"]]
    with django_capture_on_commit_callbacks(execute=True):
        assert attachments.file_arrived(sha256=file["sha256"]) == 1
        assert attachments.file_arrived(sha256=file["sha256"]) == 0
    assert paper_of(row).state == Attachment.State.HERE
    with django_capture_on_commit_callbacks(execute=True):
        attachments.check_files(row.pk)
        attachments.check_files(row.pk)

    paper = paper_of(row)
    assert (paper.state, paper.width, paper.height) == (Attachment.State.GOOD, 640, 480)
    assert bells == [("check_files", [str(row.pk)]), ("deliver", [str(row.pk)])]
    assert Submission.objects.get(pk=row.pk).complete_at is not None
    with default_storage.open(paper.stored) as kept:
        assert b"JFIF" not in kept.read(), "encrypted at rest"
    assert Image.open(io.BytesIO(attachments.picture(paper))).size == (640, 480)


def test_a_picture_belongs_to_its_row(ward):
    papers = []
    for _ in range(2):
        row, file = filed_with(ward, build.drawn_photo())
        attachments.file_arrived(sha256=file["sha256"])
        attachments.check_files(row.pk)
        papers.append(paper_of(row))
    papers[0].stored = papers[1].stored
    with pytest.raises(vault.VaultError):
        attachments.picture(papers[0])


@pytest.mark.fault("F73")
def test_a_damaged_paper_is_told_to_the_phone_and_holds_the_submission_back(ward, portal):
    row, file = filed_with(ward, build.drawn_photo()[:3000])
    attachments.file_arrived(sha256=file["sha256"])
    attachments.check_files(row.pk)

    message = "Ảnh bị hỏng giữa chừng. Chụp lại ảnh này."
    assert attachments.bad_files([row.entry]) == [{"sha256": file["sha256"], "message": message}]
    assert delivery.deliver(row.pk) is False
    told = feed.describe("submission", [row.pk], user=ward.member)[row.pk]
    assert (told["status_text"], told["files"], told["files_here"]) == ("Ảnh hỏng, cần chụp lại", 1, 0)


def test_a_paper_sealed_for_another_slot_is_damaged(ward):
    entry = build.new_id()
    file = build.sealed_photo(entry, build.drawn_photo(), slot="paper-2")
    row = build.filed(ward, entry=entry, files=({**file, "slot": "paper-1"},))
    attachments.file_arrived(sha256=file["sha256"])
    attachments.check_files(row.pk)
    assert (paper_of(row).state, paper_of(row).problem) == ("damaged", "Không mở được ảnh này. Chụp lại ảnh này.")


@pytest.mark.parametrize("loss", ["gone", "shorter"])
def test_a_ciphertext_that_the_storage_lost_is_asked_of_the_phone_again(ward, loss):
    row, file = filed_with(ward, build.drawn_photo())
    attachments.file_arrived(sha256=file["sha256"])
    name = attachments.sealed_name(file["sha256"])
    default_storage.delete(name)
    if loss == "shorter":
        default_storage.save(name, io.BytesIO(b"half of it"))
    attachments.check_files(row.pk)
    assert paper_of(row).state == Attachment.State.MISSING
    assert attachments.missing_files([row.entry]) == [file["sha256"]]


def test_a_lost_bell_for_checking_is_rung_again_by_the_sweep(ward, bells):
    row, file = filed_with(ward, build.drawn_photo())
    attachments.file_arrived(sha256=file["sha256"])
    bells.clear()
    delivery.sweep()
    assert bells == [("check_files", [str(row.pk)])]


def test_a_whole_submission_whose_worker_died_before_it_said_so_is_found(ward, portal, monkeypatch):
    row, file = filed_with(ward, build.drawn_photo())
    attachments.file_arrived(sha256=file["sha256"])
    monkeypatch.setattr(attachments, "_complete", lambda pk: None)
    attachments.check_files(row.pk)
    monkeypatch.undo()
    assert attachments.unchecked(10) == [row.pk]
    attachments.check_files(row.pk)
    assert Submission.objects.get(pk=row.pk).complete_at is not None
    assert attachments.unchecked(10) == []


def test_a_disk_that_is_full_is_not_the_papers_fault(ward, monkeypatch):
    row, file = filed_with(ward, build.drawn_photo())
    attachments.file_arrived(sha256=file["sha256"])

    def full(*args, **options):
        raise OSError("no space left")

    monkeypatch.setattr(attachments.default_storage, "save", full)
    for _ in range(8):
        with pytest.raises(OSError, match="no space"):
            attachments.check_files(row.pk)
    monkeypatch.undo()
    attachments.check_files(row.pk)
    assert (paper_of(row).state, paper_of(row).tries) == ("good", 0)


def test_a_paper_that_ends_the_worker_every_time_is_given_up_and_told_to_the_phone(ward):
    row, file = filed_with(ward, build.drawn_photo())
    attachments.file_arrived(sha256=file["sha256"])
    Attachment.objects.filter(submission=row).update(tries=attachments.MOST_TRIES)
    attachments.check_files(row.pk)
    assert attachments.bad_files([row.entry])[0]["message"] == "Máy không đọc được ảnh này. Chụp lại ảnh này."


def test_with_all_papers_it_is_sent_and_the_same_pictures_are_read_back(ward, portal):
    row, file = filed_with(ward, build.drawn_photo())
    attachments.file_arrived(sha256=file["sha256"])
    attachments.check_files(row.pk)
    delivery.deliver(row.pk)
    after = Submission.objects.get(pk=row.pk)
    assert (after.status, after.arrived_files) == (Status.SENT, 1)
    assert portal.ledger[0].files[0].load() == attachments.picture(paper_of(row))


def test_originals_stay_for_a_week_after_completion_and_pictures_stay(ward):
    row, file = filed_with(ward, build.drawn_photo())
    attachments.file_arrived(sha256=file["sha256"])
    attachments.check_files(row.pk)
    assert attachments.drop_originals() == 0
    Submission.objects.update(complete_at=timezone.now() - timedelta(days=8))
    assert attachments.drop_originals() == 1
    assert not default_storage.exists(attachments.sealed_name(file["sha256"]))
    assert attachments.picture(paper_of(row))
    assert "onboarding.submissions.tasks.drop_originals" in {row["task"] for row in app.conf.beat_schedule.values()}
