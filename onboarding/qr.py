"""QR codes as SVG, for pages and paper. Not for: reading them (the phone does) or what they say."""

import io

import segno
from django.utils.safestring import SafeString


def qr_svg(text: str) -> SafeString:
    """Return text as a QR code: level M, a margin of two modules, no size of its own. Never personal data."""
    return SafeString(_made(text).svg_inline(border=2, dark="#14211e", light="#ffffff", omitsize=True))


def qr_file(text: str) -> bytes:
    """Return the same code as a file of its own."""
    out = io.BytesIO()
    _made(text).save(out, kind="svg", border=2, dark="#14211e", light="#ffffff", scale=8)
    return out.getvalue()


def _made(text: str) -> segno.QRCode:
    return segno.make(text, error="m", micro=False)
