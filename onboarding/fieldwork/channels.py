"""The ways by which word of a campaign goes round, and what opens a link without reading it: rows of the content.

Not for: links (links.py) or counting (opens.py).
"""

from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml
from django.conf import settings

FILE = settings.BASE_DIR / "onboarding" / "content" / "channels.yaml"


@dataclass(frozen=True)
class Channel:
    """One way: its stable code, what the ward calls it, and whether a text or a paper carries its link."""

    code: str
    name: str
    icon: str
    message: bool = False
    paper: str = ""


def channels() -> list[Channel]:
    """Return the ways in the order of the list."""
    return [Channel(**row) for row in _content()["channels"]]


def carried_by(paper: str) -> Channel:
    """Return the way whose code stands on a paper. Raises LookupError."""
    found = [each for each in channels() if each.paper == paper]
    return found[0]


def reads(agent: str) -> bool:
    """Say whether a program that names itself so opens pages for somebody to read."""
    told = agent.lower()
    return bool(told) and not any(word in told for word in _content()["not_readers"]["words"])


@cache
def _content() -> dict[str, Any]:
    return yaml.safe_load(FILE.read_text(encoding="utf-8"))
