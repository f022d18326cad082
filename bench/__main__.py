"""`python -m bench [NAME…]` prints one JSON object; `--table FILE.json` turns such an object into Markdown.

Progress goes to stderr. The exit code is 0 when all asked figures were measured, whether or not they reach their
bars: a slow machine is not a mistake, a figure that could not be taken is.
"""

import argparse
import json
import os
import platform
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from bench import figures, table

CORES = 2


def main() -> int:
    """Measure or print the table."""
    words = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    words.add_argument("names", nargs="*", metavar="NAME", help="figures or groups; all when none is given")
    words.add_argument("--table", type=Path, metavar="FILE", help="print the README's table for figures in FILE")
    words.add_argument("--list", action="store_true", help="print the names")
    chosen = words.parse_args()
    if chosen.table:
        print(table.markdown(json.loads(chosen.table.read_text())))
        return 0
    names = figures.wanted(chosen.names)
    if chosen.list:
        print("\n".join(names))
        return 0
    _keep_to_two_cores()
    report = {"machine": machine(), "figures": figures.measure(names)}
    print(json.dumps(report, ensure_ascii=False, indent=1))
    missing = [name for name, found in report["figures"].items() if found["value"] is None]
    if missing:
        print(f"bench: not measured: {', '.join(missing)}", file=sys.stderr)
    return 1 if missing else 0


def machine() -> dict[str, Any]:
    """Return what the figures were taken on, and how busy it was before."""
    return {
        "taken": datetime.now(UTC).date().isoformat(),
        "cores": len(os.sched_getaffinity(0)),
        "processor": _processor(),
        "python": platform.python_version(),
        "load_before": round(os.getloadavg()[0], 2),
    }


def _processor() -> str:
    lines = Path("/proc/cpuinfo").read_text().splitlines()
    return next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), platform.machine())


def _keep_to_two_cores() -> None:
    """The bars are said for two cores; every process started from here inherits them."""
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[:CORES])


if __name__ == "__main__":
    sys.exit(main())
