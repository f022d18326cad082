"""How long `manage.py serve` needs until somebody can open a page: in an empty folder, and again in the same one.

Not for: stopping; every start here is ended by the signal of Ctrl-C and waited for.
"""

import signal
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path

from bench.figures import Measured
from tests.house import ROOT, House

MOST = 120.0


def measure(wanted: list[str]) -> dict[str, Measured]:
    """Start once in an empty folder, and three times more when the second start is asked for."""
    with tempfile.TemporaryDirectory(prefix="gocua-bench-") as folder:
        first = _start(House(Path(folder)))
        again = [_start(House(Path(folder))) for _ in range(3)] if "start_second_seconds" in wanted else []
    found = {"start_first_seconds": Measured(round(first, 2))}
    if again:
        found["start_second_seconds"] = Measured(
            round(statistics.median(again), 2), {"runs": [round(x, 2) for x in again]}
        )
    return found


def _start(home: House) -> float:
    began = time.monotonic()
    words = ["--host", "127.0.0.1", "--port", str(home.port), "--sandbox-port", str(home.sandbox_port)]
    process = subprocess.Popen(
        [sys.executable, "manage.py", "serve", *words], cwd=ROOT, env=home.env(), stdout=subprocess.DEVNULL,
        stderr=sys.stderr, start_new_session=True,
    )  # fmt: skip
    try:
        while not _healthy(home.url):
            assert process.poll() is None, "serve ended by itself"
            assert time.monotonic() - began < MOST, "serve did not start"
            time.sleep(0.05)
        return time.monotonic() - began
    finally:
        process.send_signal(signal.SIGINT)
        process.wait(60)


def _healthy(url: str) -> bool:
    try:
        with urllib.request.urlopen(f"{url}/suc-khoe/", timeout=5) as answer:  # noqa: S310  our own process
            return bool(answer.status == 200)
    except (urllib.error.URLError, OSError):
        return False
