"""Runs a word of bench/ward.py inside a house, as a process of its own. Not for: what the word does."""

import json
import subprocess
import sys
from typing import Any

from tests.house import ROOT, House

MOST = 900


def ask(home: House, *words: str) -> Any:
    """Return the JSON that `python -m bench.ward words` prints in the environment of a house."""
    return run(home, "bench.ward", *words)


def run(home: House, module: str, *words: str) -> Any:
    """Return the JSON that a module of ours prints in the environment of a house. Raises RuntimeError with its words."""
    done = subprocess.run(
        [sys.executable, "-m", module, *words], cwd=ROOT, env=home.env(), capture_output=True, text=True, timeout=MOST
    )
    if done.returncode:
        raise RuntimeError(f"{module} {words[:1]}: {done.stderr[-2000:]}")
    return json.loads(done.stdout)
