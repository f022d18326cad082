"""Turning bytes from a phone into a picture that can be shown and sent: decoded whole, drawn anew.

For: `clean`, called in the worker only. What comes out holds pixels and nothing else: no EXIF, no place, no second
file behind the first. Not for: sealing, storing or deciding what follows (attachments.py).
"""

import warnings
from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _
from PIL import Image, ImageOps

KINDS = ("JPEG", "PNG", "WEBP")
MAX_BYTES = 5_000_000
MAX_PIXELS = 24_000_000
LONG_SIDE = 1600
QUALITY = 82


class BadPhoto(Exception):
    """The bytes are not a picture that we take. The text says to a person what is so and what to do."""


@dataclass(frozen=True)
class Photo:
    """A re-encoded picture: JPEG bytes and size in pixels."""

    content: bytes
    width: int
    height: int
    mime: str = "image/jpeg"


def clean(content: bytes) -> Photo:
    """Return content decoded, turned upright, at most 1600 px, as a fresh JPEG. Raises BadPhoto."""
    if len(content) > MAX_BYTES:
        raise BadPhoto(_("Ảnh nặng quá 5 MB. Chụp lại bằng ứng dụng."))
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = _opened(content)
        try:
            # load() and not verify(): verify() lets a truncated JPEG pass.
            image.load()
            return _drawn_anew(image)
        except Exception as error:  # a decoder may raise anything on hostile bytes
            raise BadPhoto(_("Ảnh bị hỏng giữa chừng. Chụp lại ảnh này.")) from error


def _opened(content: bytes) -> Image.Image:
    try:
        image = Image.open(BytesIO(content), formats=KINDS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise BadPhoto(_("Ảnh lớn quá. Chụp lại bằng ứng dụng.")) from error
    except Exception as error:  # not one of the three kinds, or a header made to hurt
        raise BadPhoto(_("Tệp này không phải ảnh. Chụp lại ảnh này.")) from error
    # open() has read the header only: a bomb is refused before a single pixel is unpacked.
    if image.width * image.height > MAX_PIXELS:
        raise BadPhoto(_("Ảnh lớn quá. Chụp lại bằng ứng dụng."))
    if getattr(image, "n_frames", 1) != 1:
        raise BadPhoto(_("Ảnh này có nhiều hình. Chụp lại một ảnh thường."))
    return image


def _drawn_anew(image: Image.Image) -> Photo:
    """Draw the pixels onto an empty sheet: whatever hung on the old picture stays behind."""
    upright = ImageOps.exif_transpose(image).convert("RGBA")
    upright.thumbnail((LONG_SIDE, LONG_SIDE), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", upright.size, "white")
    sheet.paste(upright, mask=upright.getchannel("A"))
    target = BytesIO()
    sheet.save(target, "JPEG", quality=QUALITY, optimize=True)
    return Photo(target.getvalue(), sheet.width, sheet.height)
