"""The words every portal adapter speaks: what is sent, and what came of it.

For: plain frozen values, and the comparison of what was sent with what arrived. Not for: HTTP (portal_http.py),
the shape of one portal (portal_dvcqg.py, portal_igate.py) or what we do with a result (delivery).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.conf import settings


@dataclass(frozen=True)
class DossierFile:
    """One attachment. load returns its readable bytes, and is called only when they are sent."""

    slot: str
    name: str = field(repr=False)
    mime: str
    load: Callable[[], bytes] = field(repr=False, compare=False)
    sha256: str  # hex, of the readable bytes
    size: int  # bytes


@dataclass(frozen=True)
class Dossier:
    """One submission as a portal needs it. Personal fields stay out of repr(), and so out of logs and traces."""

    reference: str  # ours, for ever the same for this submission
    procedure_code: str
    procedure_name: str
    unit: str  # code of the receiving office
    applicant: str = field(repr=False)
    number: str = field(repr=False)
    phone: str = field(repr=False)
    address: str = field(repr=False)
    summary: str = field(repr=False)
    submitted_at: datetime
    answers: Mapping[str, Any] = field(repr=False)
    files: tuple[DossierFile, ...] = ()

    def __post_init__(self) -> None:
        """Refuse what would make the proof of arrival ambiguous."""
        slots = [file.slot for file in self.files]
        if not self.reference or len(set(slots)) != len(slots):
            raise ValueError("A dossier needs a reference, and each file a slot of its own.")


@dataclass(frozen=True)
class Taken:
    """The portal has it and echoed our reference. code is the portal's mã hồ sơ."""

    code: str
    reference: str
    status: int | None = None


@dataclass(frozen=True)
class Refused:
    """The portal (or our own guard) understood and said no. reason is for people, code for us."""

    reason: str
    code: str


@dataclass(frozen=True)
class NotSent:
    """Surely not taken; may be repeated by the machine. retry_after: seconds the portal asked for.

    attached: files that did arrive (slot → id at the portal); give them to the next send() to skip them.
    """

    why: str
    retry_after: int | None = None
    attached: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Unknown:
    """Nobody here can say whether the portal has it. Never a reason to send again.

    code is the portal's code when it was fixed before sending, so that somebody can ask for it.
    """

    why: str
    retry_after: int | None = None
    code: str = ""


Outcome = Taken | Refused | NotSent | Unknown


@dataclass(frozen=True)
class Attached:
    """A file the portal holds now, not yet part of a dossier."""

    slot: str
    id: str


@dataclass(frozen=True)
class Found:
    """Dossiers the portal keeps under our reference, oldest first. More than one code = it was taken twice."""

    reference: str
    codes: tuple[str, ...]
    status: int | None = None

    @property
    def code(self) -> str:
        """The first one."""
        return self.codes[0]

    @property
    def doubled(self) -> bool:
        """Whether a person must ask the portal to drop one."""
        return len(self.codes) > 1


@dataclass(frozen=True)
class Step:
    """One entry of the portal's own history. number may be one we don't know; it is kept as it is."""

    number: int
    text: str
    note: str = field(repr=False)
    at: datetime


@dataclass(frozen=True)
class Standing:
    """Where a dossier stands at the portal. steps in the portal's order, which need not be the order of their times."""

    code: str
    reference: str
    number: int
    text: str
    steps: tuple[Step, ...] = ()


@dataclass(frozen=True)
class ArrivedFile:
    """A file as read back from the portal. sha256 empty = listed there, but its bytes are gone."""

    slot: str
    size: int
    sha256: str


@dataclass(frozen=True)
class Arrival:
    """What the portal really keeps of a dossier."""

    code: str
    reference: str
    files: tuple[ArrivedFile, ...]


@dataclass(frozen=True)
class Proof:
    """The comparison of a dossier with its arrival, by slot, size and hash."""

    sent: int
    arrived: int
    missing: tuple[str, ...]
    different: tuple[str, ...]
    foreign: int  # files there that we never sent

    @property
    def complete(self) -> bool:
        """Whether all files, and only they, arrived whole."""
        return self.arrived == self.sent and not self.foreign


def prove(dossier: Dossier, arrival: Arrival) -> Proof:
    """Compare what was sent with what arrived."""
    there: dict[str, list[ArrivedFile]] = {}
    for file in arrival.files:
        there.setdefault(file.slot, []).append(file)
    missing = tuple(file.slot for file in dossier.files if file.slot not in there)
    different = tuple(file.slot for file in dossier.files if file.slot in there and not _same(file, there[file.slot]))
    return Proof(
        sent=len(dossier.files),
        arrived=len(dossier.files) - len(missing) - len(different),
        missing=missing,
        different=different,
        foreign=len(arrival.files) - (len(dossier.files) - len(missing)),
    )


def _same(file: DossierFile, arrived: list[ArrivedFile]) -> bool:
    return [(one.size, one.sha256) for one in arrived] == [(file.size, file.sha256)]


def is_demo(dossier: Dossier) -> bool:
    """Say whether any identity number in the dossier has a province code that was never issued."""
    numbers = [dossier.number, *_texts(dossier.answers)]
    return any(len(n) == 12 and n.isdigit() and n[:3] in settings.DEMO_PROVINCE_CODES for n in numbers)


def _texts(value: Any) -> list[str]:
    if isinstance(value, str):
        return [value.strip()]
    if isinstance(value, Mapping):
        return [text for one in value.values() for text in _texts(one)]
    if isinstance(value, list | tuple):
        return [text for one in value for text in _texts(one)]
    return []
