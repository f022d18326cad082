"""A house in which every shipped guide is drawn and published, made once a run: drawing takes six minutes.

For: figures that depend on the whole catalogue. BENCH_DRAWN names a data folder (VAR_DIR) where that has been done
already. Not for: figures of a fresh start; inside.py has those houses.
"""

import atexit
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path

from tests.house import ROOT, House

MOST = 3600


@cache
def drawn() -> Path:
    """Return the data folder of a house with the demo ward and all guides."""
    if given := os.environ.get("BENCH_DRAWN"):
        return Path(given)
    folder = Path(tempfile.mkdtemp(prefix="gocua-drawn-"))
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    home = House(folder)
    home.manage("prepare", "--demo")
    print("bench: drawing all guides …", file=sys.stderr, flush=True)
    command = [sys.executable, "manage.py", "load_content", "--all"]
    subprocess.run(command, cwd=ROOT, env=home.env(), check=True, stdout=sys.stderr, timeout=MOST)
    return folder


@contextmanager
def drawn_house(*names: str) -> Iterator[House]:
    """Yield that house with the named processes; only the processes end with the block."""
    home = House(drawn())
    try:
        for name in names:
            home.start(name)
        yield home
    finally:
        home.end()
