"""Finds guides by what people type: with or without diacritics, with a slip, by a neighbour's spelling, run together.

Pure: an index in, entries out. Its twin is static/src/js/sync/finding.js, which answers at every keystroke; both are
written from the description below and held to tests/wire/finding.json. Not for: what stands in the index (indexing.py).

An index is {"weights": {field: n}, "idle": [words, …], "docs": [{"slug", "title", …, field: text or [text, …]}, …]}.
1. A text is cut into words of letters and digits; a word has a base (text.fold) and its marks (đ counts as one).
2. Of a question the first WORDS words count, without the idle ones ("bao nhieu" is two words, the longest run goes
   first) unless nothing else is left.
3. A typed word fits a word of the index by the best of GRADES. Its marks fit when the other word has all of them; a
   typed word without marks always fits.
   "same": equal bases, marks fit; "whole": the marks are equal, too; "start": begins it, marks fit and, if there are
   any, so does its shape (the word without its tone: "chu" of "chú" does not begin "chưng" of "chứng");
   "bare": equal bases, other marks; "sound": said alike in Hà Nội, marks fit;
   "slip": one letter wrong, missing, added or two swapped, in a typed word of SLIP letters or more, and only when no
   word of the index fits otherwise.
4. A typed word that fits nothing and can be cut into words of the index is cut (the fewest parts, the longest first).
5. An entry earns, for each typed word, rarity * the best of grade * weight of the field; rarity is 1 and one more for
   each time the number of entries with that word can be doubled without passing the number of all. Two typed words that
   follow each other in a text earn PAIR * weight * the lower rarity of both, a text that is all of several typed words
   as much with the lowest of all.
6. An entry needs half of the typed words, where a slip is half a word, and at least one SHAREth of what the best one
   earned. The most first, then index order.
"""

import re
import unicodedata
from dataclasses import dataclass, field
from typing import Any

from onboarding.text import fold

GRADES = {"whole": 10, "same": 9, "start": 7, "bare": 5, "sound": 5, "slip": 3}
WORDS, LONGEST, SLIP, PAIR, SHARE = 8, 40, 4, 8, 2
RUN = 4  # words of the longest idle run
# Said alike in Hà Nội or spelt by rules that people mix up; the first that fits is replaced, and every y is an i.
SOUNDS = (
    ("ngh", "ng"), ("gh", "g"), ("gi", "d"), ("tr", "ch"), ("kh", "kh"), ("k", "c"), ("s", "x"), ("r", "d"), ("l", "n"),
)  # fmt: skip
TONES = "\u0300\u0301\u0303\u0309\u0323"
MARKS = TONES + "\u0302\u0306\u031bđ"

_WORD = re.compile(r"[^\W_]+")
Doc = dict[str, Any]


@dataclass(frozen=True)
class Word:
    """A word as it was written: what it is compared by."""

    base: str
    marks: str
    shape: str
    sound: str


@dataclass
class Term:
    """A word of the index: where it stands, and with which weight at best."""

    word: Word
    places: dict[int, int] = field(default_factory=dict)


@dataclass
class Prepared:
    """An index made ready: its words, and each entry's folded texts with their weights."""

    docs: list[Doc]
    idle: set[str]
    terms: list[Term]
    bases: set[str]
    texts: list[list[tuple[str, int]]]


@dataclass
class Fit:
    """A typed word and what it earns each entry, rarity not yet counted."""

    base: str
    earned: dict[int, int]
    slip: bool = False


def prepare(index: dict[str, Any]) -> Prepared:
    """Return index ready for find()."""
    terms: dict[tuple[str, str], Term] = {}
    texts: list[list[tuple[str, int]]] = []
    for place, doc in enumerate(index["docs"]):
        texts.append([(text, weight) for name, weight in index["weights"].items() for text in texts_of(doc.get(name))])
        for text, weight in texts[-1]:
            for word in words_of(text):
                term = terms.setdefault((word.base, word.marks), Term(word))
                term.places[place] = max(weight, term.places.get(place, 0))
    folded = [[(f" {fold(text)} ", weight) for text, weight in own] for own in texts]
    bases = {base for base, _marks in terms}
    return Prepared(index["docs"], set(index["idle"]), list(terms.values()), bases, folded)


def find(prepared: Prepared, question: str) -> list[Doc]:
    """Return the entries that answer question, the best first; empty when there is none."""
    found = words_of(question)
    telling = _telling(found, prepared.idle) or found
    fits = [fit for word in telling[:WORDS] for fit in _fits(prepared, word)]
    scores = _scores(prepared, fits)
    best = max(scores.values(), default=0)
    kept = [place for place, score in scores.items() if score * SHARE >= best]
    return [prepared.docs[place] for place in sorted(kept, key=lambda place: (-scores[place], place))]


# --- Words ------------------------------------------------------------------------------------------------------------


def words_of(text: str) -> list[Word]:
    """Return the words of a text."""
    raw = _WORD.findall(unicodedata.normalize("NFC", text))
    return [word_of(base[:LONGEST], letters) for letters in raw for base in fold(letters).split()]


def word_of(base: str, letters: str) -> Word:
    """Return a word by its base and the letters it was written with."""
    parts = unicodedata.normalize("NFD", letters.lower())
    # In a fixed order, wherever in the word they stand: "hòa" and "hoà" are one.
    marks = "".join(sorted(c for c in parts if c in MARKS))
    shape = unicodedata.normalize("NFC", "".join(c for c in parts if c not in TONES))
    return Word(base, marks, shape, sound(base))


def sound(base: str) -> str:
    """Return how a base sounds: two words that sound alike have the same."""
    for start, heard in SOUNDS:
        if base.startswith(start):
            base = heard + base[len(start) :]
            break
    return base.replace("y", "i")


def slipped(typed: str, meant: str) -> bool:
    """Say whether one letter is wrong, missing, added or two neighbours are swapped between the two."""
    if typed == meant or abs(len(typed) - len(meant)) > 1:
        return False
    at = next((i for i, (a, b) in enumerate(zip(typed, meant, strict=False)) if a != b), min(len(typed), len(meant)))
    if len(typed) > len(meant):
        return typed[at + 1 :] == meant[at:]
    if len(typed) < len(meant):
        return typed[at:] == meant[at + 1 :]
    swapped = typed[at : at + 2] == meant[at : at + 2][::-1] and typed[at + 2 :] == meant[at + 2 :]
    return swapped or typed[at + 1 :] == meant[at + 1 :]


def texts_of(value: str | list[str] | None) -> list[str]:
    """Return a field's texts: it holds one or several."""
    return [value] if isinstance(value, str) else value or []


def _telling(found: list[Word], idle: set[str]) -> list[Word]:
    kept, at = [], 0
    while at < len(found):
        runs = (n for n in range(RUN, 0, -1) if " ".join(word.base for word in found[at : at + n]) in idle)
        run = next(runs, 0)
        kept += [] if run else [found[at]]
        at += run or 1
    return kept


def _cut(typed: str, bases: set[str]) -> list[str]:
    # From the end: the best way to cut what is left of each place.
    ways: list[list[str] | None] = [None] * len(typed) + [[]]
    for start in range(len(typed) - 1, -1, -1):
        for end in range(len(typed), start, -1):
            rest, held = ways[end], ways[start]
            if rest is not None and typed[start:end] in bases and (held is None or len(rest) + 1 < len(held)):
                ways[start] = [typed[start:end], *rest]
    return ways[0] or []


# --- Fitting and counting ---------------------------------------------------------------------------------------------


def _fits(prepared: Prepared, word: Word) -> list[Fit]:
    """Return how a typed word fits, or the words that were run together in it."""
    found = _fit(prepared, word)
    if found.earned:
        return [found]
    return [_fit(prepared, word_of(part, part)) for part in _cut(word.base, prepared.bases)] or [found]


def _fit(prepared: Prepared, word: Word) -> Fit:
    earned: dict[int, int] = {}
    for term in prepared.terms:
        _earn(earned, term, _grade(word, term.word))
    if earned or len(word.base) < SLIP:
        return Fit(word.base, earned)
    for term in prepared.terms:
        _earn(earned, term, GRADES["slip"] if slipped(word.base, term.word.base) else 0)
    return Fit(word.base, earned, slip=True)


def _earn(earned: dict[int, int], term: Term, grade: int) -> None:
    if grade:
        for place, weight in term.places.items():
            earned[place] = max(grade * weight, earned.get(place, 0))


def _grade(typed: Word, meant: Word) -> int:
    equal, begins = typed.base == meant.base, meant.base.startswith(typed.base)
    if not begins and typed.sound != meant.sound:
        return 0
    if not all(typed.marks.count(mark) <= meant.marks.count(mark) for mark in typed.marks):
        return GRADES["bare"] if equal else 0
    if equal:
        return GRADES["whole" if typed.marks and typed.marks == meant.marks else "same"]
    if begins and (not typed.marks or meant.shape.startswith(typed.shape)):
        return GRADES["start"]
    return GRADES["sound"] if typed.sound == meant.sound else 0


def _scores(prepared: Prepared, fits: list[Fit]) -> dict[int, int]:
    scores: dict[int, int] = {}
    counts: dict[int, int] = {}
    rarities = [_rarity(len(fit.earned), len(prepared.docs)) for fit in fits]
    for fit, rarity in zip(fits, rarities, strict=True):
        for place, earned in fit.earned.items():
            scores[place] = scores.get(place, 0) + rarity * earned
            counts[place] = counts.get(place, 0) + (1 if fit.slip else 2)
    runs = _runs([fit.base for fit in fits], rarities)
    return {
        place: score + PAIR * _together(prepared.texts[place], runs)
        for place, score in scores.items()
        if counts[place] >= len(fits)
    }


def _rarity(having: int, of: int) -> int:
    rarity = 1
    while 0 < having * 2 <= of:
        having, rarity = having * 2, rarity + 1
    return rarity


def _runs(bases: list[str], rarities: list[int]) -> list[tuple[str, int]]:
    """Return what earns when it stands in a text, with its rarity: each two neighbours, and last all of them."""
    if len(bases) < 2:
        return []
    two = [(f" {bases[i]} {bases[i + 1]}", min(rarities[i : i + 2])) for i in range(len(bases) - 1)]
    return [*two, (f" {' '.join(bases)} ", min(rarities))]


def _together(texts: list[tuple[str, int]], runs: list[tuple[str, int]]) -> int:
    if not runs:
        return 0
    *two, (whole, rarity) = runs
    earned = sum(rare * max((weight for text, weight in texts if pair in text), default=0) for pair, rare in two)
    return earned + rarity * max((weight for text, weight in texts if text == whole), default=0)
