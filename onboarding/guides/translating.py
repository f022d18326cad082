"""Puts an English guide together from the Vietnamese one and its translation, which holds texts and nothing else.

The drawn screen stays as it is, because that is what the phone shows; caption, note and labels are English.
Pure: rows in, rows out. Not for: reading files (content.py) or judging them (translation_proofs.py).
"""

from typing import Any

ENGLISH = "en"
FACE = ("title", "summary", "at_hand", "checked_by")
STEP = ("title", "text", "safety")
SAME = ("procedure", "topic", "order", "icon", "review_by")

Row = dict[str, Any]


def slug_of(original: str) -> str:
    """Return the slug of the English guide to a Vietnamese one."""
    return f"{original}-{ENGLISH}"


def composed(original: Row, said: Row) -> Row:
    """Return the English guide as a guide file would hold it. A text that is not said is empty, never Vietnamese."""
    steps = zip(original.get("steps", []), said.get("steps") or [], strict=False)
    return {
        **{name: original[name] for name in SAME if name in original},
        "slug": slug_of(original["slug"]),
        "code": f"{original['code']}E",
        "language": ENGLISH,
        "original": original["slug"],
        "version": {**original.get("version", {}), **{name: said.get(name) or "" for name in FACE}},
        "steps": [_step(step, words) for step, words in steps],
    }


def _step(step: Row, words: Row) -> Row:
    texts = {name: words.get(name) or "" for name in STEP}
    return {**step, **texts, "picture": _picture(step.get("picture", {}), words)}


def _picture(picture: Row, words: Row) -> Row:
    labels = [*(words.get("labels") or []), *[""] * len(picture.get("targets", []))]
    targets = [{**target, "label": label} for target, label in zip(picture.get("targets", []), labels, strict=False)]
    note = {"note": words.get("note") or ""} if "note" in picture else {}
    return {**picture, **note, "targets": targets}
