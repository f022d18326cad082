"""A house in a folder of its own, and words of bench/ward.py run inside it. Not for: what the words do."""

import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.house import ROOT, House, house

MOST = 900


@contextmanager
def fresh_house(*names: str, demo: bool = False, **environment: str) -> Iterator[House]:
    """Yield a new house with the named processes; its folder and processes go with the block."""
    with (
        tempfile.TemporaryDirectory(prefix="gocua-bench-") as folder,
        house(Path(folder), *names, demo=demo, **environment) as home,
    ):
        yield home


def ask(home: House, *words: str) -> Any:
    """Return the JSON that `python -m bench.at_home words` prints in the environment of a house."""
    return run(home, "bench.at_home", *words)


def run(home: House, module: str, *words: str) -> Any:
    """Return the JSON that a module of ours prints in a house's environment. Raises RuntimeError with its words."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words], cwd=ROOT, env=home.env(), capture_output=True, text=True, timeout=MOST
    )
    if done.returncode:
        raise RuntimeError(f"{module} {words[:1]}: {done.stderr[-2000:]}")
    return json.loads(done.stdout)
