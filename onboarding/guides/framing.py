"""How a page that has less room than a picture is tall crops it, so that its rings stay whole.

For: every page that shows a step's picture (pages.py) and paper (papers.py). Pure numbers in hundredths, because pages
carry no styles of their own: the stylesheet has a rule for each. Not for: where the rings are (layout.py).
"""

import math
from dataclasses import dataclass

LINE = 9  # pixels that a ring's line reaches beyond its box
STEP = 5
PLACES = range(0, 101, STEP)

Box = list[int]


@dataclass(frozen=True)
class Frame:
    """`at`: where the crop stands, 0 at the picture's top, 100 at its foot; `tall`: how much of it has to be seen."""

    at: int = 0
    tall: int = 100


def frame_of(boxes: list[Box], height: int) -> Frame:
    """Return how to crop a picture of that height. boxes: x, y, width, height of each ring; none keeps all of it.

    A crop at `at` that shows `tall` of the picture or more shows all rings whole.
    """
    if not boxes:
        return Frame()
    low = max(0.0, (min(y for _x, y, _w, _h in boxes) - LINE) / height)
    high = min(1.0, (max(y + h for _x, y, _w, h in boxes) + LINE) / height)
    at = min(PLACES, key=lambda place: _needed(low, high, place / 100))
    return Frame(at, min(100, STEP * math.ceil(_needed(low, high, at / 100) * 100 / STEP)))


def _needed(low: float, high: float, at: float) -> float:
    """Return the smallest share of a picture that holds low to high when its crop stands at `at`."""
    above = 1 - low / at if at else 0.0  # a crop of share s begins at (1 - s) * at
    below = (high - at) / (1 - at) if at < 1 else 0.0  # and ends at s + (1 - s) * at
    return max(above, below, high - low)
