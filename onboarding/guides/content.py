"""Reads the shipped content: guides, blockers, procedures, checklists, topics, events and lists of words, as files.

For: loading.py, proofreading.py, arranging.py, indexing.py and the room that loads the checklists. Not for: judging it
(proofreading.py) or writing it to the database (loading.py).
"""

import hashlib
import json
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import yaml

from onboarding.guides.drawing import Scene
from onboarding.guides.translating import composed

SHIPPED = Path(__file__).resolve().parent.parent / "content"
BOUND = "_"  # in titles: the two words stay on one line

Row = dict[str, Any]


def bound(title: str) -> str:
    """Return a title with its compounds held together: "câu_hỏi" becomes "câu hỏi" with a no-break space."""
    return title.replace(BOUND, "\u00a0")


@dataclass(frozen=True)
class GuideFile:
    """One guide as written."""

    path: Path
    data: Row

    @property
    def name(self) -> str:
        """Return the file's name, for messages; that of a translation with its folder."""
        return f"{self.path.parent.name}/{self.path.name}" if self.original else self.path.name

    @property
    def language(self) -> str:
        """Return the language that it is written in."""
        return self.data.get("language", "vi")

    @property
    def original(self) -> str:
        """Return the slug of the guide that this one is a translation of, or nothing."""
        return self.data.get("original", "")

    @property
    def version(self) -> Row:
        """Return what stands on the guide's face."""
        return self.data.get("version", {})

    @property
    def steps(self) -> list[Row]:
        """Return the steps in order."""
        return self.data.get("steps", [])

    @property
    def words(self) -> list[str]:
        """Return what people type when they look for it; YAML takes a bare 1414 for a number."""
        return [str(word) for word in self.data.get("words") or []]

    def spec_hash(self) -> str:
        """Return the hash of everything that citizens read or see; a new one is a new version."""
        text = json.dumps([self.version, self.steps], sort_keys=True, ensure_ascii=False, default=str)
        return hashlib.sha256(text.encode()).hexdigest()

    @property
    def scenes(self) -> list[Scene]:
        """Return the scene of each step in order."""
        return [self.scene(number) for number in range(1, len(self.steps) + 1)]

    def scene(self, number: int) -> Scene:
        """Return the scene of step number, counted from 1."""
        step = self.steps[number - 1]
        return scene_of(
            step.get("picture", {}),
            number=number,
            total=len(self.steps),
            guide=bound(self.version.get("title", "")),
            caption=bound(step.get("title", "")),
            safety=step.get("safety", ""),
            language=self.language,
        )


def scene_of(
    spec: Row, *, number: int, total: int, guide: str, caption: str, safety: str, language: str = "vi"
) -> Scene:
    """Return the scene of a step: its note is the safety line, or else the note that the picture brings."""
    return Scene(spec, number, total, guide, caption, safety or spec.get("note", ""), bool(safety), language)


@dataclass
class Shelf:
    """All content below one folder. Files are read when first asked for."""

    folder: Path = SHIPPED

    @cached_property
    def guides(self) -> list[GuideFile]:
        """Return the guides, by file name."""
        return [GuideFile(path, data) for path, data in self._files("guides")]

    @cached_property
    def translations(self) -> list[tuple[Path, Row]]:
        """Return what is said in English of guides, with its files."""
        return self._files("guides/en")

    @cached_property
    def english(self) -> list[GuideFile]:
        """Return the guides in English; a translation whose guide is not there makes none."""
        originals = {file.data.get("slug"): file for file in self.guides}
        found = [(path, originals.get(said.get("of")), said) for path, said in self.translations]
        return [GuideFile(path, composed(of.data, said)) for path, of, said in found if of]

    @cached_property
    def procedures(self) -> list[tuple[Path, Row]]:
        """Return the procedures with their files."""
        return self._files("procedures")

    @cached_property
    def checklists(self) -> list[tuple[Path, Row]]:
        """Return the checklists with their files."""
        return self._files("checklists")

    @cached_property
    def blockers(self) -> list[Row]:
        """Return the blockers in order, each with its source in words and the day it was checked."""
        book = self._book("blockers.yaml") or {}
        sources, checked = book.get("sources", {}), book.get("checked_on")
        rows = book.get("blockers", [])
        return [
            {"checked_on": checked, **row, "source": sources.get(row.get("source"), ""), "order": place}
            for place, row in enumerate(rows, 1)
        ]

    @cached_property
    def english_blockers(self) -> dict[str, Row]:
        """Return what is said in English of blockers, by code."""
        return self._book("en/blockers.yaml") or {}

    @cached_property
    def topics(self) -> list[Row]:
        """Return what guides are about, in the order of the list."""
        return self._book("topics.yaml") or []

    @cached_property
    def jargon(self) -> list[Row]:
        """Return the words that people do not understand, each with the plain one."""
        return self._book("jargon.yaml") or []

    @cached_property
    def links(self) -> Row:
        """Return the `domains` to which a guide may send people, and how addresses end."""
        return self._book("links.yaml") or {}

    @cached_property
    def states(self) -> dict[str, Row]:
        """Return the sets of stations that a dossier may pass, by name."""
        return self._book("states.yaml") or {}

    @cached_property
    def events(self) -> list[Row]:
        """Return what happens in a life, each with the guides for it."""
        return self._book("events.yaml") or []

    @cached_property
    def manners(self) -> Row:
        """Return how people say things, for the search: `same` (lists of words) and `idle` (words that say nothing)."""
        return self._book("search.yaml") or {}

    def pages(self) -> set[str]:
        """Return the addresses of the public pages that this content makes."""
        found = {"/thu-tuc/", "/huong-dan/", *(f"/thu-tuc/{data.get('slug')}/" for _path, data in self.procedures)}
        found |= {f"/can/{row.get('slug')}/" for row in self.events}
        found.add("/en/")
        for file in [*self.guides, *self.english]:
            face = f"/huong-dan/{file.data.get('slug')}/"
            found |= {face, f"{face}in/", *(f"{face}{number}/" for number in range(1, len(file.steps) + 1))}
        return found

    def _book(self, name: str) -> Any:
        path = self.folder / name
        return _read(path) if path.exists() else None

    def _files(self, kind: str) -> list[tuple[Path, Row]]:
        return [(path, _read(path)) for path in sorted((self.folder / kind).glob("*.yaml"))]


def _read(path: Path) -> Row:
    with path.open(encoding="utf-8") as file:  # open, so that a mistake in it is told with the file's name
        return yaml.safe_load(file) or {}
