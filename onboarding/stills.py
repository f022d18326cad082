"""Opening a picture that a stranger sent: judged by its bytes, before a pixel is unpacked, then decoded whole.

For: every room that takes photographs in; each says in its own sentences what was wrong. What comes out holds pixels
and nothing else: no EXIF, no place, no second file behind the first. Not for: sizes in bytes, encoding or keeping.
"""

import warnings
from enum import Enum
from io import BytesIO

from PIL import Image, ImageOps

KINDS = ("JPEG", "PNG", "WEBP")


class Wrong(Enum):
    """What is the matter with the bytes: no picture, too many pixels, several pictures in one, broken on the way."""

    NONE = "none"
    LARGE = "large"
    MANY = "many"
    BROKEN = "broken"


class NoStill(Exception):
    """The bytes are not one picture that we take; `wrong` says why."""

    def __init__(self, wrong: Wrong) -> None:
        super().__init__(wrong.value)
        self.wrong = wrong


def upright(content: bytes, *, most_pixels: int, long_side: int) -> Image.Image:
    """Return content as RGB pixels on white, turned upright, at most long_side pixels long. Raises NoStill."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        image = _opened(content, most_pixels)
        try:
            # load() and not verify(): verify() lets a truncated JPEG pass.
            image.load()
            return _drawn_anew(image, long_side)
        except Exception as error:  # a decoder may raise anything on hostile bytes
            raise NoStill(Wrong.BROKEN) from error


def _opened(content: bytes, most_pixels: int) -> Image.Image:
    try:
        image = Image.open(BytesIO(content), formats=KINDS)
    except (Image.DecompressionBombWarning, Image.DecompressionBombError) as error:
        raise NoStill(Wrong.LARGE) from error
    except Exception as error:  # not one of the three kinds, or a header made to hurt
        raise NoStill(Wrong.NONE) from error
    # open() has read the header only: a bomb is refused before a single pixel is unpacked.
    if image.width * image.height > most_pixels:
        raise NoStill(Wrong.LARGE)
    if getattr(image, "n_frames", 1) != 1:
        raise NoStill(Wrong.MANY)
    return image


def _drawn_anew(image: Image.Image, long_side: int) -> Image.Image:
    """Draw the pixels onto an empty sheet: whatever hung on the old picture stays behind."""
    turned = ImageOps.exif_transpose(image).convert("RGBA")
    turned.thumbnail((long_side, long_side), Image.Resampling.LANCZOS)
    sheet = Image.new("RGB", turned.size, "white")
    sheet.paste(turned, mask=turned.getchannel("A"))
    return sheet
