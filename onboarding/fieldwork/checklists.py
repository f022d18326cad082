"""Loading checklists from the shipped data files.

For: rows that follow the reviewed YAML; loading again changes only what the file changed and never removes an item,
because marks hang on items. Not for: marking items (marks.py) or the guides that an item points to.
"""

from pathlib import Path
from typing import Any

import yaml
from django.conf import settings
from django.db import transaction

from onboarding.fieldwork.models import Checklist, ChecklistItem

FOLDER = Path("onboarding") / "content" / "checklists"
_OPTIONAL: dict[str, Any] = {"hint": "", "guide_step": None, "secret": False, "proof": False, "blockers": []}


def load_checklists(folder: Path | None = None) -> list[Checklist]:
    """Bring the rows up to date with every *.yaml of folder; return the checklists by file name.

    Raises KeyError when a file lacks a fact, ValueError when a list has no item or more than one that is proof.
    """
    files = sorted((folder or settings.BASE_DIR / FOLDER).glob("*.yaml"))
    return [_load(yaml.safe_load(file.read_text(encoding="utf-8"))) for file in files]


@transaction.atomic
def _load(data: dict[str, Any]) -> Checklist:
    _check(data)
    facts = {"title": data["title"], "guide": data.get("guide", ""), "valid_from": data["valid_from"]}
    checklist, _new = Checklist.objects.update_or_create(
        code=data["code"], defaults={**facts, "source": data["source"]}
    )
    for order, item in enumerate(data["items"], 1):
        values = {name: item.get(name, default) for name, default in _OPTIONAL.items()}
        ChecklistItem.objects.update_or_create(
            checklist=checklist, code=item["code"], defaults={"order": order, "title": item["title"], **values}
        )
    return checklist


def _check(data: dict[str, Any]) -> None:
    codes = [item["code"] for item in data["items"]]
    if not codes or len(codes) != len(set(codes)):
        raise ValueError(f"{data['code']}: items must be there once each")
    if sum(bool(item.get("proof")) for item in data["items"]) > 1:
        raise ValueError(f"{data['code']}: more than one item proves the e-ID")
