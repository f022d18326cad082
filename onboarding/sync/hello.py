"""The first request of every sync: the phone says how it is, the server says what changed for it.

For: the heartbeat that oversight shows, and an answer that lets the phone decide what to send, keep and drop.
Not for: entries (push.py) or records (pull.py).
"""

from datetime import timedelta
from typing import Any
from uuid import UUID

from django.conf import settings
from django.db.models import Max, Min, Q
from django.utils import timezone

from onboarding import seal, vault
from onboarding.accounts.models import Area
from onboarding.journal.models import AreaCounter
from onboarding.submissions import attachments, forms
from onboarding.sync import epochs, receipts
from onboarding.sync.envelope import Malformed, as_uuid
from onboarding.sync.models import Device, Entry
from onboarding.sync.requests import standing
from onboarding.sync.times import from_ms, now_ms

MAX_SETTLED = 200
FILES_FOR = timedelta(days=60)
MAX_COUNT = 2**31 - 1
MAX_BYTES = 2**53 - 1


def greet(device: Device, said: dict[str, Any]) -> dict[str, Any]:
    """Store what the phone said of itself and return the answer of the contract, with its MAC.

    A wrong or missing number in `said` counts as 0: a phone with a mistake in its gauge must still sync.
    """
    _heard(device, said.get("heard"))
    _beat(device, said)
    areas = _areas(device)
    durable = durable_for(device, [area["id"] for area in areas])
    filed = _with_files(device)
    payload = {
        "proto": list(settings.SYNC_PROTOCOL), "nonce": str(said.get("nonce", ""))[:64], "now": now_ms(),
        "server_epoch": epochs.current(), "areas": areas, "durable": durable,
        "max_seq": _max_seq(device, _number(said, "epoch", MAX_COUNT)), "min_client": settings.SYNC_MIN_CLIENT,
        "wipe": bool(standing(device)), "keys": seal_keys(), "forms": _forms(), "settled": _settled(device, durable),
        "files_missing": sorted({*receipts.missing_of(filed), *attachments.missing_files(filed)}),
        "files_bad": attachments.bad_files(filed),
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
    open_entries = entries.filter(files__sha256__in=receipts.missing_of(_with_files(device)))
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
        Entry.objects.filter(device=device, pk__in=known).update(news="")


def _settled(device: Device, durable: dict[str, int]) -> list[dict[str, Any]]:
    """Return receipts that changed after they were given: told again until the phone says `heard`.

    A new number alone is told until a backup covers it: from then on the old number is as good.
    """
    rows = Entry.objects.filter(device=device).exclude(news="").order_by("-number")
    told = []
    for row in rows[:MAX_SETTLED]:
        if row.news == Entry.News.NUMBER and row.number <= durable.get(str(row.area_id), 0):
            Entry.objects.filter(pk=row.pk).update(news="")
        else:
            told.append(receipts.read(receipts.fresh(row)))
    return told


def _max_seq(device: Device, epoch: int) -> int:
    return Entry.objects.filter(device=device, epoch=epoch).aggregate(Max("seq"))["seq__max"] or 0


def _forms() -> list[dict[str, str]]:
    return [{"code": version.code, "hash": version.hash} for version in forms.offered()]


def _with_files(device: Device) -> list[UUID]:
    """Entries of the last weeks that name files; older ones are the ward's matter, not the phone's."""
    recent = Entry.objects.filter(device=device, received_at__gt=timezone.now() - FILES_FOR, files__isnull=False)
    return list(recent.order_by().values_list("pk", flat=True).distinct())


def _object(said: dict[str, Any], name: str) -> dict[str, Any]:
    value = said.get(name)
    return value if isinstance(value, dict) else {}


def _number(said: dict[str, Any], name: str, most: int) -> int:
    value = said.get(name)
    return value if type(value) is int and 0 <= value <= most else 0
