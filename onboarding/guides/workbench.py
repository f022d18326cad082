"""What the editor's pages show of a draft: its steps with their pictures, what is wrong where, what may be chosen.

For: the doors of the editor. Not for: judging (drafts.faults) or what a form says (step_form.py, photo_form.py).
"""

from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.guides import arranging, documents, drafts, face_form, following, photo_form, photos, stage, step_form
from onboarding.guides.content import bound
from onboarding.guides.documents import Doc
from onboarding.guides.drawing import alt_text
from onboarding.guides.elements import ELEMENTS
from onboarding.guides.keys import ELEMENT_NAMES
from onboarding.guides.models import Blocker, GuideVersion
from onboarding.guides.proofreading import NEEDS

FIRST_TOOLS = ("field", "button", "otp", "sms")  # as in the design; the others are behind 'Thêm phần tử khác'


def frame(draft: GuideVersion, number: int) -> dict[str, Any]:
    """Return what every page of a draft shows: its steps with their pictures, and what is wrong where."""
    wrong = drafts.faults(draft.work, today=timezone.localdate())
    thumbs = [
        {"number": no, "title": one.get("title", ""), "mark": documents.mark(one["picture"]), "faults": _at(wrong, no)}
        for no, one in enumerate(draft.work["steps"], 1)
    ]
    return {
        "draft": draft, "guide": draft.guide, "number": number, "total": len(thumbs), "thumbs": thumbs,
        "faults": _at(wrong, number), "face_faults": _at(wrong, 0), "faulty": len(wrong), "title": draft.title,
        "saw": documents.mark(documents.part_of(draft.work, max(number, 0))), "current": draft.guide.current,
        "behind": following.of_guide(draft.guide) if draft.guide.original_id else None,
    }  # fmt: skip


def _at(wrong: list[tuple[int, str]], number: int) -> list[str]:
    return [face_form.said_to_author(text) for place, text in wrong if place == number]


def step_page(draft: GuideVersion, number: int, one: Doc) -> dict[str, Any]:
    """Return what the page of one step shows; one: the step as it is, or as it was typed."""
    spec = one.get("picture", {})
    kinds = [(kind, name) for kind, name in ELEMENT_NAMES.items() if kind in ELEMENTS]
    return {
        **frame(draft, number), **stage_of(number, one),
        "elements": step_form.elements_of(spec), "targets": step_form.targets_of(spec), "choices": stage.choices(spec),
        "hand": step_form.hand_of(spec), "hand_from": (spec.get("hand") or {}).get("from"),
        "tools": [kind for kind in kinds if kind[0] in FIRST_TOOLS],
        "more": [kind for kind in kinds if kind[0] not in FIRST_TOOLS],
        "needs": _needs(), "blockers": _blockers(one), "safeties": _safeties(), "photo": "photo" in spec,
    }  # fmt: skip


def stage_of(number: int, one: Doc) -> dict[str, Any]:
    """Return what the picture of a step needs on the page: its mark ("" when nothing can be drawn) and its places."""
    spec = one.get("picture", {})
    whole = stage.drawable(spec)
    mark = documents.mark(spec) if whole else ""
    return {"step": one, "stage_mark": mark, "spots": stage.spots(whole) if whole else []}


def card(number: int, one: Doc, language: str) -> dict[str, Any]:
    """Return a step as readers will see it; without a mark when there is no picture yet."""
    whole = stage.drawable(one.get("picture", {}))
    return {
        "number": number, "step": one,
        "mark": documents.mark(one["picture"]) if whole else "", "alt": alt_text(whole, language) if whole else "",
    }  # fmt: skip


def _blockers(one: Doc) -> list[tuple[Blocker, bool]]:
    """Return all blockers, the chosen ones first, each with whether it is chosen."""
    chosen = one.get("blockers", [])
    rows = {row.code: row for row in Blocker.objects.all()}
    first = [rows[code] for code in chosen if code in rows]
    return [*((row, True) for row in first), *((row, False) for row in rows.values() if row.code not in chosen)]


def topics() -> list[dict[str, str]]:
    """Return what a guide may be about."""
    return [{**row, "title": bound(row["title"])} for row in arranging.SHELF.topics]


def _needs() -> list[tuple[str, str]]:
    names = {
        "network": _("Mạng"), "own-phone": _("Máy của chính người dân"), "officer": _("Cán bộ hoặc công an"),
        "waiting": _("Chờ đợi"),
    }  # fmt: skip
    return [(need, names[need]) for need in NEEDS]


def _safeties() -> list[str]:
    """Return the safety lines that shipped guides use, the most usual ones first."""
    said = [step.get("safety", "") for file in arranging.SHELF.guides for step in file.steps]
    return sorted({line for line in said if said.count(line) > 1 and line}, key=lambda line: -said.count(line))


def photo_page(draft: GuideVersion, number: int, one: Doc) -> dict[str, Any]:
    """Return what the page of a step's photo shows; one: the step as it is, or as it was drawn on."""
    held = one.get("picture", {}).get("photo")
    shown = held if isinstance(held, dict) else {}
    sha256 = str(shown.get("sha256", ""))
    return {
        **frame(draft, number), **stage_of(number, one),
        "photo": sha256, "size": photos.size_of(sha256), "crop": photo_form.crop_of(shown),
        "marks": photo_form.rows(shown), "tools": list(photo_form.NAMES.items()),
        "most": photos.MAX_BYTES, "heavy": photos.heavy(),
    }  # fmt: skip
