"""The receipt of an entry: canonical JSON text with a MAC that only we and this phone can make.

For: making a receipt, and repeating a stored one. A phone removes nothing without it, so a captive portal, a
log-in page or somebody else's answer can't make it forget. Not for: deciding the verdict (push.py).
"""

import json
from typing import Any, TypeVar
from uuid import UUID

from onboarding import seal, vault
from onboarding.journal.models import AreaCounter
from onboarding.journal.recording import Journal, Numbers
from onboarding.sync.models import Collision, Device, Entry, EntryFile, Upload
from onboarding.sync.times import now_ms

Stored = TypeVar("Stored", Entry, Collision)


def key_of(device: Device) -> bytes:
    """Return the 32 bytes that prove our answers to this phone."""
    return vault.ring().decrypt_bytes(bytes(device.mac_key_sealed), place=f"device.mac_key:{device.pk}")


def signed(key: bytes, payload: dict[str, Any]) -> dict[str, Any]:
    """Return payload with its MAC over the canonical form of the rest."""
    return {**payload, "mac": seal.mac(key, payload)}


def make(
    key: bytes, *, id: UUID, hash: str, verdict: str, code: str, message: str, number: int, area: UUID, epoch: str
) -> str:
    """Return the text of a receipt; `epoch` is that of the area's numbering, "" where there is no number."""
    payload = {
        "id": str(id), "hash": hash, "verdict": str(verdict), "code": code, "message": message, "number": number,
        "area": str(area), "epoch": epoch, "at": now_ms(),
    }  # fmt: skip
    return seal.canonical(signed(key, payload)).decode()


def again(key: bytes, text: str, **changes: Any) -> str:
    """Return a receipt like text with some values changed and a new MAC."""
    payload = {**json.loads(text), **changes}
    del payload["mac"]
    return seal.canonical(signed(key, payload)).decode()


def fresh(row: Stored) -> Stored:
    """Return row with a receipt that is good today: the stored one, byte for byte.

    One exception: after a restore the area counts in a new epoch. What was in the backup is durable; its receipt
    is written anew once, so that the phone can compare it with the durable mark of now.
    """
    entry = row if isinstance(row, Entry) else row.entry
    epoch = AreaCounter.objects.filter(pk=entry.area_id).values_list("epoch", flat=True).first()
    if row.receipt and epoch and json.loads(row.receipt)["epoch"] != epoch:
        row.receipt = again(key_of(entry.device), row.receipt, epoch=epoch)
        row.save(update_fields=["receipt"])
    return row


def renumber_complete(journal: Journal, sha256: str) -> None:
    """Give every entry that is complete with this file a new number, told in the next hello.

    A durable mark says "the backup holds everything up to n". The entry's first number may be older than its last
    file; without a newer one the phone would drop a photo that no backup has.
    """
    rows = list(Entry.objects.filter(files__sha256=sha256).select_related("device").distinct())
    rows = [row for row in rows if not missing_of([row.pk])]
    for row in rows:
        journal.changed("entry", row.pk, row.area_id)
    journal.after_numbering(lambda numbers: _renumber(rows, numbers))


def missing_of(entries: Any) -> list[str]:
    """Return the hashes of files that these entries (ids or a queryset) name and that are not here whole."""
    named = EntryFile.objects.filter(entry__in=entries).values_list("sha256", flat=True)
    here = Upload.objects.filter(pk__in=named, done_at__isnull=False).values("pk")
    return sorted(set(named.exclude(sha256__in=here)))


def _renumber(rows: list[Entry], numbers: Numbers) -> None:
    for row in rows:
        row.number, row.news = numbers[row.area_id], row.news or Entry.News.NUMBER
        row.receipt = again(key_of(row.device), row.receipt, number=row.number, at=now_ms())
        row.save(update_fields=["number", "news", "receipt"])


def read(row: Entry) -> dict[str, Any]:
    """Return the stored receipt of a row as an object."""
    return dict(json.loads(row.receipt))
