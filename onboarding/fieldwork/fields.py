"""The fields of a household and a resident that people may change: how each is cleaned, read and put.

For: one table of names, the same names as on the wire. A value is always text; "" means unknown. Not for: who wins
when two people wrote (register.py) or whether they may write at all (merging.py).
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding import text
from onboarding.fieldwork import birth, numbers, subjects
from onboarding.fieldwork.models import Household, Resident
from onboarding.refusal import Refused


@dataclass(frozen=True)
class Field:
    """One field: clean(value) gives the stored text or raises Refused; read and put work on a row, unsaved."""

    clean: Callable[[Any], str]
    read: Callable[[Any], str]
    put: Callable[[Any, str], None]


def clean_fields(record: str, fields: Any) -> dict[str, str]:
    """Return fields ({name: value}) cleaned, sorted by name.

    Raises Refused: answers_invalid (unknown record or field, a value that can't be), secret_in_text.
    """
    known = FIELDS.get(record)
    if known is None or not isinstance(fields, dict) or not fields or not set(fields) <= set(known):
        raise Refused("answers_invalid", _("Chỗ sửa này chưa có ở phường. Cập nhật ứng dụng."))
    return {name: known[name].clean(fields[name]) for name in sorted(fields)}


def read_field(target: Household | Resident, name: str) -> str:
    """Return what a row shows in one field."""
    return FIELDS[record_of(target)][name].read(target)


def put_field(target: Household | Resident, name: str, value: str) -> None:
    """Show value in one field of a row; does not save."""
    FIELDS[record_of(target)][name].put(target, value)


def record_of(target: Household | Resident) -> str:
    """Return "household" or "resident"."""
    return "household" if isinstance(target, Household) else "resident"


def _line(limit: int, *, required: str = "") -> Callable[[Any], str]:
    def clean(value: Any) -> str:
        line = subjects.clean_note(text.tidy(_text(value)), limit=limit)
        if required and not line:
            raise Refused("answers_invalid", _(required))
        return line

    return clean


def _plate(value: Any) -> str:
    # Not free text: a plate of six digits is no OTP.
    plate = text.tidy(_text(value))
    if not plate or len(plate) > 20:
        raise Refused("answers_invalid", _("Chưa rõ số nhà. Ghi số nhà, hoặc 0 nếu nhà chưa có số."))
    return plate


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "1" if value else ""
    if not isinstance(value, str | int):
        raise Refused("answers_invalid", _("Chỗ sửa này chưa đọc được. Cập nhật ứng dụng."))
    return str(value)


def _optional(clean: Callable[[str], str]) -> Callable[[Any], str]:
    return lambda value: clean(_text(value)) if _text(value).strip() else ""


def _choice(choices: list[str], sentence: str) -> Callable[[Any], str]:
    return lambda value: subjects.one_of(_text(value), choices, _(sentence))


def _order(value: str) -> str:
    if not (value.isascii() and value.isdigit() and len(value) <= 6):
        raise Refused("answers_invalid", _("Thứ tự là một số. Kiểm tra lại."))
    return str(int(value))


def _today_birth(value: str) -> str:
    return birth.parse_birth(value, today=timezone.localdate())


def _column(name: str, clean: Callable[[Any], str]) -> Field:
    return Field(clean, lambda row: getattr(row, name), lambda row, value: setattr(row, name, value))


def _sealed(name: str, clean: Callable[[Any], str]) -> Field:
    return Field(clean, lambda row: getattr(row, name), lambda row, value: getattr(row, f"set_{name}")(value))


def _move(row: Resident, value: str) -> None:
    row.household_id = UUID(value)


def _put_order(row: Household, value: str) -> None:
    row.order = int(value)


def _put_head(row: Resident, value: str) -> None:
    row.is_head = bool(value)


FIELDS: dict[str, dict[str, Field]] = {
    "household": {
        "number": _column("number", _plate),
        "alley": _column("alley", _line(80)),
        "street": _column("street", _line(80)),
        "order": Field(lambda value: _order(_text(value)), lambda row: str(row.order), _put_order),
        "head": _column("head", _line(120)),
        "note": _column("note", _line(300)),
        "phone": _column("phone", _optional(numbers.clean_phone)),
    },
    "resident": {
        "household": Field(lambda value: str(subjects.as_uuid(value)), lambda row: str(row.household_id), _move),
        "name": _column("name", _line(120, required="Chưa có họ tên. Ghi họ, chữ đệm và tên.")),
        "birth": _column("birth", _optional(_today_birth)),
        "sex": _column("sex", _choice(["", "nam", "nu"], "Chưa rõ giới tính. Chọn Nam hoặc Nữ.")),
        "relation": _column("relation", _line(40)),
        "is_head": Field(
            _choice(["", "1"], "Chưa rõ có phải chủ hộ. Chọn lại."), lambda row: "1" if row.is_head else "", _put_head
        ),
        "number": _sealed("number", _optional(numbers.clean_number)),
        "phone": _sealed("phone", _optional(numbers.clean_phone)),
        "address": _sealed("address", _line(300)),
        "eid": _column("eid", _choice(Resident.Eid.values, "Chưa rõ tài khoản ở mức nào. Chọn lại.")),
    },
}
