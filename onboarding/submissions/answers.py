"""Reading one answer of a form: what a person may type, and the one shape that is kept.

For: pure functions from text to the kept value, one a type, and the sentences for when they can't. The browser has
the same rules from data-rule-* attributes; tests/wire/answers.json holds examples that both must agree on.
Not for: whole forms, or rules between two fields (forms.py).
"""

import re
from collections.abc import Callable
from datetime import date
from typing import Any

from django.core.exceptions import ValidationError
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from onboarding import text
from onboarding.fieldwork import birth, numbers
from onboarding.refusal import Refused

Spec = dict[str, Any]

# Bidi and zero-width marks are dropped in silence (keyboards leave them); other controls break storage and logs.
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_JOINTS = re.compile(r"[\s.\-]+")
_DAY = re.compile(r"(\d{1,2})[/.\- ]?(\d{2}|(?<=\D)\d)[/.\- ]?(\d{4})")
_DOCUMENT = re.compile(r"[0-9A-Z/]+")

SAY: dict[str, Any] = {
    "required": _("Chưa điền mục này. Điền rồi làm tiếp."),
    "control": _("Có ký tự lạ. Xóa rồi gõ lại."),
    "max": _("Dài quá {max} chữ. Ghi ngắn lại."),
    "choice": _("Câu trả lời này không có trong danh sách. Chọn lại."),
    "secret": _("Không ghi mật khẩu hay mã OTP của dân. Xóa phần đó đi."),
    "birth": _("Ngày sinh chưa đủ. Ghi ngày, tháng và 4 số của năm, hoặc chỉ ghi năm."),
    "future": _("Ngày sinh này ở tương lai. Kiểm tra lại năm."),
    "past": _("Năm sinh này quá xa. Kiểm tra lại năm."),
    "date": _("Chưa đọc được ngày. Ghi như 23/11/2026."),
    "after": _("Ngày này đang trước ngày kia. Chọn lại."),
    "days": _("Khoảng này dài quá {days} ngày. Chọn lại ngày."),
    "short": _("Số này mới có {have} chữ số. Nhập đủ 10 số, bắt đầu bằng 0."),
    "long": _("Số này có {have} chữ số. Nhập đủ 10 số, bắt đầu bằng 0."),
    "phone": _("Số điện thoại bắt đầu bằng 0. Kiểm tra lại số này."),
    "less": _("{name} có {want} số. Còn thiếu {less} số."),
    "over": _("{name} có {want} số. Đang thừa {over} số."),
    "several": _("{name} có {want} số. Số này đang có {have} số."),
    "digits": _("{name} chỉ gồm chữ số. Kiểm tra lại từng số."),
    "letters": _("{name} chỉ gồm chữ cái và chữ số. Kiểm tra lại."),
    "too_long": _("{name} dài nhất {max} ký tự. Kiểm tra lại."),
}
# What the browser needs to say by itself, per type.
SENTENCES: dict[str, tuple[str, ...]] = {
    "name": ("max",),
    "text": ("max", "secret"),
    "choice": ("choice",),
    "birth": ("birth", "future", "past"),
    "date": ("date", "after", "days"),
    "phone": ("short", "long", "phone"),
    "document": ("less", "over", "several", "digits", "letters", "too_long"),
}


def sentence(spec: Spec, rule: str, **values: Any) -> str:
    """Return what to say when a rule is broken: the form's own words, else ours. values fill {placeholders}."""
    said = str(spec.get("errors", {}).get(rule) or SAY[rule])
    for name, value in values.items():
        said = said.replace("{" + name + "}", str(value))
    return said


def wrong(spec: Spec, rule: str, **values: Any) -> ValidationError:
    """Return the error for a broken rule; its code is the rule."""
    return ValidationError(sentence(spec, rule, **values), code=rule)


def read(spec: Spec, value: Any) -> str:
    """Return the kept form of an answer, "" for none. Raises ValidationError. Rules between fields come later."""
    if value is None:
        return ""
    if not isinstance(value, str) or _CONTROLS.search(value):
        raise wrong(spec, "control")
    clean = text.tidy(value)
    return READERS[spec["type"]](spec, clean) if clean else ""


def _name(spec: Spec, value: str) -> str:
    if len(value) > spec.get("max", 120):
        raise wrong(spec, "max", max=spec.get("max", 120))
    return value


def _text(spec: Spec, value: str) -> str:
    if text.looks_like_a_secret(value):
        raise wrong(spec, "secret")
    return _name({"max": 500, **spec}, value)


def _choice(spec: Spec, value: str) -> str:
    if value not in [choice["code"] for choice in spec["choices"]]:
        raise wrong(spec, "choice")
    return value


def _phone(spec: Spec, value: str) -> str:
    try:
        return numbers.clean_phone(value)
    except Refused:
        digits = re.sub(r"\D", "", value)
        rule = "short" if 0 < len(digits) < 10 else "long" if len(digits) > 10 else "phone"
        raise wrong(spec, rule, have=len(digits)) from None


def _birth(spec: Spec, value: str) -> str:
    try:
        return birth.parse_birth(value, today=timezone.localdate())
    except Refused as no:
        raise ValidationError(no.message, code="birth") from None


def _date(spec: Spec, value: str) -> str:
    found = _DAY.fullmatch(value)
    parts = (found[3], found[2], found[1]) if found else value.split("-")
    try:
        return date(*map(int, parts)).isoformat()
    except (TypeError, ValueError):
        raise wrong(spec, "date") from None


def _document(spec: Spec, value: str) -> str:
    return _JOINTS.sub("", value).upper()


READERS: dict[str, Callable[[Spec, str], str]] = {
    "name": _name,
    "text": _text,
    "choice": _choice,
    "phone": _phone,
    "birth": _birth,
    "date": _date,
    "document": _document,
}


def check_number(spec: Spec, rule: Spec, value: str) -> None:
    """Check a document number by the rule of its type. Raises ValidationError. Meaning of digits is not judged."""
    name, wanted = rule["name"], rule.get("digits")
    if "or" in rule and re.fullmatch(rule["or"], value):
        return
    if not wanted:
        if not _DOCUMENT.fullmatch(value):
            raise wrong(spec, "letters", name=name)
        if len(value) > rule["max"]:
            raise wrong(spec, "too_long", name=name, max=rule["max"])
    elif not _ascii_digits(value):
        raise wrong(spec, "digits", name=name)
    elif len(value) not in wanted:
        raise _wrong_length(spec, name, wanted, len(value))


def _wrong_length(spec: Spec, name: str, wanted: list[int], have: int) -> ValidationError:
    if len(wanted) > 1:
        return wrong(spec, "several", name=name, want=str(_(" hoặc ")).join(map(str, wanted)), have=have)
    if have < wanted[0]:
        return wrong(spec, "less", name=name, want=wanted[0], less=wanted[0] - have)
    return wrong(spec, "over", name=name, want=wanted[0], over=have - wanted[0])


def _ascii_digits(value: str) -> bool:
    # str.isdigit() also takes Arabic and superscript digits, which a portal would refuse.
    return bool(value) and value.isascii() and value.isdigit()
