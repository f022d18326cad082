"""A photo's crop and marks as a form and back: one row of numbers for each mark, in their order.

A row's inputs share their names (t, x, y, w, h, n, label), so that rows can be moved without counting; of an arrow, x
and y say where it begins and w and h where its tip is. Not for: judging (photo_specs.py) or keeping (drafts.change).
"""

import copy
from dataclasses import dataclass
from typing import Any

from django.http import QueryDict
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.guides import photo_specs, photos
from onboarding.guides.documents import Doc, number_of

NAMES: dict[str, str | Promise] = {"ring": _("Khoanh số"), "arrow": _("Mũi tên"), "cover": _("Che")}
ROW = ("t", "x", "y", "w", "h", "n", "label")
NUL = "\x00"
FURTHEST = 99_999


@dataclass(frozen=True)
class MarkForm:
    """One mark as inputs."""

    place: int
    kind: str
    name: str | Promise
    numbers: tuple[Any, Any, Any, Any]
    n: Any
    label: str


def fresh(sha256: str, before: Any) -> Doc:
    """Return a picture's photo when this one is brought; before: the one it replaces, or None.

    A new shot of the same screen keeps crop and marks; one of another size keeps its marks, which the check names.
    """
    size = photos.size_of(sha256) or (0, 0)
    held = before if isinstance(before, dict) else {}
    same = size == photos.size_of(str(held.get("sha256")))
    return {
        "sha256": sha256,
        "crop": held["crop"] if same and "crop" in held else [0, 0, *size],
        "marks": copy.deepcopy(held.get("marks", [])),
    }


def rows(photo: Doc) -> list[MarkForm]:
    """Return the marks as inputs; what is no mark at all is left out."""
    marks = photo.get("marks")
    known = [m for m in marks if isinstance(m, dict)] if isinstance(marks, list) else []
    return [_row(place, mark) for place, mark in enumerate(known)]


def crop_of(photo: Doc) -> list[Any]:
    """Return the crop as four inputs."""
    crop = photo.get("crop")
    return crop if isinstance(crop, list) and len(crop) == 4 else ["", "", "", ""]


def read(post: QueryDict, before: Doc) -> Doc:
    """Return the photo that a form says, and do what its button asks: "add:ring", "up:0", "down:0", "drop:0"."""
    columns = [post.getlist(name) for name in ROW]
    marks = [_mark(list(cells)) for cells in zip(*columns, strict=False)]
    _rearrange(marks, post.get("do", ""), post.get("new", ""), before)
    crop = [_number(post.get(f"crop-{side}", "")) for side in "xywh"]
    return {"sha256": before.get("sha256"), "crop": crop, "marks": marks}


def _row(place: int, mark: Doc) -> MarkForm:
    kind = str(mark.get("t", ""))
    said = [*_list(mark.get("from")), *_list(mark.get("to"))] if kind == "arrow" else mark.get("box")
    x, y, w, h = said if isinstance(said, list) and len(said) == 4 else ("", "", "", "")
    return MarkForm(place, kind, NAMES.get(kind, kind), (x, y, w, h), mark.get("n", ""), str(mark.get("label", "")))


def _list(value: Any) -> list[Any]:
    """Return value if it is a list: what came in a zip may say anything."""
    return value if isinstance(value, list) else []


def _mark(cells: list[str]) -> Doc:
    """Return the mark that a row says; its cells are those of ROW."""
    kind, *places, n, label = cells
    numbers = [_number(cell) for cell in places]
    if kind == "arrow":
        return {"t": kind, "from": numbers[:2], "to": numbers[2:]}
    mark: Doc = {"t": kind, "box": numbers}
    if kind == "ring":
        mark["label"] = label.replace(NUL, "").strip()
        if n.strip():
            mark["n"] = _number(n)
    return mark


def _number(said: str) -> Any:
    """Return a whole number, or the text as it was typed, so that the check can name it."""
    cell = said.replace(NUL, "").strip()
    try:
        value = round(float(cell.replace(",", ".")))
    except (ValueError, OverflowError):
        return cell
    return value if abs(value) <= FURTHEST else cell


def _rearrange(marks: list[Doc], what: str, new: str, photo: Doc) -> None:
    verb, _colon, which = what.partition(":")
    if verb == "add" and which in NAMES:
        marks.append(_new(which, new, marks, photo))
    elif 0 <= (place := number_of(which)) < len(marks):
        there = place + {"up": -1, "down": 1}.get(verb, 0)
        if verb == "drop":
            del marks[place]
        elif 0 <= there < len(marks):
            marks[place], marks[there] = marks[there], marks[place]


def _new(kind: str, drawn: str, marks: list[Doc], photo: Doc) -> Doc:
    """Return a new mark: where it was drawn ("x,y,w,h"), or in the middle of what is shown."""
    cells = drawn.split(",")
    if len(cells) != 4 or not all(cell.strip().lstrip("-").isdecimal() for cell in cells):
        cells = [str(v) for v in _middle(kind, photo)]
    taken = [mark.get("n") for mark in marks]
    free = next((str(n) for n in range(1, photo_specs.NUMBERED + 1) if n not in taken), "")
    return _mark([kind, *cells, free, ""])


def _middle(kind: str, photo: Doc) -> tuple[int, int, int, int]:
    crop = photo.get("crop")
    whole = isinstance(crop, list) and len(crop) == 4 and all(type(part) is int for part in crop)
    x, y, w, h = crop if crop and whole else (0, 0, 400, 400)
    if kind == "arrow":
        return x + w // 4, y + 3 * h // 4, x + w // 2, y + h // 2
    return x + w // 4, y + h * 2 // 5, w // 2, h // 5
