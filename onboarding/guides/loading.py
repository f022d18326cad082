"""Brings the shipped content into the database. Safe to run again: what has not changed is not touched.

For: `manage.py load_content`. Content comes in as a new version next to the old; nothing published is ever changed,
and what the ward has written or withdrawn is left to people: the new version waits for them in review.
Guides marked `at_once` are drawn and published now; the others wait for the worker (drawing_room.py), so that the first
start does not take as long as all their pictures. Not for: judging content; proofreading.py does.
"""

from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import Q

from onboarding.guides import documents, drawing_room
from onboarding.guides.content import GuideFile, Row, Shelf, bound
from onboarding.guides.models import Blocker, Guide, GuideVersion, Procedure, ProcedureFact
from onboarding.guides.publishing import write_draft
from onboarding.guides.specs import BadSpec, check
from onboarding.refusal import Refused

FACE = ("summary", "minutes", "at_hand", "checked_on", "checked_by", "source")
STEP = ("text", "safety", "needs", "item", "blockers")
IN_ENGLISH = ("title", "advice", "next_step", "wait")
BLOCKER = ("title", "advice", "resolver", "next_step", "wait", "ability", "source", "checked_on", "order")
FACT = ("value", "valid_to", "source", "checked_on", "verified")
UNSAID = {"valid_to": None, "verified": False}


@dataclass
class Loaded:
    """What a run did: new versions, steps that were drawn, and steps that wait for the worker."""

    versions: int = 0
    drawn: int = 0
    waiting: int = 0


def load(shelf: Shelf | None = None, *, everything: bool = False) -> Loaded:
    """Load procedures, blockers and guides from shelf (the shipped one when not given).

    everything: draw all guides now. Raises Refused("bad_picture") when a step of a new version cannot be drawn.
    """
    shelf, done = shelf or Shelf(), Loaded()
    with transaction.atomic():
        for _path, data in shelf.procedures:
            _procedure(data, shelf)
        for row in shelf.blockers:
            english = shelf.english_blockers.get(row["code"]) or {}
            Blocker.objects.update_or_create(
                code=row["code"], defaults={**_picked(row, BLOCKER), "english": _picked(english, IN_ENGLISH)}
            )
    for file in [*shelf.guides, *shelf.english]:
        version = _version(file, done)
        waiting = drawing_room.note_changed(version, [scene.key() for scene in file.scenes])
        if everything or file.data.get("at_once"):
            done.drawn += drawing_room.finish(version)
        else:
            done.waiting += waiting
    return done


def _procedure(data: Row, shelf: Shelf) -> None:
    face = _picked(data, ("name", "plain_name", "agency", "topic", "order"))
    procedure, _new = Procedure.objects.update_or_create(slug=data["slug"], defaults=face)
    kept = []
    for fact in data.get("facts", []):
        said = {**UNSAID, **_picked(fact, FACT), "value": _whole(fact["key"], fact["value"], shelf)}
        row, _new = ProcedureFact.objects.update_or_create(
            procedure=procedure, key=fact["key"], valid_from=fact["valid_from"], defaults=said
        )
        kept.append(row.pk)
    # What the file no longer says was wrong: nobody may go on reading it.
    procedure.facts.exclude(pk__in=kept).delete()


def _whole(key: str, value: Any, shelf: Shelf) -> Any:
    """Return the value as pages need it: with the stations of its set of states."""
    if key != "states":
        return value
    return {**value, "list": shelf.states.get(value["set"], {}).get("states", [])}


def _version(file: GuideFile, done: Loaded) -> GuideVersion:
    """Return the version of what a file says, a new one when its words or pictures are new."""
    data = file.data
    procedure = Procedure.objects.get(slug=data["procedure"])
    face = {
        **_picked(data, ("code", "order", "icon", "topic", "review_by")),
        "words": file.words,
        "language": file.language,
        "original": Guide.objects.get(slug=file.original) if file.original else None,
        "procedure": procedure,
    }
    guide = Guide.objects.filter(slug=data["slug"]).first()
    kept = guide is not None and drawing_room.kept_by_people(guide)
    if guide is None or not kept:
        guide, _new = Guide.objects.update_or_create(slug=data["slug"], defaults=face)
    # What somebody is writing with the same words is theirs; what readers have is as good as ours.
    ours = guide.versions.filter(Q(author=None) | Q(state=GuideVersion.State.PUBLISHED))
    version = ours.filter(spec_hash=file.spec_hash()).order_by("-number").first()
    if version is None:
        version = _draft(guide, file, for_people=kept)
        done.versions += 1
    return version


@transaction.atomic
def _draft(guide: Guide, file: GuideFile, *, for_people: bool) -> GuideVersion:
    """Write the new draft; one that no reader has seen and that this one follows is dropped.

    for_people: it goes to review, and brings along what it says of the guide itself.
    """
    for number, scene in enumerate(file.scenes, 1):
        try:
            check(scene)
        except BadSpec as bad:
            raise Refused("bad_picture", f"{file.name}, bước {number}: {' '.join(bad.faults)}") from bad
    overtaken = (GuideVersion.State.DRAFT, GuideVersion.State.REVIEW)
    guide.versions.filter(state__in=overtaken, author=None).delete()
    face = {**_picked(file.version, FACE), "title": bound(file.version["title"]), "spec_hash": file.spec_hash()}
    steps = [{**_picked(s, STEP), "title": bound(s["title"]), "spec": s["picture"]} for s in file.steps]
    if for_people:
        face |= {"work": documents.of_file(file), "state": GuideVersion.State.REVIEW}
    return write_draft(user=None, guide=guide, face=face, steps=steps)


def _picked(row: Row, names: tuple[str, ...]) -> dict[str, Any]:
    return {name: row[name] for name in names if name in row}
