"""What the team's shell carries for everybody: checklists, blockers, guides and forms.

For: public data only; the same for all people, so that the page may be kept on any phone. Not for: anything about
a household or a person; that comes by pull into the phone's own store.
"""

from typing import Any

from django.conf import settings

from onboarding.fieldwork.models import Checklist
from onboarding.guides.models import Blocker, Guide, GuideVersion
from onboarding.submissions import forms
from onboarding.submissions.models import FormVersion


def context() -> dict[str, Any]:
    """Return the shell's context: `catalogue` (JSON for scripts), `forms` (code, title, html) and `build`."""
    offered = forms.offered()
    catalogue = {
        "checklists": [_checklist(row) for row in Checklist.objects.order_by("code").prefetch_related("items")],
        "blockers": {row.code: _blocker(row) for row in Blocker.objects.all()},
        "guides": [_guide(guide, guide.current) for guide in Guide.objects.all() if guide.current],
        "forms": [_form(version) for version in offered],
    }
    return {
        "catalogue": catalogue,
        "forms": [
            {"code": version.code, "title": version.form.title, "html": forms.render_form(version.definition)}
            for version in offered
        ],
        "build": settings.SYNC_MIN_CLIENT,
    }


def _checklist(row: Checklist) -> dict[str, Any]:
    names = ("code", "title", "hint", "guide_step", "secret", "proof", "blockers")
    items = [{name: getattr(item, name) for name in names} for item in row.items.all()]
    return {"code": row.code, "title": row.title, "guide": row.guide, "items": items}


def _blocker(row: Blocker) -> dict[str, str]:
    return {name: getattr(row, name) for name in ("title", "advice", "resolver", "next_step", "wait", "ability")}


def _guide(guide: Guide, version: GuideVersion) -> dict[str, Any]:
    steps = [
        {"caption": step.title, "note": step.text, "safety": step.safety, "item": step.item, "number": step.number}
        for step in version.steps.all()
    ]
    return {
        "slug": guide.slug, "title": version.title, "icon": guide.icon, "minutes": version.minutes, "steps": steps,
    }  # fmt: skip


def _form(version: FormVersion) -> dict[str, Any]:
    """Everything the phone needs to fill, show the consent in its exact words, and name the version it filled."""
    return {
        "code": version.code, "title": version.form.title, "hash": version.hash, "definition": version.definition,
        "consent_hash": forms.consent_hash(version.definition),
    }  # fmt: skip
