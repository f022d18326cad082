"""What an element of a drawn screen is, and how large the screen is, in logical units.

For: elements.py (what a phone shows) and scenery.py (what stands around it), which fill the dictionary of elements.
Not for: any single element, or where it stands (layout.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from onboarding.guides.pen import Pen

SCREEN_W, SCREEN_H = 300, 560
PAD, GAP = 20, 14
WIDTH = SCREEN_W - 2 * PAD
LINE = 1.38

Spec = dict[str, Any]
# x, y, width and height of a part, from the upper left corner of its element
Part = tuple[float, float, float, float]


@dataclass(frozen=True)
class Element:
    """One kind of element: its height in units, its drawing at (x, y), the keys it needs and those it may have."""

    height: Callable[[Spec], float]
    draw: Callable[[Spec, Pen, float, float], None]
    needs: tuple[str, ...] = ()
    may: tuple[str, ...] = ()
    # (key, size, weight, room): a text that must fit on one line
    one_line: tuple[tuple[str, float, int, float], ...] = ()
    # what is ringed when the author aims at a part of it with `aim`
    parts: Callable[[Spec], dict[str, Part]] | None = None


def fixed(units: float) -> Callable[[Spec], float]:
    """Return a height that is always the same."""
    return lambda e: units
