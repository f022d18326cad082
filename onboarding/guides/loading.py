"""Brings the shipped content into the database. Safe to run again: what has not changed is not touched.

For: `manage.py load_content`. Content comes in as a new version next to the old; nothing published is ever changed.
Not for: judging content; proofreading.py does, and the loader refuses what it finds wrong.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction

from onboarding.guides import publishing
from onboarding.guides.content import GuideFile, Row, Shelf, bound
from onboarding.guides.models import Blocker, Guide, GuideVersion, Procedure, ProcedureFact

FACE = ("summary", "minutes", "at_hand", "checked_on", "checked_by", "source")
STEP = ("text", "safety", "needs", "item", "blockers")
BLOCKER = ("title", "advice", "resolver", "next_step", "wait", "ability", "source", "checked_on", "order")
FACT = ("value", "valid_to", "source", "checked_on", "verified")


@dataclass
class Loaded:
    """What a run did: new versions, and steps that had to be drawn."""

    versions: int = 0
    drawn: int = 0


def load(shelf: Shelf | None = None) -> Loaded:
    """Load procedures, blockers and guides from shelf (the shipped one when not given)."""
    shelf, done = shelf or Shelf(), Loaded()
    with transaction.atomic():
        for _path, data in shelf.procedures:
            _procedure(data)
        for row in shelf.blockers:
            Blocker.objects.update_or_create(code=row["code"], defaults=_picked(row, BLOCKER))
    for file in shelf.guides:
        _guide(file, done)
    return done


def _procedure(data: Row) -> None:
    face = _picked(data, ("name", "plain_name", "agency"))
    procedure, _new = Procedure.objects.update_or_create(slug=data["slug"], defaults=face)
    for fact in data.get("facts", []):
        ProcedureFact.objects.update_or_create(
            procedure=procedure, key=fact["key"], valid_from=fact["valid_from"], defaults=_picked(fact, FACT)
        )


def _guide(file: GuideFile, done: Loaded) -> None:
    data = file.data
    procedure = Procedure.objects.get(slug=data["procedure"])
    face = {**_picked(data, ("code", "order", "icon", "topic")), "words": file.words, "procedure": procedure}
    guide, _new = Guide.objects.update_or_create(slug=data["slug"], defaults=face)
    version = guide.versions.filter(spec_hash=file.spec_hash()).order_by("-number").first()
    if version is None:
        version = _draft(guide, file)
        done.versions += 1
    done.drawn += publishing.draw_missing(version)
    if version.state == GuideVersion.State.DRAFT:
        publishing.publish(user=None, version=version)


def _draft(guide: Guide, file: GuideFile) -> GuideVersion:
    face = {**_picked(file.version, FACE), "title": bound(file.version["title"]), "spec_hash": file.spec_hash()}
    steps = [{**_picked(s, STEP), "title": bound(s["title"]), "spec": s["picture"]} for s in file.steps]
    return publishing.write_draft(user=None, guide=guide, face=face, steps=steps)


def _picked(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names if name in row}
