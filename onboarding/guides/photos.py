"""Photographs and screenshots for steps: taken in, drawn anew without loss, kept privately, given out as pixels.

Judged by bytes, never by name. Kept as lossless WebP, so that a photo which travels in a guide's zip and is drawn anew
there is the same file again. Not for: what is marked on it (photo_specs.py), its picture (photo_drawing.py).
"""

from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image

from onboarding.guides import materials
from onboarding.guides.models import Material
from onboarding.refusal import Refused
from onboarding.stills import NoStill, Wrong, upright

MAX_BYTES = 12_000_000
MAX_PIXELS = 40_000_000
LONG_SIDE = 1920  # more than twice the widest picture made of it, and light enough to travel
FORM = "webp"
HEIC = (b"heic", b"heix", b"hevc", b"mif1", b"msf1")
VIDEO = (b"\x1a\x45\xdf\xa3", b"\x00\x00\x01\xba", b"\x00\x00\x01\xb3", b"FLV")


def take(content: bytes) -> str:
    """Keep a photo and return its hash. Raises Refused("bad_photo")."""
    if len(content) > MAX_BYTES:
        raise Refused("bad_photo", heavy())
    try:
        image = upright(content, most_pixels=MAX_PIXELS, long_side=LONG_SIDE)
    except NoStill as no:
        raise Refused("bad_photo", _sentence(no.wrong, content)) from no
    return materials.keep(Material.Kind.PHOTO, FORM, encoded(image))


def heavy() -> str:
    """Return what is said of a file of more than MAX_BYTES."""
    return _("Tệp nặng quá 12 MB. Chọn ảnh nhẹ hơn, hoặc chụp màn hình rồi tải lên.")


def encoded(image: Image.Image) -> bytes:
    """Return pixels as they are kept: the same pixels are always the same bytes, and nothing else is in them."""
    out = BytesIO()
    image.save(out, "WEBP", lossless=True, quality=50, method=2)
    return out.getvalue()


def load(sha256: str) -> Image.Image:
    """Return the pixels of a kept photo. Raises FileNotFoundError."""
    return Image.open(BytesIO(materials.read(sha256, FORM))).convert("RGB")


def size_of(sha256: str) -> tuple[int, int] | None:
    """Return width and height in pixels, None when the photo is not here."""
    if not materials.here(sha256, FORM):
        return None
    with Image.open(BytesIO(materials.read(sha256, FORM))) as image:
        return image.size


def _sentence(wrong: Wrong, content: bytes) -> str:
    if wrong == Wrong.NONE:
        return _what_it_is(content)
    return {
        Wrong.LARGE: _("Ảnh lớn quá 40 triệu điểm ảnh. Thu nhỏ ảnh rồi tải lại."),
        Wrong.MANY: _("Ảnh này có nhiều hình động. Chọn một ảnh thường."),
        Wrong.BROKEN: _("Ảnh bị hỏng giữa chừng. Chép lại ảnh rồi tải lại."),
    }[wrong]


def _what_it_is(content: bytes) -> str:
    """Name the kinds that people take for pictures, so that they know what to do."""
    head = content[:1024].lstrip(b"\xef\xbb\xbf \r\n\t")
    if content[4:8] == b"ftyp" and content[8:12] in HEIC:
        return _("Ảnh HEIC chưa đọc được. Lưu ảnh thành JPEG rồi tải lại.")
    if content[4:8] == b"ftyp" or head.startswith(VIDEO):
        return _("Tệp này là video. Chọn một ảnh JPEG, PNG hoặc WebP.")
    if b"<svg" in head.lower():
        return _("Tệp SVG có thể chứa mã lạ. Chụp màn hình bản vẽ rồi tải ảnh lên.")
    return _("Tệp này không phải ảnh. Chọn một ảnh JPEG, PNG hoặc WebP.")
