"""What editors brought for guides, photographs and recordings, re-encoded and kept under the hash of its bytes.

For: photos.py and sounds.py, which judge and re-encode; the original bytes are never here. It is private: readers get
what is drawn from a photo, and a sound only once a step that they may read has it. Not for: drawings (pictures.py).
"""

import hashlib
import re
from datetime import datetime, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from onboarding.guides.models import GuideVersion, Material, Recording, Step

KEPT_FOR = timedelta(days=30)  # after the last draft or version let go of it
HASH = re.compile(r"[0-9a-f]{64}")


def keep(kind: str, form: str, data: bytes) -> str:
    """Keep data and return its hash. kind: Material.Kind; form: webp, opus or m4a."""
    digest = hashlib.sha256(data).hexdigest()
    # The row first: a file without a row would never be dropped.
    said = {"kind": kind, "bytes": len(data), "unused_since": None}
    Material.objects.update_or_create(sha256=digest, form=form, defaults=said)
    if not default_storage.exists(_name(digest, form)):
        default_storage.save(_name(digest, form), ContentFile(data))
    return digest


def here(sha256: str, form: str) -> bool:
    """Say whether the file of this hash is here."""
    return bool(HASH.fullmatch(sha256)) and default_storage.exists(_name(sha256, form))


def read(sha256: str, form: str) -> bytes:
    """Return what is kept under a hash. Raises FileNotFoundError."""
    if not HASH.fullmatch(sha256):
        raise FileNotFoundError(sha256)
    with default_storage.open(_name(sha256, form)) as file:
        return file.read()


def weight(sha256: str, form: str) -> int:
    """Return the bytes of what is kept, 0 when it is not here."""
    return default_storage.size(_name(sha256, form)) if here(sha256, form) else 0


def drop_unused(now: datetime | None = None) -> int:
    """Drop what no draft and no version has used for 30 days; return how many were dropped."""
    now, used = now or timezone.now(), _used()
    Material.objects.filter(sha256__in=used).update(unused_since=None)
    Material.objects.exclude(sha256__in=used).filter(unused_since=None).update(unused_since=now)
    gone = Material.objects.filter(unused_since__lte=now - KEPT_FOR)
    for row in gone:
        default_storage.delete(_name(row.sha256, row.form))
        row.delete()
    return len(gone)


def _used() -> set[str]:
    """Return every hash that a draft, a version or a step names, wherever it stands there."""
    works = GuideVersion.objects.exclude(work={}).values_list("work", flat=True)
    specs = Step.objects.filter(spec__has_key="photo").values_list("spec", flat=True)
    texts = (str(part) for part in [*works, *specs])
    return {found for text in texts for found in HASH.findall(text)} | set(
        Recording.objects.values_list("sha256", flat=True)
    )


def _name(sha256: str, form: str) -> str:
    return f"material/{sha256}.{form}"
