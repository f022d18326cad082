"""The elements of a drawn screen: what an author may write into a picture's flow, and how each looks.

Each element says how tall it is and draws itself at a place that drawing.py gives it; the widest it may be is WIDTH.
To add one, write `height` and `draw`, list it in ELEMENTS with the keys it understands, and add a picture to the tests.
Not for: dialogs and messages (dialogs.py); what is no screen, such as a door (scenery.py); the phone (drawing.py).
"""

from onboarding.guides.dialogs import DIALOGS
from onboarding.guides.element import GAP, LINE, PAD, SCREEN_H, SCREEN_W, WIDTH, Element, Spec, fixed
from onboarding.guides.glyphs import glyph, person
from onboarding.guides.pen import Pen, measuring_pen
from onboarding.guides.scenery import SCENERY

__all__ = ["BUTTONS", "ELEMENTS", "EVERYWHERE", "GAP", "PAD", "SCREEN_H", "SCREEN_W", "WIDTH", "Element"]


def _nothing(e: Spec, pen: Pen, x: float, y: float) -> None:
    """Draw nothing: room only."""


def _bar(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.line([(x + 12, y + 21), (x + 4, y + 29), (x + 12, y + 37)], "ink", 3)
    pen.text(x + 28, y + 37, e["title"], 21, weight=700)
    pen.box(0, y + 57, SCREEN_W, 2, "line")


def _label(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.text(x, y + 18, e["text"], 18)


def text_lines(e: Spec) -> list[str]:
    """Return the lines of a `text` element. Raises TooLong beyond four."""
    return measuring_pen().wrap(e["text"], e.get("size", 20), e.get("w", 600), WIDTH, 4)


def _text_height(e: Spec) -> float:
    return e.get("size", 20) * LINE * len(text_lines(e))


def _text(e: Spec, pen: Pen, x: float, y: float) -> None:
    size = e.get("size", 20)
    centred = e.get("align") == "center"
    style = {"colour": e.get("c", "ink"), "weight": e.get("w", 600), "anchor": "ms" if centred else "ls"}
    for row, line in enumerate(text_lines(e)):
        pen.text(x + WIDTH / 2 if centred else x, y + size * (1 + row * LINE), line, size, **style)


def _bars_height(e: Spec) -> float:
    return e.get("n", 2) * 22 - 8


def _bars(e: Spec, pen: Pen, x: float, y: float) -> None:
    count = e.get("n", 2)
    for row in range(count):
        width = WIDTH * (0.62 if row == count - 1 else 1) * e.get("width", 1)
        left = x + (WIDTH - width) / 2 if e.get("align") == "center" else x
        pen.box(left, y + row * 22, width, 11, "ghost", radius=5.5)


def _field(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.box(x, y, WIDTH, 54, "white", edge="edge", width=2, radius=10)
    left = x + 14
    if e.get("icon"):
        glyph(pen, e["icon"], x + 27, y + 27, 13, "ink2")
        left = x + 50
    if e.get("value"):
        pen.text(left, y + 36, e["value"], 23)
    elif e.get("dots"):
        for place in range(e["dots"]):
            pen.dot(left + 8 + place * 20, y + 27, 5.5, "ink")
    else:
        pen.text(left, y + 35, e.get("hint", ""), 19, colour="hint", weight=400)


def _choice(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.box(x, y, WIDTH, 54, "white", edge="edge", width=2, radius=10)
    pen.text(x + 14, y + 35, e["text"], 18)
    pen.line([(x + WIDTH - 32, y + 24), (x + WIDTH - 24, y + 32), (x + WIDTH - 16, y + 24)], "ink2", 3)


def _otp(e: Spec, pen: Pen, x: float, y: float) -> None:
    count, value = e.get("n", 6), e.get("value", "")
    width = (WIDTH - (count - 1) * 7) / count
    for place in range(count):
        _otp_cell(pen, x + place * (width + 7), y, width, value[place : place + 1], place == len(value))


def _otp_cell(pen: Pen, x: float, y: float, width: float, digit: str, waiting: bool) -> None:
    pen.box(x, y, width, 54, "white", edge="ink" if digit else "edge", width=2.6 if digit else 2, radius=9)
    if digit:
        pen.text(x + width / 2, y + 28, digit, 28, weight=700, anchor="mm")
    elif waiting:
        pen.box(x + width / 2 - 1, y + 16, 2, 22, "ink")


def _dots(e: Spec, pen: Pen, x: float, y: float) -> None:
    count = e.get("n", 6)
    for place in range(count):
        left = x + WIDTH / 2 + (place - (count - 1) / 2) * 38
        pen.dot(left, y + 27, 11, "ink" if place < e.get("filled", 0) else "white", edge="ink", width=2.6)


BUTTONS = {"primary": ("green", "white", None), "muted": ("ghost", "ink2", None), "line": ("white", "green", "green")}


def _button(e: Spec, pen: Pen, x: float, y: float) -> None:
    fill, ink, edge = BUTTONS[e.get("kind", "primary")]
    pen.box(x, y, WIDTH, 54, fill, edge=edge, width=2 if edge else 0, radius=12)
    pen.text(x + WIDTH / 2, y + 27, e["text"], 22, colour=ink, weight=700, anchor="mm")


def _keypad(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.box(0, y - 12, SCREEN_W, 236, "sunk")
    width = (WIDTH + 16) / 3
    for place, key in enumerate("123456789 0<"):
        _key(pen, key, x - 8 + place % 3 * width, y + place // 3 * 52, width)


def _key(pen: Pen, key: str, x: float, y: float, width: float) -> None:
    if key == "<":
        mid, level = x + width / 2, y + 24
        pen.line(
            [
                (mid - 10, level),
                (mid - 2, level - 9),
                (mid + 13, level - 9),
                (mid + 13, level + 9),
                (mid - 2, level + 9),
                (mid - 10, level),
            ],
            "ink2",
            2.4,
        )
    elif key != " ":
        pen.box(x + 4, y + 2, width - 8, 44, "white", radius=8)
        pen.text(x + width / 2, y + 24, key, 23, anchor="mm")


def _sms(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.box(x - 8, y, WIDTH + 16, 92, "ink", radius=18)
    pen.dot(x + 24, y + 46, 20, "ochre")
    glyph(pen, "mail", x + 24, y + 46, 13, "ink")
    pen.text(x + 56, y + 36, e.get("from", "Tin nhắn mới"), 17, colour="pale")
    pen.text(x + 56, y + 70, e["text"], e.get("size", 24), colour="white", weight=700)


def _hero_height(e: Spec) -> float:
    return e.get("h", 104)


def _hero(e: Spec, pen: Pen, x: float, y: float) -> None:
    size = _hero_height(e)
    pen.box(x + (WIDTH - size) / 2, y, size, size, "green_t", radius=size * 0.28)
    glyph(pen, e.get("icon", "person"), x + WIDTH / 2, y + size / 2, size * 0.29, "green")


def _row(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.box(x, y, WIDTH, 58, "white", edge="line", width=2, radius=12)
    pen.box(x + 10, y + 11, 36, 36, e.get("bg", "sunk"), radius=9)
    if e.get("icon"):
        glyph(pen, e["icon"], x + 28, y + 29, 12, "ink2")
    if e.get("text"):
        pen.text(x + 58, y + 36, e["text"], 19)
    else:
        pen.box(x + 58, y + 23, WIDTH * 0.5, 11, "ghost", radius=5.5)


def _store(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.box(x, y, 76, 76, "green_t", radius=20)
    person(pen, x + 38, y + 36, 24, "green")
    pen.text(x + 90, y + 34, e["name"], 27, weight=700)
    pen.text(x + 90, y + 64, e.get("by", ""), 17, colour="green")


CARD_H = WIDTH * 0.63
# A texture that looks like a QR code and is not one: a readable code would be somebody's data.
CARD_CODE = ("1110111", "1010101", "1110111", "0001010", "1110111", "1010010", "1110101")


def _card(e: Spec, pen: Pen, x: float, y: float, w: float = WIDTH) -> None:
    h = w * 0.63
    pen.box(x, y, w, h, "card", edge="ink2", width=2.4, radius=14)
    pen.box(x + 16, y + h * 0.36, w * 0.24, h * 0.5, "white", radius=6)
    person(pen, x + 16 + w * 0.12, y + h * 0.62, w * 0.1, "card_face")
    pen.box(x + 16, y + 16, w * 0.46, 12, "card_line", radius=6)
    for row, width in enumerate((0.34, 0.4, 0.26)):
        pen.box(x + 30 + w * 0.24, y + h * 0.4 + row * 22, w * width, 10, "card_line", radius=5)
    _card_code(pen, x + w * 0.8 - 14, y + 14, w * 0.2)


def _card_code(pen: Pen, x: float, y: float, size: float) -> None:
    pen.box(x - 4, y - 4, size + 8, size + 8, "white", radius=5)
    unit = size / 7
    for row, cells in enumerate(CARD_CODE):
        for column, cell in enumerate(cells):
            if cell == "1":
                pen.box(x + column * unit, y + row * unit, unit + 0.4, unit + 0.4, "ink")


def _finder(e: Spec, pen: Pen, x: float, y: float) -> None:
    h = WIDTH * 0.86
    pen.box(x - 8, y, WIDTH + 16, h, "dark", radius=16)
    _card({}, pen, x + 16, y + h * 0.16, WIDTH - 32)
    for right in (0, 1):
        for low in (0, 1):
            cx, cy = x + 2 + right * (WIDTH - 4), y + 12 + low * (h - 24)
            pen.line([(cx + (28, -28)[right], cy), (cx, cy), (cx, cy + (28, -28)[low])], "white", 4)


def _level(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.box(x, y, WIDTH, 92, "green", radius=16)
    pen.dot(x + 44, y + 46, 26, "white")
    person(pen, x + 44, y + 44, 17, "green")
    pen.text(x + 84, y + 42, e.get("name", "Mẫu Thử"), 19, colour="white")
    pen.text(x + 84, y + 72, e["text"], 23, colour="white", weight=700)


def _check(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.dot(x + WIDTH / 2, y + 56, 52, "green_t")
    glyph(pen, "check", x + WIDTH / 2, y + 56, 40, "green")


def _space_height(e: Spec) -> float:
    return e.get("h", 12)


ELEMENTS: dict[str, Element] = {
    "bar": Element(fixed(60), _bar, ("title",), one_line=(("title", 21, 700, WIDTH - 28),)),
    "label": Element(fixed(26), _label, ("text",), one_line=(("text", 18, 600, WIDTH),)),
    "text": Element(_text_height, _text, ("text",), ("size", "w", "align", "c")),
    "bars": Element(_bars_height, _bars, (), ("n", "align", "width")),
    "field": Element(
        fixed(54),
        _field,
        (),
        ("value", "hint", "dots", "icon"),
        (("value", 23, 600, WIDTH - 28), ("hint", 19, 400, WIDTH - 28)),
    ),
    "choice": Element(fixed(54), _choice, ("text",), one_line=(("text", 18, 600, WIDTH - 52),)),
    "otp": Element(fixed(54), _otp, (), ("n", "value")),
    "dots": Element(fixed(54), _dots, (), ("n", "filled")),
    "button": Element(fixed(54), _button, ("text",), ("kind",), (("text", 22, 700, WIDTH - 24),)),
    "keypad": Element(fixed(208), _keypad),
    "sms": Element(
        fixed(92), _sms, ("text",), ("from", "size"), (("text", 24, 700, WIDTH - 56), ("from", 17, 600, WIDTH - 56))
    ),
    "hero": Element(_hero_height, _hero, (), ("icon", "h")),
    "row": Element(fixed(58), _row, (), ("icon", "text", "bg"), (("text", 19, 600, WIDTH - 66),)),
    "store": Element(
        fixed(76), _store, ("name",), ("by",), (("name", 27, 700, WIDTH - 90), ("by", 17, 600, WIDTH - 90))
    ),
    "card": Element(fixed(CARD_H), _card),
    "finder": Element(fixed(WIDTH * 0.86), _finder),
    "level": Element(
        fixed(92), _level, ("text",), ("name",), (("text", 23, 700, WIDTH - 92), ("name", 19, 600, WIDTH - 92))
    ),
    "check": Element(fixed(112), _check),
    "space": Element(_space_height, _nothing, (), ("h",)),
    "spring": Element(fixed(0), _nothing),
    **DIALOGS,
    **SCENERY,
}
EVERYWHERE = ("t", "id", "lit")
