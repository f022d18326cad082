"""The small world of the model-based test: the real server in a database file of its own, and a portal.

For: a World that can be thrown away, backed up and put back by copying one file, with a clock that only moves when
told. Not for: rules and invariants (model.py).
"""

import shutil
import sqlite3
import uuid
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.db import connection, connections
from django.test import Client, override_settings

from onboarding.accounts.models import Role
from onboarding.submissions import bell, delivery, tracking
from onboarding.submissions.forms import consent_hash
from onboarding.submissions.models import PortalGuard
from onboarding.submissions.portal import Dossier, Found, NotSent, Step, Taken, Unknown
from onboarding.submissions.portal_types import Standing
from onboarding.sync import epochs
from tests import build
from tests.phone import Phone, enrolled
from tests.transport import Answer

PHONES = 3
START = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
# Nothing of sync reads a session, a cookie or a language: the fewer layers, the more runs a minute.
BARE = ["django.middleware.common.CommonMiddleware", "django.middleware.csrf.CsrfViewMiddleware"]


class WorkerDied(BaseException):
    """The worker was killed at this point: nothing behind it runs."""


class Portal:
    """A portal behind the adapter's four questions. `ledger` is the truth; it survives whatever happens to us."""

    takes_demo = True

    def __init__(self) -> None:
        self.ledger: list[tuple[str, str]] = []  # our reference, a name of the dossier that does not depend on it
        self.how, self.dies = "ok", ""
        self.told: dict[str, int] = {}

    def send(self, dossier: Dossier, *, attached: object = None) -> Any:
        """Do what `how` says: take it, take it and break, break, answer 500 or a log-in page."""
        if self.dies == "before":
            raise WorkerDied
        outcome = self._answer(dossier)
        if self.dies == "after":
            raise WorkerDied
        return outcome

    def _answer(self, dossier: Dossier) -> Any:
        if self.how in ("ok", "ok_timeout"):
            self.ledger.append((dossier.reference, str(dossier.answers["address"])))
        if self.how == "ok":
            return Taken(self.code(dossier.reference), dossier.reference, 1)
        if self.how == "500":
            return NotSent("unavailable")
        return Unknown("timeout" if "timeout" in self.how else "html")

    def code(self, reference: str) -> str:
        """The code that this portal gives to a reference: the first dossier's."""
        return f"000.99.99.H26-{reference[3:]}"

    def lookup(self, reference: str) -> Any:
        """Find dossiers by our reference."""
        codes = tuple(self.code(ref) for ref, _name in self.ledger if ref == reference)
        return Found(reference, codes[:1], 1) if codes else None

    def status(self, code: str) -> Any:
        """Tell how a dossier stands; it only rises."""
        for reference, _name in self.ledger:
            if self.code(reference) == code:
                steps = tuple(
                    Step(number, "", "", START + timedelta(minutes=i))
                    for i, number in enumerate((1, 2, 4, 9)[: self.told.get(code, 1)])
                )
                return Standing(code, reference, steps[-1].number, "", steps)
        return None

    def read_back(self, code: str) -> Any:
        """Nothing is asked of files here: these dossiers have none."""
        return Unknown("not_offered")


@dataclass
class World:
    """Everything outside the phones."""

    folder: Path
    ward: build.Ward
    homes: list[Any]
    people: list[Any]
    consents: list[str]
    form: str
    members: list[Any]
    phones: list[Phone]
    clock: Any = None
    portal: Portal = field(default_factory=Portal)
    bells: list[tuple[str, str]] = field(default_factory=list)
    minted: int = 0

    def mint(self) -> uuid.UUID:
        """The next id: the same in every replay, so that a failure can be replayed at all."""
        self.minted += 1
        return uuid.UUID(int=(0x01A2 << 112) | (0x7 << 76) | (0x8 << 60) | self.minted)

    @property
    def area(self) -> str:
        """The one group where everything happens."""
        return str(self.ward.groups[0].pk)

    def reset(self) -> list[Phone]:
        """Begin again: the database as it was, a fresh portal, the phones as they were enrolled."""
        shutil.rmtree(self.folder / "backup", ignore_errors=True)
        self.put(self.folder / "world.sqlite3")
        self.portal, self.bells, self.minted = Portal(), [], 0
        self.clock.move_to(START)
        return [phone.twin() for phone in self.phones]

    def put(self, source: Path) -> None:
        """Put a database file in the place of ours, as after a restore."""
        target = Path(connection.settings_dict["NAME"])
        connections.close_all()
        for suffix in ("-wal", "-shm"):
            Path(f"{target}{suffix}").unlink(missing_ok=True)
        shutil.copy(source, target)

    def later(self, seconds: float) -> None:
        """Let time pass."""
        self.clock.shift(seconds)


@contextmanager
def small_world(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """Open a world in folder; the tests' own database is untouched and comes back at the end."""
    own = connection.settings_dict["NAME"]
    connections.close_all()
    copy_database(own, folder / "now.sqlite3")
    connection.settings_dict["NAME"] = str(folder / "now.sqlite3")
    bare = override_settings(
        MIDDLEWARE=BARE, SYNC_ENTRIES_AN_HOUR=100_000, BACKUP_DIR=folder / "backup", UPLOAD_DIR=folder / "up",
        DEVICE_DAYS=10_000,
    )  # fmt: skip
    traveller = time_machine.travel(START, tick=False)
    with bare:
        clock = traveller.start()
        try:
            world = _build(folder)
            world.clock = clock
            _hold_the_seams(world, monkeypatch)
            connections.close_all()
            copy_database(folder / "now.sqlite3", folder / "world.sqlite3")
            yield world
        finally:
            traveller.stop()
            connections.close_all()
            connection.settings_dict["NAME"] = own


def copy_database(source: str | Path, target: Path) -> None:
    """Copy a database with its log; a plain file copy would miss the log."""
    with closing(sqlite3.connect(source)) as old, closing(sqlite3.connect(target)) as new:
        old.backup(new)


def _build(folder: Path) -> World:
    ward = build.ward()
    homes = [build.household(ward.groups[0], number=str(i)) for i in range(2)]
    people = [build.resident(home, number=f"09915800000{i}") for i, home in enumerate(homes)]
    version = build.lodging_notice()
    consents = [str(build.consent(person, ward.member, version).pk) for person in people]
    members = [build.user(f"doi{i}", f"Người Thử {i}") for i in range(PHONES)]
    for member in members:
        build.grant(member, Role.MEMBER, ward.area, ward.team)
    PortalGuard.objects.create(name="sandbox", per_second=1_000_000)
    assert consent_hash(version.definition)
    transport = one_client()
    phones = [enrolled(ward.supervisor, member, transport) for member in members]
    epochs.current()
    for phone in phones:
        phone.hello()
    return World(folder, ward, homes, people, consents, version.code, members, phones)


def _hold_the_seams(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    """The portal and the bell are ours; everything between is the real code."""
    monkeypatch.setattr(delivery, "open_portal", lambda: world.portal)
    monkeypatch.setattr(tracking, "open_portal", lambda: world.portal)
    monkeypatch.setattr("uuid_utils.compat.uuid7", world.mint)
    monkeypatch.setattr(bell, "ring", lambda task, ids: world.bells.extend((task, str(pk)) for pk in ids))


def one_client() -> Any:
    """A transport into the views that keeps its handler: building one for each request costs more than the request."""
    client = Client(raise_request_exception=False)

    def carry(method: str, path: str, body: bytes, headers: dict[str, str]) -> Answer:
        headers = dict(headers)
        content_type = headers.pop("Content-Type", "application/json")
        response = client.generic(method, path, data=body, content_type=content_type, headers=headers)
        return Answer(response.status_code, {k.lower(): v for k, v in response.items()}, response.content)

    return carry
