"""The papers of a submission: from sealed bytes to a picture that is whole, safe and encrypted at rest.

For: what a phone announced, what arrived, what proved good or damaged. Sealed files keep the name of their hash;
pictures get a name of their own and are encrypted to their row. Checking runs in the worker only.
Not for: receiving bytes (sync) or decoding them (photos.py).
"""

import hashlib
import logging
import random
import secrets
from collections.abc import Iterable
from datetime import timedelta
from uuid import UUID

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding import seal, vault
from onboarding.failpoint import failpoint
from onboarding.journal.recording import Journal, recording
from onboarding.submissions import photos
from onboarding.submissions.bell import ring_after_commit
from onboarding.submissions.models import NOT_SENT, Attachment, Submission

log = logging.getLogger(__name__)
State = Attachment.State
MOST_TRIES = 5


def sealed_name(sha256: str) -> str:
    """Return the storage name of a ciphertext: "sealed/ab/abcd…"."""
    return f"sealed/{sha256[:2]}/{sha256}"


def file_arrived(*, sha256: str) -> int:
    """Mark every paper with this ciphertext as here and ring for its check; return how many. Safe to repeat.

    Called when size and hash of the ciphertext at sealed_name() are proved.
    """
    with recording(None) as journal:
        waiting = Attachment.objects.filter(sealed_sha256=sha256, state=State.MISSING)
        found = list(waiting.select_related("submission"))
        for paper in found:
            if _settle(paper, State.HERE):
                journal.changed("submission", paper.submission_id, paper.submission.area_id)
                ring_after_commit("check_files", paper.submission_id)
    return len(found)


def missing_files(entry_ids: Iterable[UUID]) -> list[str]:
    """Return the hashes of ciphertexts that the server still lacks for these entries."""
    papers = Attachment.objects.filter(submission__entry__in=list(entry_ids), state=State.MISSING)
    return sorted(set(papers.values_list("sealed_sha256", flat=True)))


def bad_files(device_entry_ids: Iterable[UUID]) -> list[dict[str, str]]:
    """Return [{"sha256", "message"}] of files that proved damaged, for these entries."""
    papers = Attachment.objects.filter(submission__entry__in=list(device_entry_ids), state=State.DAMAGED)
    return [{"sha256": p.sealed_sha256, "message": p.problem} for p in papers.order_by("sealed_sha256")]


def unchecked(limit: int) -> list[UUID]:
    """Return some submissions that have papers to check, or are whole and were not told so: bells may have been lost.

    In no order, so that papers which nobody can get through with never stand in the way of the others.
    """
    here = Submission.objects.filter(attachments__state=State.HERE)
    whole = Submission.objects.filter(complete_at__isnull=True, status__in=NOT_SENT)
    whole = whole.exclude(attachments__state__in=(State.MISSING, State.HERE, State.DAMAGED))
    waiting = set(here.values_list("pk", flat=True)[:1000]) | set(whole.values_list("pk", flat=True)[:1000])
    return random.sample(sorted(waiting), min(limit, len(waiting)))  # noqa: S311  fairness, not secrecy


def check_files(submission_id: UUID) -> None:
    """Check every paper of a submission that is here, then see whether it is complete. Worker only; repeatable."""
    for paper in Attachment.objects.filter(submission=submission_id, state=State.HERE).select_related("submission"):
        _check(paper)
    _complete(submission_id)


def picture(paper: Attachment) -> bytes:
    """Return the checked picture of a good paper as JPEG bytes. Showing it to a person is an audited read.

    Raises VaultError or OSError when the stored bytes are not what was stored.
    """
    with default_storage.open(paper.stored) as file:
        content = vault.ring().decrypt_bytes(file.read(), place=_place(paper))
    if hashlib.sha256(content).hexdigest() != paper.sha256:
        raise vault.VaultError(_place(paper))
    return content


def drop_originals(*, older_than: timedelta = timedelta(days=7)) -> int:
    """Remove ciphertexts whose submissions have been complete for so long; return how many. Pictures stay.

    A retention verb: until then the original is what a damaged picture could be made from again.
    """
    edge, removed = timezone.now() - older_than, 0
    old = Attachment.objects.filter(state=State.GOOD, submission__complete_at__lt=edge)
    young = Attachment.objects.exclude(state=State.GOOD, submission__complete_at__lt=edge)
    hashes = set(old.values_list("sealed_sha256", flat=True)) - set(young.values_list("sealed_sha256", flat=True))
    for sha256 in hashes:
        if default_storage.exists(sealed_name(sha256)):
            default_storage.delete(sealed_name(sha256))
            removed += 1
    return removed


def _check(paper: Attachment) -> None:
    """Check one paper. A check that ended the whole process is counted, and not begun for ever."""
    begun = Attachment.objects.filter(pk=paper.pk, state=State.HERE)
    if paper.tries >= MOST_TRIES:
        _tell(paper, State.DAMAGED, problem=_("Máy không đọc được ảnh này. Chụp lại ảnh này."))
    elif begun.update(tries=F("tries") + 1):
        try:
            _look_at(paper)
        finally:
            # Reached whatever was raised (a full disk is not the paper's fault), but not when the process died.
            Attachment.objects.filter(pk=paper.pk).update(tries=F("tries") - 1)


def _look_at(paper: Attachment) -> None:
    failpoint("check.before_open")
    try:
        photo = photos.clean(_open_seal(paper))
    except Absent:
        # The bytes are not the ones announced (an old backup, a full disk): the phone still has them.
        log.error("file of submission %s is not in the storage as it was proved", paper.submission_id)
        _tell(paper, State.MISSING)
    except seal.SealError:
        _tell(paper, State.DAMAGED, problem=_("Không mở được ảnh này. Chụp lại ảnh này."))
    except photos.BadPhoto as bad:
        _tell(paper, State.DAMAGED, problem=str(bad))
    else:
        _keep(paper, photo)


class Absent(Exception):
    """The storage does not hold the announced ciphertext."""


def _open_seal(paper: Attachment) -> bytes:
    try:
        with default_storage.open(sealed_name(paper.sealed_sha256)) as file:
            sealed = file.read()
    except OSError as error:
        raise Absent from error
    if len(sealed) != paper.sealed_size or hashlib.sha256(sealed).hexdigest() != paper.sealed_sha256:
        raise Absent
    private = vault.ring().seal_keys.get(paper.seal_key)
    if private is None:
        raise seal.SealError("key")
    context = seal.file_context(entry=str(paper.submission.entry), slot=paper.slot, key=paper.seal_key)
    return seal.open_sealed(private, paper.seal_key, sealed, context)


def _keep(paper: Attachment, photo: photos.Photo) -> None:
    """Store the picture under a fresh name, then let the row decide: of two workers one wins, the other cleans up."""
    blob = vault.ring().encrypt_bytes(photo.content, place=_place(paper))
    name = f"pictures/{paper.pk.hex[-2:]}/{paper.pk}-{secrets.token_hex(4)}"
    stored = default_storage.save(name, ContentFile(blob))
    facts = {
        "sha256": hashlib.sha256(photo.content).hexdigest(), "size": len(photo.content),
        "width": photo.width, "height": photo.height, "stored": stored,
    }  # fmt: skip
    if not _tell(paper, State.GOOD, **facts):
        default_storage.delete(stored)


def _tell(paper: Attachment, state: str, **facts: object) -> bool:
    with recording(None) as journal:
        settled = _settle(paper, state, **facts)
        if settled:
            journal.changed("submission", paper.submission_id, paper.submission.area_id)
    return settled


def _settle(paper: Attachment, state: str, **facts: object) -> bool:
    changed = Attachment.objects.filter(pk=paper.pk, state=paper.state).update(state=state, **facts)
    return changed == 1


def _complete(submission_id: UUID) -> None:
    """Say that a submission is complete, once, when every announced paper proved good."""
    with recording(None) as journal:
        if Attachment.objects.filter(submission=submission_id).exclude(state=State.GOOD).exists():
            return
        now = timezone.now()
        incomplete = Submission.objects.filter(pk=submission_id, complete_at__isnull=True)
        if incomplete.update(complete_at=now, updated_at=now):
            _announce(journal, submission_id)


def _announce(journal: Journal, submission_id: UUID) -> None:
    area = Submission.objects.values_list("area_id", flat=True).get(pk=submission_id)
    journal.changed("submission", submission_id, area)
    ring_after_commit("deliver", submission_id)


def _place(paper: Attachment) -> str:
    return f"attachment:{paper.pk}"
