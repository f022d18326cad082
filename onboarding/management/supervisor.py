"""Children under one parent: started in process groups, started again when they die, ended together.

For: `serve`. A child's whole group is killed before it is started again: a web server that shares its port would
otherwise leave an old worker answering beside the new one. Children end when the parent is killed.
Not for: deciding what work is due; the database rows know.
"""

import ctypes
import os
import signal
import socket
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType

PR_SET_PDEATHSIG = 1  # prctl(2), Linux: the signal a child gets when its parent dies


@dataclass
class Child:
    """One process to keep alive."""

    name: str
    command: list[str]
    environment: dict[str, str] = field(default_factory=dict)
    folder: Path = Path()
    process: subprocess.Popen[bytes] | None = None
    started: float = 0.0
    failures: int = 0
    again_at: float = 0.0


def web_processes(database: str) -> int:
    """Return how many web processes suit a database ("" or its DATABASE_URL): WEB_PROCESSES when it is set.

    SQLite has one writer, more processes would only wait for it. A database server takes one process a core: a
    single one computes on one core only.
    """
    fitting = len(os.sched_getaffinity(0)) if database.startswith("postgres") else 1
    return int(os.environ.get("WEB_PROCESSES") or fitting)


def children(*, host: str, port: int, sandbox_port: int, folder: Path, web: int = 1) -> list[Child]:
    """Return what `serve` keeps alive: sandbox, web server (with so many processes), worker, beat."""
    python = sys.executable
    portal = {"PORTAL_URL": os.environ.get("PORTAL_URL", f"http://127.0.0.1:{sandbox_port}")}
    celery = [python, "-m", "celery", "-A", "onboarding"]
    server = [python, "-m", "granian", "--interface", "wsgi", "--host", host, "--port", str(port)]
    server += [
        "--workers",
        str(web),
        "--blocking-threads",
        "4",
        "--no-ws",
        "--log-level",
        "warning",
        "onboarding.wsgi:application",
    ]
    return [
        Child("sandbox", [python, "-m", "onboarding.portal_sandbox", "--port", str(sandbox_port)], portal, folder),
        Child("web", server, portal, folder),
        Child(
            "worker",
            [*celery, "worker", "--loglevel", "warning", "--without-gossip", "--without-mingle"],
            portal,
            folder,
        ),
        Child("beat", [*celery, "beat", "--loglevel", "warning", "--pidfile="], portal, folder),
    ]


class Supervisor:
    """Starts children, starts again what ends, stops all."""

    def __init__(self, group: list[Child], *, log_folder: Path, grace: float = 10.0) -> None:
        """Take the children; logs go to log_folder; a child has grace seconds to end by itself."""
        self.group, self.log_folder, self.grace, self.stopping = group, log_folder, grace, False
        log_folder.mkdir(parents=True, exist_ok=True)

    def start(self) -> None:
        """Start every child and take Ctrl-C and SIGTERM as the wish to stop."""
        for signum in (signal.SIGINT, signal.SIGTERM):
            signal.signal(signum, self._stop)
        for child in self.group:
            self._spawn(child)

    def run(self) -> None:
        """Watch until asked to stop; then end all children and return."""
        try:
            while not self.stopping:
                self._revive()
                time.sleep(0.25)
        finally:
            self.end()

    def end(self) -> None:
        """Ask every child to end, wait for grace seconds, kill what is left of the groups."""
        self.stopping = True
        for child in reversed(self.group):
            _signal_group(child, signal.SIGTERM)
        deadline = time.monotonic() + self.grace
        for child in self.group:
            if child.process:
                with suppress(subprocess.TimeoutExpired):
                    child.process.wait(max(0.1, deadline - time.monotonic()))
                _signal_group(child, signal.SIGKILL)

    def wait_for_port(self, port: int, seconds: float = 60) -> None:
        """Return when somebody answers on port; raise SystemExit with the reason when nobody does in time."""
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline and not self.stopping:
            with socket.socket() as probe:
                probe.settimeout(0.5)
                if probe.connect_ex(("127.0.0.1", port)) == 0:
                    return
            self._revive()
            time.sleep(0.1)
        self.end()
        raise SystemExit(f"Máy chủ chưa chạy được. Xem lý do ở {self.log_folder / 'web.log'}")

    def _revive(self) -> None:
        for child in self.group:
            if child.process is not None and child.process.poll() is not None:
                self._bury(child)
            if child.process is None and not self.stopping and time.monotonic() >= child.again_at:
                self._spawn(child)

    def _bury(self, child: Child) -> None:
        """Kill what is left of a dead child's group, and wait longer each time it dies young; never give up."""
        _signal_group(child, signal.SIGKILL)
        child.process = None
        child.failures = 0 if time.monotonic() - child.started > 60 else child.failures + 1
        child.again_at = time.monotonic() + min(2 ** (child.failures - 1), 30) / 2

    def _spawn(self, child: Child) -> None:
        with (self.log_folder / f"{child.name}.log").open("ab") as log:
            child.process = subprocess.Popen(
                child.command, cwd=child.folder, env={**os.environ, **child.environment}, stdin=subprocess.DEVNULL,
                stdout=log, stderr=log, start_new_session=True, preexec_fn=_die_with_parent,
            )  # fmt: skip
        child.started = time.monotonic()

    def _stop(self, signum: int, frame: FrameType | None) -> None:
        self.stopping = True


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal_group(child: Child, signum: int) -> None:
    if child.process is None:
        return
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(child.process.pid, signum)
