"""The first request of every sync: the phone says how it is, the server says what changed for it.

For: the heartbeat that oversight shows, and an answer that lets the phone decide what to send, keep and drop.
Not for: entries (push.py) or records (pull.py).
"""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Min, Q
from django.utils import timezone

from onboarding import seal, vault
from onboarding.accounts.models import Area
from onboarding.journal.models import AreaCounter
from onboarding.submissions import attachments
from onboarding.submissions.models import FormVersion
from onboarding.sync import epochs, receipts
from onboarding.sync.envelope import Malformed, as_uuid
from onboarding.sync.models import Device, Entry
from onboarding.sync.requests import standing
from onboarding.sync.times import from_ms, now_ms

MAX_SETTLED = 200
MAX_COUNT = 2**31 - 1
MAX_BYTES = 2**53 - 1


def greet(device: Device, said: dict[str, Any]) -> dict[str, Any]:
    """Store what the phone said of itself and return the answer of the contract, with its MAC.

    A wrong or missing number in `said` counts as 0: a phone with a mistake in its gauge must still sync.
    """
    _heard(device, said.get("heard"))
    _beat(device, said)
    areas = _areas(device)
    payload = {
        "proto": list(settings.SYNC_PROTOCOL), "nonce": str(said.get("nonce", ""))[:64], "now": now_ms(),
        "server_epoch": epochs.current(), "areas": areas, "durable": durable_for(device, [a["id"] for a in areas]),
        "max_seq": _max_seq(device, _number(said, "epoch", MAX_COUNT)), "min_client": settings.SYNC_MIN_CLIENT,
        "wipe": bool(standing(device)), "keys": seal_keys(), "forms": _forms(), "settled": _settled(device),
        "files_missing": _files_missing(device), "files_bad": _files_bad(device),
    }  # fmt: skip
    return receipts.signed(receipts.key_of(device), payload)


def seal_keys() -> list[dict[str, str]]:
    """Return the public points that phones seal to, the one to use first."""
    ring = vault.ring()
    names = sorted(ring.seal_keys, key=lambda name: (name != ring.seal_current, name))
    return [{"id": name, "public": seal.b64u(seal.point(ring.seal_keys[name].public_key()))} for name in names]


def durable_for(device: Device, visible: list[str]) -> dict[str, int]:
    """Return up to which number a verified backup covers each area where this phone has entries or reads.

    An entry whose files are not all here yet holds the mark below its own number for this phone: once they have
    come it gets a new number (receipts.renumber_complete), and only that one counts.
    """
    entries = Entry.objects.filter(device=device)
    wanted = Q(pk__in=visible) | Q(pk__in=entries.values("area")) | Q(pk=device.area_id)
    marks = {str(c.pk): c.durable for c in AreaCounter.objects.filter(wanted)}
    open_entries = entries.filter(files__sha256__in=receipts.missing_of(entries))
    for area, first in open_entries.order_by().values_list("area").annotate(Min("number")):
        marks[str(area)] = min(marks[str(area)], first - 1)
    return marks


def _areas(device: Device) -> list[dict[str, Any]]:
    if standing(device):
        return []
    visible = list(Area.objects.visible_to(device.user).order_by("path").distinct())
    counters = {c.pk: c for c in AreaCounter.objects.filter(pk__in=[area.pk for area in visible])}
    for area in visible:
        if area.pk not in counters:
            counters[area.pk], _new = AreaCounter.objects.get_or_create(area=area)
    return [
        {"id": str(area.pk), "name": area.name, "epoch": counters[area.pk].epoch, "last": counters[area.pk].last}
        for area in visible
    ]


def _beat(device: Device, said: dict[str, Any]) -> None:
    unsent, storage = _object(said, "unsent"), _object(said, "storage")
    oldest = _number(unsent, "oldest", 4_102_444_800_000)
    Device.objects.filter(pk=device.pk).update(
        seen_at=timezone.now(), unsent=_number(unsent, "count", MAX_COUNT),
        unsent_oldest=from_ms(oldest) if oldest else None, unsent_bytes=_number(unsent, "bytes", MAX_BYTES),
        storage_used=_number(storage, "used", MAX_BYTES), storage_quota=_number(storage, "quota", MAX_BYTES),
        build="".join(c for c in str(said.get("build", "")) if c.isprintable())[:40],
    )  # fmt: skip


def _heard(device: Device, ids: Any) -> None:
    """Stop repeating receipts that the phone says it has stored."""
    known: list[UUID] = []
    for raw in ids[:MAX_SETTLED] if isinstance(ids, list) else ():
        try:
            known.append(as_uuid(raw))
        except Malformed:
            continue
    if known:
        Entry.objects.filter(device=device, pk__in=known, answered=False).update(answered=True)


def _settled(device: Device) -> list[dict[str, Any]]:
    """Return receipts that changed after they were given: told again until the phone says it heard them."""
    rows = Entry.objects.filter(device=device, answered=False).order_by("-number")[:MAX_SETTLED]
    return [receipts.read(receipts.fresh(row)) for row in rows]


def _max_seq(device: Device, epoch: int) -> int:
    return Entry.objects.filter(device=device, epoch=epoch).aggregate(Max("seq"))["seq__max"] or 0


def _forms() -> list[dict[str, str]]:
    today = timezone.localdate()
    valid = FormVersion.objects.filter(valid_from__lte=today).filter(Q(valid_to=None) | Q(valid_to__gte=today))
    return [{"code": version.code, "hash": version.hash} for version in valid.order_by("form", "number")]


def _files_missing(device: Device) -> list[str]:
    entries = Entry.objects.filter(device=device, files__isnull=False)
    ids = list(entries.values_list("pk", flat=True).distinct())
    return sorted({*receipts.missing_of(ids), *attachments.missing_files(ids)})


def _files_bad(device: Device) -> list[dict[str, str]]:
    entries = Entry.objects.filter(device=device, files__isnull=False)
    return attachments.bad_files(list(entries.values_list("pk", flat=True).distinct()))


def _object(said: dict[str, Any], name: str) -> dict[str, Any]:
    value = said.get(name)
    return value if isinstance(value, dict) else {}


def _number(said: dict[str, Any], name: str, most: int) -> int:
    value = said.get(name)
    return value if type(value) is int and 0 <= value <= most else 0
