"""The words templates are written in: icons, chips, plates, meters, dates and numbers as people here write them.

For: presentation that must look the same on every surface, in one place. The sync words live here and nowhere else.
Not for: queries, decisions or anything that depends on who is asking.
"""

import json
import re
from datetime import date, datetime
from functools import cache
from pathlib import Path
from typing import Any

from django import template
from django.template import Context
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import get_language, gettext, gettext_lazy

register = template.Library()

DRAWINGS = Path(__file__).resolve().parent.parent / "content" / "icons.json"
THEMES = ("light", "dark", "sun")
TEXT_SIZES = ("115", "130")

# State: (chip colour, icon, words). Never rephrased anywhere; 'Đã gửi' only after a receipt from the server.
SYNC = {
    "local": ("", "device-mobile-check", gettext_lazy("Đã lưu trên máy")),
    "wait": ("wait", "cloud-off", gettext_lazy("Đang chờ mạng")),
    "move": ("move", "arrow-up", gettext_lazy("Đang gửi")),
    "ok": ("ok", "checks", gettext_lazy("Đã gửi")),
    "fix": ("fix", "alert-triangle", gettext_lazy("Cần xem lại")),
}
WEEKDAYS = (
    gettext_lazy("Thứ Hai"),
    gettext_lazy("Thứ Ba"),
    gettext_lazy("Thứ Tư"),
    gettext_lazy("Thứ Năm"),
    gettext_lazy("Thứ Sáu"),
    gettext_lazy("Thứ Bảy"),
    gettext_lazy("Chủ nhật"),
)


class UnknownIcon(template.TemplateSyntaxError):
    """An icon was asked for that is not in icons.json: add its name to static/src/icons.txt and run npm run icons."""


# --- Icons -----------------------------------------------------------------------------------------------------------


@cache
def drawings() -> dict[str, str]:
    """Return the drawings of all icons we ship, by name: the inside of a 24 by 24 SVG."""
    return json.loads(DRAWINGS.read_text(encoding="utf-8"))


def drawing_of(name: str) -> str:
    """Return the drawing of one icon. Raises UnknownIcon."""
    try:
        return drawings()[name]
    except KeyError:
        raise UnknownIcon(f"No icon is called {name!r}") from None


def _icons_of(context: Context) -> dict[str, str]:
    # The lowest layer of the render context is the one thing that includes, inclusion tags and copies of it share.
    lowest: dict[str, Any] = context.render_context.dicts[0]  # type: ignore[assignment]
    return lowest.setdefault("ui.icons", {})


@register.simple_tag(takes_context=True)
def icon(context: Context, name: str, cls: str = "") -> SafeString:
    """Print one icon and note it for the page's sprite. The word beside it carries the meaning."""
    _icons_of(context)[name] = drawing_of(name)
    return format_html(
        '<svg class="{}" aria-hidden="true"><use href="#i-{}"/></svg>',
        f"i {cls}".strip(),
        name,
    )


@register.simple_tag(takes_context=True)
def icons(context: Context, also: str = "") -> SafeString:
    """Print the sprite: every icon used so far on the page, and those named in also (for scripts), separated by spaces.

    Stands once, at the end of body; and at the end of a fragment that may bring icons its page does not have.
    """
    used = _icons_of(context) | {name: drawing_of(name) for name in also.split()}
    symbols = format_html_join(
        "",
        '<symbol id="i-{}" viewBox="0 0 24 24">{}</symbol>',
        ((name, SafeString(body)) for name, body in sorted(used.items())),
    )
    return format_html('<svg class="sr" width="0" height="0" aria-hidden="true">{}</svg>', symbols)


# --- Look of the page ------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def look(context: Context) -> SafeString:
    """Print data-theme and, when larger text was chosen, data-text: from the cookies `theme` and `text`."""
    cookies = getattr(context.get("request"), "COOKIES", {})
    theme, size = cookies.get("theme"), cookies.get("text")
    chosen = format_html('data-theme="{}"', theme if theme in THEMES else THEMES[0])
    return format_html('{} data-text="{}"', chosen, size) if size in TEXT_SIZES else chosen


@register.simple_tag(takes_context=True)
def here(context: Context, address: str, exact: bool = False) -> SafeString:
    """Print aria-current when the page's address is address, or lies below it unless exact."""
    path = getattr(context.get("request"), "path", "")
    current = path == address if exact else path.startswith(address)
    return SafeString(' aria-current="page"' if current else "")


# --- Small parts -----------------------------------------------------------------------------------------------------


@register.simple_tag(takes_context=True)
def chip(context: Context, state: str, name: str, text: str) -> SafeString:
    """Print a status chip. state: "" (neutral), ok, wait, move, fix or solid."""
    return format_html('<span class="chip" data-s="{}">{}{}</span>', state, icon(context, name), text)


@register.simple_tag(takes_context=True)
def sync_chip(context: Context, state: str) -> SafeString:
    """Print the chip of a sync state: local, wait, move, ok or fix."""
    colour, name, words = SYNC[state]
    return chip(context, colour, name, str(words))


@register.simple_tag
def plate(number: str, size: str = "") -> SafeString:
    """Print a house number as its enamel plate. size: "" or "lg"."""
    return format_html(
        '<span class="{}"><span class="sr">{} </span>{}</span>', f"plate {size}".strip(), gettext("Số nhà"), number
    )


@register.simple_tag
def meter(value: float, most: float, label: str, colour: str = "g", target: float | None = None) -> SafeString:
    """Print a bar of value out of most, with an ink tick at target. colour: g, o, b, r or s. No inline style."""
    tick = ""
    if target is not None:
        tick = format_html(
            '<rect x="{}%" y="-2" width="4" height="200%"'
            ' fill="var(--ink)" stroke="var(--surface)" stroke-width="1.5"/>',
            _share(target, most),
        )
    return format_html(
        '<svg class="meter" role="img" aria-label="{}"><rect class="f-{}" width="{}%" height="100%"/>{}</svg>',
        label,
        colour,
        _share(value, most),
        tick,
    )


def _share(value: float, most: float) -> str:
    return f"{max(0.0, min(100.0, 100 * value / most)) if most else 0.0:.2f}"


@register.simple_tag
def steps(number: int, total: int) -> SafeString:
    """Print the progress pills of step number out of total."""
    label = gettext("Bước %(number)s trên %(total)s") % {"number": number, "total": total}
    pills = format_html_join(
        "",
        '<li{}><span class="sr">{}</span></li>',
        ((_pill(place, number), gettext("Bước %(number)s") % {"number": place}) for place in range(1, total + 1)),
    )
    return format_html('<ol class="prog" aria-label="{}">{}</ol>', label, pills)


def _pill(place: int, number: int) -> SafeString:
    return SafeString(' data-s="done"' if place < number else ' aria-current="step"' if place == number else "")


# --- Dates, times, numbers -------------------------------------------------------------------------------------------


def _local(value: datetime) -> datetime:
    return timezone.localtime(value) if timezone.is_aware(value) else value


def _day_of(value: datetime | date) -> date:
    return _local(value).date() if isinstance(value, datetime) else value


@register.filter
def day(value: datetime | date | None) -> str:
    """18/10/2026 of a date or a time, in Hà Nội."""
    return f"{_day_of(value):%d/%m/%Y}" if value else ""


@register.filter
def short_day(value: datetime | date | None) -> str:
    """18/10 of a date or a time, in Hà Nội."""
    return f"{_day_of(value):%d/%m}" if value else ""


@register.filter
def weekday(value: datetime | date | None) -> str:
    """Thứ Bảy 18/10 of a date or a time, in Hà Nội."""
    return f"{WEEKDAYS[_day_of(value).weekday()]} {short_day(value)}" if value else ""


@register.filter
def clock(value: datetime | None) -> str:
    """9:30 of a time, 24 hours, in Hà Nội."""
    return f"{_local(value).hour}:{_local(value):%M}" if value else ""


@register.filter
def when(value: datetime | None) -> str:
    """The shortest that cannot be misread: 9:30 today, hôm qua 9:30, 18/10 9:30, with the year when it is another."""
    if not value:
        return ""
    now, then = timezone.localtime(), _local(value)
    days = (now.date() - then.date()).days
    if days == 0:
        return clock(value)
    if days == 1:
        return gettext("hôm qua %(time)s") % {"time": clock(value)}
    return f"{short_day(value) if then.year == now.year else day(value)} {clock(value)}"


@register.filter
def number(value: float | None) -> str:
    """1.284 of 1284 and 3,5 of 3.5: a dot between thousands, a comma before decimals; in English the other way."""
    if value is None:
        return ""
    text = f"{value:,}" if isinstance(value, int) else f"{value:,.1f}".removesuffix(".0")
    return text if get_language() == "en" else text.translate(str.maketrans(",.", ".,"))


@register.filter
def size(value: int | None) -> str:
    """640 KB or 1,1 MB of a number of bytes."""
    if value is None:
        return ""
    return f"{max(1, round(value / 1000))} KB" if value < 995_000 else f"{number(round(value / 1_000_000, 1))} MB"


@register.filter
def masked(value: str | None) -> str:
    """••• ••• ••• 214 of a twelve-digit number: the last three digits are enough to compare with a card in hand."""
    return f"••• ••• ••• {value[-3:]}" if value and len(value) > 5 else "•••" if value else ""


QUOTED = re.compile("(“[^”]*”)")


@register.filter
def quoted(text: str) -> str:
    """Mark what a text quotes, labels of a real screen, as Vietnamese on a page that is not: for those who listen."""
    if get_language() == "vi":
        return text
    parts = (format_html('<span lang="vi">{}</span>', p) if QUOTED.match(p) else p for p in QUOTED.split(text))
    return format_html_join("", "{}", ((part,) for part in parts))


@register.filter
def phone(value: str | None) -> str:
    """098 000 0123 of 0980000123; anything else is left as it is."""
    digits = (value or "").replace(" ", "")
    if len(digits) == 11 and digits.startswith("02"):
        return f"{digits[:3]} {digits[3:7]} {digits[7:]}"
    return f"{digits[:3]} {digits[3:6]} {digits[6:]}" if len(digits) == 10 and digits.isdecimal() else value or ""
