"""The picture of a step while it is being written: drawn even when it is not yet good, with the places one may tap.

For: the editor, which shows the same renderer's picture and lets an author pick a target by tapping it. Pure but for
the cache of previews. Not for: the pictures that readers get (pictures.py).
"""

import io
from dataclasses import dataclass
from typing import Any

from django.core.cache import cache
from django.utils.translation import gettext as _
from PIL import Image

from onboarding.guides import documents, keys, photo_specs, specs
from onboarding.guides.drawing import Scene, draw_step
from onboarding.guides.elements import ELEMENTS
from onboarding.guides.layout import (
    RING,
    SCREEN_W,
    STEP_SCALE,
    STEP_SIZE,
    Rect,
    marked,
    overflow,
    place,
    targets_of,
    view_of,
)

Spec = dict[str, Any]
HOUR = 3600
NO_TARGET = ("space", "spring", "label", "bars")
SIZES = {"": STEP_SIZE, "nho": (144, 180)}


@dataclass(frozen=True)
class Spot:
    """A place that may be the target: `value` as in a form ("3" or "3:main"), its name, its box in pixels."""

    value: str
    name: str
    box: tuple[int, int, int, int]
    chosen: bool = False


def drawable(spec: Spec) -> Spec | None:
    """Return what of spec can be drawn already (aims that lead nowhere are left out), or None."""
    if "photo" in spec:
        photo = photo_specs.drawable(spec["photo"])
        return {**spec, "photo": photo} if photo else None
    if keys.shape_faults(spec) or specs.faults_of_elements(spec) or overflow(spec["screen"]):
        return None
    ids = {e["id"] for e in spec["screen"] if e.get("id")}
    aims = [target for target in spec.get("targets", []) if target.get("of") in ids][: specs.TARGETS]
    hand = spec.get("hand")
    return {**spec, "targets": aims, "hand": hand if hand and hand.get("of") in ids else None}


def preview(spec: Spec, size: str = "") -> bytes | None:
    """Return the picture of a step as WebP, kept for an hour; None when nothing can be drawn. size: a key of SIZES."""
    key = f"guides.stage:{size}:{documents.mark(spec)}"
    held = cache.get(key)
    if held is None and (whole := drawable(spec)) is not None:
        held = _drawn(whole, SIZES[size])
        cache.set(key, held, HOUR)
    return held


def spots(spec: Spec) -> list[Spot]:
    """Return the places of a drawable picture that one may tap, an element before its parts, which lie on it."""
    if "photo" in spec:
        return []
    places = list(zip(_numbers(spec), place(spec["screen"]), strict=True))
    top = view_of(spec, marked(spec, targets_of([one for _number, one in places])))[0]
    found = []
    for number, (e, rect) in places:
        if e["t"] not in NO_TARGET:
            found += [_spot(spec, number, e, part, box, top) for part, box in [("", rect), *_parts(e, rect)]]
    return found


def choices(spec: Spec) -> list[tuple[str, str]]:
    """Return what a target may be, as value and name: elements, and parts of those that have parts."""
    found = []
    for number, e in enumerate(spec.get("screen", []), 1):
        kind = ELEMENTS.get(e.get("t", "")) if isinstance(e, dict) else None
        if kind and e["t"] not in NO_TARGET:
            parts = kind.parts(e) if kind.parts and not specs.faults_of_elements({"screen": [e]}) else {}
            found += [(str(number), name_of(number, e)), *((f"{number}:{p}", name_of(number, e, p)) for p in parts)]
    return found


def aimed_at(spec: Spec, target: Spec) -> str:
    """Return the value of the place that target points at, "" when there is none."""
    for number, e in enumerate(spec.get("screen", []), 1):
        if e.get("id") and e["id"] == target.get("of"):
            return f"{number}:{e['aim']}" if e.get("aim") else str(number)
    return ""


def name_of(number: int, e: Spec, part: str = "") -> str:
    """Return how an author knows an element: its number, its kind and what is written on it."""
    said = next((str(e[key]) for key in ("text", "title", "name", "value", "main") if e.get(key)), "")
    name = f"{number}. {keys.ELEMENT_NAMES.get(e['t'], e['t'])}"
    if part:
        called = keys.KEYS[part].name if part in keys.KEYS else _("nút")
        return f"{name}: {called} {e.get(part, '')}".strip()
    return f"{name}: {said[:30]}" if said else name


def _numbers(spec: Spec) -> list[int]:
    """Return the number of each element that has a place: springs have none."""
    return [number for number, e in enumerate(spec["screen"], 1) if e["t"] != "spring"]


def _parts(e: Spec, rect: Rect) -> list[tuple[str, Rect]]:
    parts = ELEMENTS[e["t"]].parts
    return [(name, Rect(rect.x + x, rect.y + y, w, h)) for name, (x, y, w, h) in parts(e).items()] if parts else []


def _spot(spec: Spec, number: int, e: Spec, part: str, rect: Rect, top: float) -> Spot:
    ring = rect.grown(RING)
    left = (STEP_SIZE[0] - SCREEN_W * STEP_SCALE) / 2
    box = (left + ring.x * STEP_SCALE, (ring.y - top) * STEP_SCALE, ring.w * STEP_SCALE, ring.h * STEP_SCALE)
    value = f"{number}:{part}" if part else str(number)
    chosen = any(aimed_at(spec, target) == value for target in spec.get("targets", []))
    return Spot(value, name_of(number, e, part), (round(box[0]), round(box[1]), round(box[2]), round(box[3])), chosen)


def _drawn(spec: Spec, size: tuple[int, int]) -> bytes:
    image = draw_step(Scene(spec, 1, 1, "", "")).image
    out = io.BytesIO()
    sized = image if image.size == size else image.resize(size, Image.Resampling.LANCZOS)
    sized.save(out, "webp", quality=80, method=2)
    return out.getvalue()
