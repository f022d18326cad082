"""A step as a form and back: every field by its name, nothing dropped, whatever was typed.

For: the editor's page of one step. What a form cannot show (ids, angles) travels along in hidden fields as JSON and is
judged like everything else. Not for: judging (drafts.faults) or keeping (drafts.change).
"""

import copy
import json
import math
from dataclasses import dataclass, field
from typing import Any

from django.http import QueryDict

from onboarding.guides import stage
from onboarding.guides.documents import Doc, number_of
from onboarding.guides.elements import ELEMENTS, EVERYWHERE
from onboarding.guides.keys import CHOICE_NAMES, ELEMENT_NAMES, KEYS, MOST_ELEMENTS, Key

NUL = "\x00"  # a database keeps every sign but this one
LINES = ("title", "text", "safety")
LISTS = ("needs", "blockers")
TARGETS = (1, 2)
HAND = {"at": [0.8, 0.9]}
OFFERED = ("lit",)  # of what every element may have
NEVER_LIT = ("space", "spring", "bars", "keypad")


@dataclass(frozen=True)
class Field:
    """One input of an element: its name in the form, its label, what it holds and what it holds now."""

    name: str
    label: str
    key: Key
    value: Any

    @property
    def choices(self) -> list[tuple[str, str]]:
        """Return what one may choose, each with its name."""
        return [(code, str(CHOICE_NAMES.get(code, code))) for code in self.key.of]


@dataclass(frozen=True)
class ElementForm:
    """One element as inputs. `rest`: JSON of what has no input."""

    number: int
    kind: str
    name: str
    rest: str
    fields: list[Field] = field(default_factory=list)


@dataclass(frozen=True)
class TargetForm:
    """One target as inputs: which place, its description; `rest`: JSON of what has no input."""

    number: int
    value: str
    label: str
    rest: str


def elements_of(spec: Doc) -> list[ElementForm]:
    """Return the inputs of all elements of a picture."""
    return [_element_form(number, e) for number, e in enumerate(spec.get("screen", []), 1)]


def targets_of(spec: Doc) -> list[TargetForm]:
    """Return the inputs of the two targets that a picture may have, empty ones included."""
    held = [*spec.get("targets", []), {}, {}][: len(TARGETS)]
    return [
        TargetForm(number, stage.aimed_at(spec, t), t.get("label", ""), _json(t, ("of", "label")))
        for number, t in zip(TARGETS, held, strict=True)
    ]


def hand_of(spec: Doc) -> str:
    """Return which target the hand points at: "1", "2", "" for none, "?" for something else."""
    hand = spec.get("hand") or {}
    if not hand:
        return ""
    aims = [target.get("of") for target in spec.get("targets", [])]
    return str(aims.index(hand.get("of")) + 1) if hand.get("of") in aims else "?"


def read(post: QueryDict, before: Doc) -> Doc:
    """Return the step that a form says. before: the step as it is; what the form does not hold stays."""
    step = {**copy.deepcopy(before), **{name: _text(post, name) for name in LINES if name in post}}
    step |= {name: post.getlist(name) for name in LISTS if f"{name}-shown" in post}
    step["blockers"] = _in_order(step.get("blockers", []), before.get("blockers", []))
    picture = step.setdefault("picture", {})
    if "note" in post:
        _set(picture, "note", _text(post, "note"))
    if "elements" in post:
        picture["screen"] = [_element(post, number) for number in range(1, _count(post) + 1)]
        picture["targets"] = [t for t in (_target(post, number, picture["screen"]) for number in TARGETS) if t]
        _set(picture, "hand", _hand(post, picture, before.get("picture", {})))
    return step


def rearrange(step: Doc, what: str) -> None:
    """Do to a step's elements what a button says: "add:button", "up:3", "down:3", "drop:3", "copy:3"."""
    verb, _colon, which = what.partition(":")
    screen = step["picture"].setdefault("screen", [])
    if verb == "add" and which in ELEMENTS:
        screen.append(new_element(which))
    elif 1 <= (number := number_of(which)) <= len(screen):
        _move(screen, verb, number - 1)


def new_element(kind: str) -> Doc:
    """Return an element of that kind with its own name on it, so that it can be drawn at once."""
    return {"t": kind, **{key: str(ELEMENT_NAMES.get(kind, kind)) for key in ELEMENTS[kind].needs}}


def _move(screen: list[Doc], verb: str, place: int) -> None:
    if verb == "drop":
        del screen[place]
    elif verb == "copy":
        screen.insert(place, {key: value for key, value in screen[place].items() if key != "id"})
    elif verb in ("up", "down"):
        there = place + (1 if verb == "down" else -1)
        if 0 <= there < len(screen):
            screen[place], screen[there] = screen[there], screen[place]


# --- Elements ---------------------------------------------------------------------------------------------------------


def _offered(kind: str) -> list[str]:
    """Return the keys of an element that have an input."""
    element = ELEMENTS.get(kind)
    keys = (*element.needs, *element.may, *(OFFERED if kind not in NEVER_LIT else ())) if element else ()
    return [key for key in keys if key in KEYS and KEYS[key].name and key not in EVERYWHERE[:2]]


def _element_form(number: int, e: Doc) -> ElementForm:
    kind, offered = str(e.get("t", "")), _offered(str(e.get("t", "")))
    inputs = [Field(f"e{number}-{key}", str(KEYS[key].name), KEYS[key], e.get(key, _unsaid(key))) for key in offered]
    return ElementForm(number, kind, str(ELEMENT_NAMES.get(kind, kind)), _json(e, ("t", *offered)), inputs)


def _unsaid(key: str) -> Any:
    return KEYS[key].unsaid if KEYS[key].kind == "yes" else ""


def _element(post: QueryDict, number: int) -> Doc:
    kind = _text(post, f"e{number}-t")
    e: Doc = {"t": kind, **_rest(post, f"e{number}-rest")}
    for key in _offered(kind):
        _put(e, key, post.get(f"e{number}-{key}", ""))
    return e


def _put(e: Doc, key: str, said: str) -> None:
    """Take what an input says into an element; an empty one says nothing."""
    if KEYS[key].kind == "yes":
        _set(e, key, bool(said), unsaid=KEYS[key].unsaid)
    elif KEYS[key].kind == "number":
        _set(e, key, _number(said))
    else:
        _set(e, key, said.replace(NUL, "").strip())


def _number(said: str) -> Any:
    """Return a number, or the text as it was typed, so that the check can name it."""
    try:
        value = float(said.replace(",", "."))
    except ValueError:
        return said.strip()
    if not math.isfinite(value):
        return said.strip()
    return int(value) if value.is_integer() else value


# --- Targets and hand -------------------------------------------------------------------------------------------------


def _target(post: QueryDict, number: int, screen: list[Doc]) -> Doc | None:
    said, _colon, part = post.get(f"target-{number}", "").partition(":")
    place = number_of(said)
    if not 1 <= place <= len(screen):
        return None
    e = screen[place - 1]
    e.setdefault("id", _free_id(screen))
    _set(e, "aim", part)
    numbered = {"n": number, **_rest(post, f"target-{number}-rest")}
    return {**numbered, "of": e["id"], "label": _text(post, f"target-{number}-label")}


def _free_id(screen: list[Doc]) -> str:
    held = {e.get("id") for e in screen}
    return next(name for name in (f"cho{number}" for number in range(1, 2 * MOST_ELEMENTS + 3)) if name not in held)


def _hand(post: QueryDict, picture: Doc, before: Doc) -> Doc | None:
    """Return the hand: it goes where its target goes, and keeps its place there as long as it stays."""
    said, held = post.get("hand", ""), before.get("hand") or {}
    if said == "?":
        return held or None
    number = number_of(said)
    if not 1 <= number <= len(picture["targets"]):
        return None
    of = picture["targets"][number - 1]["of"]
    hand = {**(held if held.get("of") == of else HAND), "of": of}
    _set(hand, "from", "left" if post.get("hand-from") == "left" else "")
    return hand


# --- Parts of a form --------------------------------------------------------------------------------------------------


def _text(post: QueryDict, name: str) -> str:
    return post.get(name, "").replace(NUL, "").replace("\r\n", "\n").strip()


def _count(post: QueryDict) -> int:
    return max(0, min(number_of(post.get("elements", "")), MOST_ELEMENTS + 10))


def _rest(post: QueryDict, name: str) -> Doc:
    try:
        value = json.loads(post.get(name) or "{}")
    except (ValueError, RecursionError):
        return {}
    return value if isinstance(value, dict) else {}


def _json(part: Doc, without: tuple[str, ...]) -> str:
    return json.dumps({key: value for key, value in part.items() if key not in without}, ensure_ascii=False)


def _set(part: Doc, key: str, value: Any, unsaid: Any = "") -> None:
    """Say key, or leave it out when it says nothing."""
    if value in (None, "", unsaid):
        part.pop(key, None)
    else:
        part[key] = value


def _in_order(chosen: list[str], before: list[str]) -> list[str]:
    """Return what is chosen, in the order it had: the first ones are shown first."""
    return [*(code for code in before if code in chosen), *(code for code in chosen if code not in before)]
