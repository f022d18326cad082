"""What a dated fact of a procedure may say, by key; KEYS below is the documentation for whoever writes one.

For: proofreading (faults_of) and the pages (in_force). A fact holds from valid_from to valid_to, both included; of two
that hold, the one that began later counts. Where the true beginning is not known, valid_from is the day on which it
was found to hold. Not for: what the files say (content/procedures/) or how pages say it (leaflet.py).
"""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Protocol, TypeVar

MONEY_UNITS = ("đồng", "%")
TIME_UNITS = ("phút", "giờ", "ngày", "ngày làm việc", "tháng", "năm")
LEVELS = ("full", "partly", "none")
CODE = re.compile(r"\d\.\d{6}")
LONGEST = 300

Judge = Callable[[Any], Iterator[str]]


@dataclass(frozen=True)
class Shape:
    """What a value may hold: fields it must have, fields it may have, of which at least one, and what needs what."""

    must: dict[str, Judge] = field(default_factory=dict)
    may: dict[str, Judge] = field(default_factory=dict)
    one_of: tuple[str, ...] = ()
    needs: tuple[tuple[str, str], ...] = ()

    def faults(self, value: Any) -> Iterator[str]:
        """Yield what is wrong with value, one sentence each."""
        if not isinstance(value, dict):
            yield f"“{value}” phải là các mục có tên. Viết lại."
            return
        known = {**self.must, **self.may}
        yield from (f"không hiểu mục “{name}”. Dùng {', '.join(known)}." for name in value if name not in known)
        yield from (f"thiếu mục “{name}”. Viết thêm." for name in self.must if name not in value)
        if self.one_of and not any(name in value for name in self.one_of):
            yield f"thiếu một trong các mục {', '.join(self.one_of)}. Viết thêm."
        for name, other in self.needs:
            if name in value and other not in value:
                yield f"mục “{name}” thiếu “{other}”. Viết thêm."
        for name, judge in known.items():
            if name in value:
                yield from (f"{name}: {fault}" for fault in judge(value[name]))


# --- Judges of one field ----------------------------------------------------------------------------------------------


def text(value: Any) -> Iterator[str]:
    """Judge words for people."""
    if not isinstance(value, str) or not value.strip():
        yield f"“{value}” không phải câu chữ. Viết lại."
    elif len(value) > LONGEST:
        yield f"dài {len(value)} chữ. Rút còn {LONGEST} chữ."


def amount(value: Any) -> Iterator[str]:
    """Judge a whole number from 0: money in đồng, days, per cent."""
    if isinstance(value, bool) or not isinstance(value, int) or value < 0:
        yield f"“{value}” không phải số nguyên từ 0. Viết lại."


def official_code(value: Any) -> Iterator[str]:
    """Judge a code of the national database of procedures."""
    if not CODE.fullmatch(str(value)):
        yield f"mã “{value}” không có dạng 1.004222. Viết lại."


def web(value: Any) -> Iterator[str]:
    """Judge the address of a page outside."""
    if not str(value).startswith("https://"):
        yield f"địa chỉ “{value}” phải bắt đầu bằng https://. Viết lại."


def choice(*allowed: str) -> Judge:
    """Return a judge of one word out of allowed."""

    def judge(value: Any) -> Iterator[str]:
        if value not in allowed:
            yield f"không hiểu “{value}”. Dùng {', '.join(allowed)}."

    return judge


def many(judge: Judge) -> Judge:
    """Return a judge of a list, not empty, of what judge judges."""

    def judge_all(value: Any) -> Iterator[str]:
        if not isinstance(value, list) or not value:
            yield "phải là danh sách có ít nhất một dòng. Viết lại."
            return
        for row in value:
            yield from judge(row)

    return judge_all


# --- The keys ---------------------------------------------------------------------------------------------------------

_LINES = Shape(must={"list": many(text)})
_SUM = {"online": amount, "direct": amount, "any": amount}
_CASE_OF_FEE = Shape(may={"case": text, **_SUM}, one_of=("online", "direct", "any"))
_CASE_OF_TIME = Shape(
    may={"case": text, "least": amount, "most": amount, "unit": choice(*TIME_UNITS), "text": text},
    one_of=("most", "text"),
    needs=(("most", "unit"), ("least", "most")),
)
_CASE_OF_DEADLINE = Shape(must={"within": amount, "unit": choice(*TIME_UNITS)}, may={"case": text, "since": text})
_LINK = Shape(must={"text": text, "href": text})

KEYS: dict[str, Shape] = {
    # numbers of the national database; `case` when there are several
    "code": Shape(must={"numbers": many(Shape(must={"number": official_code}, may={"case": text}).faults)}),
    # what the state takes, by way of filing: online, direct (in person) or any; unit đồng or % of the first person's
    "fee": Shape(
        may={"unit": choice(*MONEY_UNITS), "cases": many(_CASE_OF_FEE.faults), "text": text},
        one_of=("cases", "text"),
        needs=(("cases", "unit"),),
    ),
    # who pays nothing
    "free": _LINES,
    # what the city makes of the fee when filed online, and by which resolution; its period is the fact's own
    "support": Shape(must={"online": amount, "unit": choice(*MONEY_UNITS), "by": text}, may={"text": text}),
    # how long the office takes
    "time": Shape(may={"cases": many(_CASE_OF_TIME.faults), "text": text}, one_of=("cases", "text")),
    # by when the citizen must file; since: "từ ngày …", "trước ngày …"
    "deadline": Shape(may={"cases": many(_CASE_OF_DEADLINE.faults), "text": text}, one_of=("cases", "text")),
    # who may file; what to prepare; what nobody has to bring because a database has it
    "who": _LINES,
    "prepare": _LINES,
    "not_needed": _LINES,
    # full: nobody has to come; partly; none. path: what to press, in order
    "online": Shape(must={"level": choice(*LEVELS)}, may={"path": many(text), "url": web, "text": text}),
    # where in person
    "where": Shape(must={"text": text}),
    # the stations of a dossier: a set of states.yaml; parts of a bundle; papers one is given on the way
    "states": Shape(must={"set": text}, may={"parts": many(text), "papers": many(text)}),
    "legal": _LINES,
    "note": _LINES,
    # procedures that often go together, by slug; pages of ours or outside
    "related": Shape(must={"procedures": many(text)}),
    "links": Shape(must={"list": many(_LINK.faults)}),
}


def faults_of(key: str, value: Any) -> list[str]:
    """Return what is wrong with a fact's value, one sentence each; empty when it may be shown."""
    if key not in KEYS:
        return [f"không hiểu “{key}”. Dùng {', '.join(KEYS)}."]
    return list(KEYS[key].faults(value))


# --- Time -------------------------------------------------------------------------------------------------------------


class Dated(Protocol):
    """A row with a key and a time."""

    key: str
    valid_from: date
    valid_to: date | None


D = TypeVar("D", bound=Dated)


def holds(row: Dated, day: date) -> bool:
    """Say whether a fact holds on day."""
    return row.valid_from <= day and (row.valid_to is None or day <= row.valid_to)


def in_force(rows: Iterable[D], day: date) -> dict[str, D]:
    """Return the facts that count on day, by key."""
    ordered = sorted((row for row in rows if holds(row, day)), key=lambda row: row.valid_from)
    return {row.key: row for row in ordered}
