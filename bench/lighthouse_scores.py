"""What Lighthouse says of the citizens' pages, as its mobile form and its own simulated line judge them.

In a house where all guides are published (drawn.py), as a phone that was never here; median of three runs a page. It
slows nothing itself: it loads at full speed and reckons a line of 1.6 Mbit/s, 150 ms and a processor four times
slower. Localhost counts as secure. Lighthouse is a tool of the bench alone (bench/lighthouse, installed by
`make bench`). Not for: our own bars on time; slow_visit.py measures those.
"""

import json
import os
import shutil
import statistics
import subprocess
from typing import Any

from bench.drawn import drawn_house
from bench.figures import Measured
from tests.house import ROOT

TOOL = ROOT / "bench" / "lighthouse" / "node_modules" / "lighthouse" / "cli" / "index.js"
PAGES = {
    "home": "/", "list": "/huong-dan/", "overview": "/huong-dan/vneid-muc-2/", "step": "/huong-dan/vneid-muc-2/1/",
}  # fmt: skip
OTHERS = ("accessibility", "best-practices", "seo")
RUNS, TRIES, MOST = 3, 3, 180


def measure(wanted: list[str]) -> dict[str, Measured]:
    """Judge the pages of the asked figures; all of them for the categories beside performance."""
    names = [name for name in PAGES if f"lighthouse_{name}_points" in wanted or "lighthouse_others_points" in wanted]
    with drawn_house("web") as home:
        address = f"http://localhost:{home.port}"
        judged = {name: [_judge(address + PAGES[name]) for _run in range(RUNS)] for name in names}
    found = {f"lighthouse_{name}_points": _performance(runs) for name, runs in judged.items()}
    if "lighthouse_others_points" in wanted:
        found["lighthouse_others_points"] = _others(judged)
    return found


def _judge(url: str) -> dict[str, Any]:
    words = ["--quiet", "--output=json", "--output-path=stdout", "--chrome-flags=--headless=new --no-sandbox"]
    only = f"--only-categories=performance,{','.join(OTHERS)}"
    command = [shutil.which("node") or "node", str(TOOL), url, *words, only]
    told = {**os.environ, "CHROME_PATH": "/usr/bin/chromium"}
    for _try in range(TRIES):
        done = subprocess.run(command, env=told, capture_output=True, text=True, timeout=MOST)
        # The tool at times loses the trace of a page and asks to be run again; no score comes of such a run.
        if "NO_NAVSTART" not in done.stderr:
            break
    if done.returncode:
        raise RuntimeError(f"lighthouse {url}: {done.stderr[-1000:]}")
    report: dict[str, Any] = json.loads(done.stdout)
    if problem := report.get("runtimeError"):
        raise RuntimeError(f"lighthouse {url}: {problem}")
    return report


def points(report: dict[str, Any], category: str) -> float:
    """Return the score of a category, 0 to 100."""
    return round(100 * float(report["categories"][category]["score"] or 0))


def missed(report: dict[str, Any], category: str) -> list[str]:
    """Return the audits of a category that count and did not reach their whole score."""
    audits, counted = report["audits"], report["categories"][category]["auditRefs"]
    names = [one["id"] for one in counted if one["weight"]]
    return [name for name in names if audits[name]["score"] is not None and audits[name]["score"] < 1]


def _performance(runs: list[dict[str, Any]]) -> Measured:
    found = [points(report, "performance") for report in runs]
    names = ("first-contentful-paint", "largest-contentful-paint", "total-blocking-time", "cumulative-layout-shift")
    parts = {name: round(statistics.median(r["audits"][name]["numericValue"] for r in runs), 3) for name in names}
    return Measured(statistics.median(found), {"runs": found, **parts})


def _others(judged: dict[str, list[dict[str, Any]]]) -> Measured:
    found = {
        f"{page} {category}": statistics.median(points(report, category) for report in runs)
        for page, runs in judged.items()
        for category in OTHERS
    }
    lost = sorted({f"{page}: {one}" for page, runs in judged.items() for c in OTHERS for one in missed(runs[0], c)})
    return Measured(min(found.values()), {"pages": found, "missed": lost})
