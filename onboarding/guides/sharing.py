"""What a link looks like where people pass it on: a picture of 1200 by 630 and two lines of words, made from a guide.

Preview machines ask for absolute addresses, and pages are the same bytes for everybody: so a picture is named only
where settings.SITE_URL says where this house stands. Not for: pictures of steps (drawing.py).
"""

import hashlib
import io
import itertools
import json
from dataclasses import asdict, dataclass

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image, ImageDraw

from onboarding.accounts.areas import help_line
from onboarding.guides import pictures
from onboarding.guides.models import GuideVersion, Step
from onboarding.guides.pen import Pen

WIDTH, HEIGHT = 1200, 630
LANGUAGE = "vi"
SHARP = 2  # drawn twice as large and shrunk: Pillow's own edges are stairs
MARGIN, COLUMN = 64, 664  # of the words
PICTURE = (792, 0, 408, 630)  # x, y, width, height
FOOT = 92
TOP, LEADING = 152, 1.34  # where the title begins; from line to line
TITLE_SIZES, LINE_SIZES = (68, 60, 52, 45, 39, 33), (32, 28, 24, 21)
EDITION = 1  # raised when the drawing changes, so that pictures kept from before are drawn anew


@dataclass(frozen=True)
class Card:
    """What a picture says: whose it is, the title, up to three lines below it, the foot; and a step's picture."""

    owner: str
    title: str
    lines: tuple[str, ...]
    foot: str
    picture: str = ""  # sha256 of a WebP in the format of a step


def origin_of(request: HttpRequest) -> str:
    """Return where codes on paper and short links lead, without a slash at the end."""
    return settings.SITE_URL.rstrip("/") or request.build_absolute_uri("/").rstrip("/")


def tags(title: str, summary: str, page: str, image: str) -> dict[str, str]:
    """Return the context of components/share.html; image and page are paths."""
    origin = settings.SITE_URL.rstrip("/")
    told = {"title": title, "summary": summary}
    return {**told, "url": origin + page, "image": origin + image} if origin else told


def of_guide(version: GuideVersion) -> bytes:
    """Return the picture of a guide as PNG."""
    with translation.override(version.language):
        steps = _("%(total)s bước bằng tranh") % {"total": version.steps.count()}
        minutes = _("Khoảng %(minutes)s phút") % {"minutes": version.minutes}
        lines = (f"{steps}, {minutes[:1].lower()}{minutes[1:]}", _("Xem được khi không có mạng"))
        return image(Card(owner(), version.title, lines, never(), picture_of(version)))


def of_house() -> bytes:
    """Return the picture of the citizens' home as PNG."""
    with translation.override(LANGUAGE):
        title, lines = _("Làm dịch vụ công tại nhà, từng bước bằng tranh"), (_("Miễn phí, không cần đăng nhập"),)
        return image(Card(owner(), title, lines, never()))


def owner() -> str:
    """Return whose house this is: the ward when it is one ward's, or the name of the house."""
    ward = help_line()
    return ward.name if ward else "Gõ Cửa"


def never() -> str:
    """Return the safety line of every picture."""
    return _("Cán bộ thật không bao giờ hỏi mã OTP, mật khẩu của bác.")


def picture_of(version: GuideVersion) -> str:
    """Return the hash of the first step's picture, or "" while it is not drawn."""
    found = Step.objects.filter(version=version, pictures__variant=pictures.STEP, pictures__format="webp")
    return found.order_by("number").values_list("pictures__sha256", flat=True).first() or ""


def image(card: Card) -> bytes:
    """Return a card as PNG, drawn now or before. Much to say is said in smaller letters."""
    said = json.dumps([EDITION, asdict(card)], ensure_ascii=False, sort_keys=True)
    name = f"shares/{hashlib.sha256(said.encode()).hexdigest()}.png"
    if default_storage.exists(name):
        with default_storage.open(name) as file:
            return bytes(file.read())
    made = _drawn(card)
    default_storage.save(name, ContentFile(made))
    return made


def _drawn(card: Card) -> bytes:
    large = Image.new("RGB", (WIDTH * SHARP, HEIGHT * SHARP), "#FAF6EC")
    pen = Pen(large, SHARP)
    _words(pen, card)
    _side(pen, card.picture)  # after the words: a name without a space ends under the picture
    _foot(pen, card.foot)
    out = io.BytesIO()
    large.reduce(SHARP).save(out, "PNG", optimize=True)
    return out.getvalue()


def _side(pen: Pen, picture: str) -> None:
    x, y, width, height = PICTURE
    pen.box(x, y, width, height, "green_t")
    if picture:
        _hang(pen, picture)
    else:
        _door(pen, x + 100, 96, 208)


def _hang(pen: Pen, picture: str) -> None:
    """Hang a step's picture (4 by 5) where the foot does not cover it."""
    x, _y, width, height = PICTURE
    across = width - 2 * 20
    down = round(across * 1.25)
    top = (height - FOOT - down) / 2
    place = tuple(round(part) for part in pen.at(x + 20, top))
    size = (round(across * SHARP), round(down * SHARP))
    step = Image.open(io.BytesIO(pictures.read(picture, "webp"))).convert("RGB").resize(size)
    mask = Image.new("L", size)
    ImageDraw.Draw(mask).rounded_rectangle((0, 0, *size), 24 * SHARP, 255)
    pen.image.paste(step, place, mask)  # type: ignore[arg-type]  # two whole numbers
    pen.box(x + 20, top, across, down, edge="ink", width=4, radius=24)


def _door(pen: Pen, x: float, y: float, width: float) -> None:
    """Draw the arched door, closed, as tall as the picture of a step."""
    height = width * 1.95
    pen.dot(x + width / 2, y + width / 2, width / 2, "green")
    pen.box(x, y + width / 2, width, height - width / 2, "green", radius=6)
    for top, tall in ((0.5, 0.42), (1.02, 0.36), (1.48, 0.36)):
        for left in (0.12, 0.54):
            panel = (x + width * left, y + width * top, width * 0.34, width * tall)
            pen.box(*panel, edge="pale", width=4, radius=6)
    pen.dot(x + width * 0.5, y + width * 1.22, 12, "ochre", edge="ink", width=4)


def _words(pen: Pen, card: Card) -> None:
    _mark(pen, MARGIN, 48)
    pen.text(MARGIN + 78, 92, card.owner, 32, weight=700)
    large, title, small, below = _fitted(pen, card)
    y: float = TOP + large
    for line in title:
        pen.text(MARGIN, y, line, large, weight=700)
        y += large * LEADING
    y += small - large + _gap(large)
    for line in below:
        pen.text(MARGIN, y, line, small, colour="ink2")
        y += small * LEADING


def _fitted(pen: Pen, card: Card) -> tuple[int, list[str], int, list[str]]:
    """Return the size and lines of the title and of what stands below it: the largest at which all of it is there."""
    for large, small in itertools.product(TITLE_SIZES, LINE_SIZES):
        title = pen.broken(card.title, large, 700, COLUMN)
        below = [part for line in card.lines for part in pen.broken(line, small, 600, COLUMN)]
        high = _height(title, large) + _gap(large) + _height(below, small)
        if len(title) <= 4 and TOP + high <= HEIGHT - FOOT - 8:
            return large, _even(pen, title, card.title, large), small, below
    return large, title[:4], small, below[:3]


def _gap(size: int) -> float:
    return size * 0.3


def _height(lines: list[str], size: int) -> float:
    return len(lines) * size * LEADING


def _even(pen: Pen, lines: list[str], title: str, size: int) -> list[str]:
    """Return two lines of about one length instead of a full and a short one."""
    return pen.wrap(title, size, 700, COLUMN, 2) if len(lines) == 2 else lines


def _foot(pen: Pen, words: str) -> None:
    pen.box(0, HEIGHT - FOOT, WIDTH, FOOT, "green")
    pen.text(MARGIN, HEIGHT - FOOT / 2, words, 34, colour="white", weight=700, anchor="lm")


def _mark(pen: Pen, x: float, y: float) -> None:
    """Draw our mark, a door and two knocks, 56 high."""
    pen.dot(x + 19, y + 22, 19, "green")
    pen.box(x, y + 22, 38, 34, "green")
    pen.dot(x + 28, y + 36, 4, "ochre")
    pen.arc(x + 22, y + 24, 28, 24, -60, 60, "green", 4.5)
    pen.arc(x + 18, y + 15, 42, 42, -52, 52, "green", 4.5)
