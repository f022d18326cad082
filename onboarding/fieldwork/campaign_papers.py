"""The papers of a campaign as tagged PDF, each with the short link of its own channel; and its picture to pass on.

Drawn by the printer of the guides (guides/papers.py, guides/sharing.py) from what announcing.py says. Not for: how it
stands on the page (paper/campaign.typ).
"""

import re
from pathlib import Path
from typing import Any

from django.utils import translation
from django.utils.translation import gettext as _

from onboarding.fieldwork.announcing import LANGUAGE, Told, guide_of, told
from onboarding.fieldwork.models import Campaign
from onboarding.guides import papers, sharing

TEMPLATE = Path(__file__).with_name("paper") / "campaign.typ"
_HOURS = re.compile(r"(?<=\d) (?=đến )|(?<=đến) (?=\d)")  # "8:00 đến 11:30" stays in one line
LEAFLET, LEAFLETS, POSTER = "leaflet", "leaflets", "poster"


def sheet(campaign: Campaign, kind: str, *, address: str) -> bytes:
    """Return a paper as PDF: one leaflet of A5, two of them on A4, or a poster of A4. address: where its code leads."""
    known, version = told(campaign), guide_of(campaign)
    with translation.override(LANGUAGE):
        data: dict[str, Any] = {
            "kind": kind, "title": _held_together(campaign.name), "facts": _facts(known),
            "author": campaign.area.name, "owner": campaign.area.name,
            "address": address, "shown": address.partition("://")[2],
            "call": _("Quét mã để xem từng bước bằng tranh"), "or_type": _("hoặc gõ vào trình duyệt:"),
            "warn": known.safety + " " + _("Tổ hỗ trợ không thu tiền."), "help": known.help,
        }  # fmt: skip
        if version:
            data["picture"] = papers.first_picture(version)
        return papers.printed(data, TEMPLATE)


def picture(campaign: Campaign) -> bytes:
    """Return the picture to pass on in a message, as PNG of 1200 by 630."""
    known, version = told(campaign), guide_of(campaign)
    when = ", ".join(part for part in (known.days, known.hours) if part)
    lines = tuple(part for part in (when, known.place, known.help) if part)
    shown = sharing.picture_of(version) if version else ""
    return sharing.image(sharing.Card(campaign.area.name, campaign.name, lines, known.safety, shown))


def _facts(known: Told) -> list[dict[str, str]]:
    when = "\n".join(part for part in (known.days, _HOURS.sub("\u00a0", known.hours)) if part)
    rows = [
        (_("Khi nào"), when), (_("Ở đâu"), known.place), (_("Mang theo"), "\n".join(map(_capitalised, known.bring))),
        (_("Hỗ trợ"), _("Miễn phí")),
    ]  # fmt: skip
    return [{"label": label, "text": words} for label, words in rows if words]


def _capitalised(words: str) -> str:
    return words[:1].upper() + words[1:]


def _held_together(name: str) -> str:
    """Return name with a short last word held to the one before, so that it never stands alone in a line."""
    rest, _space, last = name.rpartition(" ")
    return f"{rest}\u00a0{last}" if rest and len(last) < 4 else name
