"""Short links of a campaign, one a channel: made, found again however they were typed, and where they lead.

A code is printed and read aloud: six characters, none of which is taken for another. Whatever becomes of a campaign
or its guide, its links lead somewhere. Not for: how often they are opened (opens.py) or papers (campaign_papers.py).
"""

import io
import secrets

import segno
from django.db import IntegrityError, transaction
from django.urls import reverse

from onboarding.fieldwork.announcing import guide_of
from onboarding.fieldwork.channels import channels
from onboarding.fieldwork.models import Campaign, ShortLink

# Without 0 and o, 1 and l and i, 2 and z, 5 and s, 8 and b, g and q, u and v: a hand and a bad print mix them up.
ALPHABET = "acdefhjkmnprtwxy34679"
LENGTH = 6
TRIES = 5
PIXELS = 20  # a module of a PNG: sharp on a poster, 30 KB


def links_of(campaign: Campaign) -> dict[str, ShortLink]:
    """Return the link of each channel of the content, by its code; those that are missing are made."""
    held = {link.channel: link for link in campaign.links.all()}
    return {each.code: held.get(each.code) or _made(campaign, each.code) for each in channels()}


def find(typed: str) -> ShortLink | None:
    """Return the link that somebody typed, in capitals or not, or None."""
    if not (typed.isascii() and typed.isalnum()):  # a NUL is more than a database takes
        return None
    return ShortLink.objects.filter(code=typed.lower()).select_related("campaign").first()


def target(link: ShortLink) -> str:
    """Return the path a link leads to: the guide of its campaign, all guides when that is gone, or the home."""
    if not link.campaign.guide:
        return reverse("guides:home")
    if guide_of(link.campaign):
        return reverse("guides:overview", args=[link.campaign.guide])
    return reverse("guides:catalogue")


def address(link: ShortLink, origin: str) -> str:
    """Return the whole address of a link. origin: the site without a slash at its end."""
    return origin + reverse("fieldwork:short-link", args=[link.code])


def as_qr(text: str, kind: str) -> bytes:
    """Return text as a QR code to print: png or svg, level M, a quiet margin of four modules."""
    target = io.BytesIO()
    segno.make(text, error="m", micro=False).save(target, kind=kind, scale=PIXELS, border=4)
    return target.getvalue()


def _made(campaign: Campaign, channel: str) -> ShortLink:
    for _again in range(TRIES):
        try:
            with transaction.atomic():
                return campaign.links.get_or_create(channel=channel, defaults={"code": _code()})[0]
        except IntegrityError:  # the code is taken: one in 80 millions, so the next one will do
            continue
    raise RuntimeError("no free code for a short link")


def _code() -> str:
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))
