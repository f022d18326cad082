"""A person's voice for a step: what a document says of it, what is wrong with it, what readers get of it.

A step's `audio` is {"opus", "m4a": hashes of its files, "seconds", "words": mark of the words that were read}.
For: proofreading, drafts, packing, pages. Not for: taking a recording in (sounds.py).
"""

from typing import Any

from django.db.models import Sum
from django.urls import reverse
from django.utils.translation import gettext as _

from onboarding.guides import documents, materials, sounds
from onboarding.guides.content import bound
from onboarding.guides.models import GuideVersion, Recording, Step

Doc = dict[str, Any]

SPOKEN = ("title", "text", "safety")
TYPES = {"opus": "audio/ogg; codecs=opus", "m4a": "audio/mp4"}
OFFLINE = "opus"
PACK = 300_000  # bytes that a saved guide may take on a phone


def said(step: Doc, sound: sounds.Sound) -> Doc:
    """Return what a document says of a recording of this step as it reads now."""
    return {"opus": sound.opus, "m4a": sound.m4a, "seconds": sound.seconds, "words": words(step)}


def words(step: Doc) -> str:
    """Return the mark of what is read aloud."""
    return documents.mark([bound(str(step.get(name) or "")) for name in SPOKEN])


def faults(step: Doc) -> list[str]:
    """Return what is wrong with a step's recording, one sentence each."""
    audio = step.get("audio")
    if audio is None:
        return []
    if not _here(audio):
        return [_("Không còn bản ghi âm của bước này. Ghi lại, hoặc bỏ bản ghi.")]
    return [_("Lời đã sửa sau khi ghi âm. Ghi lại.")] if audio["words"] != words(step) else []


def heavy(doc: Doc) -> list[str]:
    """Return the sentence to say when the recordings make the guide too heavy to be kept on a phone.

    What its steps will weigh is known once they are drawn (packing.check_weight); until then it is what those weigh
    that readers have now.
    """
    weight = sum(materials.weight(str(step["audio"].get(OFFLINE)), OFFLINE) for step in _with_sound(doc))
    return too_heavy(weight + _a_step(doc) * len(doc["steps"])) if weight else []


def too_heavy(pack: float) -> list[str]:
    """Return the sentence to say of a pack of so many bytes, if it is too heavy."""
    return [_("Bản ghi nặng quá, bài vượt 300 kB. Ghi ngắn lại.")] if pack > PACK else []


def kept(step: Doc) -> Doc:
    """Return a step's recording when its files are here, else an empty dict."""
    return dict(step["audio"]) if _here(step.get("audio")) else {}


def files_kept(step: Doc) -> dict[str, str]:
    """Return the hash of each file of a step's recording, by form; empty when there is none."""
    held = kept(step)
    return {form: held[form] for form in sounds.WAYS} if held else {}


def attach(version: GuideVersion) -> None:
    """Write the rows of a version's recordings; its steps are there, numbered as in its document."""
    steps = {step.number: step for step in version.steps.all()}
    Recording.objects.bulk_create(
        Recording(
            step=steps[number],
            form=form,
            sha256=step["audio"][form],
            bytes=materials.weight(step["audio"][form], form),
            seconds=step["audio"]["seconds"],
        )
        for number, step in enumerate(version.work["steps"], 1)
        if _here(step.get("audio"))
        for form in sounds.WAYS
    )


def files_of(version: GuideVersion) -> list[Doc]:
    """Return what a pack lists of the recordings: {"url", "sha256", "bytes"} of each."""
    rows = Recording.objects.filter(step__version=version, form=OFFLINE).order_by("step__number")
    return [{"url": address(row.sha256, row.form), "sha256": row.sha256, "bytes": row.bytes} for row in rows]


def heard(step: Step) -> dict[str, str]:
    """Return the addresses of a step's recording by form, empty when nobody has read it."""
    return {row.form: address(row.sha256, row.form) for row in step.recordings.all()}


def read(sha256: str, form: str) -> bytes:
    """Return a sound that readers may hear. Raises FileNotFoundError, also for one of a draft."""
    readable = GuideVersion.objects.readable().filter(steps__recordings__sha256=sha256, steps__recordings__form=form)
    if not readable.exists():
        raise FileNotFoundError(sha256)
    return materials.read(sha256, form)


def address(sha256: str, form: str) -> str:
    """Return where a sound lives."""
    return reverse("guides:sound", args=[sha256, form])


def _here(audio: Any) -> bool:
    return _whole(audio) and all(materials.here(audio[form], form) for form in sounds.WAYS)


def _whole(audio: Any) -> bool:
    """Say whether audio is all that it must be: what travelled may say anything."""
    if not isinstance(audio, dict) or set(audio) != {*sounds.WAYS, "seconds", "words"}:
        return False
    told = all(isinstance(audio[key], str) for key in (*sounds.WAYS, "words"))
    return told and isinstance(audio["seconds"], int | float)


def _with_sound(doc: Doc) -> list[Doc]:
    return [step for step in doc.get("steps", []) if isinstance(step.get("audio"), dict)]


def _a_step(doc: Doc) -> float:
    """Return what a step takes of a pack without its recording: of what readers have of this guide, or of any."""
    sealed = GuideVersion.objects.readable().filter(sealed__isnull=False)
    rows = sealed.filter(guide__slug=doc.get("slug"))
    packs = dict((rows if rows.exists() else sealed).values_list("pk", "sealed__manifest__bytes"))
    steps = Step.objects.filter(version__in=packs).count()
    spoken = Recording.objects.filter(form=OFFLINE, step__version__in=packs).aggregate(sum=Sum("bytes"))["sum"] or 0
    return (sum(packs.values()) - spoken) / steps if steps else 0
