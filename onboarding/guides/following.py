"""Whether an English guide still follows the Vietnamese one that readers have, or stays behind it.

Nothing of it is stored: it is told by who wrote both and when. For: the ward's pages, and what readers of the English
guide are told. Not for: putting a shipped English guide together (translating.py).
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from onboarding.guides import arranging, documents
from onboarding.guides.models import Guide, GuideVersion
from onboarding.guides.translating import ENGLISH

State = GuideVersion.State


@dataclass(frozen=True)
class Behind:
    """A translation that readers have. follows: the version of its original that it says; now: the one they have."""

    version: GuideVersion
    follows: GuideVersion | None
    now: GuideVersion | None

    @property
    def since(self) -> datetime | None:
        """Return since when readers have the version of the original that they have now."""
        return (self.now.published_at or self.now.publish_at) if self.now else None


def behind(version: GuideVersion) -> Behind | None:
    """Return how far a translation stays behind its original; None when it does not, or is no translation."""
    original = version.guide.original
    return _behind(version, original.current) if original else None


def of_guide(guide: Guide) -> Behind | None:
    """Return how far what readers have of a translation stays behind; asked of either of the two guides."""
    current = english_of(guide)
    return behind(current) if current else None


def english_of(guide: Guide) -> GuideVersion | None:
    """Return what readers have of a guide in English; asked of either of the two guides."""
    other = guide if guide.original_id else guide.translations.filter(language=ENGLISH).first()
    return other.current if other else None


def all_behind() -> dict[UUID, Behind]:
    """Return the translations that stay behind, by the guide that they translate."""
    current = {row.guide_id: row for row in arranging.published()}
    rows = [(row.guide.original_id, row) for row in arranging.published(ENGLISH)]
    found = [(original, _behind(row, current.get(original))) for original, row in rows if original]
    return {original: one for original, one in found if one}


def _behind(version: GuideVersion, now: GuideVersion | None) -> Behind | None:
    follows = _follows(version)
    same = now is not None and follows is not None and (now == follows or _said(now) == _said(follows))
    return None if same else Behind(version, follows, now)


def _follows(version: GuideVersion) -> GuideVersion | None:
    """Return the version of the original that version says, as far as one can know."""
    rows = GuideVersion.objects.filter(guide=version.guide.original_id).order_by("-number")
    if version.author_id is None:
        # What is shipped is shipped in both languages, read together.
        return rows.filter(author=None).exclude(state=State.DRAFT).first()
    # Whoever wrote it had before them what readers had when it was changed last.
    then = version.changed_at or version.published_at
    if then is None:
        return None
    return rows.filter(published_at__lte=then).exclude(withdrawn_at__lte=then).exclude(expires_at__lte=then).first()


def _said(version: GuideVersion) -> list[Any]:
    """Return what readers of a version get: going back to an earlier one brings its very words again."""
    doc = documents.of_version(version)
    return [doc["version"], doc["steps"]]
