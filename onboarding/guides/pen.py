"""The pen of the guide pictures: palette, type and strokes in logical units.

For: elements.py and drawing.py, so that no element ever counts pixels or picks a colour of its own.
Not for: what a screen shows (elements.py) or where things stand (drawing.py).
"""

from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FONTS = Path(__file__).resolve().parent.parent / "content" / "fonts"

Point = tuple[float, float]

COLOURS = {
    "paper": "#FAF6EC",
    "white": "#FFFFFF",
    "veil": "#FBF9F3",
    "sunk": "#F1EBDC",
    "ink": "#14211E",
    "ink2": "#3F4C48",
    "body": "#2B3A36",
    "line": "#DDD5C3",
    "edge": "#7A776A",
    "ghost": "#E4DFD2",
    "hint": "#8B887C",
    "green": "#0B5248",
    "green_t": "#DCEBE3",
    "card": "#EAF1EE",
    "card_line": "#B9CBC5",
    "card_face": "#9DB3AC",
    "dark": "#22312D",
    "pale": "#C9D5CF",
    "plate": "#264CA5",
    "ochre": "#E5A82E",
    "ochre_t": "#FBEBC3",
    "brick": "#8F2A17",
    "brick_i": "#7A2212",
    "brick_t": "#FAE3DB",
    "skin": "#F3CFAD",
    "nail": "#C99F78",
}


@cache
def font(size: int, weight: int = 600) -> ImageFont.FreeTypeFont:
    """Return Be Vietnam Pro in size pixels and weight 400, 600 or 700."""
    return ImageFont.truetype(FONTS / f"BeVietnamPro-{weight}.ttf", size)


class TooLong(ValueError):
    """A text needs more lines than its place has. `lines` says how many it would take."""

    def __init__(self, text: str, lines: int) -> None:
        super().__init__(text)
        self.text, self.lines = text, lines


class Pen:
    """Draws on an image in logical units: one unit is `scale` pixels, (0, 0) lies at `origin` in pixels."""

    def __init__(self, image: Image.Image, scale: float, origin: Point = (0, 0)) -> None:
        self.image, self.scale, self.origin = image, scale, origin
        self.ink = ImageDraw.Draw(image)

    def at(self, x: float, y: float) -> Point:
        """Return the pixel of a place in units."""
        return self.origin[0] + x * self.scale, self.origin[1] + y * self.scale

    def stroke(self, width: float) -> int:
        """Return a stroke width in whole pixels; a drawn line is never thinner than one."""
        return max(1, round(width * self.scale)) if width else 0

    def box(
        self,
        x: float,
        y: float,
        w: float,
        h: float,
        fill: str | None = None,
        *,
        edge: str | None = None,
        width: float = 0,
        radius: float = 0,
    ) -> None:
        """Draw a rectangle with round corners; fill and edge are names of COLOURS."""
        corners = (*self.at(x, y), *self.at(x + w, y + h))
        self.ink.rounded_rectangle(corners, radius * self.scale, _hex(fill), _hex(edge), self.stroke(width))

    def dot(
        self, x: float, y: float, radius: float, fill: str | None = None, *, edge: str | None = None, width: float = 0
    ) -> None:
        """Draw a disc around (x, y)."""
        corners = (*self.at(x - radius, y - radius), *self.at(x + radius, y + radius))
        self.ink.ellipse(corners, _hex(fill), _hex(edge), self.stroke(width))

    def line(self, points: list[Point], colour: str, width: float) -> None:
        """Draw a line through points with round ends and joins."""
        self.ink.line([self.at(*point) for point in points], _hex(colour), self.stroke(width), "curve")
        for end in (points[0], points[-1]):
            self.dot(*end, width / 2, colour)

    def arc(self, x: float, y: float, w: float, h: float, start: int, end: int, colour: str, width: float) -> None:
        """Draw a part of an ellipse, in degrees clockwise from three o'clock."""
        self.ink.arc((*self.at(x, y), *self.at(x + w, y + h)), start, end, _hex(colour), self.stroke(width))

    def text(
        self,
        x: float,
        y: float,
        text: str,
        size: float,
        *,
        colour: str = "ink",
        weight: int = 600,
        anchor: str = "ls",
    ) -> None:
        """Write one line; anchor as in Pillow: ls stands on the baseline from the left, mm is centred both ways."""
        self.ink.text(self.at(x, y), text, _hex(colour), font(round(size * self.scale), weight), anchor)

    def width(self, text: str, size: float, weight: int = 600) -> float:
        """Return how wide text is, in units."""
        return font(round(size * self.scale), weight).getlength(text) / self.scale

    def wrap(self, text: str, size: float, weight: int, room: float, most: int) -> list[str]:
        """Return text in lines of at most room units, two lines balanced. Raises TooLong beyond `most` lines."""
        lines = self.broken(text, size, weight, room)
        if len(lines) > most or any(self.width(line, size, weight) > room for line in lines):
            raise TooLong(text, len(lines))
        return self._balanced(text, size, weight, room) if len(lines) == 2 else lines

    def broken(self, text: str, size: float, weight: int, room: float) -> list[str]:
        """Return text in as many lines of at most room units as it takes; a single word may still be wider."""
        lines = [""]
        for word in text.split(" "):
            longer = f"{lines[-1]} {word}".strip()
            if lines[-1] and self.width(longer, size, weight) > room:
                lines.append(word)
            else:
                lines[-1] = longer
        return lines

    def _balanced(self, text: str, size: float, weight: int, room: float) -> list[str]:
        words = text.split(" ")
        halves = [(" ".join(words[:i]), " ".join(words[i:])) for i in range(1, len(words))]
        widest: dict[tuple[str, str], float] = {
            pair: max(self.width(half, size, weight) for half in pair) for pair in halves
        }
        fitting = [pair for pair in halves if widest[pair] <= room]
        best: tuple[str, str] = min(fitting, key=lambda pair: widest[pair])
        return list(best)


def measuring_pen() -> Pen:
    """Return a pen that measures like the one that draws, on an image nobody sees."""
    return Pen(Image.new("RGB", (8, 8)), 4)


def _hex(colour: str | None) -> str | None:
    return COLOURS[colour] if colour else None
