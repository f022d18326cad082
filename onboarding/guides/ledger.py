"""The facts of procedures as an editor keeps them: each with its source, its time, and what it still needs.

For: the editors' page. Not for: citizens (leaflet.py), who see only what holds today and no marks.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.guides.models import Procedure, ProcedureFact

SOON = timedelta(days=30)
MARKS = ("unverified", "expired", "soon")

KEY_NAMES: dict[str, str | Promise] = {
    "code": _("Mã thủ tục"),
    "fee": _("Phí"),
    "free": _("Ai được miễn"),
    "support": _("Thành phố hỗ trợ"),
    "time": _("Thời gian giải quyết"),
    "deadline": _("Hạn nộp"),
    "who": _("Ai nộp được"),
    "prepare": _("Chuẩn bị"),
    "not_needed": _("Không cần"),
    "online": _("Nộp trên mạng"),
    "where": _("Nơi đến"),
    "states": _("Các chặng của hồ sơ"),
    "legal": _("Căn cứ"),
    "note": _("Nên biết"),
    "related": _("Việc liên quan"),
    "links": _("Đường dẫn"),
}
FIELD_NAMES: dict[str, str | Promise] = {
    "online": _("trên mạng"),
    "direct": _("tận nơi"),
    "any": _("mọi cách"),
    "least": _("từ"),
    "most": _("nhiều nhất"),
    "within": _("trong"),
    "by": _("theo"),
    "set": _("bộ"),
}
LEVEL_NAMES: dict[str, str | Promise] = {"full": _("trọn trên mạng"), "partly": _("một phần"), "none": _("tận nơi")}


@dataclass(frozen=True)
class Line:
    """One fact with what it needs: unverified, expired (nothing followed it), soon (it ends within 30 days)."""

    fact: ProcedureFact
    name: str | Promise
    said: str
    marks: tuple[str, ...]


@dataclass(frozen=True)
class Page:
    """One procedure with its lines."""

    procedure: Procedure
    lines: list[Line]


def pages(today: date, mark: str = "") -> list[Page]:
    """Return every procedure with its facts; with a mark, only the facts that bear it."""
    found = []
    for procedure in Procedure.objects.prefetch_related("facts"):
        rows = sorted(procedure.facts.all(), key=lambda row: (row.key, row.valid_from))
        lines = [line(row, rows, today) for row in rows]
        found.append(Page(procedure, [each for each in lines if not mark or mark in each.marks]))
    return [page for page in found if page.lines or not mark]


def counts(today: date) -> dict[str, int]:
    """Return how many facts bear each mark."""
    marks = [mark for page in pages(today) for each in page.lines for mark in each.marks]
    return {mark: marks.count(mark) for mark in MARKS}


def line(row: ProcedureFact, rows: Iterable[ProcedureFact], today: date) -> Line:
    """Return a fact with its marks; rows are all facts of its procedure."""
    value = row.value
    if row.key == "states":  # its stations come from states.yaml: the set's name says enough
        value = {name: part for name, part in value.items() if name != "list"}
    return Line(row, KEY_NAMES.get(row.key, row.key), said(value), tuple(_marks(row, rows, today)))


def said(value: Any) -> str:
    """Return a fact's value in one line of words."""
    if isinstance(value, dict):
        return ", ".join(_part(name, part) for name, part in value.items())
    if isinstance(value, list):
        return "; ".join(said(part) for part in value)
    return str(value)


def _part(name: str, part: Any) -> str:
    if name == "level":
        return str(LEVEL_NAMES.get(part, part))
    return f"{FIELD_NAMES[name]} {said(part)}" if name in FIELD_NAMES else said(part)


def _marks(row: ProcedureFact, rows: Iterable[ProcedureFact], today: date) -> Iterable[str]:
    if not row.verified:
        yield "unverified"
    if row.valid_to is None or _followed(row, rows):
        return
    if row.valid_to < today:
        yield "expired"
    elif row.valid_to <= today + SOON:
        yield "soon"


def _followed(row: ProcedureFact, rows: Iterable[ProcedureFact]) -> bool:
    return any(other.key == row.key and other.valid_from > row.valid_from for other in rows)
