"""Says in sentences where a guide's file is not built as one, before anybody looks into its parts.

For: proofreading.py; a file that somebody wrote by hand gets a sentence and no crash. Pure. Not for: what the words say
(wording.py) or what stands in a picture (keys.py, specs.py).
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from onboarding.guides.content import Row

KINDS: dict[type, str] = {str: "câu chữ", list: "một danh sách", dict: "các mục có tên", date: "một ngày"}
GUIDE: dict[str, type] = {
    "slug": str, "code": str, "procedure": str, "topic": str, "icon": str, "words": list, "review_by": date,
    "version": dict, "steps": list,
}  # fmt: skip
FACE: dict[str, type] = {
    "title": str, "summary": str, "at_hand": list, "checked_on": date, "checked_by": str, "source": str,
}  # fmt: skip
STEP: dict[str, type] = {
    "item": str, "title": str, "text": str, "safety": str, "needs": list, "blockers": list, "picture": dict,
}  # fmt: skip
TEXTS = ("at_hand", "needs", "blockers")


def faults(data: Row) -> Iterator[str]:
    """Yield what is not of its kind in a guide as written, one sentence each; what is missing is no fault here."""
    face, steps = data.get("version"), data.get("steps")
    yield from _kinds(data, GUIDE)
    yield from _kinds(face, FACE) if isinstance(face, dict) else ()
    for number, step in enumerate(steps if isinstance(steps, list) else [], 1):
        if isinstance(step, dict):
            yield from (f"bước {number}: {fault}" for fault in _kinds(step, STEP))
        else:
            yield f"bước {number} phải là các mục có tên. Viết lại."


def _kinds(row: Row, known: dict[str, type]) -> Iterator[str]:
    for key, kind in known.items():
        value = row.get(key)
        if value is not None and not isinstance(value, kind):
            yield f"“{key}” phải là {KINDS[kind]}. Viết lại."
        elif key in TEXTS and not _texts(value):
            yield f"trong “{key}” có mục không phải câu chữ. Đặt trong ngoặc kép."


def _texts(value: Any) -> bool:
    return all(isinstance(text, str) for text in value or [])
