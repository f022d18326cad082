"""What the stand-in portal accepted and how it moves dossiers: the truth that tests compare with.

For: accepting, finding and advancing dossiers. Not for: HTTP (views.py) or misbehaving (faults.py).
"""

import hashlib
import json
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from onboarding.portal_sandbox.models import NEXT_STATUS, STATUSES, PortalDossier, PortalFile, Session, Step

STAMP = "%Y%m%d%H%M%S"


class Rejected(Exception):
    """The portal does not take this request; the text is what it answers."""


def open_session() -> str:
    """Return the token of a new session."""
    until = timezone.now() + timedelta(seconds=settings.SANDBOX_SESSION_SECONDS)
    return Session.objects.create(token=secrets.token_hex(16), until=until).token


def session_is_open(token: object) -> bool:
    """Say whether token names a session that has not run out."""
    return isinstance(token, str) and Session.objects.filter(token=token, until__gt=timezone.now()).exists()


def keep_file(*, name: str, slot: str, mime: str, content: bytes) -> PortalFile:
    """Store one attachment that belongs to no dossier yet."""
    return PortalFile.objects.create(
        id=secrets.token_hex(8),
        name=name[:255],
        slot=slot[:100],
        mime=mime[:100],
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        content=content,
    )


@transaction.atomic
def accept(data: dict[str, Any]) -> PortalDossier:
    """Take one dossier of DongBoHoSoMC. Each call makes a new row: this portal has no idempotency.

    Raises Rejected when a required field is empty or an attachment is unknown.
    """
    for field in ("MaTTHC", "ChuHoSo", "NgayTiepNhan"):
        if not str(data.get(field) or "").strip():
            raise Rejected(f"Thiếu {field}.")
    now = timezone.now()
    dossier = PortalDossier.objects.create(
        code=_next_code(now),
        reference=reference_of(data),
        name=str(data["ChuHoSo"])[:200],
        procedure=str(data["MaTTHC"])[:200],
        body=data,
        received_at=now,
        status_at=now,
        waits="mẫu bổ sung" in str(data["ChuHoSo"]).casefold(),
    )
    _attach(dossier, data.get("TaiLieuNop") or [])
    Step.objects.create(dossier=dossier, status=1, at=now)
    return dossier


def reference_of(data: dict[str, Any]) -> str:
    """Return the client's own reference: SUBM_CODE inside ThongTinKhac (a JSON text), else MaHoSo."""
    try:
        other = json.loads(data.get("ThongTinKhac") or "{}")
    except (TypeError, ValueError):
        other = {}
    found = other.get("SUBM_CODE") if isinstance(other, dict) else ""
    return str(found or data.get("MaHoSo") or "")[:128]


def _next_code(now: datetime) -> str:
    prefix = f"{settings.SANDBOX_UNIT}-{timezone.localtime(now):%y%m%d}-9"
    # The whole tail counts, not the number of rows: a removed row must not free its code.
    tails = PortalDossier.objects.filter(code__startswith=prefix).values_list("code", flat=True)
    return f"{prefix}{max((int(code[len(prefix) :]) for code in tails), default=0) + 1:03d}"


def _attach(dossier: PortalDossier, listed: Iterable[dict[str, Any]]) -> None:
    for entry in listed:
        file = PortalFile.objects.filter(pk=str(entry.get("TepDinhKemId"))).first()
        if file is None:
            raise Rejected("Không có tệp đính kèm này.")
        if file.dossier_id:  # the same dossier again: the file is shared by content, the row is copied
            file.pk, file._state.adding = secrets.token_hex(8), True
        file.dossier, file.slot = dossier, str(entry.get("MaThanhPhanHoSo") or file.slot)[:100]
        file.save()


def find(*, code: str = "", reference: str = "") -> list[PortalDossier]:
    """Return the dossiers the portal still knows by code or by the client's reference, oldest first."""
    known = PortalDossier.objects.filter(forgotten=False)
    if not (code or reference):
        return []
    rows = known.filter(code=code) if code else known.filter(reference=reference)
    for dossier in rows:
        move_by_time(dossier)
    return list(rows)


@transaction.atomic
def advance(dossier: PortalDossier, *, status: int | None = None, note: str = "", at: datetime | None = None) -> None:
    """Move a dossier to status (default: its usual next one), at a moment that may lie in the past.

    Raises Rejected for an end status without an explicit next one, or for a number that is no status.
    """
    status = status if status is not None else NEXT_STATUS.get(dossier.status)
    if status not in STATUSES:
        raise Rejected("Không có trạng thái này.")
    dossier.status, dossier.status_at = status, at or timezone.now()
    dossier.save(update_fields=["status", "status_at"])
    Step.objects.create(dossier=dossier, status=status, note=note[:500], at=dossier.status_at)


def move_by_time(dossier: PortalDossier) -> None:
    """Make the moves that are due since the last one. Computed on reading: a stopped process misses nothing."""
    every = timedelta(seconds=settings.SANDBOX_ADVANCE_SECONDS)
    while every and dossier.status != 5 and dossier.status_at + every <= timezone.now():
        status = 5 if dossier.waits and dossier.status == 4 else NEXT_STATUS.get(dossier.status)
        if status is None:
            return
        advance(dossier, status=status, at=dossier.status_at + every)
        if status == 5:
            PortalDossier.objects.filter(pk=dossier.pk).update(waits=False)
            dossier.waits = False


def rows(reference: str = "") -> list[dict[str, Any]]:
    """Return the ledger: one entry for each acceptance, forgotten ones too, oldest first."""
    dossiers = list(PortalDossier.objects.prefetch_related("files"))
    counts: dict[str, int] = {}
    for dossier in dossiers:
        counts[dossier.reference] = counts.get(dossier.reference, 0) + 1
    return [_row(dossier, counts[dossier.reference]) for dossier in dossiers if reference in ("", dossier.reference)]


def _row(dossier: PortalDossier, count: int) -> dict[str, Any]:
    files = [
        {"id": file.pk, "slot": file.slot, "name": file.name, "size": file.size, "sha256": file.sha256}
        for file in dossier.files.all()
    ]
    return {
        "reference": dossier.reference,
        "code": dossier.code,
        "count": count,
        "at": stamp(dossier.received_at),
        "name": dossier.name,
        "procedure": dossier.procedure,
        "status": dossier.status,
        "forgotten": dossier.forgotten,
        "files": files,
    }


def stamp(moment: datetime) -> str:
    """Return a moment the way portals write it: yyyyMMddHHmmss, local time."""
    return timezone.localtime(moment).strftime(STAMP)


def from_stamp(text: str) -> datetime:
    """Return the moment of a yyyyMMddHHmmss text in local time. Raises ValueError."""
    return datetime.strptime(text, STAMP).replace(tzinfo=timezone.get_default_timezone())
