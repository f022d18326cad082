"""The real house in a folder of its own: web server, worker, sandbox as processes on free ports, to be killed.

For: browser journeys and fault tests that need real processes. Every process started here is ended here.
Not for: tests of one verb; those use the database directly.
"""

import atexit
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from urllib.parse import quote

from django.db import connection

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0


def database_url() -> str:
    """Return the address of the test database for another process."""
    there = connection.settings_dict
    if connection.vendor == "sqlite":
        return f"sqlite:///{there['NAME']}"
    account = f"{quote(there['USER'])}:{quote(there['PASSWORD'])}"
    return f"postgresql://{account}@{quote(there['HOST'], safe='')}:{there['PORT'] or 5432}/{there['NAME']}"


def free_port() -> int:
    """Return a port that nobody listened on a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@dataclass
class House:
    """The processes of one installation."""

    folder: Path
    environment: dict[str, str] = field(default_factory=dict)
    port: int = field(default_factory=free_port)
    sandbox_port: int = field(default_factory=free_port)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    @property
    def url(self) -> str:
        """Where the web server answers."""
        return f"http://127.0.0.1:{self.port}"

    @property
    def sandbox_url(self) -> str:
        """Where the portal's stand-in answers."""
        return f"http://127.0.0.1:{self.sandbox_port}"

    def env(self) -> dict[str, str]:
        """Return the environment of every process of the house."""
        clean = {
            k: v
            for k, v in os.environ.items()
            if k not in ("DATABASE_URL", "BROKER_URL", "CACHE_URL", "PYTEST_VERSION")
        }
        return {
            **clean,
            "VAR_DIR": str(self.folder),
            "PORTAL_URL": self.sandbox_url,
            "BEAT_SECONDS": "1",
            "DRAW_SECONDS": "0",  # tests and figures look at other work; guides that they read are drawn when loading
            "PORTAL_DEADLINE_SECONDS": "3",
            "PORTAL_LEASE_SECONDS": "5",
            "PORTAL_MINUTE_SECONDS": "2",
            **self.environment,
        }

    def manage(self, *words: str) -> str:
        """Run a management command to its end and return what it printed."""
        done = subprocess.run(
            [sys.executable, "manage.py", *words], cwd=ROOT, env=self.env(), capture_output=True, text=True, timeout=180
        )
        assert done.returncode == 0, done.stderr[-3000:]
        return done.stdout

    def start(self, name: str) -> None:
        """Start one of web, worker, beat, sandbox; web and sandbox answer when this returns."""
        from onboarding.management import supervisor  # noqa: PLC0415

        web = supervisor.web_processes(self.env().get("DATABASE_URL", ""))
        group = supervisor.children(
            host="127.0.0.1", port=self.port, sandbox_port=self.sandbox_port, folder=ROOT, web=web
        )
        command = next(child.command for child in group if child.name == name)
        log = (self.folder / f"{name}.log").open("ab")
        self.processes[name] = subprocess.Popen(
            command, cwd=ROOT, env=self.env(), stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True
        )
        log.close()
        if name in ("web", "sandbox"):
            self.wait_until(lambda: answers(self.port if name == "web" else self.sandbox_port), name)

    def kill(self, name: str) -> None:
        """Kill a process and its children with -9, as a power cut would."""
        self._end(name, signal.SIGKILL)

    def stop(self, name: str) -> None:
        """Ask a process to end and wait for it."""
        self._end(name, signal.SIGTERM)

    def _end(self, name: str, signum: int) -> None:
        process = self.processes.pop(name, None)
        if process is None:
            return
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signum)
        with suppress(subprocess.TimeoutExpired):
            process.wait(15)
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait(15)

    def end(self) -> None:
        """End everything that still runs."""
        for name in list(self.processes):
            self.kill(name)

    def wait_until(self, question, what: str = "") -> None:
        """Return when question() is true; fail after a minute with the tail of the logs."""
        pause = threading.Event()
        for _ in range(int(PATIENCE / 0.1)):
            if question():
                return
            pause.wait(0.1)
        logs = "\n".join(f"--- {p.name}\n{p.read_text()[-1500:]}" for p in self.folder.glob("*.log"))
        raise AssertionError(f"not within {PATIENCE:.0f} s: {what}\n{logs}")


def answers(port: int) -> bool:
    """Say whether somebody accepts connections on port."""
    with socket.socket() as probe:
        probe.settimeout(0.5)
        return probe.connect_ex(("127.0.0.1", port)) == 0


@cache
def furnished() -> Path:
    """Prepare the demo ward once a test run, in a folder to be copied: drawing its pictures takes long."""
    folder = Path(tempfile.mkdtemp(prefix="gocua-furnished-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    House(folder).manage("prepare", "--demo")
    return folder


@contextmanager
def house(folder: Path, *names: str, demo: bool = True, **environment: str) -> Iterator[House]:
    """Prepare a house in folder (with the demo ward) and start the named processes while the block runs."""
    made = House(folder, environment)
    try:
        if demo and "DATABASE_URL" not in environment:
            shutil.copytree(furnished(), folder, dirs_exist_ok=True)
        else:
            made.manage("prepare", *(["--demo"] if demo else []))
        for name in names:
            made.start(name)
        yield made
    finally:
        made.end()
