"""Reads the English guides beside the Vietnamese ones and says in sentences what must be mended before they ship.

For: proofreading.py. Pure: files in, sentences out. Not for: what is taken over as it is (translating.py).
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from onboarding.guides import lengths, links
from onboarding.guides.content import GuideFile, Row, Shelf, bound
from onboarding.guides.models import Blocker, GuideVersion, Step
from onboarding.guides.specs import CAPTION, faults_of
from onboarding.guides.translating import FACE
from onboarding.guides.wording import TITLE, dead_links, own_words, sentences
from onboarding.text import nfc

WORDS = 16
SENTENCES = 2
KEYS = {"of", *FACE, "steps"}
STEP_KEYS = {"title", "text", "safety", "note", "labels"}
BLOCKER_KEYS = ("title", "advice", "next_step", "wait")
FORBIDDEN = re.compile(r"\bplease\b|\bsuccessful|\bsystem error\b|!", re.IGNORECASE)
# A Vietnamese label with its English behind it is read at a glance, so it counts as one word.
EXPLAINED = re.compile(r"“…”(?: \([^)]*\))?")


def faults(shelf: Shelf) -> Iterator[str]:
    """Yield what is wrong with the English guides and with what they need."""
    guides = {file.data.get("slug"): file for file in shelf.guides}
    composed, pages = {file.original: file for file in shelf.english}, shelf.pages()
    for path, said in shelf.translations:
        guide = guides.get(said.get("of"))
        found = _file(guide, composed[guide.data["slug"]], said) if guide else _without(said)
        anywhere = [*dead_links(said, pages), *links.faults([said], shelf.links)]
        yield from (f"en/{path.name}: {fault}" for fault in [*found, *anywhere])
    for slug, file in guides.items():
        if file.data.get("english") and slug not in composed:
            yield f"{file.name}: chưa có bản tiếng Anh. Viết guides/en/{slug}.yaml."
    yield from _blockers(shelf)
    yield from _topics(shelf)


class EnglishWords:
    """The rules of wording in English, for drafts of authors."""

    def faults(self, text: str) -> Iterator[str]:
        """Yield what is wrong with a text that people read or hear."""
        return of_text(text)


def of_text(text: str) -> Iterator[str]:
    """Yield what is wrong with an English text that people read or hear."""
    ours = own_words(text)
    for sentence in sentences(EXPLAINED.sub("…", ours)):
        count = len(sentence.split())
        if count > WORDS:
            yield f"câu “{sentence}” dài {count} từ. Rút còn {WORDS} từ."
    if FORBIDDEN.search(ours):
        yield f"câu “{text}” có từ không dùng (please, successful, !). Nói việc cần làm."
    if _vietnamese(ours):
        yield f"câu “{text}” còn chữ tiếng Việt ngoài ngoặc kép. Dịch hoặc để trong “…”."
    if text != nfc(text):
        yield f"chữ “{text}” chưa ở dạng NFC. Gõ lại."


def _vietnamese(text: str) -> bool:
    return any(c in "đĐ" or unicodedata.combining(c) for c in unicodedata.normalize("NFD", text))


def _without(said: Row) -> Iterator[str]:
    yield f"không có hướng dẫn “{said.get('of')}”. Sửa “of” hoặc xóa bản tiếng Anh."


# --- Guides -----------------------------------------------------------------------------------------------------------


def _file(guide: GuideFile, english: GuideFile, said: Row) -> Iterator[str]:
    steps = said.get("steps") or []
    yield from _unknown(said, KEYS)
    yield from _face(guide, said)
    if len(steps) != len(guide.steps):
        yield f"có {len(steps)} bước, bản tiếng Việt có {len(guide.steps)}. Viết cho khớp."
        return
    for number, (step, words) in enumerate(zip(guide.steps, steps, strict=True), 1):
        found = [*_step(step, words), *faults_of(english.scene(number))]
        yield from (f"bước {number}: {fault}" for fault in found)


def _face(guide: GuideFile, said: Row) -> Iterator[str]:
    yield from (f"thiếu “{key}”. Viết thêm." for key in FACE if not said.get(key))
    title, at_hand = bound(said.get("title") or ""), said.get("at_hand") or []
    if len(title) > TITLE:
        yield f"tên hướng dẫn dài {len(title)} chữ. Rút còn {TITLE} chữ."
    if len(at_hand) != len(guide.version.get("at_hand", [])):
        yield f"“at_hand” có {len(at_hand)} dòng, khác bản tiếng Việt. Viết cho khớp."
    yield from lengths.faults({**said, "title": ""}, GuideVersion)  # the title has a limit of its own above
    for text in [title, said.get("summary") or "", said.get("checked_by") or "", *at_hand]:
        yield from of_text(text)


def _step(step: Row, words: Row) -> Iterator[str]:
    picture, labels = step.get("picture", {}), words.get("labels") or []
    yield from _unknown(words, STEP_KEYS)
    meant = {"title": True, "text": True, "safety": step.get("safety"), "note": picture.get("note")}
    for key, wanted in meant.items():
        yield from _as_meant(key, bool(wanted), bool(words.get(key)))
    if len(labels) != len(picture.get("targets", [])):
        yield f"“labels” có {len(labels)} lời tả, khác bản tiếng Việt. Viết cho khớp."
    title = bound(words.get("title") or "")
    if len(title) > CAPTION:
        yield f"tên bước dài {len(title)} chữ. Rút còn {CAPTION} chữ."
    if len(sentences(own_words(words.get("text") or ""))) > SENTENCES:
        yield "lời đọc quá hai câu. Rút ngắn lại."
    yield from lengths.faults({**words, "title": ""}, Step)
    for text in [title, *(words.get(key) or "" for key in ("text", "safety", "note")), *labels]:
        yield from of_text(text)


def _as_meant(key: str, wanted: bool, there: bool) -> Iterator[str]:
    if wanted and not there:
        yield f"thiếu “{key}”. Viết thêm."
    if there and not wanted:
        yield f"thừa “{key}”, bản tiếng Việt không có. Xóa mục này."


def _unknown(row: Row, known: set[str]) -> Iterator[str]:
    yield from (f"không hiểu “{key}”. Xóa mục này." for key in row if key not in known)


# --- What the guides lead to ------------------------------------------------------------------------------------------


def _blockers(shelf: Shelf) -> Iterator[str]:
    known = {row.get("code") for row in shelf.blockers}
    used = {code for file in shelf.english for step in file.steps for code in step.get("blockers", [])}
    for code in sorted(used & known - shelf.english_blockers.keys()):
        yield f"en/blockers.yaml: thiếu “{code}”. Viết thêm."
    for code, row in shelf.english_blockers.items():
        found = _blocker(row or {}) if code in known else iter(["không có chỗ vướng này. Xóa đi."])
        yield from (f"en/blockers.yaml, {code}: {fault}" for fault in found)


def _blocker(row: dict[str, Any]) -> Iterator[str]:
    yield from (f"thiếu “{key}”. Viết thêm." for key in BLOCKER_KEYS if not row.get(key))
    yield from lengths.faults(row, Blocker)
    for text in row.values():
        yield from of_text(text)


def _topics(shelf: Shelf) -> Iterator[str]:
    used = {file.data.get("topic") for file in shelf.english}
    for row in shelf.topics:
        if row.get("code") in used and not row.get("english"):
            yield f"topics.yaml, {row['code']}: thiếu “english”. Viết tên nhóm bằng tiếng Anh."
