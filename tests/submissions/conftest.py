"""For this room: a portal that does what a test says, an ear for bells, and a storage of the test's own."""

from collections.abc import Callable

import pytest

from onboarding.submissions import bell, delivery, tracking
from onboarding.submissions.portal import (
    Arrival,
    ArrivedFile,
    Dossier,
    Found,
    Outcome,
    Standing,
    Step,
    Taken,
    Unknown,
)


class TellingPortal:
    """A portal in memory. `ledger` is its truth; `answers` holds what it does to the next calls, then it behaves."""

    takes_demo = True

    def __init__(self) -> None:
        self.ledger: list[Dossier] = []
        self.answers: list[Outcome | Callable[[Dossier], Outcome]] = []
        self.looked_up: list[str] = []
        self.blind = False  # look-ups fail
        self.forgetful = False  # look-ups answer "none"
        self.history: tuple[Step, ...] = ()

    def send(self, dossier: Dossier, *, attached: object = None) -> Outcome:
        answer = self.answers.pop(0) if self.answers else self.take
        return answer(dossier) if callable(answer) else answer

    def take(self, dossier: Dossier) -> Taken:
        self.ledger.append(dossier)
        return Taken(self.code(dossier), dossier.reference, 1)

    def take_and_break(self, dossier: Dossier) -> Unknown:
        self.take(dossier)
        return Unknown("timeout")

    def code(self, dossier: Dossier) -> str:
        return f"000.99.99.H26-{dossier.reference[3:]}"

    def lookup(self, reference: str) -> Found | Unknown | None:
        self.looked_up.append(reference)
        if self.blind:
            return Unknown("timeout")
        codes = [self.code(dossier) for dossier in self.ledger if dossier.reference == reference]
        return Found(reference, tuple(codes), 1) if codes and not self.forgetful else None

    def status(self, code: str) -> Standing | Unknown | None:
        if self.blind:
            return Unknown("timeout")
        found = [dossier for dossier in self.ledger if self.code(dossier) == code]
        return Standing(code, found[0].reference, 1, "", self.history) if found and not self.forgetful else None

    def read_back(self, code: str) -> Arrival | Unknown | None:
        for dossier in self.ledger:
            if self.code(dossier) == code:
                files = tuple(ArrivedFile(file.slot, file.size, file.sha256) for file in dossier.files)
                return Arrival(code, dossier.reference, files)
        return None


@pytest.fixture
def portal(monkeypatch) -> TellingPortal:
    """The portal that delivery and tracking talk to."""
    told = TellingPortal()
    monkeypatch.setattr(delivery, "open_portal", lambda: told)
    monkeypatch.setattr(tracking, "open_portal", lambda: told)
    return told


@pytest.fixture(autouse=True)
def bells(monkeypatch) -> list[tuple[str, list[str]]]:
    """What was rung, in order, instead of a broker."""
    heard: list[tuple[str, list[str]]] = []

    def publish(task: str, ids: list[str]) -> None:
        heard.append((task, ids))
        bell._ringers.release()

    monkeypatch.setattr(bell, "_publish", publish)
    return heard


@pytest.fixture(autouse=True)
def files(settings, tmp_path) -> None:
    """A storage that is empty at the start; a rate that makes no test wait."""
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }


@pytest.fixture(autouse=True)
def no_rate(db) -> None:
    """Let calls follow each other at once; test_weather.py tries the rate itself."""
    from onboarding.submissions.models import PortalGuard

    PortalGuard.objects.create(name="sandbox", per_second=1_000_000)
