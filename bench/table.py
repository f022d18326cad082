"""The README's table of figures, made from what was measured. Not for: measuring or judging."""

from typing import Any

from bench.figures import FIGURES

MARKS = {True: "yes", False: "**no**"}


def markdown(report: dict[str, Any]) -> str:
    """Return the Markdown table for a report of `python -m bench`: one line a figure, in the registry's order."""
    lines = ["| Figure | Measured | Bar | Reached |", "|---|---:|---:|---|"]
    found = report["figures"]
    lines += [_line(name, found[name]) for name in FIGURES if name in found]
    return "\n".join([*lines, "", _foot(report["machine"])])


def _line(name: str, row: dict[str, Any]) -> str:
    bar = "" if row["bar"] is None else f"{row['rule']} {number(row['bar'], row['unit'])}"
    reached = "" if row["bar"] is None else MARKS[row["ok"]]
    return f"| {FIGURES[name].title} | {number(row['value'], row['unit'])} | {bar} | {reached} |"


def _foot(machine: dict[str, Any]) -> str:
    return (
        f"Taken on {machine['taken']} with {machine['cores']} cores ({machine['processor']}), "
        f"Python {machine['python']}, by `make bench`."
    )


def number(value: float | None, unit: str) -> str:
    """Return a value as people read it: "96.4 KB", "12 requests", "181 ms"."""
    if value is None:
        return "not measured"
    if unit == "bytes":
        return f"{value / 1000:.1f} KB"
    return f"{value:.0f} {unit}" if value >= 100 or value == int(value) else f"{value:.1f} {unit}"
