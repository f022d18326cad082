"""A dossier as a file to hand over: JSON in the portal's shape and the attachments, in one zip.

For: PREPARED submissions, and a portal that can't be reached from here. Not for: sending; whoever carries the
file records the portal's code afterwards. Sample data may be exported: nobody receives it by itself.
"""

import json
import zipfile
from collections.abc import Mapping
from datetime import UTC
from typing import IO

from onboarding.submissions.portal_dvcqg import payload, read_file
from onboarding.submissions.portal_http import NotReached
from onboarding.submissions.portal_types import (
    Arrival,
    Attached,
    Dossier,
    DossierFile,
    Found,
    NotSent,
    Outcome,
    Refused,
    Standing,
    Unknown,
)

_ENDINGS = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp", "application/pdf": "pdf"}


class DamagedFile(Exception):
    """An attachment can't be read, or is not the one that was recorded. The text is its slot."""


def write_package(dossier: Dossier, target: IO[bytes]) -> None:
    """Write the zip to target: ho-so.json, tep/<slot>.<ending>, and SHA256SUMS that `sha256sum -c` understands.

    The same dossier gives the same bytes. Raises DamagedFile before anything false is written.
    """
    names = {file.slot: _name(number, file) for number, file in enumerate(dossier.files, start=1)}
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as package:
        for file in dossier.files:
            _write(package, names[file.slot], _content(file), dossier)
        _write(package, "ho-so.json", _json(dossier, names), dossier)
        sums = "".join(f"{file.sha256}  {names[file.slot]}\n" for file in dossier.files)
        _write(package, "SHA256SUMS", sums.encode(), dossier)


def _name(number: int, file: DossierFile) -> str:
    # A slot becomes part of a path on somebody's machine: no "../", no separators, no surprises.
    slot = "".join(char if char.isascii() and char.isalnum() else "-" for char in file.slot)[:40]
    return f"tep/{number:02d}-{slot}.{_ENDINGS.get(file.mime, 'bin')}"


def _content(file: DossierFile) -> bytes:
    try:
        return read_file(file)
    except NotReached:
        raise DamagedFile(file.slot) from None


def _json(dossier: Dossier, names: Mapping[str, str]) -> bytes:
    data = payload(dossier, names)
    for listed, file in zip(data["TaiLieuNop"], dossier.files, strict=True):
        listed["DuongDanTaiTepTin"] = names[file.slot]
    body = {"service": "DongBoHoSoMC", "isUpdating": "False", "data": [data]}
    return json.dumps(body, ensure_ascii=False, indent=1).encode()


def _write(package: zipfile.ZipFile, name: str, content: bytes, dossier: Dossier) -> None:
    at = dossier.submitted_at.astimezone(UTC)
    entry = zipfile.ZipInfo(name, (at.year, at.month, at.day, at.hour, at.minute, at.second))
    package.writestr(entry, content, zipfile.ZIP_DEFLATED)


class ExportPortal:
    """The choice "no portal from here": nothing is ever sent, every dossier waits to be carried."""

    takes_demo = True

    def send(self, dossier: Dossier, *, attached: Mapping[str, str] | None = None) -> Outcome:
        """Send nothing."""
        return NotSent("hand_over")

    def attach(self, file: DossierFile) -> Attached | Refused | NotSent:
        """Send nothing."""
        return NotSent("hand_over")

    def lookup(self, reference: str) -> Found | Unknown | None:
        """Nobody to ask."""
        return Unknown("hand_over")

    def status(self, code: str) -> Standing | Unknown | None:
        """Nobody to ask."""
        return Unknown("hand_over")

    def read_back(self, code: str) -> Arrival | Unknown | None:
        """Nobody to ask."""
        return Unknown("hand_over")
