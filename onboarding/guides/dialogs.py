"""Elements with which a phone speaks up or asks back: a dialog, a message, a call, a box to tick, a code, a paper.

For: elements.py, which joins them to the others. Every text is held to its place: what wraps raises TooLong, what
stands on one line says so in `one_line`. Not for: what is no part of a screen (scenery.py).
"""

from onboarding.guides.element import LINE, SCREEN_W, WIDTH, Element, Part, Spec, fixed
from onboarding.guides.glyphs import glyph, person
from onboarding.guides.pen import Pen, measuring_pen

SMALL = 18
FINE = 17  # the smallest type in a picture


def _wrapped(text: str, size: float, weight: int, room: float, most: int) -> list[str]:
    return measuring_pen().wrap(text, size, weight, room, most) if text else []


# --- alert: a dialog with a title, a text and one or two buttons ------------------------------------------------------

# Between buttons there is room for the ring round one of them.
ALERT_PAD, ALERT_BUTTON, ALERT_GAP = 18, 50, 26
ALERT_BUTTONS = (("main", "green", "white", None), ("other", "white", "green", "green"))


def _alert_title(e: Spec) -> list[str]:
    return _wrapped(e["title"], 20, 700, WIDTH - 2 * ALERT_PAD, 2)


def _alert_text(e: Spec) -> list[str]:
    return _wrapped(e.get("text", ""), SMALL, 600, WIDTH - 2 * ALERT_PAD, 5)


def _alert_head(e: Spec) -> float:
    icon = 60 if e.get("icon") else 0
    words = len(_alert_title(e)) * 20 * LINE + len(_alert_text(e)) * SMALL * LINE
    return ALERT_PAD + icon + words + (8 if e.get("text") else 0) + 18


def _alert_height(e: Spec) -> float:
    return _alert_head(e) + sum(ALERT_BUTTON + ALERT_GAP for key, *_look in ALERT_BUTTONS if e.get(key)) - 4


def _alert_parts(e: Spec) -> dict[str, Part]:
    keys = [key for key, *_look in ALERT_BUTTONS if e.get(key)]
    top = _alert_head(e)
    return {k: (14, top + i * (ALERT_BUTTON + ALERT_GAP), WIDTH - 28, ALERT_BUTTON) for i, k in enumerate(keys)}


def _alert(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.box(x, y, WIDTH, _alert_height(e), "white", edge="ink2", width=2.4, radius=18)
    level = y + ALERT_PAD
    if e.get("icon"):
        pen.dot(x + WIDTH / 2, level + 24, 24, "ochre_t", edge="ink", width=2)
        glyph(pen, e["icon"], x + WIDTH / 2, level + 24, 16, "ink")
        level += 60
    level = _centred(pen, x, level, _alert_title(e), 20, 700)
    _centred(pen, x, level + 8, _alert_text(e), SMALL, 600)
    _alert_buttons(e, pen, x, y)


def _alert_buttons(e: Spec, pen: Pen, x: float, y: float) -> None:
    parts = _alert_parts(e)
    for key, fill, ink, edge in ALERT_BUTTONS:
        if key in parts:
            left, top, w, h = parts[key]
            pen.box(x + left, y + top, w, h, fill, edge=edge, width=2 if edge else 0, radius=12)
            pen.text(x + WIDTH / 2, y + top + h / 2, e[key], 21, colour=ink, weight=700, anchor="mm")


def _centred(pen: Pen, x: float, y: float, lines: list[str], size: float, weight: int) -> float:
    """Write lines below one another in the middle; return where the next would begin."""
    for line in lines:
        pen.text(x + WIDTH / 2, y + size, line, size, weight=weight, anchor="ms")
        y += size * LINE
    return y


# --- bubble: a message as it came, whole ------------------------------------------------------------------------------

BUBBLE_W = WIDTH - 12


def _bubble_lines(e: Spec) -> list[str]:
    return _wrapped(e["text"], FINE, 600, BUBBLE_W - 28, 12)


def _bubble_top(e: Spec) -> float:
    return 26 if e.get("from") else 0


def _bubble_height(e: Spec) -> float:
    return _bubble_top(e) + 24 + len(_bubble_lines(e)) * FINE * LINE


def _bubble_parts(e: Spec) -> dict[str, Part]:
    top, width = _bubble_top(e), _bubble_width(e)
    return {"text": (WIDTH - width if e.get("mine") else 0, top, width, _bubble_height(e) - top)}


def _bubble_width(e: Spec) -> float:
    return max(64, *(measuring_pen().width(line, FINE) + 28 for line in _bubble_lines(e)))


def _bubble(e: Spec, pen: Pen, x: float, y: float) -> None:
    mine = bool(e.get("mine"))
    left, top, width, height = _bubble_parts(e)["text"]
    left, top = left + x, top + y
    if e.get("from"):
        pen.text(x + (WIDTH if mine else 0), y + 17, e["from"], FINE, colour="ink2", anchor="rs" if mine else "ls")
    pen.box(left, top, width, height, "green_t" if mine else "sunk", radius=16)
    # The square corner says from which side it was said.
    pen.box(left + (width - 24 if mine else 0), top + height - 24, 24, 24, "green_t" if mine else "sunk", radius=4)
    for row, line in enumerate(_bubble_lines(e)):
        pen.text(left + 14, top + 12 + FINE * (1 + row * LINE), line, FINE)


# --- call: somebody is calling ----------------------------------------------------------------------------------------

CALL_H = 248
CALL_SIDES = {"refuse": (WIDTH * 0.25, "brick", "Từ chối"), "answer": (WIDTH * 0.75, "green", "Nghe")}


def _call_parts(e: Spec) -> dict[str, Part]:
    return {key: (middle - 42, 144, 84, 88) for key, (middle, _fill, _word) in CALL_SIDES.items()}


def _call(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.box(x - 8, y, WIDTH + 16, CALL_H, "ink", radius=18)
    pen.dot(x + WIDTH / 2, y + 36, 24, "pale")
    person(pen, x + WIDTH / 2, y + 34, 16, "ink2")
    pen.text(x + WIDTH / 2, y + 88, e["name"], 22, colour="white", weight=700, anchor="ms")
    pen.text(x + WIDTH / 2, y + 116, e.get("text", "Đang gọi đến"), FINE, colour="pale", anchor="ms")
    for key, (middle, fill, word) in CALL_SIDES.items():
        pen.dot(x + middle, y + 200, 26, fill, edge="white", width=2.4)
        _handset(pen, x + middle, y + 200, 15, hung_up=key == "refuse")
        pen.text(x + middle, y + 164, word, FINE, colour="white", anchor="ms")


def _handset(pen: Pen, x: float, y: float, r: float, *, hung_up: bool) -> None:
    up = -1 if hung_up else 1
    if hung_up:
        pen.arc(x - r, y - r * 0.4, 2 * r, 1.5 * r, 180, 360, "white", r * 0.42)
    else:
        pen.arc(x - r, y - r * 1.1, 2 * r, 1.5 * r, 0, 180, "white", r * 0.42)
    for side in (-1, 1):
        pen.box(x + side * r * 0.78 - r * 0.3, y - up * r * 0.36 - r * 0.26, r * 0.6, r * 0.56, "white", radius=r * 0.1)


# --- tick: a row with a box -------------------------------------------------------------------------------------------


def _tick_lines(e: Spec) -> list[str]:
    return _wrapped(e["text"], SMALL, 600, WIDTH - 66, 3)


def _tick_height(e: Spec) -> float:
    return 30 + len(_tick_lines(e)) * SMALL * LINE


def _tick(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.box(x, y, WIDTH, _tick_height(e), "white", edge="line", width=2, radius=12)
    pen.box(x + 14, y + 13, 30, 30, "green" if e.get("done") else "white", edge="ink2", width=2.4, radius=7)
    if e.get("done"):
        glyph(pen, "check", x + 29, y + 28, 15, "white")
    for row, line in enumerate(_tick_lines(e)):
        pen.text(x + 56, y + 16 + SMALL * (1 + row * LINE), line, SMALL)


# --- file, qr, steps --------------------------------------------------------------------------------------------------


def _file(e: Spec, pen: Pen, x: float, y: float) -> None:
    pen.box(x, y, WIDTH, 74, "white", edge="line", width=2, radius=12)
    _sheet(pen, x + 14, y + 11)
    room_for_note = bool(e.get("note"))
    pen.text(x + 66, y + (34 if room_for_note else 44), e["name"], SMALL)
    if room_for_note:
        pen.text(x + 66, y + 58, e["note"], FINE, colour="ink2", weight=400)
    if e.get("done"):
        pen.dot(x + WIDTH - 24, y + 37, 14, "green")
        glyph(pen, "check", x + WIDTH - 24, y + 37, 12, "white")


def _sheet(pen: Pen, x: float, y: float) -> None:
    pen.box(x, y, 40, 52, "card", edge="ink2", width=2.4, radius=5)
    pen.line([(x + 26, y + 2), (x + 26, y + 14), (x + 38, y + 14)], "ink2", 2.4)
    for row, width in enumerate((12, 22, 22, 14)):
        pen.box(x + 9, y + 13 + row * 8 + (4 if row else 0), width, 4, "card_line", radius=2)


# Looks like a QR code and is not one: a readable code would be somebody's data.
QR_CELLS = 21
QR_EYES = ((0, 0), (QR_CELLS - 7, 0), (0, QR_CELLS - 7))


def _qr_height(e: Spec) -> float:
    return e.get("h", 168)


def _qr(e: Spec, pen: Pen, x: float, y: float) -> None:
    side = _qr_height(e)
    left, unit = x + (WIDTH - side) / 2, (side - 24) / QR_CELLS
    pen.box(left, y, side, side, "white", edge="ink2", width=2.4, radius=12)
    for row in range(QR_CELLS):
        for column in range(QR_CELLS):
            if not _in_an_eye(column, row) and (column * column * 3 + row * row * 5 + column * row) % 7 in (0, 3, 5):
                pen.box(left + 12 + column * unit, y + 12 + row * unit, unit + 0.3, unit + 0.3, "ink")
    for column, row in QR_EYES:
        pen.box(left + 12 + column * unit, y + 12 + row * unit, 7 * unit, 7 * unit, edge="ink", width=unit)
        pen.box(left + 12 + (column + 2) * unit, y + 12 + (row + 2) * unit, 3 * unit, 3 * unit, "ink")


def _in_an_eye(column: int, row: int) -> bool:
    return any(0 <= column - left <= 7 and 0 <= row - top <= 7 for left, top in _eyes_with_air())


def _eyes_with_air() -> list[tuple[int, int]]:
    return [(max(0, left - 1), max(0, top - 1)) for left, top in QR_EYES]


def _steps_height(e: Spec) -> float:
    return 66 if e.get("text") else 36


def _steps(e: Spec, pen: Pen, x: float, y: float) -> None:
    count, at = e.get("n", 4), e.get("at", 1)
    pitch = (WIDTH - 36) / max(1, count - 1)
    pen.box(x + 18, y + 16, WIDTH - 36, 4, "ghost")
    pen.box(x + 18, y + 16, pitch * (at - 1), 4, "green")
    for place in range(1, count + 1):
        _step_dot(pen, x + 18 + (place - 1) * pitch, y + 18, place - at)
    if e.get("text"):
        pen.text(x + WIDTH / 2, y + 60, e["text"], SMALL, weight=700, anchor="ms")


def _step_dot(pen: Pen, x: float, y: float, ahead: int) -> None:
    """Draw a step that is done (ahead < 0), being done (0) or still to come."""
    pen.dot(x, y, 16, "white" if ahead > 0 else "ochre" if ahead == 0 else "green", edge="ink2", width=2.4)
    if ahead < 0:
        glyph(pen, "check", x, y, 13, "white")
    elif ahead == 0:
        pen.dot(x, y, 6, "ink")


DIALOGS: dict[str, Element] = {
    "alert": Element(
        _alert_height,
        _alert,
        ("title",),
        ("text", "icon", "main", "other"),
        (("main", 21, 700, WIDTH - 44), ("other", 21, 700, WIDTH - 44)),
        _alert_parts,
    ),
    "bubble": Element(
        _bubble_height, _bubble, ("text",), ("from", "mine"), (("from", FINE, 600, WIDTH),), _bubble_parts
    ),
    "call": Element(
        fixed(CALL_H),
        _call,
        ("name",),
        ("text",),
        (("name", 22, 700, SCREEN_W - 48), ("text", FINE, 600, SCREEN_W - 48)),
        _call_parts,
    ),
    "tick": Element(_tick_height, _tick, ("text",), ("done",)),
    "file": Element(
        fixed(74),
        _file,
        ("name",),
        ("note", "done"),
        (("name", SMALL, 600, WIDTH - 112), ("note", FINE, 400, WIDTH - 112)),
    ),
    "qr": Element(_qr_height, _qr, (), ("h",)),
    "steps": Element(_steps_height, _steps, (), ("n", "at", "text"), (("text", SMALL, 700, WIDTH),)),
}
