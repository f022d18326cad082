"""Small signs drawn with the pen: person, tick, lock and the like, all in one stroke weight.

For: icons inside the drawn screen. Not for: icons of our own pages; those are Tabler's, through `{% icon %}`.
"""

from collections.abc import Callable

from PIL import Image, ImageDraw

from onboarding.guides.pen import COLOURS, Pen

Glyph = Callable[[Pen, float, float, float, str], None]


def person(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    """Head and shoulders."""
    pen.dot(x, y - r * 0.34, r * 0.36, colour)
    # The shoulders are an ellipse cut off straight: a mask does it without a second colour below.
    mask = Image.new("L", pen.image.size, 0)
    draw = ImageDraw.Draw(mask)
    draw.ellipse((*pen.at(x - r * 0.72, y + r * 0.12), *pen.at(x + r * 0.72, y + r * 1.5)), 255)
    draw.rectangle((*pen.at(x - r, y + r * 0.82), *pen.at(x + r, y + r * 2)), 0)
    pen.image.paste(COLOURS[colour], (0, 0), mask)


def _check(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    points = [(x - r * 0.5, y + r * 0.02), (x - r * 0.12, y + r * 0.4), (x + r * 0.55, y - r * 0.4)]
    pen.line(points, colour, r * 0.26)


def _lock(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    bar = r * 0.2
    pen.box(x - r * 0.55, y - r * 0.1, r * 1.1, r * 0.9, colour, radius=r * 0.16)
    pen.arc(x - r * 0.42, y - r * 0.78, r * 0.84, r * 0.84, 180, 360, colour, bar)
    pen.box(x - r * 0.42, y - r * 0.38, bar, r * 0.4, colour)
    pen.box(x + r * 0.42 - bar, y - r * 0.38, bar, r * 0.4, colour)


def _key(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.dot(x - r * 0.35, y, r * 0.36, edge=colour, width=r * 0.2)
    pen.line([(x, y), (x + r * 0.75, y), (x + r * 0.75, y + r * 0.34)], colour, r * 0.2)


def _phone(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.box(x - r * 0.42, y - r * 0.8, r * 0.84, r * 1.6, edge=colour, width=r * 0.2, radius=r * 0.18)
    pen.dot(x, y + r * 0.52, r * 0.1, colour)


def _mail(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.box(x - r * 0.8, y - r * 0.56, r * 1.6, r * 1.12, edge=colour, width=r * 0.2, radius=r * 0.16)
    pen.line([(x - r * 0.66, y - r * 0.4), (x, y + r * 0.1), (x + r * 0.66, y - r * 0.4)], colour, r * 0.2)


def _down(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.line([(x, y - r * 0.7), (x, y + r * 0.3)], colour, r * 0.24)
    pen.line([(x - r * 0.42, y - r * 0.1), (x, y + r * 0.32), (x + r * 0.42, y - r * 0.1)], colour, r * 0.24)
    pen.line([(x - r * 0.62, y + r * 0.7), (x + r * 0.62, y + r * 0.7)], colour, r * 0.24)


def _help(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.text(x, y, "?", r * 1.6, colour=colour, weight=700, anchor="mm")


def _warn(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.line([(x, y - r * 0.5), (x, y + r * 0.12)], colour, r * 0.26)
    pen.dot(x, y + r * 0.52, r * 0.16, colour)


def _health(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.box(x - r * 0.17, y - r * 0.62, r * 0.34, r * 1.24, colour, radius=r * 0.08)
    pen.box(x - r * 0.62, y - r * 0.17, r * 1.24, r * 0.34, colour, radius=r * 0.08)


def _car(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.box(x - r * 0.8, y - r * 0.16, r * 1.6, r * 0.56, colour, radius=r * 0.14)
    pen.line([(x - r * 0.5, y - r * 0.16), (x - r * 0.3, y - r * 0.5), (x + r * 0.3, y - r * 0.5)], colour, r * 0.18)
    pen.line([(x + r * 0.3, y - r * 0.5), (x + r * 0.5, y - r * 0.16)], colour, r * 0.18)
    for side in (-0.42, 0.42):
        pen.dot(x + r * side, y + r * 0.42, r * 0.22, colour)


def _battery(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.box(x - r * 0.8, y - r * 0.42, r * 1.5, r * 0.84, edge=colour, width=r * 0.18, radius=r * 0.14)
    pen.box(x - r * 0.56, y - r * 0.18, r * 0.9, r * 0.36, colour)
    pen.box(x + r * 0.72, y - r * 0.18, r * 0.16, r * 0.36, colour)


def _signal(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    for place, height in enumerate((0.4, 0.72, 1.04, 1.36)):
        left = x - r * 0.78 + place * r * 0.42
        pen.box(left, y + r * 0.68 - r * height, r * 0.28, r * height, colour, radius=r * 0.06)


def _home(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.line([(x - r * 0.82, y - r * 0.02), (x, y - r * 0.72), (x + r * 0.82, y - r * 0.02)], colour, r * 0.24)
    pen.box(x - r * 0.54, y - r * 0.06, r * 1.08, r * 0.78, edge=colour, width=r * 0.22, radius=r * 0.08)


def _search(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.dot(x - r * 0.16, y - r * 0.16, r * 0.54, edge=colour, width=r * 0.22)
    pen.line([(x + r * 0.28, y + r * 0.28), (x + r * 0.7, y + r * 0.7)], colour, r * 0.24)


def _clock(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.dot(x, y, r * 0.78, edge=colour, width=r * 0.2)
    pen.line([(x, y - r * 0.42), (x, y), (x + r * 0.32, y + r * 0.18)], colour, r * 0.18)


def _doc(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.box(x - r * 0.58, y - r * 0.78, r * 1.16, r * 1.56, edge=colour, width=r * 0.2, radius=r * 0.14)
    for row in (-0.26, 0.06, 0.38):
        pen.line([(x - r * 0.26, y + r * row), (x + r * 0.26, y + r * row)], colour, r * 0.14)


def _camera(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.box(x - r * 0.28, y - r * 0.68, r * 0.56, r * 0.3, colour, radius=r * 0.08)
    pen.box(x - r * 0.82, y - r * 0.46, r * 1.64, r * 1.1, edge=colour, width=r * 0.2, radius=r * 0.18)
    pen.dot(x, y + r * 0.1, r * 0.3, edge=colour, width=r * 0.18)


def _bell(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.dot(x, y - r * 0.2, r * 0.46, colour)
    pen.box(x - r * 0.46, y - r * 0.2, r * 0.92, r * 0.56, colour)
    pen.line([(x - r * 0.68, y + r * 0.38), (x + r * 0.68, y + r * 0.38)], colour, r * 0.2)
    pen.dot(x, y + r * 0.66, r * 0.16, colour)


def _money(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    pen.box(x - r * 0.86, y - r * 0.52, r * 1.72, r * 1.04, edge=colour, width=r * 0.2, radius=r * 0.14)
    pen.dot(x, y, r * 0.24, colour)


def _cross(pen: Pen, x: float, y: float, r: float, colour: str) -> None:
    for side in (-1, 1):
        pen.line([(x - r * 0.46 * side, y - r * 0.46), (x + r * 0.46 * side, y + r * 0.46)], colour, r * 0.26)


GLYPHS: dict[str, Glyph] = {
    "person": person,
    "check": _check,
    "lock": _lock,
    "key": _key,
    "phone": _phone,
    "mail": _mail,
    "down": _down,
    "help": _help,
    "warn": _warn,
    "health": _health,
    "car": _car,
    "battery": _battery,
    "signal": _signal,
    "home": _home,
    "search": _search,
    "clock": _clock,
    "doc": _doc,
    "camera": _camera,
    "bell": _bell,
    "money": _money,
    "cross": _cross,
}


def glyph(pen: Pen, name: str, x: float, y: float, radius: float, colour: str) -> None:
    """Draw the sign called name around (x, y). Raises KeyError for a name that GLYPHS does not have."""
    GLYPHS[name](pen, x, y, radius, colour)
