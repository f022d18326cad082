"""Geometry of the dashboard's drawings: plain numbers that the templates put into SVG attributes.

Not for: figures (figures.py) or colours; those are classes. No chart library and no script: the drawings print.
"""

from dataclasses import dataclass
from datetime import date

from onboarding.oversight.figures import DossierGroup


@dataclass(frozen=True)
class Bar:
    """One bar of a sparkline in a 100 by 32 box."""

    x: float
    y: float
    height: float
    last: bool


def spark(values: list[int]) -> list[Bar]:
    """Return the bars of a sparkline; the running week is the last. A zero keeps a hair so that it can be seen."""
    most = max([*values, 1])
    heights = [max(1.0, 30 * value / most) for value in values]
    step = 100 / len(values)
    return [
        Bar(round(i * step, 1), round(32 - height, 1), round(height, 1), i == len(values) - 1)
        for i, height in enumerate(heights)
    ]


@dataclass(frozen=True)
class Part:
    """One part of a stacked bar, in percent of its width."""

    group: DossierGroup
    x: float
    width: float


def stacked(groups: list[DossierGroup], gap: float = 0.5) -> list[Part]:
    """Return the parts of a stacked bar that are not empty, with a gap between them."""
    total = sum(group.count for group in groups) or 1
    parts, x = [], 0.0
    for group in groups:
        width = 100 * group.count / total
        if group.count:
            parts.append(Part(group, round(x, 2), round(max(width - gap, 0.5), 2)))
        x += width
    return parts


@dataclass(frozen=True)
class Plan:
    """A straight line: nothing on the first day, the target on the last."""

    starts: date
    ends: date
    target: int


@dataclass(frozen=True)
class Curve:
    """A line against a plan in a box: width and height, points, and where to write what."""

    width: int
    height: int
    left: int
    bottom: int
    right: int
    path: str
    plan: str
    rows: list[tuple[float, int]]
    marks: list[tuple[float, date]]
    now: tuple[float, float]
    label: tuple[float, float, str]


def curve(points: list[tuple[date, int]], plan: Plan, *, width: int, height: int) -> Curve:
    """Return the drawing of points (day, count) against a plan, in a box of width by height units."""
    starts, ends, target = plan.starts, plan.ends, plan.target
    left, right, top, bottom = 40, width - 12, 12, height - 26
    days = (ends - starts).days or 1
    most = max([target, 1, *(count for _, count in points)])

    def place(day: date, count: int) -> tuple[float, float]:
        x = left + (right - left) * min(max((day - starts).days / days, 0), 1)
        return round(x, 1), round(bottom - (bottom - top) * count / most, 1)

    dots = [place(day, count) for day, count in points]
    path = "M" + "L".join(f"{x} {y}" for x, y in dots)
    line = "M{} {}L{} {}".format(*place(starts, 0), *place(ends, target))
    rows = [(place(starts, round(most * k / 3))[1], round(most * k / 3)) for k in range(4)]
    marks = [(place(day, 0)[0], day) for day in (starts, starts + (ends - starts) / 2, ends)]
    now = dots[-1]
    end = now[0] > width * 0.66
    label = (now[0] - 9 if end else now[0] + 9, now[1] + 20, "end" if end else "start")
    return Curve(width, height, left, bottom, right, path, line, rows, marks, now, label)
