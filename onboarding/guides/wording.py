"""How we write to people at the door: short sentences, plain words, no dead ends.

For: proofreading of guides, blockers and procedures. Pure. The words that nobody understands are a list of their own
(content/jargon.yaml), each with the plain word to write instead. Not for: what a file must hold.
"""

import re
from collections.abc import Iterator
from typing import Any, Protocol

from onboarding.text import nfc

WORDS = 14
TITLE = 48
# What we never say to people.
FORBIDDEN = ("vui lòng", "thành công", "lỗi hệ thống", "!")
# Labels and messages of a real screen stand in quotation marks and are repeated as they are, whatever their length.
QUOTED = re.compile("“[^”]*”")
OURS = re.compile(r"(?<![\w.:/])/(?:thu-tuc|huong-dan|can|en)/[\w/-]*")


class Rules(Protocol):
    """Rules of wording, those of a language."""

    def faults(self, text: str) -> Iterator[str]:
        """Yield what is wrong with a text that people read or hear."""


class Words:
    """The rules of wording with a list of jargon: rows of `word` and `plain`."""

    def __init__(self, jargon: list[dict[str, str]]) -> None:
        self._jargon = [(_whole(row.get("word", "")), row.get("word", ""), row.get("plain", "")) for row in jargon]

    def faults(self, text: str) -> Iterator[str]:
        """Yield what is wrong with a text that people read or hear."""
        if text != nfc(text):
            yield f"chữ “{text}” chưa ở dạng NFC. Gõ lại."
        ours = " ".join(own_words(text).split())  # a compound held together is the same word
        for sentence in sentences(ours):
            count = len(sentence.split())
            if count > WORDS:
                yield f"câu “{sentence}” dài {count} tiếng. Rút còn {WORDS} tiếng."
        for word in FORBIDDEN:
            if word in ours.lower():
                yield f"không dùng “{word}”. Nói việc cần làm."
        yield from self._jargon_in(ours)

    def _jargon_in(self, text: str) -> Iterator[str]:
        for pattern, word, plain in self._jargon:
            if pattern.search(text):
                yield f"chữ “{word}” khó hiểu. Viết “{plain}”."


def own_words(text: str) -> str:
    """Return a text with each quotation taken for one word."""
    return QUOTED.sub("“…”", text)


def sentences(text: str) -> list[str]:
    """Return the sentences of a text."""
    return [part for part in re.split(r"(?<=[.?])\s+", text.strip()) if part]


def strings(value: Any) -> Iterator[str]:
    """Yield every text anywhere in value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from strings(part)
    elif isinstance(value, list):
        for part in value:
            yield from strings(part)


def dead_links(value: Any, pages: set[str]) -> Iterator[str]:
    """Yield a sentence for each address of ours in value that leads nowhere."""
    for text in strings(value):
        for address in OURS.findall(text):
            if address not in pages:
                yield f"đường dẫn “{address}” không dẫn đến đâu. Sửa hoặc bỏ."


def _whole(word: str) -> re.Pattern[str]:
    """Return what finds a word as a whole: an abbreviation in capitals only, anything else in any case."""
    return re.compile(rf"(?<!\w){re.escape(word)}(?!\w)", 0 if word.isupper() else re.IGNORECASE)
