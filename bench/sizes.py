"""Sizes of what is shipped, compressed as the server compresses it. Not for: bytes of a visit (first_visit.py)."""

import gzip
import tempfile
from pathlib import Path

import brotli

from bench.figures import Measured
from tests.house import ROOT, House

DIST = ROOT / "static" / "dist"
SETS = {
    "size_citizen_bytes": ("app.css", "app.js", "fonts/bvp-400.woff2", "fonts/bvp-600.woff2", "fonts/bvp-700.woff2"),
    "size_team_bytes": (
        "app.css", "team.css", "team.js", "fonts/bvp-400.woff2", "fonts/bvp-600.woff2", "fonts/bvp-700.woff2",
        "fonts/bvp-tab-400.woff2", "fonts/bvp-tab-600.woff2", "fonts/bvp-tab-700.woff2",
    ),
    "size_scan_bytes": ("scan.js", "zxing.wasm"),
}  # fmt: skip


def measure(wanted: list[str]) -> dict[str, Measured]:
    """Weigh the sets, and the worker that `prepare` builds."""
    found = {name: _set(files) for name, files in SETS.items() if name in wanted}
    if "size_worker_bytes" in wanted:
        found["size_worker_bytes"] = _worker()
    return found


def weights(content: bytes) -> dict[str, int]:
    """Return raw, gz and br sizes of a file; what is compressed already stays as it is."""
    br = len(brotli.compress(content))
    return {"raw": len(content), "gz": len(gzip.compress(content, 9, mtime=0)), "br": min(br, len(content))}


def _set(files: tuple[str, ...]) -> Measured:
    parts = {name: weights((DIST / name).read_bytes()) for name in files}
    return Measured(sum(part["br"] for part in parts.values()), {"files": parts})


def _worker() -> Measured:
    with tempfile.TemporaryDirectory(prefix="gocua-bench-") as folder:
        House(Path(folder)).manage("prepare")
        found = weights((Path(folder) / "worker.js").read_bytes())
    return Measured(found["gz"], found)
