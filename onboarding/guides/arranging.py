"""Puts the published guides in the order people look for them: by what they are about, and by what happened in a life.

For: the citizens' home, the list and the pages of events. Topics and events are rows of the shipped content. Not for:
finding by words (finding.py) or how it looks (pages.py).
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from django.db.models import Count
from django.utils.translation import gettext as _

from onboarding.guides.content import Row, Shelf, bound
from onboarding.guides.models import GuideVersion

SHELF = Shelf()


@dataclass(frozen=True)
class Group:
    """Guides about the same."""

    title: str
    icon: str
    guides: list[GuideVersion]


@dataclass(frozen=True)
class Event:
    """What happened, what we say to it, and the guides for it in the order to follow them, or to pick from."""

    slug: str
    title: str
    icon: str
    sentence: str
    lead: str
    condolence: bool
    visitor: bool
    pick: bool
    guides: list[GuideVersion]


def published(language: str = "vi") -> list[GuideVersion]:
    """Return the current version of every guide in a language, with `total` steps, in the order of the catalogue."""
    rows = (
        GuideVersion.objects.readable()
        .filter(guide__language=language)
        .select_related("guide__procedure")
        .annotate(total=Count("steps"))
        .order_by("guide__order", "guide__slug", "-number")
    )
    newest: dict[object, GuideVersion] = {}
    for row in rows:
        newest.setdefault(row.guide_id, row)
    return list(newest.values())


def by_topic(guides: Iterable[GuideVersion], title: str = "title") -> list[Group]:
    """Return guides grouped by topic, in the order of the topics; those of no known topic come last.

    title: which key of a topic's row is its name, `title` or `english`.
    """
    held: dict[str, list[GuideVersion]] = defaultdict(list)
    known = {row["code"] for row in SHELF.topics}
    for version in guides:
        held[version.guide.topic if version.guide.topic in known else ""].append(version)
    rows = [*SHELF.topics, {"code": "", "title": _("Việc khác"), "icon": "book-2"}]
    return [
        Group(bound(row.get(title) or row["title"]), row["icon"], held[row["code"]])
        for row in rows
        if held[row["code"]]
    ]


def events(guides: Iterable[GuideVersion]) -> list[Event]:
    """Return the events for which there is at least one guide, in the order of the content."""
    all_guides = list(guides)
    found = (_event(row, all_guides) for row in SHELF.events)
    return [event for event in found if event.guides]


def _event(row: Row, guides: list[GuideVersion]) -> Event:
    title, sentence, lead = (bound(row[name]) for name in ("title", "sentence", "lead"))
    own = list(dict.fromkeys(version for name in row["guides"] for version in _meant(name, guides)))
    condolence, visitor, pick = row.get("tone") == "condolence", bool(row.get("visitor")), bool(row.get("pick"))
    return Event(row["slug"], title, row["icon"], sentence, lead, condolence, visitor, pick, own)


def _meant(name: str, guides: list[GuideVersion]) -> list[GuideVersion]:
    """Return the guide called name, or the guides of the procedure called so."""
    exact = [version for version in guides if version.guide.slug == name]
    return exact or [version for version in guides if version.guide.procedure.slug == name]
