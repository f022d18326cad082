"""Ring, number and arrow: how a guide points at something, the same on drawn screens and on photographs.

For: drawing.py and photo_drawing.py. Sizes are those of the illustration grammar, in units of the pen. Not for: where
they go.
"""

from math import atan2, cos, hypot, sin

from onboarding.guides.layout import RING, Rect
from onboarding.guides.pen import COLOURS, Pen, Point

DISC = 23  # radius of a number with its white halo
HEAD_LONG, HEAD_WIDE = 26, 15


def ring(pen: Pen, rect: Rect) -> None:
    """Draw the ring around a target."""
    # Ink outside, ochre inside: ochre alone has 2.1:1 on white and is gone in greyscale.
    for grow, colour, width, radius in ((RING + 3, "ink", 9.5, 18), (RING + 1.2, "ochre", 6, 16)):
        r = rect.grown(grow)
        pen.box(r.x, r.y, r.w, r.h, edge=colour, width=width, radius=radius)


def number(pen: Pen, x: float, y: float, said: int) -> None:
    """Draw a number's disc with its middle there."""
    for radius, colour in ((DISC, "white"), (20.5, "ink"), (17, "ochre")):
        pen.dot(x, y, radius, colour)
    pen.text(x, y + 0.5, str(said), 24, weight=700, anchor="mm")


def arrow(pen: Pen, start: Point, end: Point) -> None:
    """Draw an arrow whose tip is at end, ink outside and ochre inside as the ring."""
    for fatter, colour, width in ((4.5, "ink", 12.0), (0, "ochre", 5.0)):
        pen.line([start, _neck(start, end)], colour, width)
        pen.ink.polygon([pen.at(*corner) for corner in _head(start, end, fatter)], COLOURS[colour])


def _neck(start: Point, end: Point) -> Point:
    """Return where the shaft ends, inside the head."""
    length = hypot(end[0] - start[0], end[1] - start[1]) or 1
    share = max(0.0, 1 - HEAD_LONG * 0.8 / length)
    return start[0] + (end[0] - start[0]) * share, start[1] + (end[1] - start[1]) * share


def _head(start: Point, end: Point, fatter: float) -> list[Point]:
    """Return the three corners of the head, each `fatter` units further out."""
    turn = atan2(end[1] - start[1], end[0] - start[0])
    back, side = -HEAD_LONG - fatter, HEAD_WIDE + fatter * 1.4
    corners = ((fatter * 1.8, 0.0), (back, side), (back, -side))
    return [(end[0] + x * cos(turn) - y * sin(turn), end[1] + x * sin(turn) + y * cos(turn)) for x, y in corners]
