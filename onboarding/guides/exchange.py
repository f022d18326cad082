"""A guide as one zip: written the same for the same version, byte for byte. The format is described in README.md.

Photos travel as what may be published of them: cut out and with covers burnt in. Not for: reading a zip that a stranger
sends (unpacking.py, incoming.py).
"""

import copy
import hashlib
import json
import zipfile
from datetime import datetime
from io import BytesIO
from typing import Any

from django.template.loader import render_to_string
from django.utils import translation
from django.utils.translation import gettext as _

from onboarding.guides import documents, materials, photo_drawing, photo_specs, photos, pictures, recordings
from onboarding.guides.documents import Doc
from onboarding.guides.models import GuideVersion
from onboarding.guides.photo_specs import inside
from onboarding.guides.specs import faults_of
from onboarding.refusal import Refused

FORMAT, VERSION = "go-cua-guide", 1
LICENCE = "CC-BY-4.0"
LANGUAGE = "vi"
MOST_PACKED = 20_000_000
AGES = (1980, 1, 1, 0, 0, 0)  # the day that every entry carries
GUIDE, LICENCE_FILE, README = "guide.json", "LICENCE.txt", "README.txt"

Files = dict[str, bytes]


def export(version: GuideVersion) -> bytes:
    """Return the zip. Raises Refused("too_large") when it would be too large to be taken in again."""
    with translation.override(LANGUAGE):
        files = _files(version)
    packed = _zip(files)
    if len(packed) > MOST_PACKED:
        raise Refused("too_large", _("Ảnh trong bài nặng quá 20 MB. Cắt ảnh nhỏ lại rồi xuất."))
    return packed


def made_at(version: GuideVersion) -> str:
    """Return when what a version says was finished: where it came from, if nobody has changed it since."""
    held = version.work.get("origin", {}).get("made_at")
    if held is not None and version.revision == 0:
        return str(held)
    when: datetime | None = version.published_at or version.changed_at
    return when.isoformat(timespec="seconds") if when else ""


def _files(version: GuideVersion) -> Files:
    doc = documents.of_version(version)
    origin = doc.pop("origin", {})
    found: Files = _pictures(doc)
    doc["steps"] = [_travelling(step, found) for step in doc.get("steps", [])]
    told = {
        "format": FORMAT, "format_version": VERSION, "language": version.language,
        "licence": origin.get("licence", LICENCE),
        "made_at": made_at(version), "checked_by": doc.get("version", {}).get("checked_by", ""), "guide": doc,
    }  # fmt: skip
    text = json.dumps(told, ensure_ascii=False, indent=1, sort_keys=True)
    words = {LICENCE_FILE: "guides/exchange/licence.txt", README: "guides/exchange/readme.txt"}
    plain = {name: render_to_string(template, {"told": told}).encode() for name, template in words.items()}
    return {GUIDE: f"{text}\n".encode(), **plain, **found}


def _pictures(doc: Doc) -> Files:
    """Return the drawn pictures of those steps that can be drawn."""
    found: Files = {}
    for number, scene in enumerate(documents.file_of(doc).scenes, 1):
        if not faults_of(scene):
            step, poster = pictures.files_of(scene, (pictures.STEP, "webp"), (pictures.POSTER, "jpg"))
            found[f"pictures/step-{number:02}.webp"] = step
            found[f"pictures/poster-{number:02}.jpg"] = poster
    return found


def _travelling(step: Doc, files: Files) -> Doc:
    """Return a step as it travels; what it needs is put into files."""
    step = copy.deepcopy(step)
    photo = step.get("picture", {}).get("photo") if isinstance(step.get("picture"), dict) else None
    whole = photo_specs.drawable(photo)
    if photo and whole:
        data = photos.encoded(photo_drawing.burnt(whole))
        step["picture"]["photo"] = cut(photo, hashlib.sha256(data).hexdigest())
        files[f"pictures/photo-{step['picture']['photo']['sha256']}.webp"] = data
    elif isinstance(photo, dict):
        # Nothing can be cut out and covered, so nothing of it may leave the house.
        photo["sha256"] = ""
    for form, sha256 in recordings.files_kept(step).items():
        files[f"audio/{sha256}.{form}"] = materials.read(sha256, form)
    return step


def cut(photo: Doc, sha256: str) -> Doc:
    """Return what is said of a photo when the crop is all there is: marks counted from its corner.

    Covers are kept as far as they lie in the crop, so that an author sees them; the pixels below are gone.
    """
    left, top, width, height = photo["crop"]
    room = [0, 0, width, height]
    said = photo.get("marks")
    marks = [_moved(mark, left, top, room) for mark in said] if isinstance(said, list) else []
    return {**photo, "sha256": sha256, "crop": room, "marks": [mark for mark in marks if mark]}


def _moved(mark: Any, left: int, top: int, room: list[int]) -> Any:
    if photo_specs.faults_of_mark(mark):
        return mark  # travels as it was typed, to be named as it was here
    if mark["t"] == "arrow":
        return {**mark, **{key: [mark[key][0] - left, mark[key][1] - top] for key in ("from", "to")}}
    x, y, w, h = mark["box"]
    box = [x - left, y - top, w, h]
    if mark["t"] == "cover" and not inside(box, room):
        x, y = max(box[0], 0), max(box[1], 0)
        box = [x, y, min(box[0] + w, room[2]) - x, min(box[1] + h, room[3]) - y]
        if min(box[2:]) < photo_specs.SMALLEST_MARK:
            return None
    return {**mark, "box": box}


def _zip(files: Files) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, AGES)
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            # Pictures and sounds are as small as they get.
            text = name.endswith((".json", ".txt"))
            entry.compress_type = zipfile.ZIP_DEFLATED if text else zipfile.ZIP_STORED
            packed.writestr(entry, files[name], compresslevel=9)
    return out.getvalue()
