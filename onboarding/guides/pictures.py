"""Draws a step's pictures, keeps their bytes under the hash of what they are, and hands them out.

A step whose scene has not changed keeps its pictures; one that another version already drew takes those rows over.
Not for: how a picture looks (drawing.py) or who may change a step (publishing.py).
"""

import hashlib
import io
from dataclasses import dataclass
from typing import Any

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from PIL import Image

from onboarding.guides.content import scene_of
from onboarding.guides.drawing import Drawn, Scene, alt_text, draw_poster, draw_step, phone_of
from onboarding.guides.models import Picture, Step
from onboarding.guides.specs import check

TYPES = {"webp": "image/webp", "avif": "image/avif", "jpg": "image/jpeg"}
STEP, SMALL, POSTER = "step", "step-small", "poster"


@dataclass(frozen=True)
class Variant:
    """One file that is made of a step. `options` go to the encoder."""

    name: str
    format: str
    size: tuple[int, int]
    options: dict[str, Any]


# The lowest quality at which small words in a picture keep clean edges.
VARIANTS = (
    Variant(STEP, "avif", (720, 900), {"quality": 42, "speed": 6}),
    Variant(STEP, "webp", (720, 900), {"quality": 62, "method": 6}),
    Variant(SMALL, "avif", (360, 450), {"quality": 50, "speed": 6}),
    Variant(SMALL, "webp", (360, 450), {"quality": 45, "method": 6}),
    Variant(POSTER, "jpg", (720, 1280), {"quality": 82, "optimize": True}),
)


def scene_of_step(step: Step) -> Scene:
    """Return the scene of a stored step."""
    version = step.version
    return scene_of(
        step.spec,
        number=step.number,
        total=version.steps.count(),
        guide=version.title,
        caption=step.title,
        safety=step.safety,
        language=version.language,
    )


def draw(step: Step) -> bool:
    """Bring a step's pictures up to date; say whether anything had to be done. Raises BadSpec."""
    scene = scene_of_step(step)
    key = scene.key()
    if step.scene == key and step.pictures.count() == len(VARIANTS):
        return False
    check(scene)
    rows = _drawn_before(key) or _captioned(step, scene) or _draw_all(scene)
    with transaction.atomic():
        if not Step.objects.select_for_update().filter(pk=step.pk).exists():
            return False  # its author has taken the version back meanwhile
        step.pictures.all().delete()
        Picture.objects.bulk_create(Picture(step=step, **row) for row in rows)
        step.scene = key
        step.save(update_fields=["scene"])
    return True


ROW = ("variant", "format", "sha256", "width", "height", "bytes", "alt", "focus", "boxes")


def _drawn_before(key: str) -> list[dict[str, Any]]:
    """Return the picture rows of another step that shows the same scene, if all its files are still there."""
    twin = Step.objects.filter(scene=key).order_by("-pk").first()
    return _whole(twin) if twin else []


def _captioned(step: Step, scene: Scene) -> list[dict[str, Any]]:
    """Return rows for a translated step with only its poster drawn, where its guide's original shows the same phone."""
    same = _whole_original(step, phone_of(scene.spec))
    if not same:
        return []
    alt = alt_text(scene.spec, scene.language)
    drawn = [_kept(variant, draw_poster(scene), alt) for variant in VARIANTS if variant.name == POSTER]
    return [*({**row, "alt": alt} for row in same if row["variant"] != POSTER), *drawn]


def _whole_original(step: Step, phone: dict[str, Any]) -> list[dict[str, Any]]:
    of = step.version.guide.original_id
    drawn = Step.objects.filter(version__guide=of, number=step.number).exclude(scene="") if of else []
    twins = (twin for twin in drawn if phone_of(twin.spec) == phone and twin.scene == scene_of_step(twin).key())
    return next((rows for rows in map(_whole, twins) if rows), [])


def _whole(step: Step) -> list[dict[str, Any]]:
    """Return a step's picture rows if all its files are still there."""
    rows = list(step.pictures.values(*ROW))
    there = [row for row in rows if default_storage.exists(_name(row["sha256"], row["format"]))]
    return rows if len(there) == len(VARIANTS) else []


def _draw_all(scene: Scene) -> list[dict[str, Any]]:
    drawn = {STEP: draw_step(scene), POSTER: draw_poster(scene)}
    drawn[SMALL] = drawn[STEP]
    return [_kept(variant, drawn[variant.name], alt_text(scene.spec, scene.language)) for variant in VARIANTS]


def _kept(variant: Variant, drawn: Drawn, alt: str) -> dict[str, Any]:
    data = _encoded(drawn.image, variant)
    digest = hashlib.sha256(data).hexdigest()
    name = _name(digest, variant.format)
    if not default_storage.exists(name):
        default_storage.save(name, ContentFile(data))
    width, height = variant.size
    share = width / drawn.image.width
    return {
        "variant": variant.name,
        "format": variant.format,
        "sha256": digest,
        "width": width,
        "height": height,
        "bytes": len(data),
        "alt": alt,
        "focus": drawn.focus,
        "boxes": [[round(v * share) for v in box] for box in drawn.boxes],
    }


def files_of(scene: Scene, *wanted: tuple[str, str]) -> list[bytes]:
    """Return pictures of a scene without keeping them, in the order of wanted (names and formats of VARIANTS)."""
    rows = {(row["variant"], row["format"]): row["sha256"] for row in _drawn_before(scene.key())}
    if rows:
        return [read(rows[one], one[1]) for one in wanted]
    variants = {(variant.name, variant.format): variant for variant in VARIANTS}
    drawn = {STEP: draw_step, POSTER: draw_poster}
    return [_encoded(drawn[name](scene).image, variants[name, form]) for name, form in wanted]


def _encoded(image: Image.Image, variant: Variant) -> bytes:
    sized = image if image.size == variant.size else image.resize(variant.size, Image.Resampling.LANCZOS)
    out = io.BytesIO()
    sized.save(out, "jpeg" if variant.format == "jpg" else variant.format, **variant.options)
    return out.getvalue()


def _name(sha256: str, kind: str) -> str:
    return f"guides/{sha256}.{kind}"


def read(sha256: str, kind: str) -> bytes:
    """Return a picture's bytes. Raises FileNotFoundError."""
    with default_storage.open(_name(sha256, kind)) as file:
        return file.read()
