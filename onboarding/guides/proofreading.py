"""Reads the content the way a careful editor would and says in sentences what must be mended before it ships.

For: `manage.py check_content` and the tests. Pure: files in, sentences out; the day is given, so that a passing check
does not start to fail by itself in the tests. Not for: pictures' specs in detail (specs.py).
"""

import re
from collections.abc import Iterator
from datetime import date

from onboarding.guides import lengths, links, procedure_proofs, recordings, shapes, translation_proofs
from onboarding.guides.content import GuideFile, Row, Shelf, bound
from onboarding.guides.drawing import WORDS, alt_text
from onboarding.guides.models import Blocker, GuideVersion, Step
from onboarding.guides.specs import CAPTION, faults_of
from onboarding.guides.wording import TITLE, Rules, Words, dead_links, own_words, sentences
from onboarding.templatetags.ui import drawings
from onboarding.text import nfc

SENTENCES = 2
STUCK = 6
MINUTES = 240
RESOLVERS = ("citizen", "team", "operator", "police", "justice", "immigration")
ABILITIES = ("can", "not-now", "cannot")
NEEDS = ("network", "own-phone", "officer", "waiting")
SECRETS = re.compile(r"mật khẩu|passcode|câu trả lời|nhập mã|mã này|OTP", re.IGNORECASE)
# Words that send somebody to type a secret, whatever the picture shows.
TYPES = re.compile(
    r"(?:gõ|nhập|đặt) [^.,]*(?:mật khẩu|passcode|câu trả lời|OTP|mã ký)|đăng nhập (?:Cổng|VNeID|bằng)", re.IGNORECASE
)


def faults(shelf: Shelf, *, today: date) -> list[str]:
    """Return what is wrong with the content on that day, one sentence each; empty when it may ship."""
    misbuilt = [f"{file.name}: {fault}" for file in shelf.guides for fault in shapes.faults(file.data)]
    if misbuilt:  # nothing looks into a file before every part is of its kind
        return misbuilt
    known, words, pages = {row["code"] for row in shelf.blockers}, Words(shelf.jargon), shelf.pages()
    found = [*_blockers(shelf.blockers, words), *procedure_proofs.faults(shelf, today)]
    for file in shelf.guides:
        wrong = [_line(*fault) for fault in _guide(file, known, words, today)]
        found += [f"{file.name}: {fault}" for fault in [*wrong, *dead_links(file.data, pages), *_unsafe(file, shelf)]]
    found += [*_twins(shelf), *_checklists(shelf, known), *_topics(shelf), *_events(shelf, words)]
    return [*found, *translation_proofs.faults(shelf)]


def guide_faults(file: GuideFile, shelf: Shelf, known: set[str], today: date) -> list[tuple[int, str]]:
    """Return what is wrong with one guide: (step's number, 0 for the face; sentence). known: codes of blockers."""
    anywhere = [*dead_links(file.data, shelf.pages()), *_unsafe(file, shelf), *_topic(file, shelf)]
    words = Words(shelf.jargon) if file.language == "vi" else translation_proofs.EnglishWords()
    return [*_guide(file, known, words, today), *((0, fault) for fault in anywhere)]


def _unsafe(file: GuideFile, shelf: Shelf) -> Iterator[str]:
    """Yield what may stand nowhere in a guide; its source is for editors only and names the pages it was read on."""
    face = {key: value for key, value in file.version.items() if key != "source"}
    return links.faults([face, file.steps, file.words], shelf.links)


def _twins(shelf: Shelf) -> Iterator[str]:
    """Yield where guides have the same name in addresses or the same code beside their QR, or lack one."""
    for key in ("slug", "code"):
        first: dict[str, str] = {}
        for file in shelf.guides:
            value = file.data.get(key)
            if not value:
                yield f"{file.name}: thiếu “{key}”. Viết thêm."
            elif first.setdefault(value, file.name) != file.name:
                yield f"{file.name}: “{key}” {value} đã có ở {first[value]}. Đặt khác đi."
    for file in shelf.guides:
        yield from (f"{file.name}: {fault}" for fault in _items(file))


def _items(file: GuideFile) -> Iterator[str]:
    """Yield where a step stands for no work or for that of another. In a draft it may: no form names the work."""
    items = [step.get("item") for step in file.steps]
    for number, item in enumerate(items, 1):
        if not item:
            yield f"bước {number}: thiếu “item”. Ghi tên mục của danh sách việc."
        elif items.index(item) + 1 < number:
            yield f"bước {number}: mục “{item}” đã có ở bước {items.index(item) + 1}. Đặt tên khác."


def _line(step: int, fault: str) -> str:
    return f"bước {step}: {fault}" if step else fault


# --- Guides -----------------------------------------------------------------------------------------------------------


def _guide(file: GuideFile, blockers: set[str], words: Rules, today: date) -> Iterator[tuple[int, str]]:
    yield from ((0, fault) for fault in _face(file, words, today))
    for number in range(1, len(file.steps) + 1):
        yield from ((number, fault) for fault in _step(file, number, blockers, words))


def _face(file: GuideFile, words: Rules, today: date) -> Iterator[str]:
    face = file.version
    for key in ("title", "summary", "minutes", "at_hand", "checked_on", "checked_by", "source"):
        if not face.get(key):
            yield f"thiếu “{key}”. Viết thêm."
    if face.get("minutes") and not (isinstance(face["minutes"], int) and 0 < face["minutes"] <= MINUTES):
        yield f"số phút “{str(face['minutes'])[:20]}” không dùng được. Ghi một số từ 1 đến {MINUTES}."
    if not file.steps:
        yield "chưa có bước nào. Viết ít nhất một bước."
    if file.data.get("icon", "book-2") not in drawings():
        yield f"chưa có hình “{file.data['icon']}”. Chọn hình có trong icons.json."
    yield from _words(file)
    yield from _age(file, today)
    title = bound(face.get("title", ""))
    if len(title) > TITLE:
        yield f"tên hướng dẫn dài {len(title)} chữ. Rút còn {TITLE} chữ."
    yield from lengths.faults({**face, "title": ""}, GuideVersion)  # the title has a limit of its own above
    for text in [title, face.get("summary", ""), *face.get("at_hand", [])]:
        yield from words.faults(text)


def _words(file: GuideFile) -> Iterator[str]:
    if not file.words and file.language == "vi":  # the search knows Vietnamese guides only
        yield "thiếu “words”. Ghi những từ người dân hay gõ khi tìm."
    yield from (f"chữ “{text}” chưa ở dạng NFC. Gõ lại." for text in file.words if text != nfc(text))


def _age(file: GuideFile, today: date) -> Iterator[str]:
    due, checked = file.data.get("review_by"), file.version.get("checked_on")
    if not due:
        yield "thiếu “review_by”. Ghi ngày phải xem lại."
    elif due < today:
        yield f"đã quá hạn xem lại từ {due:%d/%m/%Y}. Đối chiếu với máy thật rồi ghi ngày mới."
    if checked and checked > today:
        yield f"ngày kiểm tra {checked:%d/%m/%Y} ở tương lai. Ghi lại ngày."


def _step(file: GuideFile, number: int, known: set[str], words: Rules) -> Iterator[str]:
    step = file.steps[number - 1]
    title, safety = bound(step.get("title", "")), step.get("safety", "")
    if len(title) > CAPTION:
        yield f"tên bước dài {len(title)} chữ. Rút còn {CAPTION} chữ."
    if not step.get("text"):
        yield "chưa có lời đọc. Viết một hoặc hai câu."
    if len(sentences(own_words(step.get("text", "")))) > SENTENCES:
        yield "lời đọc quá hai câu. Tách thành hai bước."
    yield from lengths.faults({**step, "title": ""}, Step)
    for text in (title, step.get("text", ""), safety, *_beside(step.get("picture", {}))):
        yield from words.faults(text)
    if not safety and _types_a_secret(step, f"{title} {step.get('text', '')}"):
        yield "người dân gõ điều bí mật mà thiếu dòng an toàn. Viết “safety”."
    yield from _references(step, known)
    yield from _picture(file, number)
    yield from recordings.faults(step)


def _beside(picture: Row) -> list[str]:
    """Return what stands under a picture and what is read aloud instead of it. A label may be anything in a draft."""
    targets = picture.get("targets") or []
    labels = (
        [target.get("label") for target in targets if isinstance(target, dict)] if isinstance(targets, list) else []
    )
    return [text for text in (picture.get("note"), *labels) if isinstance(text, str)]


def _types_a_secret(step: Row, said: str) -> bool:
    """Say whether the words send to a secret, or name one and the picture shows a place for dots or a code."""
    if TYPES.search(" ".join(said.split())):
        return True
    return bool(SECRETS.search(said)) and any(
        e.get("t") in ("otp", "dots") or e.get("dots") for e in step.get("picture", {}).get("screen", [])
    )


def _references(step: Row, known: set[str]) -> Iterator[str]:
    if not step.get("blockers"):
        yield "chưa có chỗ vướng nào. Chọn ít nhất một."
    if len(step.get("blockers", [])) > STUCK:
        yield f"có quá {STUCK} chỗ vướng. Chọn những chỗ hay gặp nhất."
    for code in step.get("blockers", []):
        if code not in known:
            yield f"không có chỗ vướng tên “{code}”. Chọn tên có trong blockers.yaml."
    for need in step.get("needs", []):
        if need not in NEEDS:
            yield f"không hiểu “{need}” trong needs. Dùng {', '.join(NEEDS)}."


def _picture(file: GuideFile, number: int) -> Iterator[str]:
    scene = file.scene(number)
    wrong = faults_of(scene)
    yield from wrong
    if not wrong and not any(WORDS["vi"][how] in alt_text(scene.spec) for how in ("pointed", "ringed")):
        yield "tranh chưa có lời tả. Viết label cho chỗ chú ý."


# --- Blockers, checklists ---------------------------------------------------------------------------------------------


def _blockers(rows: list[Row], words: Rules) -> Iterator[str]:
    codes = [row.get("code") for row in rows]
    for row in rows:
        where = f"blockers.yaml, {row.get('code')}: "
        for fault in [*_blocker(row, words), *lengths.faults(row, Blocker)]:
            yield where + fault
        if codes.count(row.get("code")) > 1:
            yield where + "tên này có hai lần. Xóa một."


def _blocker(row: Row, words: Rules) -> Iterator[str]:
    for key in ("title", "advice", "next_step", "wait", "source", "checked_on"):
        if not row.get(key):
            yield f"thiếu “{key}”. Viết thêm."
    if row.get("resolver") not in RESOLVERS:
        yield f"không hiểu người giải quyết “{row.get('resolver')}”. Dùng {', '.join(RESOLVERS)}."
    if row.get("ability") not in ABILITIES:
        yield f"không hiểu “{row.get('ability')}”. Dùng {', '.join(ABILITIES)}."
    for key in ("title", "advice", "next_step"):
        yield from words.faults(row.get(key, ""))


def _checklists(shelf: Shelf, known: set[str]) -> Iterator[str]:
    guides = {file.data.get("slug"): file for file in shelf.guides}
    for path, data in shelf.checklists:
        for key in ("code", "title", "valid_from", "source", "items"):
            if not data.get(key):
                yield f"{path.name}: thiếu “{key}”. Viết thêm."
        for item in data.get("items", []):
            for code in item.get("blockers", []):
                if code not in known:
                    yield f"{path.name}, {item.get('code')}: không có chỗ vướng tên “{code}”."
        if data.get("guide") in guides:
            yield from _mirror(path.name, data, guides[data["guide"]])


def _mirror(name: str, checklist: Row, guide: GuideFile) -> Iterator[str]:
    ours = [(item.get("guide_step"), item.get("code")) for item in checklist.get("items", [])]
    theirs = [(number, step.get("item")) for number, step in enumerate(guide.steps, 1)]
    for item in sorted(set(ours) ^ set(theirs), key=str):
        yield f"{name}: mục {item[1]} không khớp bước {item[0]} của {guide.name}. Sửa cho giống nhau."


# --- Topics, events ---------------------------------------------------------------------------------------------------


def _topics(shelf: Shelf) -> Iterator[str]:
    for row in shelf.topics:
        yield from (f"topics.yaml, {row.get('code')}: {fault}" for fault in _shown(row, ("code", "title", "icon")))
    for file in shelf.guides:
        yield from (f"{file.name}: {fault}" for fault in _topic(file, shelf))


def _topic(file: GuideFile, shelf: Shelf) -> Iterator[str]:
    if file.data.get("topic") not in [row.get("code") for row in shelf.topics]:
        yield f"không có nhóm “{file.data.get('topic')}”. Chọn nhóm có trong topics.yaml."


def _events(shelf: Shelf, words: Rules) -> Iterator[str]:
    known = {file.data.get(key) for file in shelf.guides for key in ("slug", "procedure")}
    for row in shelf.events:
        where = f"events.yaml, {row.get('slug')}: "
        for fault in _shown(row, ("slug", "title", "icon", "sentence", "lead", "guides")):
            yield where + fault
        for text in (row.get("title", ""), row.get("sentence", ""), row.get("lead", "")):
            yield from (where + fault for fault in words.faults(bound(text)))
        for name in row.get("guides", []):
            if name not in known:
                yield f"{where}không có hướng dẫn “{name}”. Chọn hướng dẫn có trong guides."


def _shown(row: Row, needs: tuple[str, ...]) -> Iterator[str]:
    yield from (f"thiếu “{key}”. Viết thêm." for key in needs if not row.get(key))
    if row.get("icon") and row["icon"] not in drawings():
        yield f"chưa có hình “{row['icon']}”. Chọn hình có trong icons.json."
