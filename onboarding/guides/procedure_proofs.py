"""Reads the files of procedures the way a careful editor would; a part of proofreading.py, which says what for.

Every fact needs a source and a time, says only what facts.py knows, in words that people understand, and leads to
procedures, states and pages that exist. Not for: guides and their pictures.
"""

from collections.abc import Iterator
from datetime import date
from typing import Any

from onboarding.guides import lengths
from onboarding.guides.content import Row, Shelf
from onboarding.guides.facts import faults_of
from onboarding.guides.models import Procedure, ProcedureFact
from onboarding.guides.wording import TITLE, Words, dead_links, strings

NAME = 200
# What citizens do not read as our words: official names and codes, and what leads elsewhere.
NOT_OURS = ("code", "legal", "related", "states")
NOT_WORDS = ("url", "href", "by", "unit", "level")


def faults(shelf: Shelf, today: date) -> Iterator[str]:
    """Yield what is wrong with procedures and what is said about them, one sentence each."""
    words, pages = Words(shelf.jargon), shelf.pages()
    names = {data.get("slug") for _path, data in shelf.procedures}
    yield from _lists(shelf)
    for path, data in shelf.procedures:
        wrong = [*_face(data, path.stem, words), *lengths.faults({"agency": data.get("agency")}, Procedure)]
        wrong += [*_topic(data, shelf), *_facts(data.get("facts", []), words, today)]
        wrong += [*_references(data, names, set(shelf.states)), *dead_links(data, pages)]
        yield from (f"{path.name}: {fault}" for fault in wrong)
    for file in shelf.guides:
        if file.data.get("procedure") not in names:
            yield f"{file.name}: không có thủ tục “{file.data.get('procedure')}”. Chọn thủ tục có trong procedures."


def _lists(shelf: Shelf) -> Iterator[str]:
    for row in shelf.jargon:
        for key in ("word", "plain"):
            if not row.get(key):
                yield f"jargon.yaml, {row.get('word')}: thiếu “{key}”. Viết thêm."
    for name, book in shelf.states.items():
        for key in ("source", "checked_on", "states"):
            if not book.get(key):
                yield f"states.yaml, {name}: thiếu “{key}”. Viết thêm."


def _face(data: Row, stem: str, words: Words) -> Iterator[str]:
    for key in ("name", "plain_name"):
        if not data.get(key):
            yield f"thiếu “{key}”. Viết thêm."
    if data.get("slug") != stem:
        yield f"tên tệp khác slug “{data.get('slug')}”. Đặt cho giống nhau."
    for key, most in (("name", NAME), ("plain_name", TITLE)):
        if len(data.get(key, "")) > most:
            yield f"{key} dài {len(data[key])} chữ. Rút còn {most} chữ."
    yield from words.faults(data.get("plain_name", ""))


def _topic(data: Row, shelf: Shelf) -> Iterator[str]:
    if data.get("topic") not in [row.get("code") for row in shelf.topics]:
        yield f"không có nhóm “{data.get('topic')}”. Chọn nhóm có trong topics.yaml."


def _facts(rows: list[Row], words: Words, today: date) -> Iterator[str]:
    seen = set()
    for row in rows:
        key = row.get("key", "")
        if (key, row.get("valid_from")) in seen:
            yield f"{key}: có hai lần từ cùng một ngày. Xóa một."
        seen.add((key, row.get("valid_from")))
        long = lengths.faults(row, ProcedureFact)
        for fault in [*_dates(row, rows, today), *faults_of(key, row.get("value")), *_words(row, words), *long]:
            yield f"{key}: {fault}"


def _dates(row: Row, rows: list[Row], today: date) -> Iterator[str]:
    for key in ("source", "checked_on", "valid_from"):
        if not row.get(key):
            yield f"thiếu “{key}”. Viết thêm."
    if row.get("checked_on") and row["checked_on"] > today:
        yield f"ngày kiểm tra {row['checked_on']:%d/%m/%Y} ở tương lai. Ghi lại ngày."
    begin, end = row.get("valid_from"), row.get("valid_to")
    if begin and end and end < begin:
        yield f"hết hạn {end:%d/%m/%Y} trước khi bắt đầu. Ghi lại ngày."
    if end and end < today and not _followed(row, rows):
        yield f"đã hết hạn {end:%d/%m/%Y}. Tìm số liệu mới."


def _followed(row: Row, rows: list[Row]) -> bool:
    """Say whether another fact of the same key begins after this one."""
    same = (r for r in rows if r is not row and r.get("key") == row.get("key"))
    return any(r.get("valid_from") and row.get("valid_from") and r["valid_from"] > row["valid_from"] for r in same)


def _words(row: Row, words: Words) -> Iterator[str]:
    if row.get("key") not in NOT_OURS:
        for text in strings(_ours(row.get("value"))):
            yield from words.faults(text)


def _ours(value: Any) -> Any:
    """Return value without what is no word of ours."""
    if isinstance(value, dict):
        return {name: _ours(part) for name, part in value.items() if name not in NOT_WORDS}
    return [_ours(part) for part in value] if isinstance(value, list) else value


def _references(data: Row, names: set[Any], states: set[str]) -> Iterator[str]:
    for row in data.get("facts", []):
        value = row.get("value")
        if not isinstance(value, dict):
            continue
        if row.get("key") == "related":
            for slug in value.get("procedures", []):
                if slug not in names:
                    yield f"related: không có thủ tục “{slug}”. Chọn thủ tục có trong procedures."
        if row.get("key") == "states" and value.get("set") not in states:
            yield f"states: không có bộ “{value.get('set')}”. Chọn bộ có trong states.yaml."
