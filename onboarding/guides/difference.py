"""How one document of a guide differs from another: the face first, then step by step, to be read side by side.

Steps are matched by what they say, so that a step that was moved, or has another before it now, is still compared with
itself. Pure: two documents in, words out. Not for: fetching them (reviewing.py) or how it looks (review_views.py).
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from difflib import SequenceMatcher
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.guides.content import bound
from onboarding.guides.documents import Doc, mark

Names = Mapping[str, str]
FACE = (
    ("title", gettext_lazy("Tên bài")), ("summary", gettext_lazy("Tóm tắt")), ("minutes", gettext_lazy("Số phút")),
    ("at_hand", gettext_lazy("Chuẩn bị sẵn")), ("checked_on", gettext_lazy("Ngày kiểm tra")),
    ("checked_by", gettext_lazy("Người kiểm tra")), ("source", gettext_lazy("Nguồn")),
)  # fmt: skip
HEAD = (
    ("topic", gettext_lazy("Chủ đề")), ("words", gettext_lazy("Từ hay gõ khi tìm")),
    ("review_by", gettext_lazy("Xem lại trước")), ("order", gettext_lazy("Thứ tự trong danh sách")),
    ("icon", gettext_lazy("Hình nhỏ")),
)  # fmt: skip
STEP = (
    ("title", gettext_lazy("Tên bước")), ("text", gettext_lazy("Lời đọc")), ("safety", gettext_lazy("Dòng an toàn")),
    ("needs", gettext_lazy("Cần có")), ("blockers", gettext_lazy("Chỗ vướng")), ("item", gettext_lazy("Mục việc")),
)  # fmt: skip
SILENT = {"t", "id", "icon", "kind", "bg", "of"}  # keys of a drawn element that nobody reads
TOKEN = re.compile(r"\s*\S+?(?=[.,;:!?”)]*(?:\s|$))|[.,;:!?”)]+")
ALIKE = 0.4  # how much of two steps must be the same for one to be the other, rewritten


@dataclass(frozen=True)
class Piece:
    """Some words: kept (""), taken out ("del") or put in ("ins"). gap: the space before them, if there is one."""

    how: str
    text: str
    gap: str = ""


@dataclass(frozen=True)
class Line:
    """One thing that differs: its name, what it said, what it says."""

    name: str
    old: list[Piece]
    new: list[Piece]


@dataclass(frozen=True)
class StepPair:
    """A step then and now, by number; 0: it was not there, or is no longer."""

    old: int
    new: int
    title: str
    moved: bool = False
    lines: list[Line] = field(default_factory=list)

    @property
    def kind(self) -> str:
        """Return added, removed, changed, moved (and nothing else) or same."""
        if not self.old or not self.new:
            return "removed" if self.old else "added"
        return "changed" if self.lines else "moved" if self.moved else "same"


@dataclass(frozen=True)
class Difference:
    """All that differs. `first`: there was nothing to compare with."""

    face: list[Line]
    steps: list[StepPair]
    first: bool = False

    @property
    def any(self) -> bool:
        """Say whether anything differs."""
        return self.first or bool(self.face) or any(pair.kind != "same" for pair in self.steps)


def compare(old: Doc | None, new: Doc, names: Names | None = None) -> Difference:
    """Return how new differs from old. names: what codes are called (topics, needs, blockers)."""
    before, called = old or {}, names or {}
    face = [*_lines(FACE, before.get("version", {}), new.get("version", {}), called)]
    said = {**{name: before.get(name) for name, _label in HEAD}, **new}
    face += _lines(HEAD, before, said, called)
    return Difference(face, _steps(before.get("steps", []), new.get("steps", []), called), first=old is None)


def pieces(old: str, new: str) -> tuple[list[Piece], list[Piece]]:
    """Return both texts in pieces, word by word."""
    left, right = _tokens(old), _tokens(new)
    before, after = [], []
    for what, a, b, c, d in SequenceMatcher(None, left, right, autojunk=False).get_opcodes():
        before += _piece("" if what == "equal" else "del", left[a:b])
        after += _piece("" if what == "equal" else "ins", right[c:d])
    return before, after


def _tokens(said: str) -> list[str]:
    """Return words and signs, each with the space before it: what only got a comma behind it is the same word."""
    return TOKEN.findall(" " + " ".join(bound(said).split()))


def _piece(how: str, tokens: list[str]) -> list[Piece]:
    said = "".join(tokens)
    return [Piece(how, said.lstrip(), said[: len(said) - len(said.lstrip())])] if said.strip() else []


# --- Which step is which ----------------------------------------------------------------------------------------------


def _steps(old: list[Doc], new: list[Doc], names: Names) -> list[StepPair]:
    """Return the steps in the order of new; one that is gone stands after the one it followed."""
    twins = _twins(old, new)
    moved = _moved(twins)
    found = []
    for place, step in enumerate(new):
        origin = twins.get(place)
        lines = list(_step_lines(old[origin], step, names)) if origin is not None else []
        number = 0 if origin is None else origin + 1
        found.append(StepPair(number, place + 1, bound(step.get("title", "")), place in moved, lines))
    for place in sorted(set(range(len(old))) - set(twins.values())):
        after = next((n for n, pair in enumerate(found, 1) if pair.old == place), 0)
        found.insert(after, StepPair(place + 1, 0, bound(old[place].get("title", ""))))
    return found


def _twins(old: list[Doc], new: list[Doc]) -> dict[int, int]:
    """Return place in new → place in old of the steps that are the same step, the likest first, then the nearest."""
    marks, words = [mark(step) for step in old], [_all_words(step) for step in old]
    likeness = []
    for place, step in enumerate(new):
        own, said = mark(step), _all_words(step)
        for origin, other in enumerate(old):
            alike = 2.0 if own == marks[origin] else _alike(step, other, said, words[origin])
            likeness.append((-alike, abs(place - origin), place, origin))
    twins: dict[int, int] = {}
    for alike, _far, place, origin in sorted(likeness):
        if -alike >= ALIKE and place not in twins and origin not in twins.values():
            twins[place] = origin
    return twins


def _alike(step: Doc, other: Doc, words: list[str], others: list[str]) -> float:
    same_title = bool(step.get("title")) and step.get("title") == other.get("title")
    same_item = bool(step.get("item")) and step.get("item") == other.get("item")
    ratio = SequenceMatcher(None, words, others, autojunk=False).ratio()
    return ratio + 0.5 * same_title + 0.1 * same_item


def _moved(twins: dict[int, int]) -> set[int]:
    """Return the places in new of the steps that do not stand in their old order: as few as will explain it."""
    now = [twins[place] for place in sorted(twins)]
    blocks = SequenceMatcher(None, sorted(now), now, autojunk=False).get_matching_blocks()
    still = {origin for block in blocks for origin in now[block.b : block.b + block.size]}
    return {place for place, origin in twins.items() if origin not in still}


def _all_words(step: Doc) -> list[str]:
    said = [step.get("title", ""), step.get("text", ""), *_texts(_picture(step))]
    return bound(" ".join(said)).split()


# --- What of it differs -----------------------------------------------------------------------------------------------


def _step_lines(old: Doc, new: Doc, names: Names) -> Iterator[Line]:
    yield from _lines(STEP, old, new, names)
    before, after = _picture(old), _picture(new)
    shown, now = " · ".join(_texts(before)), " · ".join(_texts(after))
    if shown != now:
        yield _line(_("Chữ trong tranh"), shown, now)
    yield from _targets(before, after)
    if before != after and (shown, before.get("targets"), before.get("hand")) == (
        now, after.get("targets"), after.get("hand"),
    ):  # fmt: skip
        yield Line(_("Hình vẽ"), [], [Piece("ins", _("Vẽ khác, chữ như cũ."))])
    if before.get("hand") != after.get("hand"):
        yield Line(_("Bàn tay"), [], [Piece("ins", _("Chỉ vào chỗ khác."))])
    if old.get("audio") != new.get("audio"):
        yield _sound(old, new)


def _sound(old: Doc, new: Doc) -> Line:
    """Tell of a recording that is another, new or gone."""
    if old.get("audio") and new.get("audio"):
        return Line(_("Bản ghi âm"), [], [Piece("ins", _("Ghi lại."))])
    return _line(_("Bản ghi âm"), _("Có.") if old.get("audio") else "", _("Có.") if new.get("audio") else "")


def _targets(old: Doc, new: Doc) -> Iterator[Line]:
    """Tell of each place to tap that is another, by its number."""
    before = {target.get("n", 0): target for target in old.get("targets", [])}
    after = {target.get("n", 0): target for target in new.get("targets", [])}
    for number in sorted(before.keys() | after.keys()):
        was, now = before.get(number, {}), after.get(number, {})
        if was != now:
            name = _("Chỗ bấm %(number)s") % {"number": number} if number else _("Chỗ cần nhìn")
            called, is_called = str(was.get("label", "")), str(now.get("label", ""))
            if called == is_called:
                yield Line(name, [Piece("del", called)], [Piece("ins", called + ", " + _("khoanh chỗ khác"))])
            else:
                yield _line(name, called, is_called)


def _lines(fields: Iterable[tuple[str, Any]], old: Doc, new: Doc, names: Names) -> Iterator[Line]:
    for name, label in fields:
        was, now = _said(old.get(name), names), _said(new.get(name), names)
        if bound(was).split() != bound(now).split():
            yield _line(str(label), was, now)


def _line(name: str, old: str, new: str) -> Line:
    return Line(name, *pieces(old, new))


def _said(value: Any, names: Names) -> str:
    """Return a value of a document in words."""
    if value is None:
        return ""
    if isinstance(value, list):
        ends = "" if all(str(each).endswith(".") for each in value) else ","
        return f"{ends} ".join(_said(each, names) for each in value)
    try:
        return f"{date.fromisoformat(value):%d/%m/%Y}"
    except (TypeError, ValueError):
        return names.get(str(value), str(value))


def _picture(step: Doc) -> Doc:
    """Return the spec of a step's picture; half-written drafts are compared, too."""
    spec = step.get("picture")
    return spec if isinstance(spec, dict) else {}


def _texts(picture: Doc) -> list[str]:
    """Return the words that a drawn picture shows, in order; of a photo what is said of its marks."""
    if "photo" in picture:
        photo = picture["photo"] if isinstance(picture["photo"], dict) else {}
        marks = photo.get("marks") if isinstance(photo.get("marks"), list) else []
        labels = [one.get("label", "") for one in marks or [] if isinstance(one, dict)]
        return [*_strings(labels), *_strings(picture.get("note", ""))]
    return [*_strings(picture.get("screen", [])), *_strings(picture.get("note", ""))]


def _strings(part: Any) -> Iterator[str]:
    if isinstance(part, str):
        yield from [part] if part else []
    elif isinstance(part, dict):
        for key, value in part.items():
            if key not in SILENT:
                yield from _strings(value)
    elif isinstance(part, list):
        for value in part:
            yield from _strings(value)
