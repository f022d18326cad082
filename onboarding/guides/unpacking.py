"""Reading a guide's zip that a stranger may have made: names and sizes first, then bytes, counted while they come out.

What is not exactly as exchange.py writes it is refused with a sentence. Not for: what guide.json says (incoming.py).
"""

import json
import re
import stat
import zipfile
from io import BytesIO
from typing import Any

from django.utils.translation import gettext as _

from onboarding.guides.exchange import GUIDE, LICENCE_FILE, MOST_PACKED, README, Files
from onboarding.refusal import Refused

MOST_UNPACKED = 60_000_000
MOST_ENTRIES = 300
MOST_JSON, DEEPEST = 400_000, 12
CHUNK = 65_536
ENCRYPTED = 0x1
WAYS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
FOLDERS = ("pictures/", "audio/")  # some programs write entries for them
NAMES = re.compile(
    rf"{re.escape(GUIDE)}|{re.escape(LICENCE_FILE)}|{re.escape(README)}|pictures/step-\d\d\.webp"
    r"|pictures/poster-\d\d\.jpg|pictures/photo-[0-9a-f]{64}\.webp|audio/[0-9a-f]{64}\.(?:opus|m4a)"
)


def unpack(packed: bytes) -> Files:
    """Return the entries by name. Raises Refused("bad_zip")."""
    if len(packed) > MOST_PACKED:
        raise _no(heavy())
    try:
        with zipfile.ZipFile(BytesIO(packed)) as file:
            entries = file.infolist()
            _check(entries)
            return _read(file, [entry for entry in entries if entry.filename not in FOLDERS])
    except Refused:
        raise
    except zipfile.BadZipFile as error:
        raise _no(_("Tệp này không phải gói hướng dẫn, hoặc đã hỏng. Chọn tệp .zip đã xuất từ Gõ Cửa.")) from error
    except Exception as error:  # zlib, struct and others on bytes made to hurt
        raise _no(_("Gói bị hỏng giữa chừng. Xuất lại bài rồi thử lại.")) from error


def heavy() -> str:
    """Return what is said of a zip of more than MOST_PACKED bytes."""
    return _("Gói nặng quá 20 MB. Bớt ảnh trong bài rồi xuất lại.")


def read_json(text: bytes) -> Any:
    """Return what a JSON file says. Raises Refused("bad_zip") when it is too long, too deep or none."""
    try:
        if len(text) > MOST_JSON:
            raise ValueError("too long")
        found = json.loads(text.decode(), parse_constant=_none)
        # Half a sign or a zero byte can be written in JSON and in no database.
        if b"\\u0000" in json.dumps(found, ensure_ascii=False).encode() or _depth(found) > DEEPEST:
            raise ValueError("too deep, or not text")
    except (ValueError, RecursionError) as error:
        raise _no(_("Không đọc được guide.json trong gói. Xuất lại bài rồi thử lại.")) from error
    return found


def _check(entries: list[zipfile.ZipInfo]) -> None:
    if len(entries) > MOST_ENTRIES:
        words = _("Gói có %(n)s tệp, nhiều nhất %(most)s. Chọn gói đã xuất từ Gõ Cửa.")
        raise _no(words % {"n": len(entries), "most": MOST_ENTRIES})
    for entry in entries:
        _check_entry(entry)
    names = [entry.filename for entry in entries]
    twice = next((name for name in names if names.count(name) > 1), "")
    if twice:
        raise _no(_("Gói có hai tệp cùng tên “%(name)s”. Xuất lại bài rồi thử lại.") % {"name": twice})
    if GUIDE not in names:
        raise _no(_("Gói không có guide.json. Chọn tệp .zip đã xuất từ Gõ Cửa."))


def _check_entry(entry: zipfile.ZipInfo) -> None:
    """Refuse any name, kind or packing but ours: no other folder, no link, no zip in the zip."""
    if entry.flag_bits & ENCRYPTED:
        raise _no(_("Gói bị khóa bằng mật khẩu. Xuất lại, đừng đặt mật khẩu."))
    mode = entry.external_attr >> 16
    plain = entry.orig_filename == entry.filename and (mode == 0 or stat.S_IFMT(mode) in (0, stat.S_IFREG))
    folder = entry.filename in FOLDERS and entry.file_size == 0
    if not folder and not (plain and NAMES.fullmatch(entry.filename) and entry.compress_type in WAYS):
        name = re.sub(r"[^\w./-]", "?", entry.orig_filename)[:60]
        raise _no(_("Gói có tệp lạ “%(name)s”. Chọn gói đã xuất từ Gõ Cửa.") % {"name": name})


def _read(file: zipfile.ZipFile, entries: list[zipfile.ZipInfo]) -> Files:
    """Read the entries; the sizes that a zip states are only claims, so what comes out is counted."""
    found, left = {}, MOST_UNPACKED
    for entry in entries:
        parts = []
        with file.open(entry) as stream:
            while part := stream.read(CHUNK):
                left -= len(part)
                if left < 0:
                    raise _no(_("Gói bung ra quá 60 MB. Bớt ảnh trong bài rồi xuất lại."))
                parts.append(part)
        found[entry.filename] = b"".join(parts)
    return found


def _depth(part: Any) -> int:
    inner = part.values() if isinstance(part, dict) else part if isinstance(part, list) else ()
    return 1 + max((_depth(one) for one in inner), default=0)


def _none(word: str) -> None:
    raise ValueError(word)  # NaN and Infinity are no JSON


def _no(sentence: str) -> Refused:
    return Refused("bad_zip", sentence)
