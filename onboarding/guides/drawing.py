"""Draws a guide picture from its spec: one phone, one simplified screen, one spotlight, a number, a pointing hand.

A Scene is all that a picture is made from; the same scene gives the same bytes, so its key tells whether a step has
to be drawn again. Formats: `step` 720x900 (the caption is live text beside it) and `poster` 720x1280 (caption and
note drawn in: print, notice boards). A spec with a photo shows that instead of a screen. Not for: refusing bad specs
(specs.py) or keeping the files (pictures.py).
"""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from PIL import Image, ImageDraw

from onboarding.guides import callouts, photo_drawing, photo_specs
from onboarding.guides.elements import ELEMENTS, SCREEN_H, SCREEN_W
from onboarding.guides.glyphs import glyph
from onboarding.guides.hand import point_at
from onboarding.guides.layout import (
    RING,
    STEP_SCALE,
    STEP_SIZE,
    Placed,
    Rect,
    Spec,
    focus_of,
    marked,
    place,
    targets_of,
    view_of,
)
from onboarding.guides.pen import COLOURS, Pen

STYLE = 1  # raise it when the look changes: every picture is then drawn again
FINER = 2  # drawn twice as large, then reduced: smooth edges
POSTER_SIZE, POSTER_TOP = (720, 1280), 240
NOTE_H = 124
AIR = 44  # pixels around a photo
# What the screen lies in: (how far it reaches beyond, colour, radius). `plain` is for what is no phone: a desk, a door.
FRAMES = {
    "phone": ((17, "ink", 42), (11, "body", 37), (6, "ink", 32)),
    "plain": ((5, "ink2", 31),),
}
# What is said in a picture and of it. Kept beside the drawing: whoever changes a word here draws every picture again.
WORDS = {
    "vi": {
        "photo": "Ảnh chụp", "covered": "Phần riêng tư đã được che.",
        "place": "bước {} trên {}", "plain": "Hình vẽ", "phone": "Hình vẽ điện thoại", "screen": ", màn hình “{}”",
        "pointed": "Ngón tay chỉ vào", "ringed": "Vòng khoanh quanh", "number": "số {}, {}",
    },
    "en": {
        "photo": "Photograph", "covered": "What is private is covered.",
        "place": "step {} of {}", "plain": "Drawing", "phone": "Drawing of a phone", "screen": ", screen “{}”",
        "pointed": "A finger points at", "ringed": "A ring marks", "number": "number {}, {}",
    },
}  # fmt: skip
VEIL = 92  # of 255: veiled words keep about 5:1


@dataclass(frozen=True)
class Scene:
    """All that a picture is made from. `safe` says that the note is a safety line."""

    spec: dict[str, Any]
    number: int
    total: int
    guide: str
    caption: str
    note: str = ""
    safe: bool = False
    language: str = "vi"

    def key(self) -> str:
        """Return the hash of everything that changes the picture's bytes."""
        said = asdict(self)
        if self.language == "vi":
            del said["language"]  # as keys were before there was another one
        text = json.dumps({**said, "style": STYLE}, sort_keys=True, ensure_ascii=False)
        return hashlib.sha256(text.encode()).hexdigest()


@dataclass(frozen=True)
class Drawn:
    """A finished picture: its pixels, which part must stay when cropped, and the targets' boxes in pixels."""

    image: Image.Image
    focus: str
    boxes: list[list[int]] = field(default_factory=list)


def draw_step(scene: Scene) -> Drawn:
    """Return the 720x900 picture: the phone enlarged and moved so that the target stands in the middle."""
    if "photo" in scene.spec:
        return _photo_step(scene)
    rects = marked(scene.spec, targets_of(place(scene.spec["screen"])))
    view = view_of(scene.spec, rects)
    sheet, page = _sheet(STEP_SIZE)
    page.box(0, 0, *STEP_SIZE, "green_t")
    _phone(sheet, scene.spec, STEP_SCALE, _origin(view))
    return Drawn(_reduced(sheet, STEP_SIZE), focus_of(rects, view), rings(scene.spec))


def rings(spec: Spec) -> list[list[int]]:
    """Return the boxes of a drawn step's rings in the 720x900 picture, without drawing it."""
    rects = marked(spec, targets_of(place(spec["screen"])))
    return [_pixels(rect, STEP_SCALE, _origin(view_of(spec, rects))) for rect in rects]


def _origin(view: tuple[float, float]) -> tuple[float, float]:
    return (STEP_SIZE[0] - SCREEN_W * STEP_SCALE) / 2, -view[0] * STEP_SCALE


def draw_poster(scene: Scene) -> Drawn:
    """Return the 720x1280 picture with step number, caption and note drawn in."""
    if "photo" in scene.spec:
        return _photo_poster(scene)
    scale = 1.5 if scene.note else 1.66
    origin = ((POSTER_SIZE[0] - SCREEN_W * scale) / 2, 282.0)
    rects = marked(scene.spec, targets_of(place(scene.spec["screen"])))
    sheet, page = _sheet(POSTER_SIZE)
    page.box(0, 0, *POSTER_SIZE, "green_t")
    _phone(sheet, scene.spec, scale, origin)
    _caption(page, scene)
    _note(page, scene)
    return Drawn(_reduced(sheet, POSTER_SIZE), "mid", [_pixels(r, scale, origin) for r in rects])


def phone_of(spec: Spec) -> Spec:
    """Return what of a spec is drawn in the `step` picture: all but the words around it."""
    bare = [{name: value for name, value in target.items() if name != "label"} for target in spec.get("targets", [])]
    return {**{name: value for name, value in spec.items() if name != "note"}, "targets": bare}


def alt_text(spec: Spec, language: str = "vi") -> str:
    """Return the description for those who cannot see the picture, from the same spec, so that they can't drift."""
    words = WORDS[language]
    if "photo" in spec:
        return photo_specs.alt_text(spec["photo"], words)
    title = next((e["title"] for e in spec["screen"] if e["t"] == "bar"), None)
    screen = words["screen"].format(title) if title else ""
    said = "; ".join(_named(target, spec["screen"], words) for target in spec.get("targets", []))
    drawn = words[spec.get("frame", "phone")]
    # Where no hand is drawn, as beside a file that nobody may open, no words may send a finger there either.
    pointed = words["pointed" if spec.get("hand") else "ringed"]
    return f"{drawn}{screen}. {f'{pointed} {said}.' if said else ''}".strip()


def _named(target: Spec, screen: list[Spec], words: dict[str, str]) -> str:
    aim = next((e for e in screen if e.get("id") == target["of"]), {})
    label = target.get("label") or aim.get("text") or aim.get("title") or aim.get("name") or ""
    return words["number"].format(target["n"], label) if target.get("n") else label


# --- A photo in the place of the phone --------------------------------------------------------------------------------


def _photo_step(scene: Scene) -> Drawn:
    sheet, page = _sheet(STEP_SIZE)
    page.box(0, 0, *STEP_SIZE, "green_t")
    rings = photo_drawing.draw(page, scene.spec["photo"], Rect(0, 0, *STEP_SIZE).grown(-AIR), STEP_SCALE)
    # While it is being marked, a photo may have no ring yet.
    focus = focus_of(rings, (0, STEP_SIZE[1])) if rings else "mid"
    return Drawn(_reduced(sheet, STEP_SIZE), focus, [_rounded(ring) for ring in rings])


def _photo_poster(scene: Scene) -> Drawn:
    sheet, page = _sheet(POSTER_SIZE)
    page.box(0, 0, *POSTER_SIZE, "green_t")
    below = NOTE_H if scene.note else 12
    room = Rect(0, POSTER_TOP, POSTER_SIZE[0], POSTER_SIZE[1] - POSTER_TOP - below).grown(-AIR)
    rings = photo_drawing.draw(page, scene.spec["photo"], room, 1.5)
    _caption(page, scene)
    _note(page, scene)
    return Drawn(_reduced(sheet, POSTER_SIZE), "mid", [_rounded(ring) for ring in rings])


def _rounded(rect: Rect) -> list[int]:
    return [round(v) for v in (rect.x, rect.y, rect.w, rect.h)]


# --- The sheet --------------------------------------------------------------------------------------------------------


def _sheet(size: tuple[int, int]) -> tuple[Image.Image, Pen]:
    sheet = Image.new("RGB", (size[0] * FINER, size[1] * FINER), COLOURS["paper"])
    return sheet, Pen(sheet, FINER)


def _reduced(sheet: Image.Image, size: tuple[int, int]) -> Image.Image:
    return sheet.resize(size, Image.Resampling.LANCZOS)


def _pixels(rect: Rect, scale: float, origin: tuple[float, float]) -> list[int]:
    ring = rect.grown(RING)
    return [round(v) for v in (origin[0] + ring.x * scale, origin[1] + ring.y * scale, ring.w * scale, ring.h * scale)]


def _caption(page: Pen, scene: Scene) -> None:
    width = POSTER_SIZE[0]
    page.box(0, 0, width, POSTER_TOP, "paper")
    _door(page, 44, 54, 96, 134, scene.number)
    lines = page.wrap(scene.caption, 50, 700, width - 212, 2)
    base = 154 - 34 * (len(lines) - 1)
    page.text(172, base - (56 if len(lines) == 1 else 62), _running_head(page, scene), 24, colour="ink2")
    for row, line in enumerate(lines):
        page.text(172, base + row * 66, line, 50, weight=700)


def _running_head(page: Pen, scene: Scene) -> str:
    place_in_guide = WORDS[scene.language]["place"].format(scene.number, scene.total)
    asks = scene.guide.endswith("?")
    whole = f"{scene.guide} {place_in_guide.capitalize()}" if asks else f"{scene.guide}, {place_in_guide}"
    return whole if page.width(whole, 24) <= POSTER_SIZE[0] - 212 else place_in_guide.capitalize()


def _door(page: Pen, x: float, y: float, w: float, h: float, number: int) -> None:
    r = w / 2
    page.dot(x + r, y + r, r, "green")
    page.box(x, y + r, w, h - r, "green", radius=6)
    page.text(
        x + r, y + h * 0.55, str(number), w * (0.62 if number < 10 else 0.5), colour="white", weight=700, anchor="mm"
    )
    page.dot(x + w - 14, y + h * 0.8, 4, "ochre")


def _note(page: Pen, scene: Scene) -> None:
    width, height = POSTER_SIZE
    if not scene.note:
        page.box(0, height - 12, width, 12, "green")
        return
    middle = height - NOTE_H / 2 + 1
    page.box(0, height - NOTE_H, width, NOTE_H, "brick_t" if scene.safe else "ochre_t")
    page.box(0, height - NOTE_H - 2, width, 4, "ink")
    page.dot(78, middle, 34, "brick" if scene.safe else "green")
    glyph(page, "warn" if scene.safe else "check", 78, middle, 25, "white")
    lines = page.wrap(scene.note, 32, 700, width - 172, 2)
    for row, line in enumerate(lines):
        level = middle + 11 + (row - (len(lines) - 1) / 2) * 44
        page.text(136, level, line, 32, colour="brick_i" if scene.safe else "ink", weight=700)


# --- The phone --------------------------------------------------------------------------------------------------------


def _phone(sheet: Image.Image, spec: Spec, scale: float, origin: tuple[float, float]) -> None:
    pen = Pen(sheet, scale * FINER, (origin[0] * FINER, origin[1] * FINER))
    frame = spec.get("frame", "phone")
    for grow, colour, radius in FRAMES[frame]:
        pen.box(-grow, -grow, SCREEN_W + 2 * grow, SCREEN_H + 2 * grow, colour, radius=radius)
    placed = place(spec["screen"])
    rings = [(target, targets_of(placed)[target["of"]]) for target in spec.get("targets", [])]
    _glass(pen, placed, [rect for _target, rect in rings], clock=frame == "phone")
    for _target, rect in rings:
        callouts.ring(pen, rect)
    for target, rect in rings:
        _number(pen, target, rect)
    _hand(pen, spec, targets_of(placed))


def _glass(pen: Pen, placed: list[Placed], targets: list[Rect], *, clock: bool) -> None:
    """Draw the screen on an image of its own, so that nothing reaches over the phone's round corners."""
    glass = Image.new("RGB", (round(SCREEN_W * pen.scale), round(SCREEN_H * pen.scale)), COLOURS["white"])
    inner = Pen(glass, pen.scale)
    if clock:
        _clock(inner)
    for e, rect in placed:
        ELEMENTS[e["t"]].draw(e, inner, rect.x, rect.y)
    if targets:
        lit = [rect.grown(9) for e, rect in placed if e.get("lit")]
        _veil(inner, [rect.grown(RING) for rect in targets] + lit)
    corners = Image.new("L", glass.size, 0)
    ImageDraw.Draw(corners).rounded_rectangle((0, 0, glass.width - 1, glass.height - 1), 27 * pen.scale, 255)
    pen.image.paste(glass, (round(pen.origin[0]), round(pen.origin[1])), corners)


def _clock(inner: Pen) -> None:
    inner.text(16, 22, "9:41", 13, colour="ink2", weight=700)
    inner.box(SCREEN_W - 40, 11, 22, 11, edge="ink2", width=2, radius=3)
    inner.box(SCREEN_W - 37, 14, 12, 5, "ink2")


def _veil(inner: Pen, bright: list[Rect]) -> None:
    veil = Image.new("L", inner.image.size, VEIL)
    draw = ImageDraw.Draw(veil)
    for r in bright:
        draw.rounded_rectangle((*inner.at(r.x, r.y), *inner.at(r.x + r.w, r.bottom)), 16 * inner.scale, 0)
    inner.image.paste(COLOURS["veil"], (0, 0), veil)


def _number(pen: Pen, target: Spec, rect: Rect) -> None:
    if not target.get("n"):
        return
    # On the bezel, never on the content.
    x, y = (SCREEN_W + 9 if target.get("side") == "right" else -9), rect.y + rect.h / 2
    callouts.number(pen, x, y, target["n"])


def _hand(pen: Pen, spec: Spec, places: dict[str, Rect]) -> None:
    hand = spec.get("hand")
    if not hand:
        return
    rect = places[hand["of"]]
    across, down = hand.get("at", [0.8, 1.0])
    spot = pen.at(rect.x + rect.w * across, rect.y + rect.h * down)
    point_at(pen.image, spot, 27 * pen.scale, hand.get("angle", 22), mirrored=hand.get("from") == "left")
