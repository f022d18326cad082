"""What a citizen reads about a procedure on a day: the facts that hold then, and what filing costs by which way.

For: pages.py. Nothing here says how well a fact was checked; that is for editors (ledger.py). Not for: HTML.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from onboarding.guides.content import Shelf, bound
from onboarding.guides.facts import in_force
from onboarding.guides.models import GuideVersion, Procedure

SHELF = Shelf()
OTHER = {"code": "", "title": _("Việc khác"), "icon": "book-2"}
WAYS: dict[str, str | Promise] = {
    "online": _("Nộp trên mạng"),
    "direct": _("Nộp tận nơi"),
    "any": "",
}


@dataclass(frozen=True)
class Price:
    """What filing costs one way: what is paid today, and what it would be without the city's support."""

    case: str
    way: str | Promise
    now: int
    full: int
    unit: str

    @property
    def supported(self) -> bool:
        """Say whether somebody else pays a part."""
        return self.now != self.full


@dataclass(frozen=True)
class Shelfboard:
    """The procedures of one topic."""

    title: str
    icon: str
    procedures: list[Procedure]


def leaflet(procedure: Procedure, today: date) -> dict[str, Any]:
    """Return what stands on the page of a procedure on that day."""
    rows = in_force(procedure.facts.all(), today)
    facts = {key: row.value for key, row in rows.items()}
    return {
        "procedure": procedure,
        "facts": facts,
        "prices": list(prices(facts)),
        "supported_from": rows["support"].valid_from if "support" in rows else None,
        "supported_to": rows["support"].valid_to if "support" in rows else None,
        "checked_on": min((row.checked_on for row in rows.values()), default=None),
        "guides": guides_of(procedure),
        "related": _related(facts),
    }


def prices(facts: dict[str, Any]) -> Iterator[Price]:
    """Yield what filing costs, case by case and way by way."""
    fee, support = facts.get("fee", {}), facts.get("support")
    for case in fee.get("cases", []):
        for way, words in WAYS.items():
            if way in case:
                now = min(case[way], support["online"]) if support and way == "online" else case[way]
                yield Price(case.get("case", ""), words, now, case[way], fee["unit"])


def by_topic() -> list[Shelfboard]:
    """Return all procedures under the topics in their order; those of no known topic come last."""
    held: dict[str, list[Procedure]] = {row["code"]: [] for row in [*SHELF.topics, OTHER]}
    for procedure in Procedure.objects.all():
        held[procedure.topic if procedure.topic in held else ""].append(procedure)
    rows = [row for row in [*SHELF.topics, OTHER] if held[row["code"]]]
    return [Shelfboard(bound(str(row["title"])), row["icon"], held[row["code"]]) for row in rows]


def guides_of(procedure: Procedure) -> list[GuideVersion]:
    """Return the published guides of a procedure in Vietnamese."""
    found = (guide.current for guide in procedure.guides.filter(language="vi"))
    return [version for version in found if version is not None]


def _related(facts: dict[str, Any]) -> list[Procedure]:
    slugs = facts.get("related", {}).get("procedures", [])
    found = {procedure.slug: procedure for procedure in Procedure.objects.filter(slug__in=slugs)}
    return [found[slug] for slug in slugs if slug in found]
