"""Every figure with its unit and bar, and who measures it. Not for: measuring; each group has a module of its own.

Adding a figure is a line in FIGURES; the module named by `group` has a function `measure(wanted)` that returns
{name: Measured} for the figures of its group (all of them, or those it was asked for).
"""

import importlib
import sys
import traceback
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Figure:
    """One number: what it is called, in which unit, what it must reach ("most" or "least"), and how it is taken."""

    name: str
    title: str
    unit: str
    group: str
    how: str
    bar: float | None = None
    rule: str = "most"

    def holds(self, value: float | None) -> bool:
        """Say whether value was measured and reaches the bar, if there is one."""
        if value is None or self.bar is None:
            return value is not None
        return value <= self.bar if self.rule == "most" else value >= self.bar


@dataclass(frozen=True)
class Measured:
    """What came out: the number, and what helps to judge it (single runs, parts)."""

    value: float | None
    detail: dict[str, Any] = field(default_factory=dict)


KB = 1000
AT_LEAST = ("per second", "points")
_WIRE = "Chromium 360x740, empty cache, from granian and WhiteNoise; response bytes with headers; "
_READABLE = _WIRE + "up to the load event, text painted, fonts ready; the worker comes after it"
_WHOLE = _WIRE + "all bytes from the server until the worker is in charge and nothing more is asked for"
_SLOW = (
    "Chromium 360x740, empty cache, 4x slower processor, a line of 400 kbit/s with a round trip of 400 ms for all that "
    "passes, handshakes included (bench/slow_line.py), plain HTTP/1.1; from the start of the navigation; median of 5; "
)
_PAINTED = _SLOW + "until text and picture are painted"
_USABLE = _SLOW + "until the load event is over, fonts are there and the components answer a tap"
_TLS = _PAINTED + "; with the round trip that TLS 1.3 adds to each new connection"
_OFFLINE = (
    "the same page opened anew in a new tab, server's process killed, 4x slower processor; from the start of the "
    "navigation until text and picture are painted; median of 5"
)
_ALL_DRAWN = "; all shipped guides published"
_PACK = "what the manifest of every shipped guide lists: pages and pictures as the phone keeps them, uncompressed"
_LIGHTHOUSE = "Lighthouse 13.5, mobile, its simulated line and processor, all shipped guides published; median of 3"
_RATE = (
    "PostgreSQL (fsync on) and Redis, web server as serve starts it, signed visits of eight phones in four areas, "
    "batches of 25, sent by another process, all on two cores; median of 3 rounds"
)
_COST = "as push_per_second; user and system time of both, which a busy machine changes less than the rate"
_SEND = "real worker and sandbox; dossiers with one 250 KB photo: claim, send, attach, read back; portal's rate lifted"
_SAVE = "team page, server ended, sync/outbox.finalise with a 250 KB photo until it resolves; median of 9"
_KEY = "home page with 100 made-up guides, from the keystroke until what is found is laid out; 95th percentile"
_START = "manage.py serve until the health address answers 200: first in an empty folder, then in the same one"
_DRAW = (
    "one process on one core, all files of a step (two sizes AVIF and WebP, the poster as JPEG) of the shipped guide"
)
_PDF = "A4 sheet of the first eight steps of the shipped guide, compiled anew; the slowest of 3"
_DIST = "static/dist, Brotli 11; detail has raw and gzip"

_ALL = (
    # name, title, unit, bar, how; rates and points must reach their bar, anything else stay under it
    ("first_visit", (
        ("guide_first_visit_bytes", "Guide: bytes until the first step is readable", "bytes", 130 * KB, _READABLE),
        ("guide_first_visit_requests", "Guide: requests until then", "requests", 12, _READABLE),
        ("guide_whole_visit_bytes", "Guide: bytes with the worker", "bytes", None, _WHOLE),
        ("guide_whole_visit_requests", "Guide: requests with the worker", "requests", None, _WHOLE),
        ("team_shell_first_visit_bytes", "Team app: bytes of the shell", "bytes", 160 * KB, _READABLE),
        ("team_shell_first_visit_requests", "Team app: requests of the shell", "requests", None, _READABLE),
        ("team_shell_whole_visit_bytes", "Team app: bytes with the worker", "bytes", None, _WHOLE),
        ("team_shell_scan_requests", "Team app: requests for the QR decoder before scanning", "requests", 0, _WHOLE),
    )),
    ("slow_visit", (
        ("guide_slow_readable_seconds", "Guide, 400 kbit/s and 400 ms: first step readable", "seconds", 3, _PAINTED),
        ("guide_slow_usable_seconds", "Guide, 400 kbit/s and 400 ms: fully usable", "seconds", 4, _USABLE),
        ("guide_slow_tls_seconds", "Guide, the same line with TLS: first step readable", "seconds", None, _TLS),
        ("guide_offline_ms", "Guide, no server: the step with its picture", "ms", 500, _OFFLINE),
    )),
    ("catalogue", (
        ("pack_most_bytes", "Guide: the largest pack kept on a phone", "bytes", 300 * KB, _PACK),
        ("pack_eight_steps_bytes", "Guide of at most eight steps: the largest pack", "bytes", 200 * KB, _PACK),
        ("home_first_visit_bytes", "Home: bytes of a first visit", "bytes", None, _READABLE + _ALL_DRAWN),
        ("list_first_visit_bytes", "List of guides: bytes of a first visit", "bytes", None, _READABLE + _ALL_DRAWN),
    )),
    ("lighthouse_scores", (
        ("lighthouse_home_points", "Lighthouse: performance of the home", "points", 98, _LIGHTHOUSE),
        ("lighthouse_list_points", "Lighthouse: performance of the list", "points", 98, _LIGHTHOUSE),
        ("lighthouse_overview_points", "Lighthouse: performance of a guide's face", "points", 98, _LIGHTHOUSE),
        ("lighthouse_step_points", "Lighthouse: performance of a step", "points", 98, _LIGHTHOUSE),
        ("lighthouse_others_points", "Lighthouse: lowest of accessibility, best practices, SEO on these", "points", 100,
         _LIGHTHOUSE),
    )),
    ("offline_save", (
        ("offline_save_ms", "Saving a form with a photo offline, 6x slower processor", "ms", 300, _SAVE),
    )),
    ("search_keystroke", (
        ("search_keystroke_ms", "Search: a keystroke over 100 guides, 6x slower processor", "ms", 30, _KEY),
    )),
    ("push", (
        ("push_per_second", "Entries accepted", "per second", 150, _RATE),
        ("push_batch_p95_ms", "Answer to a batch of 25 under that load, 95th percentile", "ms", None, _RATE),
        ("push_processor_ms", "Processor time of one entry, web server and database", "ms", None, _COST),
    )),
    ("deliveries", (
        ("deliveries_per_second", "Deliveries, PostgreSQL and Redis, two worker processes", "per second", None, _SEND),
        ("deliveries_per_second_embedded", "Deliveries, SQLite and filesystem broker", "per second", None, _SEND),
    )),
    ("starts", (
        ("start_first_seconds", "First start in an empty folder", "seconds", None, _START),
        ("start_second_seconds", "Second start", "seconds", 10, _START + "; median of 3"),
    )),
    ("drawing", (
        ("pictures_per_second", "Steps drawn with all their files", "per second", 1, _DRAW),
        ("guide_pdf_seconds", "PDF of a guide with eight steps", "seconds", 2, _PDF),
    )),
    ("sizes", (
        ("size_citizen_bytes", "Files of the citizen's pages", "bytes", None, _DIST),
        ("size_team_bytes", "Files of the team app without the QR decoder", "bytes", 300 * KB, _DIST),
        ("size_scan_bytes", "QR decoder and its wasm", "bytes", None, _DIST),
        ("size_worker_bytes", "Service worker, gzip", "bytes", None, "the built worker as it is served"),
    )),
)  # fmt: skip
FIGURES = {
    name: Figure(name, title, unit, group, how, bar, "least" if unit in AT_LEAST else "most")
    for group, rows in _ALL
    for name, title, unit, bar, how in rows
}
GROUPS = tuple(dict.fromkeys(figure.group for figure in FIGURES.values()))


def wanted(names: list[str]) -> list[str]:
    """Return the names of figures for names of figures or groups; all when none is given. Raises SystemExit."""
    unknown = [name for name in names if name not in FIGURES and name not in GROUPS]
    if unknown:
        raise SystemExit(f"No figure is called {', '.join(unknown)}. There are: {', '.join((*GROUPS, *FIGURES))}")
    return [name for name, figure in FIGURES.items() if not names or name in names or figure.group in names]


def measure(names: list[str]) -> dict[str, dict[str, Any]]:
    """Measure the named figures, group by group. A group that breaks leaves its figures without a value."""
    found: dict[str, Measured] = {}
    for group in dict.fromkeys(FIGURES[name].group for name in names):
        print(f"bench: {group} …", file=sys.stderr, flush=True)
        found |= _measure_group(group, [name for name in names if FIGURES[name].group == group])
    return {name: entry(FIGURES[name], found.get(name, Measured(None))) for name in names}


def _measure_group(group: str, names: list[str]) -> dict[str, Measured]:
    try:
        return importlib.import_module(f"bench.{group}").measure(names)
    except Exception as error:
        traceback.print_exc()
        return {name: Measured(None, {"problem": f"{type(error).__name__}: {error}"[:600]}) for name in names}


def entry(figure: Figure, measured: Measured) -> dict[str, Any]:
    """Return what is printed for one figure."""
    bare = {
        "value": measured.value, "unit": figure.unit, "bar": figure.bar, "rule": f"at {figure.rule}",
        "ok": figure.holds(measured.value), "how": figure.how,
    }  # fmt: skip
    return bare | ({"detail": measured.detail} if measured.detail else {})
