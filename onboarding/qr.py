"""QR codes as inline SVG, for pages and paper. Not for: reading them (the phone does) or what they say."""

import segno
from django.utils.safestring import SafeString


def qr_svg(text: str) -> SafeString:
    """Return text as a QR code: level M, a margin of two modules, no size of its own. Never personal data."""
    code = segno.make(text, error="m", micro=False)
    return SafeString(code.svg_inline(border=2, dark="#14211e", light="#ffffff", omitsize=True))
