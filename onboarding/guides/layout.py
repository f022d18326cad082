"""Where things stand on a drawn screen: the author writes a flow, this module owns every coordinate.

For: drawing.py and specs.py; pure numbers in logical units, nothing is drawn here.
Not for: how an element looks (elements.py).
"""

from dataclasses import dataclass
from typing import Any

from onboarding.guides.elements import ELEMENTS, GAP, PAD, SCREEN_H, SCREEN_W, WIDTH

Spec = dict[str, Any]

TOP, FOOT = 34, 14
AFTER = {"bar": 20, "label": 4}
RING = 10  # the ring lies this far outside its target

STEP_SIZE, STEP_SCALE = (720, 900), 1.86
BODY = 36  # phone body and air above the screen that a cropped picture shows


@dataclass(frozen=True)
class Rect:
    """A rectangle in units, from its upper left corner."""

    x: float
    y: float
    w: float
    h: float

    @property
    def bottom(self) -> float:
        """Return its lower edge."""
        return self.y + self.h

    def grown(self, by: float) -> "Rect":
        """Return it larger by so much on every side."""
        return Rect(self.x - by, self.y - by, self.w + 2 * by, self.h + 2 * by)


Placed = tuple[Spec, Rect]


def place(screen: list[Spec]) -> list[Placed]:
    """Return the elements of a flow with their places; what follows a `spring` stands at the foot of the screen."""
    flow: list[Placed] = []
    y, spring = float(TOP), None
    for e in screen:
        if e["t"] == "spring":
            spring = len(flow)
            continue
        height = ELEMENTS[e["t"]].height(e)
        flow.append((e, Rect(PAD, y, WIDTH, height)))
        y += height + AFTER.get(e["t"], GAP)
    slack = SCREEN_H - FOOT - (y - GAP) if spring is not None else 0
    return [(e, Rect(r.x, r.y + slack, r.w, r.h)) if i >= (spring or 0) else (e, r) for i, (e, r) in enumerate(flow)]


def overflow(screen: list[Spec]) -> float:
    """Return by how many units the flow is taller than the screen, 0 when it fits."""
    packed = place([e for e in screen if e["t"] != "spring"])
    return max(0.0, packed[-1][1].bottom - (SCREEN_H - 8)) if packed else 0.0


def targets_of(placed: list[Placed]) -> dict[str, Rect]:
    """Return the places of elements with an id: with the label before it, or only the part that `aim` names."""
    found = {}
    for i, (e, rect) in enumerate(placed):
        if "id" not in e:
            continue
        before = placed[i - 1] if i else None
        if before and before[0]["t"] == "label":
            rect = Rect(rect.x, before[1].y, rect.w, rect.bottom - before[1].y)
        found[e["id"]] = _aimed(e, rect)
    return found


def _aimed(e: Spec, rect: Rect) -> Rect:
    parts = ELEMENTS[e["t"]].parts
    if not parts or "aim" not in e:
        return rect
    x, y, w, h = parts(e)[e["aim"]]
    return Rect(rect.x + x, rect.y + y, w, h)


def marked(spec: Spec, places: dict[str, Rect]) -> list[Rect]:
    """Return what the picture is about: its targets, or the first thing with an id, or the whole screen."""
    whole = [Rect(0, 0, SCREEN_W, SCREEN_H)]
    return [places[t["of"]] for t in spec.get("targets", [])] or list(places.values())[:1] or whole


def view_of(spec: Spec, rects: list[Rect]) -> tuple[float, float]:
    """Return the part of the screen (top, bottom) that the step picture shows, so that the targets lie well inside."""
    seen = STEP_SIZE[1] / STEP_SCALE
    low, high = min(r.y for r in rects), max(r.bottom for r in rects)
    top = spec.get("view")
    if top is None:
        fits = high + 70 <= seen - BODY
        top = -BODY if fits else min(SCREEN_H + BODY - seen, (low + high) / 2 - seen * 0.48)
    return top, top + seen


def focus_of(rects: list[Rect], view: tuple[float, float]) -> str:
    """Return which part of the picture must stay when it is cropped: top, mid or bottom."""
    middle = (min(r.y for r in rects) + max(r.bottom for r in rects)) / 2
    share = (middle - view[0]) / (view[1] - view[0])
    return "top" if share < 0.42 else "bottom" if share > 0.62 else "mid"
