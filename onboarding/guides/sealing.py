"""Seals a version at publication: the hash of what was frozen, and the signed list of the files that phones keep.

Pages are drawn from templates, so a new release changes the bytes of a published version. Its list is then made and
signed again, with the same hash of what was frozen; content that no longer has that hash is never signed again.
Not for: which files belong to a pack (packing.py) or the keys (signing.py).
"""

import hashlib
import logging
from contextlib import suppress
from typing import Any

from django.conf import settings

from onboarding import seal
from onboarding.guides import marks, packing, pictures, signing
from onboarding.guides.models import Guide, GuideVersion, Picture, Step
from onboarding.guides.signing import Signed

log = logging.getLogger(__name__)
FACE = ("number", "language", "title", "summary", "minutes", "at_hand", "checked_by", "source")
STEP = ("number", "title", "text", "safety", "needs", "item", "blockers", "spec")
PICTURE = ("variant", "format", "sha256", "width", "height", "bytes", "alt", "focus", "boxes")


class Drifted(Exception):
    """A published version is no longer what was published; nothing of it may be signed."""


def freeze(version: GuideVersion) -> Signed:
    """Seal a version as it is now: at publication, and when the house has drawn its pictures anew.

    Raises Drifted when a picture is not the one that its row names.
    """
    marks.write(version)
    made = signing.signed(packing.manifest(version, _content(version), _home()))
    _keep(version, made)
    return made


def pack(version: GuideVersion, origin: str) -> Signed:
    """Return the signed pack of a published version; origin is where the code on its print leads.

    Raises Drifted when the version is no longer what was sealed.
    """
    held = _unchanged(version)
    content = held["manifest"]["content"]
    fresh = packing.manifest(version, content, origin)
    if fresh == held["manifest"]:
        return held
    if fresh["mark"] != held["manifest"]["mark"]:
        again(version)
    return signing.signed(fresh)


def again(version: GuideVersion) -> Signed:
    """Sign the pack of a published version once more, for what its pages have become. Raises Drifted."""
    content = _unchanged(version)["manifest"]["content"]
    made = signing.signed(packing.manifest(version, content, _home()))
    _keep(version, made)
    return made


def sisters_again(guide: Guide) -> None:
    """Sign once more what readers have of a guide's other languages: their pages say how they stand to it."""
    for other in [guide.original] if guide.original else guide.translations.all():
        current = other.current
        if current:
            with suppress(Drifted):  # said in the log; phones keep what they have
                again(current)


def all_again(*, trusting: bool = False) -> list[str]:
    """Sign the packs of all published versions once more; return the guides that could not be signed.

    trusting: take every version as it lies there, as after the loss of the keys.
    """
    failed = []
    for version in GuideVersion.objects.readable().select_related("guide__procedure"):
        try:
            freeze(version) if trusting else again(version)
        except Drifted:
            failed.append(version.guide.slug)
    return failed


def _home() -> str:
    return settings.SITE_URL.rstrip("/")


def _keep(version: GuideVersion, made: Signed) -> None:
    GuideVersion.objects.filter(pk=version.pk).update(sealed=made)
    version.sealed = made


def _unchanged(version: GuideVersion) -> Signed:
    """Return the seal of a version that is still what was sealed; an older one is sealed now. Raises Drifted."""
    held: Signed = version.sealed or freeze(version)
    if not signing.holds(held) or held["manifest"]["content"] != _content(version):
        raise _drifted(version, "its rows are not what was signed")
    return held


def _content(version: GuideVersion) -> str:
    """Return the hash of everything a version froze. Raises Drifted when a file is missing or another."""
    steps = []
    for row in version.steps.order_by("number"):
        shown = Picture.objects.filter(step=row).order_by("variant", "format")
        for picture in shown:
            _check(version, picture)
        own = [{name: getattr(picture, name) for name in PICTURE} for picture in shown]
        heard = list(row.recordings.order_by("form").values_list("form", "sha256"))
        steps.append(
            {**_said(row, STEP), "pictures": own, **({"heard": [list(one) for one in heard]} if heard else {})}
        )
    face = {**_said(version, FACE), "slug": version.guide.slug, "checked_on": version.checked_on.isoformat()}
    return hashlib.sha256(seal.canonical({**face, "steps": steps})).hexdigest()


def _said(row: GuideVersion | Step, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: getattr(row, name) for name in names}


def _check(version: GuideVersion, picture: Picture) -> None:
    try:
        body = pictures.read(picture.sha256, picture.format)
    except FileNotFoundError:
        raise _drifted(version, f"a picture is missing: {picture.sha256}") from None
    if hashlib.sha256(body).hexdigest() != picture.sha256:
        raise _drifted(version, f"a picture is not its own: {picture.sha256}")


def _drifted(version: GuideVersion, why: str) -> Drifted:
    # While the house draws its own guides anew, they differ for some minutes: nothing to wake anybody for.
    level = logging.INFO if version.steps.filter(scene="").exists() else logging.ERROR
    log.log(level, "guide %s, version %s cannot be signed: %s", version.guide.slug, version.number, why)
    return Drifted(why)
