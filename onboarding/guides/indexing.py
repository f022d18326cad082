"""What the search knows: the published guides and the procedures that have none; public, the same for everybody.

For: the address that phones keep, and the page for phones without JavaScript. Not for: how something is found in it
(finding.py).
"""

import json
from functools import lru_cache
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext as _

from onboarding.guides import arranging, finding
from onboarding.guides.models import GuideVersion, Procedure, Step
from onboarding.text import fold

# What a word is worth by where it stands. `also`: said for something that stands there, by content/search.yaml.
WEIGHTS = {"title": 10, "words": 9, "plain": 8, "also": 7, "name": 5, "summary": 4, "steps": 2}
NAMING = ("title", "plain", "name")
ICON = "book-2"  # every page with a search brings its drawing


def index() -> dict[str, Any]:
    """Return what finding.prepare() takes: {"weights", "idle", "docs"}, in the order of the catalogue, guides first."""
    versions = arranging.published()
    titles = _step_titles(versions)
    docs = [entry(version, titles[version.pk]) for version in versions]
    docs += [page_of(row) for row in Procedure.objects.filter(guides=None).order_by("order", "slug")]
    return index_of(docs)


def index_of(docs: list[finding.Doc]) -> dict[str, Any]:
    """Return the index of these entries, each with what else people say for it."""
    manners = arranging.SHELF.manners
    same = [{word: f" {fold(word)} " for word in words} for words in manners.get("same", [])]
    found = [_with_also(doc, same) for doc in docs]
    return {"weights": WEIGHTS, "idle": manners.get("idle", []), "docs": found}


def text() -> str:
    """Return the index as it is sent to phones."""
    return json.dumps(index(), ensure_ascii=False, separators=(",", ":"))


def find(question: str) -> tuple[list[finding.Doc], set[str]]:
    """Return the entries that answer question, the best first ({"slug", "title", "icon", …}), and the icons of all."""
    prepared = _prepared(text())
    return finding.find(prepared, question) if question else [], {doc["icon"] for doc in prepared.docs}


@lru_cache(maxsize=2)
def _prepared(sent: str) -> finding.Prepared:
    # By its words: another process may have published a guide a moment ago.
    return finding.prepare(json.loads(sent))


def entry(version: GuideVersion, steps: list[str]) -> finding.Doc:
    """Return the entry of a guide. steps: the titles of its steps."""
    guide = version.guide
    return {
        "slug": guide.slug, "title": version.title, "icon": guide.icon,
        "small": _("%(steps)s bước, %(minutes)s phút") % {"steps": len(steps), "minutes": version.minutes},
        "words": guide.words, "plain": guide.procedure.plain_name, "name": guide.procedure.name,
        "summary": version.summary, "steps": steps,
    }  # fmt: skip


def page_of(row: Procedure) -> finding.Doc:
    """Return the entry of a procedure without a guide; its `href` says where it leads, elsewhere the slug does."""
    return {
        "slug": row.slug, "href": reverse("guides:procedure", args=[row.slug]), "title": row.plain_name,
        "icon": ICON, "small": _("Thủ tục"), "words": [], "name": row.name,
    }  # fmt: skip


def _step_titles(versions: list[GuideVersion]) -> dict[object, list[str]]:
    # Only the titles: steps carry their pictures' specs, which nobody searches.
    found: dict[object, list[str]] = {version.pk: [] for version in versions}
    rows = Step.objects.filter(version__in=versions).order_by("number").values_list("version_id", "title")
    for version, title in rows:
        found[version].append(title)
    return found


def _with_also(doc: finding.Doc, same: list[dict[str, str]]) -> finding.Doc:
    """Add what else people say for what the guide is called. same: words with their folded form, by meaning."""
    named = f" {' | '.join(fold(doc.get(name, '')) for name in NAMING)} "
    # Of the guide's words only one that says just that: "thẻ tạm trú" is about a card, not about a room.
    held = {f" {fold(word)} " for word in doc["words"]}
    meant = [words for words in same if any(folded in named or folded in held for folded in words.values())]
    also = [word for words in meant for word, folded in words.items() if folded not in named and folded not in held]
    return {**doc, "also": also}
