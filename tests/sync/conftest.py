"""What tests of the wire share: a door, the phones, and a place of their own for files."""

from datetime import timedelta
from pathlib import Path

import pytest
import time_machine
from django.utils import timezone

from onboarding.submissions import bell
from tests import build
from tests.phone import Phone, enrolled, visit_body


@pytest.fixture(autouse=True)
def own_files(settings, tmp_path) -> Path:
    """Files, uploads and backups of this test only."""
    settings.UPLOAD_DIR = tmp_path / "uploads"
    settings.BACKUP_DIR = tmp_path / "backup"
    settings.STORAGES = {
        **settings.STORAGES,
        "default": {
            "BACKEND": "django.core.files.storage.FileSystemStorage",
            "OPTIONS": {"location": str(tmp_path / "files")},
        },
    }
    return tmp_path


@pytest.fixture
def home(ward):
    """A door in the first group, which the member's team walks."""
    return build.household(ward.groups[0])


@pytest.fixture
def phone(ward, home) -> Phone:
    """The member's phone."""
    return enrolled(ward.supervisor, ward.member)


@pytest.fixture
def knock(home):
    """Capture a visit at a door on a phone: knock(phone, note="…") → entry id."""

    def capture(phone: Phone, at=home, **body) -> str:
        return phone.capture("visit", visit_body(**body), subject=at.pk, chain=at.pk, area=at.area_id)

    return capture


@pytest.fixture
def time_machine_days():
    """Move the server's (and the phone's) clock forward: time_machine_days(5.1)."""
    travels = []

    def travel(days: float) -> None:
        traveller = time_machine.travel(timezone.now() + timedelta(days=days), tick=True)
        traveller.start()
        travels.append(traveller)

    yield travel
    for traveller in reversed(travels):
        traveller.stop()


@pytest.fixture(autouse=True)
def no_bells(monkeypatch) -> None:
    """Nobody rings a broker from here."""
    monkeypatch.setattr(bell, "_publish", lambda task, ids: bell._ringers.release())
