"""The pointing hand: a drawn hand with an ink outline, a green sleeve and an ochre cuff, its tip on the target.

For: drawing.py. Not for: where to point; the spec says that.
"""

from functools import cache, lru_cache

from PIL import Image, ImageDraw

from onboarding.guides.pen import COLOURS, Point

FINGER = 42  # width of the index finger in the drawing below
Shape = tuple[tuple[float, float], tuple[float, float], float] | tuple[float, float, float, float, float]

FINGERS: list[Shape] = [
    ((90, 44), (93, 200), 20),
    ((128, 154), (128, 212), 19),
    ((161, 162), (161, 216), 18.5),
    ((190, 176), (188, 220), 17.5),
    ((54, 208), (98, 264), 20),
]
PALM: list[Shape] = [(72, 180, 207, 300, 44), (100, 280, 186, 352, 4)]
SLEEVE: list[Shape] = [(84, 332, 202, 470, 12)]
CUFF: list[Shape] = [(77, 326, 209, 358, 10)]
SKIN = FINGERS + PALM
ALL = SKIN + SLEEVE + CUFF
# (parts, how much fatter, colour): the outline is the same shape drawn fatter
OUTLINES = [(ALL, 11, "white"), (ALL, 5.5, "ink")]
LAYERS = [*OUTLINES, (SKIN, 0, "skin"), (SLEEVE, 0, "green"), (CUFF, 5, "ink"), (CUFF, 0, "ochre")]
FOLDS = [(111, 168, 218), (144, 166, 220), (175, 176, 224)]
CANVAS = (240, 450)
TIP = (90, 24)


def _mask(parts: list[Shape], fatter: float, k: float) -> Image.Image:
    mask = Image.new("L", (int(CANVAS[0] * k), int(CANVAS[1] * k)), 0)
    draw = ImageDraw.Draw(mask)
    for part in parts:
        if len(part) == 3:
            _capsule(draw, part[0], part[1], part[2] + fatter, k)
        else:
            left, top, right, low, radius = part
            box = (left - fatter, top - fatter, right + fatter, low + fatter)
            draw.rounded_rectangle([v * k for v in box], (radius + fatter) * k, 255)
    return mask


def _capsule(draw: ImageDraw.ImageDraw, start: Point, end: Point, radius: float, k: float) -> None:
    draw.line([start[0] * k, start[1] * k, end[0] * k, end[1] * k], 255, int(2 * radius * k))
    for x, y in (start, end):
        draw.ellipse([(x - radius) * k, (y - radius) * k, (x + radius) * k, (y + radius) * k], 255)


def _details(image: Image.Image, k: float) -> None:
    draw, width = ImageDraw.Draw(image), int(4.5 * k)
    for x, top, low in FOLDS:
        draw.line([x * k, top * k, x * k, low * k], COLOURS["ink"], width)
        for y in (top, low):
            draw.ellipse([x * k - width / 2, y * k - width / 2, x * k + width / 2, y * k + width / 2], COLOURS["ink"])
    draw.arc([76 * k, 29 * k, 105 * k, 62 * k], 195, 345, COLOURS["nail"], int(4 * k))


@cache
def drawn(finger: int, mirrored: bool) -> tuple[Image.Image, Point]:
    """Return the upright hand with a finger so many pixels wide, and where its tip is."""
    k = finger / FINGER * 2
    image = Image.new("RGBA", (int(CANVAS[0] * k), int(CANVAS[1] * k)), (0, 0, 0, 0))
    for parts, fatter, colour in LAYERS:
        image.paste(COLOURS[colour], (0, 0), _mask(parts, fatter, k))
    _details(image, k)
    image = image.resize((image.width // 2, image.height // 2), Image.Resampling.LANCZOS)
    tip = (TIP[0] * k / 2, TIP[1] * k / 2)
    if mirrored:
        return image.transpose(Image.Transpose.FLIP_LEFT_RIGHT), (image.width - tip[0], tip[1])
    return image, tip


def point_at(image: Image.Image, spot: Point, finger: float, angle: float, *, mirrored: bool = False) -> None:
    """Paste the hand onto image with its tip on spot (pixels), turned by angle degrees, from the left if mirrored."""
    hand = turned(round(finger), -angle if mirrored else angle, mirrored)
    side = hand.height // 2
    image.paste(hand, (round(spot[0] - side), round(spot[1] - side)), hand)


@lru_cache(maxsize=16)
def turned(finger: int, angle: float, mirrored: bool) -> Image.Image:
    """Return the hand turned about its tip, which lies in the middle. Kept: turning takes longer than all the rest."""
    hand, tip = drawn(finger, mirrored)
    side = hand.height
    whole = Image.new("RGBA", (side * 2, side * 2), (0, 0, 0, 0))
    whole.paste(hand, (round(side - tip[0]), round(side - tip[1])))
    return whole.rotate(angle, Image.Resampling.BICUBIC, center=(side, side))
