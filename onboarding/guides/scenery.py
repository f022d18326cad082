"""Elements that are no part of a phone's screen: a computer, a face, a card at a phone's back, a door, a desk.

For: elements.py, which joins them to the others. Schematic, without any sign, uniform or name of an office that the
author did not write. Not for: the phone around the picture (drawing.py) or what it shows (elements.py, dialogs.py).
"""

from onboarding.guides.element import WIDTH, Element, Part, Spec, fixed
from onboarding.guides.glyphs import glyph
from onboarding.guides.pen import Pen

# --- laptop: a computer with an address line --------------------------------------------------------------------------

LAPTOP_H = 208


def _laptop_parts(e: Spec) -> dict[str, Part]:
    parts = {"address": (8.0, 10.0, WIDTH - 16.0, 34.0)}
    if e.get("button"):
        parts["button"] = (WIDTH / 2 - 76, 132.0, 152.0, 42.0)
    return parts


def _laptop(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.box(x - 4, y, WIDTH + 8, 186, "white", edge="ink", width=7, radius=14)
    pen.box(x - 16, y + 184, WIDTH + 32, 20, "body", radius=8)
    pen.box(x + WIDTH / 2 - 28, y + 184, 56, 7, "card_line", radius=3)
    pen.box(x + 8, y + 10, WIDTH - 16, 34, "sunk", edge="edge", width=2, radius=17)
    glyph(pen, "lock", x + 27, y + 27, 9, "ink2")
    pen.text(x + 42, y + 33, e["address"], 18)
    _laptop_page(e, pen, x, y)


def _laptop_page(e: Spec, pen: Pen, x: float, y: float) -> None:
    if e.get("title"):
        pen.text(x + WIDTH / 2, y + 82, e["title"], 20, weight=700, anchor="ms")
    else:
        pen.box(x + 24, y + 66, WIDTH - 48, 11, "ghost", radius=5.5)
    for row, share in enumerate((1.0, 0.62)):
        pen.box(x + 24, y + 95 + row * 16, (WIDTH - 48) * share, 9, "ghost", radius=4.5)
    if e.get("button"):
        left, top, w, h = _laptop_parts(e)["button"]
        pen.box(x + left, y + top, w, h, "green", radius=10)
        pen.text(x + WIDTH / 2, y + top + h / 2, e["button"], 19, colour="white", weight=700, anchor="mm")


# --- face: a face in a round frame ------------------------------------------------------------------------------------


def _face_height(e: Spec) -> float:
    return e.get("h", 200)


def _face(e: Spec, pen: Pen, x: float, y: float) -> None:
    r = _face_height(e) / 2
    mid, level = x + WIDTH / 2, y + r
    pen.dot(mid, level, r - 2, "green_t", edge="ink2", width=4)
    pen.dot(mid, level - r * 0.16, r * 0.5, "ink2")
    pen.box(mid - r * 0.14, level + r * 0.3, r * 0.28, r * 0.36, "skin")
    pen.box(mid - r * 0.42, level - r * 0.46, r * 0.84, r * 0.98, "skin", edge="ink", width=3, radius=r * 0.4)
    for side in (-1, 1):
        pen.dot(mid + side * r * 0.17, level - r * 0.06, r * 0.055, "ink")
    pen.arc(mid - r * 0.16, level + r * 0.06, r * 0.32, r * 0.24, 20, 160, "ink", 3)
    pen.box(mid - r * 0.5, level + r * 0.62, r, r * 0.16, "green", radius=r * 0.08)
    _aiming_marks(pen, mid, level, r)


def _aiming_marks(pen: Pen, x: float, y: float, r: float) -> None:
    """Draw short strokes at the four sides of the frame: hold the face between them."""
    for across, down in ((0, -1), (1, 0), (0, 1), (-1, 0)):
        near, far = r * 0.86, r - 3
        pen.line([(x + across * near, y + down * near), (x + across * far, y + down * far)], "green", 6)


# --- finger: a reader for fingerprints --------------------------------------------------------------------------------

FINGER_H = 150


def _finger(e: Spec, pen: Pen, x: float, y: float) -> None:
    mid = x + WIDTH / 2
    pen.box(mid - 72, y, 144, FINGER_H, "body", edge="ink", width=4, radius=20)
    pen.box(mid - 48, y + 18, 96, FINGER_H - 36, "green_t", edge="ink", width=3, radius=14)
    for ring in range(4):
        w, h = 18 + ring * 18, 26 + ring * 20
        pen.arc(mid - w / 2, y + FINGER_H / 2 - h / 2 + 6, w, h, 190, 350, "green", 4)


# --- nfc: the card against the back of a phone ------------------------------------------------------------------------

NFC_H = 212


def _nfc(e: Spec, pen: Pen, x: float, y: float) -> None:
    left = x + 38
    pen.box(left, y, 116, NFC_H, "body", edge="ink", width=4, radius=20)
    pen.box(left + 14, y + 14, 40, 40, "dark", edge="ink", width=2.4, radius=11)
    for down in (25, 43):
        pen.dot(left + 34, y + down, 6, "card_line", edge="ink", width=2)
    _small_card(pen, left + 38, y + 74, 150)
    for ring in range(3):
        size = 26 + ring * 22
        pen.arc(left + 156 - size / 2, y + 58 - size / 2, size, size, 225, 315, "green", 4.5)


def _small_card(pen: Pen, x: float, y: float, w: float) -> None:
    h = w * 0.63
    pen.box(x, y, w, h, "card", edge="ink", width=3, radius=10)
    pen.box(x + 12, y + h * 0.34, w * 0.2, h * 0.32, "ochre", edge="ink", width=2, radius=4)
    pen.line([(x + 12, y + h * 0.5), (x + 12 + w * 0.2, y + h * 0.5)], "ink", 2)
    for row, share in enumerate((0.44, 0.5, 0.32)):
        pen.box(x + w * 0.4, y + h * 0.3 + row * 18, w * share, 8, "card_line", radius=4)


# --- house: the door of a house, and who stands before it -------------------------------------------------------------

HOUSE_H = 216


def _house(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.box(x, y + 18, WIDTH, HOUSE_H - 18, "ochre_t", edge="ink2", width=2.4, radius=8)
    pen.box(x - 6, y, WIDTH + 12, 26, "brick", edge="ink", width=2.4, radius=6)
    _door(pen, x + 28, y + 52)
    _plate(pen, x + 150, y + 40, e.get("number", "5"))
    pen.box(x - 6, y + HOUSE_H - 8, WIDTH + 12, 8, "ink2", radius=3)
    for place in range(min(2, e.get("people", 0))):
        _caller(pen, x + 168 + place * 54, y + HOUSE_H - 8, "green" if place == 0 else "ink2")


def _door(pen: Pen, x: float, y: float) -> None:
    w, h = 96, HOUSE_H - 60
    pen.dot(x + w / 2, y + w / 2, w / 2, "green", edge="ink", width=3)
    pen.box(x, y + w / 2, w, h - w / 2, "green", edge="ink", width=3)
    pen.box(x + 3, y + w / 2 - 4, w - 6, 10, "green")
    for slat in range(5):
        pen.box(x + 14, y + 52 + slat * 16, w - 28, 4, "green_t", radius=2)
    pen.dot(x + w - 13, y + h * 0.62, 5, "ochre", edge="ink", width=2)


def _plate(pen: Pen, x: float, y: float, number: str) -> None:
    width = max(56, pen.width(number, 22, 700) + 24)
    pen.box(x, y, width, 36, "plate", edge="white", width=3, radius=6)
    pen.text(x + width / 2, y + 18, number, 22, colour="white", weight=700, anchor="mm")


def _caller(pen: Pen, x: float, y: float, colour: str) -> None:
    """Draw somebody who stands with the feet on y."""
    pen.box(x - 15, y - 52, 12, 52, "ink", radius=5)
    pen.box(x + 3, y - 52, 12, 52, "ink", radius=5)
    pen.box(x - 20, y - 88, 40, 50, colour, edge="ink", width=2.4, radius=14)
    pen.dot(x, y - 99, 16, "skin", edge="ink", width=2.4)


# --- officer: a desk with a person ------------------------------------------------------------------------------------

OFFICER_H = 196


def _officer(e: Spec, pen: Pen, x: float, y: float) -> None:
    _sitter(pen, x + 84, y + 116, "green")
    if e.get("guest", True):
        _sitter(pen, x + 214, y + 116, "ochre_t")
    pen.box(x + 118, y + 52, 62, 48, "body", edge="ink", width=3, radius=6)
    pen.box(x + 143, y + 98, 12, 16, "body")
    pen.box(x - 4, y + 112, WIDTH + 8, 16, "card_line", edge="ink", width=2.4, radius=5)
    pen.box(x + 8, y + 126, WIDTH - 16, OFFICER_H - 126, "card", edge="ink", width=2.4, radius=5)
    if e.get("text"):
        pen.box(x + 20, y + 140, WIDTH - 40, 42, "white", edge="ink2", width=2, radius=8)
        pen.text(x + WIDTH / 2, y + 161, e["text"], 18, weight=700, anchor="mm")


def _sitter(pen: Pen, x: float, y: float, colour: str) -> None:
    """Draw the upper half of somebody behind an edge at y."""
    pen.box(x - 34, y - 48, 68, 60, colour, edge="ink", width=2.4, radius=22)
    pen.dot(x, y - 70, 26, "skin", edge="ink", width=2.4)
    pen.arc(x - 25, y - 95, 50, 44, 185, 355, "ink", 8)


SCENERY: dict[str, Element] = {
    "laptop": Element(
        fixed(LAPTOP_H),
        _laptop,
        ("address",),
        ("title", "button"),
        (("address", 18, 600, WIDTH - 66), ("title", 20, 700, WIDTH - 24), ("button", 19, 700, 136)),
        _laptop_parts,
    ),
    "face": Element(_face_height, _face, (), ("h",)),
    "finger": Element(fixed(FINGER_H), _finger),
    "nfc": Element(fixed(NFC_H), _nfc),
    "house": Element(fixed(HOUSE_H), _house, (), ("number", "people"), (("number", 22, 700, 86),)),
    "officer": Element(fixed(OFFICER_H), _officer, (), ("text", "guest"), (("text", 18, 700, WIDTH - 56),)),
}
