"""Files on their way: ciphertext in pieces, resumable, named by its own hash.

For: the core of the tus protocol (create, ask the offset, append) for files that an entry of this phone names.
Only a file whose size and hash are right is handed to submissions. Not for: what is in a file; nobody here can
read it, and its name is never used as a path.
"""

import fcntl
import hashlib
import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import IO, Any

from django.conf import settings
from django.core.files import File
from django.core.files.storage import default_storage
from django.db.models import Sum
from django.utils import timezone

from onboarding.failpoint import failpoint
from onboarding.journal.recording import recording
from onboarding.submissions import attachments
from onboarding.sync import receipts
from onboarding.sync.envelope import MAX_FILE
from onboarding.sync.models import Device, EntryFile, Upload
from onboarding.sync.requests import Halt

HASH = re.compile("[0-9a-f]{64}")
CHUNK = 64 * 1024
DAY = timedelta(days=1)
CHECKSUM_MISMATCH = 460


def create(device: Device, *, sha256: str, size: int) -> Upload:
    """Begin (or find again) the upload of a file and return it; its offset says where to go on.

    Raises Halt: 404 when no entry of this phone names the file with this size, 413 when it is too large, 429 when
    the phone has sent its share of the day.
    """
    named = _named(device, sha256)
    if named is None or named.size != size:
        raise Halt(404, "not_found")
    if size > MAX_FILE:
        raise Halt(413, "too_large", most=MAX_FILE)
    upload = Upload.objects.filter(pk=sha256).first()
    if upload is None:
        _check_quota(device, size)
        upload, _new = Upload.objects.get_or_create(sha256=sha256, defaults={"device": device, "size": size})
    return _as_it_is(device, upload) or Upload.objects.create(sha256=sha256, device=device, size=size)


def find(device: Device, sha256: str) -> Upload:
    """Return the upload of a file that this phone may send. Raises Halt 404 when there is none.

    A file whose part was lost on our side is unknown again: the phone still has it and begins anew.
    """
    upload = Upload.objects.filter(pk=sha256).first() if _named(device, sha256) else None
    upload = _as_it_is(device, upload) if upload else None
    if upload is None:
        raise Halt(404, "not_found")
    return upload


def append(device: Device, sha256: str, *, offset: int, chunk: bytes) -> Upload:
    """Add a piece at offset and return the upload; `done_at` is set when it is whole and its hash is right.

    1. one writer at a time, by a lock on the part file that dies with the process;
    2. a piece that does not continue exactly where we are is refused with the true offset (409);
    3. the bytes are on disk before the row says so: killed between, the phone sends the piece again;
    4. at the full size the hash decides: wrong means from the beginning (460).
    """
    upload = find(device, sha256)
    if upload.done_at:
        return upload
    with _part(upload, "r+b") as part:
        upload.refresh_from_db()
        if offset != upload.offset or offset + len(chunk) > upload.size:
            raise Halt(409, "offset", headers={"Upload-Offset": str(upload.offset)}, offset=upload.offset)
        _write_at(part, offset, chunk)
        failpoint("uploads.after_write")
        Upload.objects.filter(pk=upload.pk, offset=offset).update(offset=offset + len(chunk))
        upload.offset = offset + len(chunk)
        if upload.offset == upload.size:
            _finish(upload, part)
    return upload


def proof(device: Device, upload: Upload) -> dict[str, object]:
    """Return our word that a file is here whole, with a MAC: only then may the phone drop its copy some day."""
    payload = {"sha256": upload.pk, "size": upload.size, "complete": True}
    return receipts.signed(receipts.key_of(device), payload)


def _named(device: Device, sha256: str) -> EntryFile | None:
    if not HASH.fullmatch(sha256):  # a NUL among it would be an error of the database, not an answer
        return None
    return EntryFile.objects.filter(entry__device=device, sha256=sha256).first()


def _check_quota(device: Device, size: int) -> None:
    recent = Upload.objects.filter(device=device, started_at__gt=timezone.now() - DAY)
    used = recent.aggregate(Sum("size"))["size__sum"] or 0
    if used + size > settings.SYNC_FILE_BYTES_A_DAY:
        raise Halt(429, "too_many", headers={"Retry-After": "3600"})


def _as_it_is(device: Device, upload: Upload) -> Upload | None:
    """Return the upload if what its row claims is true, else forget it (None)."""
    return _still_here(device, upload) if upload.done_at else _true_offset(upload)


def _still_here(device: Device, upload: Upload) -> Upload | None:
    """A whole file that submissions misses after all: announce it again, or forget it when storage lost it."""
    entries = EntryFile.objects.filter(entry__device=device, sha256=upload.pk).values_list("entry", flat=True)
    if upload.pk not in attachments.missing_files(list(entries)):
        return upload
    if default_storage.exists(attachments.sealed_name(upload.pk)):
        attachments.file_arrived(sha256=upload.pk)
        return upload
    upload.delete()
    return None


def _true_offset(upload: Upload) -> Upload | None:
    """Compare with the bytes on disk. A whole part that was not checked yet is finished here."""
    path = _path(upload)
    if upload.offset == 0:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    elif not path.exists() or path.stat().st_size < upload.offset:
        upload.delete()
        return None
    elif upload.offset == upload.size:
        with _part(upload, "r+b") as part:  # killed between the last piece and the check
            _finish(upload, part)
    return upload


def _finish(upload: Upload, part: IO[Any]) -> None:
    """Check the hash, move the file to its place and tell submissions, or begin anew."""
    part.seek(0)
    if _hash_of(part) != upload.pk:
        part.truncate(0)
        Upload.objects.filter(pk=upload.pk).update(offset=0)
        raise Halt(CHECKSUM_MISMATCH, "checksum", headers={"Upload-Offset": "0"}, offset=0)
    name = attachments.sealed_name(upload.pk)
    if not default_storage.exists(name):
        part.seek(0)
        default_storage.save(name, File(part))
    failpoint("uploads.before_done")
    upload.done_at = timezone.now()
    with recording(upload.device.user, device=upload.device_id) as journal:
        Upload.objects.filter(pk=upload.pk).update(done_at=upload.done_at)
        attachments.file_arrived(sha256=upload.pk)
        receipts.renumber_complete(journal, upload.pk)
    _path(upload).unlink(missing_ok=True)


def _hash_of(part: IO[Any]) -> str:
    found = hashlib.sha256()
    while piece := part.read(1 << 20):
        found.update(piece)
    return found.hexdigest()


def _write_at(part: IO[Any], offset: int, chunk: bytes) -> None:
    part.seek(offset)
    part.write(chunk)
    part.truncate()
    _to_disk(part)


def _to_disk(part: IO[Any]) -> None:
    part.flush()
    os.fsync(part.fileno())


@contextmanager
def _part(upload: Upload, mode: str) -> Iterator[IO[Any]]:
    with _path(upload).open(mode) as part:
        fcntl.flock(part, fcntl.LOCK_EX)
        yield part


def _path(upload: Upload) -> Path:
    return Path(settings.UPLOAD_DIR) / f"{upload.pk}.part"
