"""What the team's shell carries for everybody: checklists, blockers, guides and forms.

For: public data only; the same for all people, so that the page may be kept on any phone. Not for: anything about
a household or a person; that comes by pull into the phone's own store.
"""

from typing import Any

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from onboarding.fieldwork.models import Checklist
from onboarding.guides import arranging, signing
from onboarding.guides.models import Blocker, GuideVersion
from onboarding.submissions import forms
from onboarding.submissions.models import FormVersion


def context() -> dict[str, Any]:
    """Return the shell's context: `catalogue` (JSON for scripts), `forms` (code, title, html, consent) and `build`."""
    offered, published = forms.offered(), arranging.published()
    catalogue = {
        "checklists": [_checklist(row) for row in Checklist.objects.order_by("code").prefetch_related("items")],
        "blockers": {row.code: _blocker(row) for row in Blocker.objects.all()},
        "guides": [_guide(version) for version in published],
        "guide_keys": signing.public_keys(),
        "forms": [_form(version) for version in offered],
    }
    return {
        "catalogue": catalogue,
        "shelf": arranging.by_topic(published),
        "forms": [_drawn(version) for version in offered],
        "build": settings.SYNC_MIN_CLIENT,
    }


def _checklist(row: Checklist) -> dict[str, Any]:
    names = ("code", "title", "hint", "guide_step", "secret", "proof", "blockers")
    items = [{name: getattr(item, name) for name in names} for item in row.items.all()]
    return {"code": row.code, "title": row.title, "guide": row.guide, "items": items}


def _blocker(row: Blocker) -> dict[str, str]:
    return {name: getattr(row, name) for name in ("title", "advice", "resolver", "next_step", "wait", "ability")}


def _guide(version: GuideVersion) -> dict[str, Any]:
    """What is newest, so that a phone fetches a guide only when it has changed. Steps come with the guide itself."""
    return {"slug": version.guide.slug, "title": version.title, "version": version.number}


def _form(version: FormVersion) -> dict[str, Any]:
    """What scripts ask of a form; its fields and its consent are drawn beside it."""
    parts = len(version.definition["sections"]) + bool(version.definition.get("papers")) + 1
    return {"code": version.code, "title": version.form.title, "hash": version.hash, "parts": parts}


def _drawn(version: FormVersion) -> dict[str, Any]:
    return {
        "code": version.code, "title": version.form.title, "html": forms.render_form(version.definition),
        "consent": _consent(version),
    }  # fmt: skip


def _consent(version: FormVersion) -> SafeString:
    """The consent in its exact words, with the hash that the phone repeats beside the signature."""
    words = {"definition": version.definition, "text_hash": forms.consent_hash(version.definition)}
    return render_to_string("submissions/form_consent.html", words)
