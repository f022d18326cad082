"""The bench names every promised figure with its bar, and makes the README's table of what was measured. No timing."""

import json
import os
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import suppress

import pytest

from bench import drawn, figures, lighthouse_scores, photo, processor, search_keystroke, slow_line, slow_visit, table
from onboarding.guides import finding
from tests.house import ROOT

PROMISED = {
    "guide_first_visit_bytes": (130_000, "bytes", "most"),
    "guide_first_visit_requests": (12, "requests", "most"),
    "guide_slow_readable_seconds": (3, "seconds", "most"),
    "guide_slow_usable_seconds": (4, "seconds", "most"),
    "guide_offline_ms": (500, "ms", "most"),
    "pack_most_bytes": (300_000, "bytes", "most"),
    "lighthouse_home_points": (98, "points", "least"),
    "lighthouse_list_points": (98, "points", "least"),
    "lighthouse_overview_points": (98, "points", "least"),
    "lighthouse_step_points": (98, "points", "least"),
    "lighthouse_others_points": (100, "points", "least"),
    "team_shell_first_visit_bytes": (160_000, "bytes", "most"),
    "team_shell_scan_requests": (0, "requests", "most"),
    "offline_save_ms": (300, "ms", "most"),
    "search_keystroke_ms": (30, "ms", "most"),
    "push_per_second": (150, "per second", "least"),
    "start_second_seconds": (10, "seconds", "most"),
    "pictures_per_second": (1, "per second", "least"),
    "guide_pdf_seconds": (2, "seconds", "most"),
}
MEASURED_WITHOUT_BAR = {
    "deliveries_per_second", "deliveries_per_second_embedded", "start_first_seconds",
    "guide_slow_tls_seconds", "home_first_visit_bytes", "list_first_visit_bytes",
}  # fmt: skip


def report(**values: float | None) -> dict:
    machine = {"taken": "2026-11-22", "cores": 2, "processor": "Máy thử", "python": "3.11.7", "load_before": 0.1}
    found = {name: figures.entry(figures.FIGURES[name], figures.Measured(value)) for name, value in values.items()}
    return {"machine": machine, "figures": found}


@pytest.mark.parametrize("name", PROMISED)
def test_a_promised_figure_is_registered_with_its_bar_and_unit(name):
    bar, unit, rule = PROMISED[name]
    figure = figures.FIGURES[name]
    assert (figure.bar, figure.unit, figure.rule) == (bar, unit, rule)


@pytest.mark.parametrize("name", figures.FIGURES)
def test_every_figure_has_a_unit_a_way_and_a_module_that_measures_it(name):
    figure = figures.FIGURES[name]
    assert figure.unit and figure.how and figure.title and figure.rule in ("most", "least")
    assert (ROOT / "bench" / f"{figure.group}.py").is_file()
    assert figures.FIGURES.keys() >= MEASURED_WITHOUT_BAR


@pytest.mark.parametrize(
    ("name", "value", "reached"),
    [
        ("push_per_second", 150, True), ("push_per_second", 149.9, False), ("push_per_second", None, False),
        ("offline_save_ms", 300, True), ("offline_save_ms", 301, False),
        ("lighthouse_step_points", 98, True), ("lighthouse_step_points", 97, False),
        ("deliveries_per_second", 0.1, True), ("deliveries_per_second", None, False),
    ],
)  # fmt: skip
def test_a_bar_is_reached_from_the_right_side(name, value, reached):
    assert figures.FIGURES[name].holds(value) is reached


def test_names_choose_figures_and_groups_and_a_wrong_one_is_said():
    assert figures.wanted(["push"]) == ["push_per_second", "push_batch_p95_ms", "push_processor_ms"]
    assert figures.wanted(["offline_save_ms"]) == ["offline_save_ms"]
    assert figures.wanted([]) == list(figures.FIGURES)
    with pytest.raises(SystemExit, match="No figure is called nonsense"):
        figures.wanted(["push", "nonsense"])


def test_a_group_that_breaks_leaves_its_figures_without_a_value_and_says_why(monkeypatch):
    monkeypatch.setattr("bench.sizes.measure", lambda wanted: 1 / 0)
    found = figures.measure(["size_scan_bytes"])["size_scan_bytes"]
    assert found["value"] is None and found["ok"] is False
    assert "ZeroDivisionError" in found["detail"]["problem"]


def test_the_table_has_a_line_for_each_figure_with_bar_and_verdict():
    made = table.markdown(
        report(guide_first_visit_bytes=56_678, push_per_second=149.4, deliveries_per_second=21, offline_save_ms=None)
    )
    lines = made.splitlines()
    assert lines[2] == "| Guide: bytes until the first step is readable | 56.7 KB | at most 130.0 KB | yes |"
    assert "| Entries accepted | 149 per second | at least 150 per second | **no** |" in lines
    assert "| Deliveries, PostgreSQL and Redis, two worker processes | 21 per second |  |  |" in lines
    assert any("| not measured | at most 300 ms | **no** |" in line for line in lines)
    assert lines[-1] == "Taken on 2026-11-22 with 2 cores (Máy thử), Python 3.11.7, by `make bench`."


def test_the_command_prints_the_table_of_a_file_and_measures_nothing(tmp_path):
    file = tmp_path / "figures.json"
    file.write_text(json.dumps(report(start_second_seconds=4.2)))
    command = [sys.executable, "-m", "bench", "--table", str(file)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines()[2] == "| Second start | 4.2 seconds | at most 10 seconds | yes |"


def test_the_photo_is_as_large_as_it_says():
    content = photo.photo()
    assert content.startswith(b"\xff\xd8") and abs(len(content) - photo.BYTES) < photo.BYTES / 10


def test_the_made_up_guides_are_a_hundred_and_always_the_same():
    made = search_keystroke.made_up()
    assert made == search_keystroke.made_up()
    assert len(made["docs"]) == 100 and len({doc["title"] for doc in made["docs"]}) == 100
    prepared = finding.prepare(made)
    assert finding.find(prepared, "dang ky tam tru")[0]["slug"] == "bai-0"


def test_processor_time_counts_children_too():
    work = "import hashlib; hashlib.pbkdf2_hmac('sha256', b'x', b'y', 300_000)"
    before = processor.seconds(os.getpid())
    subprocess.run([sys.executable, "-c", work], check=True)
    assert processor.seconds(os.getpid()) > before


TRIP = 0.2


@pytest.fixture
def echo() -> Iterator[int]:
    """A server that answers a request of one line with a page of 3000 bytes and hangs up; yields its port."""
    listener = socket.create_server(("127.0.0.1", 0))

    def answer() -> None:
        with suppress(OSError):
            while True:
                near, _address = listener.accept()
                near.recv(100)
                near.sendall(b"x" * 3000)
                near.close()

    threading.Thread(target=answer, daemon=True).start()
    yield listener.getsockname()[1]
    listener.close()


@pytest.mark.parametrize(("tls", "trips"), [(False, 2), (True, 3)])
def test_the_slow_line_carries_everything_and_not_sooner_than_trips_and_rate_allow(echo, tls, trips):
    with slow_line.slow_line(echo, kilobits=400, trip=TRIP, tls=tls) as line:
        began = time.monotonic()
        with socket.create_connection(("127.0.0.1", line.port)) as phone:
            phone.sendall(b"?")
            came = b"".join(iter(lambda: phone.recv(5000), b""))
        took = time.monotonic() - began
    assert came == b"x" * 3000
    assert took >= trips * TRIP + 3000 / 50_000


def test_a_visit_is_readable_with_its_picture_and_usable_when_the_last_is_there():
    visit = {"page": 900, "text": 1800, "picture": 2300, "load": 3100, "fonts": 3200}
    assert (slow_visit.readable(visit), slow_visit.usable(visit)) == (2300, 3200)


def test_of_lighthouse_only_what_counts_and_fell_short_is_named():
    audits = {"a": {"score": 1}, "b": {"score": 0.5}, "c": {"score": None}, "d": {"score": 0}}
    refs = [{"id": name, "weight": 0 if name == "d" else 1} for name in audits]
    report = {"audits": audits, "categories": {"seo": {"score": 0.91, "auditRefs": refs}}}
    assert lighthouse_scores.points(report, "seo") == 91
    assert lighthouse_scores.missed(report, "seo") == ["b"]


def test_lighthouse_is_locked_and_no_tool_of_the_front_end():
    folder = ROOT / "bench" / "lighthouse"
    wanted = json.loads((folder / "package.json").read_text())["devDependencies"]
    locked = json.loads((folder / "package-lock.json").read_text())["packages"]
    assert list(wanted) == ["lighthouse"] and locked["node_modules/lighthouse"]["version"] == wanted["lighthouse"]
    assert "lighthouse" not in (ROOT / "static" / "src" / "package.json").read_text()


def test_a_folder_where_all_is_drawn_is_used_as_it_is(monkeypatch, tmp_path):
    monkeypatch.setenv("BENCH_DRAWN", str(tmp_path))
    drawn.drawn.cache_clear()
    assert drawn.drawn() == tmp_path
    drawn.drawn.cache_clear()
