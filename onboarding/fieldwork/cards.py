"""Reading the text of the QR code on an ID card.

One line, fields split by "|": number, old number, name, birth ddMMyyyy, sex, permanent address, date of issue; cards
from 7/2024 add more fields about third persons, which are dropped here and never kept. The rules are the ten of the
domain notes; static/src/js/sync/card.js is the twin, tests/wire/cards.json are the examples that both must pass.
Pure. Not for: logs or addresses: the raw text must never get there. Not for: the camera.
"""

import re
import unicodedata
from dataclasses import dataclass
from datetime import date

from django.utils.translation import gettext_lazy as _

LONGEST = 2_000
FEWEST_FIELDS = 7
SENTENCES = {
    "empty": _("Chưa đọc được thẻ. Lau ống kính, để thẻ nằm gọn trong khung."),
    "not_a_card": _("Đây không phải mã của thẻ căn cước. Tìm mã vuông trên thẻ rồi quét lại."),
    "insurance": _("Đây là mã của thẻ bảo hiểm y tế. Quét mã trên thẻ căn cước."),
    "old_card": _("Thẻ này không gắn chip. Nhập tay các mục trên thẻ."),
    "birth": _("Ngày sinh trên thẻ không đọc được. Quét lại, hoặc nhập tay."),
    "future": _("Ngày sinh này ở tương lai. Kiểm tra lại năm."),
    "garbled": _("Chữ trên thẻ bị sai. Tắt bộ gõ tiếng Việt rồi quét lại."),
}
_INVISIBLE = re.compile("[\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069]")
_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")
_MOJIBAKE = re.compile("Ã|á»|áº|Ä|Æ")
_INSURANCE = re.compile(r"[A-Z]{2}\d{13}|\d{10}")
_NAME_ODD = re.compile(r"[0-9<>{}\[\]()=/\\@#$%^&*_|~\"`;:!?]")
_SPACES = re.compile(r"\s+")
# What Windows-1252 shows for bytes 80 to 9F; the rest of Latin-1 is its own byte.
_WINDOWS = dict(
    zip("€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ", [0x80, *range(0x82, 0x8D), 0x8E, *range(0x91, 0x9D), 0x9E, 0x9F], strict=True)
)


class CardError(Exception):
    """The text is no card; `code` is a key of SENTENCES, `message` says what to do. Never carries the text."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code

    @property
    def message(self) -> str:
        """The sentence for a person."""
        return str(SENTENCES[self.code])


@dataclass(frozen=True)
class Card:
    """What a card says of its holder. birth "YYYY[-MM[-DD]]", sex "nam" or "nu", issued "YYYY-MM-DD" or ""."""

    number: str
    old_number: str
    name: str
    raw_name: str
    birth: str
    sex: str
    address: str
    issued: str


def parse_card(raw: str, *, today: date) -> Card:
    """Return what the QR text of a card says. Raises CardError."""
    fields = _fields(raw)
    number = fields[0].replace(" ", "")
    if not re.fullmatch(r"[0-9]{12}", number):
        raise CardError(_not_a_number(number))
    raw_name = _one_line(fields[2])
    if not raw_name or _NAME_ODD.search(raw_name):
        raise CardError("garbled")
    return Card(
        number=number,
        old_number=fields[1] if re.fullmatch(r"[0-9]{9}|[0-9]{12}", fields[1]) else "",
        name=_title(raw_name),
        raw_name=raw_name,
        birth=_birth(fields[3], today),
        sex=_sex(fields[4]),
        address=_one_line(fields[5]),
        issued=_issued(fields[6], today),
    )


def _fields(raw: str) -> list[str]:
    line = _INVISIBLE.sub("", raw[: LONGEST + 1]).strip()
    if not line:
        raise CardError("empty")
    if len(raw) > LONGEST:
        raise CardError("not_a_card")
    line = _CONTROLS.sub(" ", unicodedata.normalize("NFC", _repair(line)))
    fields = [field.strip() for field in line.split("|")]
    if len(fields) < FEWEST_FIELDS:
        raise CardError("not_a_card")
    return fields


def _repair(line: str) -> str:
    """Undo UTF-8 that was read as Latin-1 or Windows-1252; leave the line as it is when it was not."""
    if not _MOJIBAKE.search(line):
        return line
    try:
        return bytes(_WINDOWS.get(char, ord(char)) for char in line).decode()
    except ValueError:
        return line


def _not_a_number(number: str) -> str:
    if _INSURANCE.fullmatch(number):
        return "insurance"
    return "old_card" if re.fullmatch(r"[0-9]{9}", number) else "not_a_card"


def _one_line(value: str) -> str:
    return _SPACES.sub(" ", value).strip()


def _title(name: str) -> str:
    if name not in (name.upper(), name.lower()):
        return name
    return " ".join(word[:1].upper() + word[1:].lower() for word in name.split(" "))


def _sex(value: str) -> str:
    folded = {"nam": "nam", "nữ": "nu", "nu": "nu"}.get(value.lower())
    if folded is None:
        raise CardError("garbled")
    return folded


def _birth(value: str, today: date) -> str:
    if re.fullmatch(r"[0-9]{4}", value):
        value = "0000" + value
    if not re.fullmatch(r"[0-9]{8}", value):
        raise CardError("birth")
    day, month, year = int(value[:2]), int(value[2:4]), int(value[4:])
    if not _is_date(year, month or 1, day or 1) or (day and not month):
        raise CardError("birth")
    stored = f"{year:04d}" + (f"-{month:02d}" if month else "") + (f"-{day:02d}" if day else "")
    if stored > today.isoformat()[: len(stored)]:
        raise CardError("future")
    return stored


def _issued(value: str, today: date) -> str:
    """Return the date of issue, "" when it can't be: nothing depends on it."""
    if not re.fullmatch(r"[0-9]{8}", value) or not _is_date(int(value[4:]), int(value[2:4]), int(value[:2])):
        return ""
    stored = f"{value[4:]}-{value[2:4]}-{value[:2]}"
    return stored if stored <= today.isoformat() else ""


def _is_date(year: int, month: int, day: int) -> bool:
    try:
        return date(year, month, day).year >= 1880
    except ValueError:
        return False
