"""Personal numbers (số định danh, 12 digits) and phone numbers: as typed, as stored, as shown.

A personal number is PPP G YY NNNNNN: province of birth registration, sex and century, year, serial. Since the law
of 2024 only the 12 digits are promised, so a mismatch with the person is a warning, never a refusal. Pure.
Not for: keeping them safe (vault) or reading a card (cards.py).
"""

import re

from django.conf import settings
from django.utils.translation import gettext as _

from onboarding.refusal import Refused

NUMBER_DIGITS = 12
PHONE_DIGITS = 10
_GAPS = re.compile(r"[\s.\-]+")
_MOBILE = re.compile(r"0[35789]\d{8}")
_LANDLINE = re.compile(r"02\d{9}")
# The change of 2018 from 11 to 10 digits: lists older than that still hold the left side.
_OLD_PREFIXES = {
    "0120": "070", "0121": "079", "0122": "077", "0126": "076", "0128": "078",
    "0123": "083", "0124": "084", "0125": "085", "0127": "081", "0129": "082",
    "0162": "032", "0163": "033", "0164": "034", "0165": "035", "0166": "036", "0167": "037", "0168": "038",
    "0169": "039", "0186": "056", "0188": "058", "0199": "059",
}  # fmt: skip


def clean_number(typed: str) -> str:
    """Return the 12 digits of a personal number; spaces, dots and dashes are ignored. Raises Refused."""
    digits = _GAPS.sub("", str(typed))
    if not (digits.isascii() and digits.isdigit()):
        raise Refused("answers_invalid", _("Số định danh chỉ có chữ số. Kiểm tra lại."))
    if len(digits) < NUMBER_DIGITS:
        raise Refused("answers_invalid", _("Số định danh có 12 số. Còn thiếu %d số.") % (NUMBER_DIGITS - len(digits)))
    if len(digits) > NUMBER_DIGITS:
        raise Refused("answers_invalid", _("Số định danh có 12 số. Đang thừa %d số.") % (len(digits) - NUMBER_DIGITS))
    return digits


def number_warnings(number: str, *, birth: str = "", sex: str = "") -> list[str]:
    """Return sentences about what does not fit between a clean number and birth ("YYYY…") and sex ("nam", "nu")."""
    century, year = 1900 + int(number[3]) // 2 * 100, int(number[4:6])
    warnings = []
    if birth and int(birth[:4]) != century + year:
        warnings.append(_("Số định danh không khớp năm sinh. Kiểm tra lại cả hai."))
    if sex and ("nu" if int(number[3]) % 2 else "nam") != sex:
        warnings.append(_("Số định danh không khớp giới tính. Kiểm tra lại cả hai."))
    return warnings


def is_demo_number(number: str) -> bool:
    """Say whether a number belongs to nobody: its province code was never issued."""
    return number.startswith(tuple(settings.DEMO_PROVINCE_CODES))


def show_number(number: str) -> str:
    """Return a number grouped for reading aloud: "099 087 000 003"."""
    return " ".join(number[i : i + 3] for i in range(0, len(number), 3))


def mask_number(number: str) -> str:
    """Return a number as lists may show it: first and last three digits, "099••••••003"; "" stays ""."""
    return f"{number[:3]}{'•' * (len(number) - 6)}{number[-3:]}" if number else ""


def clean_phone(typed: str) -> str:
    """Return a phone number as digits beginning with 0; +84, 84 and 0084 become 0, prefixes before 2018 the new ones.

    Raises Refused answers_invalid with what to do.
    """
    digits = _GAPS.sub("", str(typed)).translate(str.maketrans("", "", "()+"))
    if not (digits.isascii() and digits.isdigit()):
        raise Refused("answers_invalid", _("Số điện thoại chỉ có chữ số. Kiểm tra lại."))
    digits = _national(digits)
    if _MOBILE.fullmatch(digits) or _LANDLINE.fullmatch(digits):
        return digits
    raise Refused("answers_invalid", _phone_advice(digits))


def show_phone(phone: str) -> str:
    """Return a phone number grouped as people say it: "0950 000 123"."""
    return f"{phone[:4]} {phone[4:7]} {phone[7:]}".strip()


def _national(digits: str) -> str:
    digits = re.sub(r"^00(?=84)", "", digits)
    if digits.startswith("84") and len(digits) in (PHONE_DIGITS + 1, PHONE_DIGITS + 2):
        digits = "0" + digits[2:].removeprefix("0")
    if len(digits) == PHONE_DIGITS + 1 and digits[:4] in _OLD_PREFIXES:
        return _OLD_PREFIXES[digits[:4]] + digits[4:]
    return digits


def _phone_advice(digits: str) -> str:
    if len(digits) < PHONE_DIGITS:
        return _("Số này mới có %d chữ số. Nhập đủ 10 số, bắt đầu bằng 0.") % len(digits)
    return _("Số này chưa đúng. Nhập đủ 10 số, bắt đầu bằng 0.")
