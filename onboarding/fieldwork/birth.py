"""Birth dates that may be known only to the month or the year, as for many old people.

Stored as "YYYY", "YYYY-MM" or "YYYY-MM-DD"; people type "14021958", "14/2/1958", "2/1958", "1958" or "0000 1958".
Pure. Not for: dates that something happened on; those are ordinary dates.
"""

import re
from datetime import date

from django.utils.translation import gettext as _

from onboarding.refusal import Refused

OLDEST = 130
_STORED = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")
_DIGITS = {4: (0, 0), 6: (0, 2), 8: (2, 2)}  # length: digits of day, digits of month
_PARTS = re.compile(r"(?:(?:(\d{1,2})[/.\- ])?(\d{1,2})[/.\- ])?(\d{4})")


def parse_birth(typed: str, *, today: date) -> str:
    """Return typed as "YYYY", "YYYY-MM" or "YYYY-MM-DD". Raises Refused answers_invalid with what to do."""
    year, month, day = _split(str(typed).strip())
    if month == 0:
        day = 0
    _check(year, month, day, today)
    return f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")


def show_birth(stored: str) -> str:
    """Return a stored birth date as people read it: "14/02/1958", "02/1958", "1958" or ""."""
    return "/".join(reversed(stored.split("-"))) if stored else ""


def birth_year(stored: str) -> int | None:
    """Return the year of a stored birth date, None when unknown."""
    return int(stored[:4]) if stored else None


def age_on(stored: str, day: date) -> int | None:
    """Return the full years of a person on day, None when unknown; the unknown part counts as not yet passed."""
    if not stored:
        return None
    year, month, number = (int(part) for part in f"{stored}{'-12-31'[len(stored) - 4 :]}".split("-"))
    return day.year - year - ((day.month, day.day) < (month, number))


def _split(typed: str) -> tuple[int, int, int]:
    stored = _STORED.fullmatch(typed)
    if stored:
        return int(stored[1]), int(stored[2] or 0), int(stored[3] or 0)
    digits = typed.replace(" ", "")
    if digits.isdecimal() and len(digits) in _DIGITS:
        days, months = _DIGITS[len(digits)]
        return int(digits[-4:]), int(digits[days : days + months] or 0), int(digits[:days] or 0)
    parts = _PARTS.fullmatch(typed)
    if parts is None:
        raise Refused("answers_invalid", _("Ngày sinh chưa đủ. Ghi ngày, tháng và 4 số của năm, hoặc chỉ ghi năm."))
    return int(parts[3]), int(parts[2] or 0), int(parts[1] or 0)


def _check(year: int, month: int, day: int, today: date) -> None:
    if (year, month, day) > (today.year, today.month if month else 0, today.day if day else 0):
        raise Refused("answers_invalid", _("Ngày sinh này ở tương lai. Kiểm tra lại năm."))
    if year < today.year - OLDEST:
        raise Refused("answers_invalid", _("Năm sinh này quá xa. Kiểm tra lại năm."))
    try:
        date(year, month or 1, day or 1)
    except ValueError:
        raise Refused("answers_invalid", _("Không có ngày này trong lịch. Kiểm tra lại ngày và tháng.")) from None
