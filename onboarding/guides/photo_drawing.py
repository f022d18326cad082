"""Puts a photograph with its marks onto a picture's ground: the whole crop, rounded, nothing beyond it.

For: drawing.py, in the same formats as a drawn screen. Covers are filled into the photo's own pixels before it is
resized, so that no shade of what lay below reaches a published file. Not for: judging marks (photo_specs.py).
"""

from PIL import Image, ImageDraw

from onboarding.guides import callouts, photos
from onboarding.guides.layout import RING, Rect
from onboarding.guides.pen import COLOURS, Pen
from onboarding.guides.photo_specs import Spec

LARGEST = 3.0  # a small crop is not blown up beyond this
RADIUS, EDGE = 16, 4
COVER = "ink"


def burnt(photo: Spec) -> Image.Image:
    """Return what may be published of a photo: the crop, with solid colour where it is covered."""
    image = photos.load(photo["sha256"])
    ink = ImageDraw.Draw(image)
    for mark in photo["marks"]:
        if mark["t"] == "cover":
            x, y, w, h = mark["box"]
            ink.rectangle((x, y, x + w, y + h), COLOURS[COVER])
    x, y, w, h = photo["crop"]
    return image.crop((x, y, x + w, y + h))


def draw(page: Pen, photo: Spec, room: Rect, unit: float) -> list[Rect]:
    """Draw the photo as large as room (in the page's units) allows; return the rings on the page.

    unit: how many of the page's units one unit of the grammar takes.
    """
    cut = burnt(photo)
    k = min(room.w / cut.width, room.h / cut.height, LARGEST)
    w, h = cut.width * k, cut.height * k
    place = Rect(room.x + (room.w - w) / 2, room.y + (room.h - h) / 2, w, h)
    _paste(page, cut, place, unit)
    pen = Pen(page.image, unit * page.scale, page.at(place.x, place.y))
    left, top = photo["crop"][:2]
    rings = _marks(pen, photo["marks"], k / unit, (left, top))
    return [Rect(place.x + r.x * unit, place.y + r.y * unit, r.w * unit, r.h * unit).grown(RING * unit) for r in rings]


def _paste(page: Pen, cut: Image.Image, place: Rect, unit: float) -> None:
    edge, radius = EDGE * unit, RADIUS * unit
    page.box(place.x - edge, place.y - edge, place.w + 2 * edge, place.h + 2 * edge, "ink", radius=radius + edge)
    size = (round(place.w * page.scale), round(place.h * page.scale))
    corners = Image.new("L", size, 0)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, size[0] - 1, size[1] - 1), radius * page.scale, 255)
    x, y = page.at(place.x, place.y)
    page.image.paste(cut.resize(size, Image.Resampling.LANCZOS), (round(x), round(y)), corners)


def _marks(pen: Pen, marks: list[Spec], k: float, corner: tuple[int, int]) -> list[Rect]:
    """Draw rings, then arrows, then numbers, so that no number is crossed; return the rings' targets in units."""
    left, top = corner
    rings = [m for m in marks if m["t"] == "ring"]
    rects = [Rect((m["box"][0] - left) * k, (m["box"][1] - top) * k, m["box"][2] * k, m["box"][3] * k) for m in rings]
    for rect in rects:
        callouts.ring(pen, rect)
    for m in marks:
        if m["t"] == "arrow":
            start, end = (((m[key][0] - left) * k, (m[key][1] - top) * k) for key in ("from", "to"))
            callouts.arrow(pen, start, end)
    for m, rect in zip(rings, rects, strict=True):
        if m.get("n"):
            _number(pen, rect, m["n"])
    return rects


def _number(pen: Pen, rect: Rect, said: int) -> None:
    """Put the number beside the ring, left of it; right of it where the sheet ends."""
    beside = RING + 3 + callouts.DISC - 4
    x, level = rect.x - beside, rect.y + rect.h / 2
    if pen.at(x - callouts.DISC, 0)[0] < 0:
        x = rect.x + rect.w + beside
    if pen.at(x + callouts.DISC, 0)[0] > pen.image.width:
        # As wide as the sheet: on the ring's upper left corner.
        x, level = max(rect.x - RING, (callouts.DISC * pen.scale - pen.origin[0]) / pen.scale), rect.y - RING
    callouts.number(pen, x, level, said)
