"""The stand-in portal as a real process for tests: the fixture `sandbox`, and dossiers to send.

For: any test that needs a portal; tests/conftest.py offers the fixtures to all. The process lives for the whole run,
its ledger is emptied for each test. Not for: faults below HTTP; tests/submissions has a raw server for those.
"""

import hashlib
import json
import os
import select
import signal
import subprocess
import sys
import urllib.error
import urllib.request
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from onboarding.submissions import portal
from onboarding.submissions.portal import Dossier, DossierFile

ROOT = Path(__file__).resolve().parent.parent


class Levers:
    """What a test may ask of a running stand-in portal and tell it, at url."""

    url = ""

    def __init__(self, url: str) -> None:
        self.url = url

    def ledger(self, reference: str = "") -> list[dict[str, Any]]:
        """Return what the portal accepted (for one reference), oldest first: the truth."""
        return self.get(f"/so-cai?reference={reference}")["rows"]

    def counts(self) -> dict[str, int]:
        """Return how many requests of each service the portal saw (log-in is "dang-nhap", files "tep", "doc-tep")."""
        return self.get("/dieu-khien/nhat-ky")["counts"]

    def mode(self, name: str, **more: Any) -> None:
        """Misbehave from now on. more: times, service ("*" for all), retry_after, seconds. "ok" ends it."""
        self.post("/dieu-khien/che-do", {"mode": name, **more})

    def advance(self, **what: Any) -> dict[str, int]:
        """Move dossiers by code= or reference=; free: status=, note=, at= (yyyyMMddHHmmss). Gives {code: status}."""
        return self.post("/dieu-khien/tien", what)["moved"]

    def forget(self, **what: Any) -> None:
        """Make the portal forget a dossier (code= or reference=), as after a restore from an old backup."""
        self.post("/dieu-khien/quen", what)

    def expire_sessions(self) -> None:
        """End every session now."""
        self.post("/dieu-khien/het-phien", {})

    def reset(self) -> None:
        """Empty the ledger, end sessions, set mode ok."""
        self.post("/dieu-khien/xoa-het", {})

    def get(self, path: str) -> Any:
        """Return the JSON at path."""
        with urllib.request.urlopen(self.url + path, timeout=30) as answer:  # noqa: S310
            return json.load(answer)

    def post(self, path: str, body: dict[str, Any], headers: dict[str, str] | None = None) -> Any:
        """Return the JSON answer to a JSON body, refusals included."""
        request = urllib.request.Request(self.url + path, json.dumps(body).encode(), headers or {})  # noqa: S310
        try:
            with urllib.request.urlopen(request, timeout=30) as answer:  # noqa: S310
                return json.load(answer)
        except urllib.error.HTTPError as error:
            with error:
                return json.load(error)


class Sandbox(Levers):
    """The running stand-in portal, which may be killed and started again."""

    def __init__(self, folder: Path) -> None:
        super().__init__("")
        self._folder, self._port = folder, 0
        self.start()

    def start(self, *arguments: str) -> None:
        """Start the process (on its old port, if it had one) and wait for the line that says it listens."""
        command = [
            sys.executable,
            "-m",
            "onboarding.portal_sandbox",
            "--port",
            str(self._port),
            "--dir",
            str(self._folder),
        ]
        # A test runner's coverage or settings must not leak into the other process.
        environment = {k: v for k, v in os.environ.items() if not k.startswith(("COV_", "DJANGO_"))}
        self.process = subprocess.Popen([*command, *arguments], cwd=ROOT, env=environment, stdout=subprocess.PIPE)
        ready, _, _ = select.select([self.process.stdout], [], [], 60)
        line = self.process.stdout.readline().decode() if ready and self.process.stdout else ""
        assert "http://" in line, "the sandbox did not start"
        self.url = line.split()[-1]
        self._port = int(self.url.rsplit(":", 1)[1])

    def kill9(self) -> None:
        """End the process the hard way; its port refuses connections from now on."""
        self._end(signal.SIGKILL)

    def stop(self) -> int:
        """End the process the polite way. Returns its exit code."""
        return self._end(signal.SIGTERM)

    def _end(self, number: int) -> int:
        self.process.send_signal(number)
        code = self.process.wait(20)
        if self.process.stdout:
            self.process.stdout.close()
        return code

    def restart(self, *arguments: str) -> None:
        """End the process if it still runs, and start it again on the same port with the same ledger."""
        if self.process.poll() is None:
            self.stop()
        self.start(*arguments)

    def running(self) -> bool:
        """Say whether the process lives."""
        return self.process.poll() is None


@pytest.fixture(scope="session")
def portal_process(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Start one process for the whole run."""
    running = Sandbox(tmp_path_factory.mktemp("portal"))
    yield running
    if running.running():
        running.kill9()


@pytest.fixture
def sandbox(portal_process: Sandbox, settings: Any) -> Sandbox:
    """The stand-in portal, empty and well-behaved, with settings that point to it."""
    if not portal_process.running():
        portal_process.start()
    portal_process.reset()
    portal._opened.cache_clear()  # a session of the test before is none of ours
    settings.PORTAL_ADAPTER, settings.PORTAL_URL = "sandbox", portal_process.url
    settings.PORTAL_USER, settings.PORTAL_PASSWORD = "gocua", "sandbox"
    settings.PORTAL_DEADLINE_SECONDS = 30
    return portal_process


def dossier_file(slot: str = "paper-1", content: bytes = b"a page, drawn", mime: str = "image/jpeg") -> DossierFile:
    """One attachment with its right hash."""
    name = f"Giấy {slot}.jpg"
    return DossierFile(slot, name, mime, lambda: content, hashlib.sha256(content).hexdigest(), len(content))


def dossier(reference: str = "0193-ho-so-1", *, files: int | tuple[DossierFile, ...] = 2, **more: Any) -> Dossier:
    """A fictional dossier with some attachments (a number of them, or the very ones)."""
    if isinstance(files, int):
        files = tuple(dossier_file(f"paper-{n}", b"page %d" % n * 100) for n in range(1, files + 1))
    whole = {
        "reference": reference,
        "procedure_code": "1.004194",
        "procedure_name": "Đăng ký tạm trú",
        "unit": "000.99.99.H26",
        "applicant": "Trần Thị Mẫu Thử",
        "number": "097158000001",
        "phone": "0950000001",
        "address": "Số 5, Ngõ 99, Phố Mẫu, Phường Hồ Sen",
        "summary": "Đăng ký tạm trú cho bà Mẫu Thử",
        "submitted_at": datetime(2026, 11, 21, 1, 30, tzinfo=UTC),
        "answers": {"ly_do": "Ở với con", "nguoi": ["Nguyễn Văn Ví Dụ"]},
        "files": files,
    }
    return Dossier(**{**whole, **more})
