"""Taking one entry from a phone: one transaction, one verdict, one receipt that is kept for ever.

For: `receive()`, the order of the checks, holding an entry until the one before it is settled, and releasing it.
KINDS is the only place that says which kinds there are. Not for: what a kind means (kinds.py), the shape of an
entry (envelope.py), its row and those beside it (rows.py) or who is calling (requests.py).
"""

import logging
import secrets
import time
import traceback
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db import DatabaseError, IntegrityError, OperationalError
from django.utils import timezone, translation

from onboarding import seal, vault
from onboarding.accounts import access
from onboarding.failpoint import failpoint
from onboarding.journal.recording import Journal, Numbers, recording
from onboarding.refusal import Refused
from onboarding.sync import codes, envelope, kinds, receipts, rows
from onboarding.sync.envelope import Malformed
from onboarding.sync.models import Collision, Device, Entry
from onboarding.sync.requests import standing
from onboarding.sync.rows import Neighbours

logger = logging.getLogger(__name__)

KINDS: dict[str, kinds.Handler] = {
    "visit": kinds.visit,
    "mark": kinds.mark,
    "consent": kinds.consent,
    "submission": kinds.submission,
    "edit": kinds.edit,
    "delete": kinds.delete,
    "withdrawal": kinds.withdrawal,
}
VERSION = 1
TRIES = 3
HOLD_FOR = timedelta(days=5)
WAITED = "waited_too_long"
PASSING = ("locked", "deadlock", "serialize", "could not obtain lock")  # a second try may succeed

ACCEPTED, PARKED, HELD, QUARANTINED = Entry.Verdict.ACCEPTED, Entry.Verdict.PARKED, Entry.Verdict.HELD, "quarantined"


@dataclass(frozen=True)
class Verdict:
    """What becomes of an entry: the word, its code and the sentence for the phone."""

    word: str
    code: str
    message: str = ""

    @property
    def settles(self) -> bool:
        """Applied, or put aside where a person sees it: the entries behind it may go on."""
        return self.word != HELD


@dataclass
class Reception:
    """One transaction at work: its journal, the phone, and the rows whose receipts are written at its end."""

    journal: Journal
    author: Device
    settled: list[tuple[Entry, Verdict]] = field(default_factory=list)

    def note(self, row: Entry, verdict: Verdict) -> None:
        """Remember a verdict; a change of kind "entry" gives the receipt a number even when nothing was applied."""
        self.settled.append((row, verdict))
        self.journal.changed("entry", row.pk, row.area_id)
        if verdict.word != ACCEPTED:
            self.journal.did(f"entry.{verdict.word}", "entry", row.pk, row.area_id, detail={"code": verdict.code})


def receive(device: Device, raw: dict[str, Any], *, sleep: Callable[[float], None] = time.sleep) -> str:
    """Take one entry (the JSON object as sent by device) and return its receipt, canonical JSON text.

    1. everything about the entry happens in one transaction; 2. a deadlock, a failed serialisation, a locked database
    or a lost race for an id is tried three times with a short random wait; 3. any mistake of our own leaves nothing
    behind and answers `later`, so that the phone keeps the entry and the others go on. Raises Malformed only when
    there is no id to answer to.
    """
    pk = envelope.as_uuid(raw.get("id"))
    with translation.override(settings.LANGUAGE_CODE):
        for attempt in range(1, TRIES + 1):
            try:
                return _receive_once(device, pk, raw)
            except (OperationalError, IntegrityError) as error:
                if attempt == TRIES or not _may_pass(error):
                    return _later(device, pk, raw, error)
                sleep((50 + secrets.randbelow(150)) * attempt / 1000)
            except Exception as error:
                return _later(device, pk, raw, error)
    raise AssertionError("unreachable")


def release_overdue(now: datetime | None = None) -> int:
    """Apply what waits for nothing any more, or waits for more than five days (then flagged); return how many.

    The second kind is what a lost phone leaves behind: its entry before never comes. Called by the beat and by
    `manage.py release_held`; each entry has its own transaction.
    """
    now = now or timezone.now()
    done = 0
    waiting = Entry.objects.filter(verdict=HELD).order_by("epoch", "seq").values_list("pk", "previous", "received_at")
    for pk, previous, received_at in list(waiting):
        free = rows.is_settled(previous, Entry.objects.filter(pk=previous).first() if previous else None)
        if free or received_at < now - HOLD_FOR:
            done += _release_one(pk, "" if free else WAITED)
    return done


def _receive_once(device: Device, pk: UUID, raw: dict[str, Any]) -> str:
    """Receive inside one transaction.

    1. read the shape; what is malformed is kept and parked, not thrown away;
    2. find the author: the device that the entry names, when its signature holds;
    3. lock that device's row: two entries of one phone never pass each other between "is the one before settled"
       and "settled";
    4. insert under the primary key: the constraint decides who was first, not a SELECT;
    5. seen before: repeat the stored receipt byte for byte, or keep both and say id_reused;
    6. verdict, then release what waited for it;
    7. number last (journal), and only after the numbers write the receipts. Nothing is written after that.
    """
    entry, claimed, digest = _read(raw)
    author, genuine = _author(device, entry)
    with recording(author.user, device=author.pk) as journal, access.asked_once(author.user):
        _lock(author)
        work, near = Reception(journal, author), rows.neighbours(pk, entry, author)
        if near.row:
            answered: Entry | Collision = _repeat(work, near.row, raw, claimed, digest)
        else:
            row = rows.insert(pk, raw, entry, digest, author, near)
            answered = _take_new(work, row, _verdict(work, entry, genuine, near), claimed, near.followers)
        failpoint("push.before_numbering")
    failpoint("push.after_commit")
    return answered.receipt


def _take_new(work: Reception, row: Entry, verdict: Verdict, claimed: str, followers: list[Entry]) -> Entry:
    work.note(row, verdict)
    if verdict.settles:
        _release(work, followers)
    work.journal.after_numbering(lambda numbers: _write(work, numbers, {row.pk: claimed}))
    return row


def _repeat(work: Reception, row: Entry, raw: dict[str, Any], claimed: str, digest: str) -> Entry | Collision:
    """Answer an id that is here already: its own receipt, or `conflict` with both contents kept."""
    if row.hash == digest:
        return receipts.fresh(row)
    collision, new = Collision.objects.get_or_create(
        entry=row, hash=digest, defaults={"envelope": {}, "sealed": seal.canonical(raw), "receipt": ""}
    )
    if new:
        work.journal.changed("entry", row.pk, row.area_id)
        work.journal.did("entry.id_reused", "entry", row.pk, row.area_id)
        work.journal.after_numbering(lambda numbers: _write_collision(work, collision, claimed, numbers))
    return collision if new else receipts.fresh(collision)


def _lock(author: Device) -> None:
    """Hold the device's row until the commit."""
    Device.objects.select_for_update().filter(pk=author.pk).order_by().values_list("pk").first()


def _read(raw: dict[str, Any]) -> tuple[envelope.Entry | None, str, str]:
    """Return the checked entry (None = malformed), the hash it claims, and the hash it has."""
    try:
        entry: envelope.Entry | None = envelope.read_entry(raw)
    except Malformed:
        entry = None
    digest, claimed = seal.entry_hash(raw), raw.get("hash")
    return entry, claimed if isinstance(claimed, str) and len(claimed) == 64 else digest, digest


def _author(device: Device, entry: envelope.Entry | None) -> tuple[Device, bool]:
    """Return whose entry this is, and whether its signature proves it. A carried entry keeps its own author."""
    if entry is None:
        return device, False
    author: Device | None = device
    if entry.device != device.pk:
        author = Device.objects.select_related("user", "area").filter(pk=entry.device).first()
    if author is None or author.user_id != entry.user or not _genuine(author, entry):
        return device, False
    return author, True


def _genuine(author: Device, entry: envelope.Entry) -> bool:
    if seal.entry_hash(entry.raw) != entry.hash:
        return False
    return seal.verify(bytes(author.sign_public), f"gocua-entry-v1\n{entry.hash}".encode(), entry.sig)


def _verdict(work: Reception, entry: envelope.Entry | None, genuine: bool, near: Neighbours) -> Verdict:
    """Decide, in the order of the table in README.md; the first rule that fits wins."""
    if entry is None:
        return _put_aside(PARKED, codes.ANSWERS_INVALID)
    if not genuine:
        return _put_aside(PARKED, codes.SIGNATURE_WRONG)
    if why := standing(work.author):
        return _put_aside(QUARANTINED, why)
    if entry.version != VERSION:
        return _put_aside(PARKED, codes.TOO_OLD)
    if entry.kind not in KINDS:
        return _put_aside(PARKED, codes.KIND_UNKNOWN)
    if not near.previous_settled:
        return _put_aside(HELD, codes.WAITING)
    return _apply(work, entry)


def _put_aside(word: str, code: str, message: str = "") -> Verdict:
    return Verdict(word, code, message or codes.sentence(code))


def _apply(work: Reception, entry: envelope.Entry) -> Verdict:
    """Open the seal and hand the body to its room. A refusal takes back what the verb wrote, not the entry."""
    try:
        plain = _open(entry)
    except (seal.SealError, KeyError):
        return _put_aside(PARKED, codes.SEALED_UNREADABLE)
    try:
        with work.journal.part():
            KINDS[entry.kind](work.author.user, entry, envelope.read_body(plain))
    except Refused as refused:
        return _put_aside(PARKED, refused.code, refused.message)
    except Malformed:
        return _put_aside(PARKED, codes.ANSWERS_INVALID)
    return _put_aside(ACCEPTED, codes.OK)


def _open(entry: envelope.Entry) -> bytes:
    private = vault.ring().seal_keys[entry.key]
    context = seal.entry_context(entry=str(entry.id), form=entry.form, key=entry.key)
    return seal.open_sealed(private, entry.key, entry.sealed, context)


def _release(work: Reception, turn: list[Entry]) -> None:
    """Settle what waited for an entry, and whatever waited for that, in the phone's order."""
    while turn:
        row = turn.pop(0)
        if _settle_held(work, row):
            turn += rows.held_behind(row.pk, known=[row.pk for row, _verdict in work.settled])


def _settle_held(work: Reception, row: Entry, flag: str = "") -> bool:
    """Judge a held entry again now that its turn has come. Our own mistake leaves it held; the beat comes back."""
    try:
        entry = envelope.read_entry({**row.envelope, "sealed": seal.b64u(bytes(row.sealed))})
        with work.journal.part():
            why = standing(work.author)
            verdict = _put_aside(QUARANTINED, why) if why else _apply(work, entry)
    except OperationalError:
        raise
    except Exception as error:
        _log(row.pk, row.kind, error)
        return False
    row.flagged, row.news = flag, Entry.News.VERDICT
    work.note(row, verdict)
    return True


def _release_one(pk: UUID, flag: str) -> bool:
    author = Device.objects.select_related("user", "area").get(entries=pk)
    with translation.override(settings.LANGUAGE_CODE), recording(author.user, device=author.pk) as journal:
        _lock(author)
        row = Entry.objects.filter(pk=pk, verdict=HELD).first()
        work = Reception(journal, author)
        if row is None or not _settle_held(work, row, flag):
            return False
        _release(work, list(rows.held_behind(row.pk, known=[row.pk])))
        journal.after_numbering(lambda numbers: _write(work, numbers, {}))
    return True


def _write(work: Reception, numbers: Numbers, claimed: dict[UUID, str]) -> None:
    """Write verdicts and receipts: the last statements of the transaction."""
    key = receipts.key_of(work.author)
    for row, verdict in work.settled:
        row.verdict, row.code, row.settled = verdict.word, verdict.code, verdict.settles
        row.number = numbers[row.area_id]
        row.receipt = receipts.make(
            key, id=row.pk, hash=claimed.get(row.pk, row.hash), verdict=verdict.word, code=verdict.code,
            message=verdict.message, number=row.number, area=row.area_id, epoch=work.journal.epochs[row.area_id],
        )  # fmt: skip
        row.save(update_fields=["verdict", "code", "settled", "number", "receipt", "flagged", "news"])
        failpoint("push.after_receipt")


def _write_collision(work: Reception, collision: Collision, claimed: str, numbers: Numbers) -> None:
    area = collision.entry.area_id
    epoch = work.journal.epochs[area]
    collision.receipt = receipts.make(
        receipts.key_of(work.author), id=collision.entry_id, hash=claimed, verdict="conflict", code=codes.ID_REUSED,
        message=codes.sentence(codes.ID_REUSED), number=numbers[area], area=area, epoch=epoch,
    )  # fmt: skip
    collision.save(update_fields=["receipt"])


def _may_pass(error: DatabaseError) -> bool:
    return isinstance(error, IntegrityError) or any(word in str(error) for word in PASSING)


def _later(device: Device, pk: UUID, raw: dict[str, Any], error: Exception) -> str:
    """Answer for our own mistake: not stored, number 0. The log names the place and the kind, never the text."""
    _log(pk, str(raw.get("kind"))[:20], error)
    claimed = raw.get("hash")
    return receipts.make(
        receipts.key_of(device), id=pk, hash=claimed if isinstance(claimed, str) else "", verdict="later",
        code=codes.SERVER_ERROR, message=codes.sentence(codes.SERVER_ERROR), number=0, area=device.area_id, epoch="",
    )  # fmt: skip


def _log(pk: UUID, kind: str, error: Exception) -> None:
    frames = traceback.extract_tb(error.__traceback__)
    place = f"{frames[-1].filename}:{frames[-1].lineno}" if frames else "?"
    logger.error("entry %s (%s) failed: %s at %s", pk, kind, type(error).__name__, place)
