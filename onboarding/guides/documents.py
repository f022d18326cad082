"""A guide as one document, in the shape of a file under content/guides: what authors write and what travels.

For: drafts (drafts.py keeps one as GuideVersion.work), checks, comparison, export. Pure but for of_version(), which
reads rows. Dates are ISO texts here and dates in a GuideFile. Not for: who may change it (drafts.py).
"""

import copy
import hashlib
import json
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any

from onboarding.guides.content import GuideFile
from onboarding.guides.models import Guide, GuideVersion, Step

Doc = dict[str, Any]
Alter = Callable[[Doc], None]

FACE = ("title", "summary", "minutes", "at_hand", "checked_on", "checked_by", "source")
STEP = ("title", "text", "safety", "needs", "item", "blockers")
GUIDE = ("slug", "code", "language", "topic", "words", "order", "icon")
NEW_STEP: Doc = {
    "item": "",
    "title": "",
    "text": "",
    "safety": "",
    "needs": [],
    "blockers": [],
    "picture": {
        "screen": [{"t": "bar", "title": ""}, {"t": "space", "h": 24}, {"t": "button", "id": "nut", "text": ""}],
        "targets": [{"of": "nut", "n": 1, "label": ""}],
        "hand": {"of": "nut", "at": [0.8, 0.9]},
    },
}


def of_version(version: GuideVersion) -> Doc:
    """Return a version as a document: what its author wrote, or what its rows say."""
    if version.work:
        return copy.deepcopy(version.work)
    face = {name: _plain(getattr(version, name)) for name in FACE}
    return {**of_guide(version.guide), "version": face, "steps": [_of_step(step) for step in version.steps.all()]}


def of_guide(guide: Guide) -> Doc:
    """Return what a document says of its guide, without version and steps."""
    head = {name: copy.deepcopy(getattr(guide, name)) for name in GUIDE}
    return {**head, "procedure": guide.procedure.slug, "review_by": _plain(guide.review_by)}


def of_file(file: GuideFile) -> Doc:
    """Return a file of content as a document."""
    doc: Doc = json.loads(json.dumps(file.data, ensure_ascii=False, default=_plain))
    return {**doc, "words": file.words, "version": doc.get("version", {}), "steps": doc.get("steps", [])}


def file_of(doc: Doc) -> GuideFile:
    """Return a document as the checks and the renderer read it."""
    data = copy.deepcopy(doc)
    data["review_by"] = _day(data.get("review_by"))
    face = data.setdefault("version", {})
    face["checked_on"] = _day(face.get("checked_on"))
    return GuideFile(Path(f"{doc.get('slug', '')}.yaml"), data)


def part_of(doc: Doc, step: int) -> Doc:
    """Return step number `step`, or all but the steps when it is 0: what one form shows. Raises IndexError."""
    return doc["steps"][_place(doc, step)] if step else {key: doc[key] for key in doc if key != "steps"}


def number_of(said: str) -> int:
    """Return the number of a step, a part or a place as a form says it; -1 when it says none, or one beyond 9999."""
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 5 else -1


def mark(part: Any) -> str:
    """Return a short name of what a part of a document says now: whoever changes it says what they saw."""
    text = json.dumps(part, sort_keys=True, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


# --- Alterations: each takes the document to change -------------------------------------------------------------------


def put_step(doc: Doc, number: int, step: Doc) -> None:
    """Say step number, counted from 1, anew. Raises IndexError."""
    doc["steps"][_place(doc, number)] = step


def add_step(doc: Doc, after: int, step: Doc | None = None) -> None:
    """Put a step (an empty one when not given) after step number `after`; 0: before the first."""
    doc["steps"].insert(after, copy.deepcopy(step or NEW_STEP))


def copy_step(doc: Doc, number: int) -> None:
    """Put a second one like it after step number. Raises IndexError."""
    add_step(doc, number, doc["steps"][_place(doc, number)])


def drop_step(doc: Doc, number: int) -> None:
    """Take step number away. Raises IndexError."""
    del doc["steps"][_place(doc, number)]


def move_step(doc: Doc, number: int, to: int) -> None:
    """Make step number the step number `to`. Raises IndexError."""
    place, there = _place(doc, number), _place(doc, to)
    doc["steps"].insert(there, doc["steps"].pop(place))


def put_face(doc: Doc, face: Doc, head: Doc) -> None:
    """Say what stands on the face, and what is known of the guide (topic, words, review_by …), anew."""
    doc["version"] = {**doc.get("version", {}), **face}
    doc.update(head)


def _place(doc: Doc, number: int) -> int:
    if not 1 <= number <= len(doc["steps"]):
        raise IndexError(number)
    return number - 1


def _of_step(step: Step) -> Doc:
    return {**{name: copy.deepcopy(getattr(step, name)) for name in STEP}, "picture": copy.deepcopy(step.spec)}


def _plain(value: Any) -> Any:
    return value.isoformat() if isinstance(value, date) else copy.deepcopy(value)


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(value) if isinstance(value, str) else value
    except ValueError:
        return None
