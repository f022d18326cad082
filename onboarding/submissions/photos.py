"""Turning bytes from a phone into a picture that can be shown and sent: decoded whole, drawn anew.

For: `clean`, called in the worker only; onboarding/stills.py judges and decodes. Not for: sealing, storing or deciding
what follows (attachments.py).
"""

from dataclasses import dataclass
from io import BytesIO

from django.utils.translation import gettext as _

from onboarding.stills import NoStill, Wrong, upright

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
    try:
        sheet = upright(content, most_pixels=MAX_PIXELS, long_side=LONG_SIDE)
    except NoStill as no:
        raise BadPhoto(_sentence(no.wrong)) from no
    target = BytesIO()
    sheet.save(target, "JPEG", quality=QUALITY, optimize=True)
    return Photo(target.getvalue(), sheet.width, sheet.height)


def _sentence(wrong: Wrong) -> str:
    return {
        Wrong.NONE: _("Tệp này không phải ảnh. Chụp lại ảnh này."),
        Wrong.LARGE: _("Ảnh lớn quá. Chụp lại bằng ứng dụng."),
        Wrong.MANY: _("Ảnh này có nhiều hình. Chụp lại một ảnh thường."),
        Wrong.BROKEN: _("Ảnh bị hỏng giữa chừng. Chụp lại ảnh này."),
    }[wrong]
