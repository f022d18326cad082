"""Vietnamese text: one stored form, one searching form, one sorting form.

For: pure functions on strings, the same in every room and mirrored in static/src/js/sync/text.js.
Not for: wording shown to people, nor anything that touches the database.
"""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_NOT_WORD = re.compile(r"[^0-9a-z]+")
# Controls break PostgreSQL (NUL) and logs; bidi overrides can turn a name or an address around.
_CONTROLS = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]"
)
# Tone order of the vi collation: level < huyền < hỏi < ngã < sắc < nặng (ICU "vi" rules).
_TONES = {"\u0300": "1", "\u0309": "2", "\u0303": "3", "\u0301": "4", "\u0323": "5"}
_LETTERS = "aăâbcdđeêfghijklmnoôơpqrstuưvwxyz"


def nfc(value: str) -> str:
    """Return value in NFC, without control, zero-width and bidi characters, runs of spaces kept."""
    return unicodedata.normalize("NFC", _CONTROLS.sub("", value))


def tidy(value: str) -> str:
    """Return one clean line: NFC, no controls, single spaces, trimmed. For names and addresses."""
    return _SPACES.sub(" ", nfc(value)).strip()


def fold(value: str) -> str:
    """Return the searching form: no marks, đ as d, lower case, only letters, digits and single spaces."""
    marks_off = "".join(c for c in unicodedata.normalize("NFD", value) if not unicodedata.combining(c))
    return _NOT_WORD.sub(" ", marks_off.replace("đ", "d").replace("Đ", "d").casefold()).strip()


def sort_key(name: str) -> str:
    """Return a key that sorts people by given name, family name, middle names in Vietnamese order."""
    words = tidy(name).lower().split(" ")
    ordered = [words[-1], *words[:-1]]
    return "|".join(_word_key(word) for word in ordered)


def _word_key(word: str) -> str:
    letters, tones = [], []
    for char in word:
        base, tone = _split_tone(char)
        place = _LETTERS.find(base)
        letters.append(f"{place:02d}" if place >= 0 else f"99{ord(base):x}")
        tones.append(tone)
    return "".join(letters) + "~" + "".join(tones)


def _split_tone(char: str) -> tuple[str, str]:
    parts = unicodedata.normalize("NFD", char)
    tone = next((_TONES[c] for c in parts if c in _TONES), "0")
    return unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES)), tone


_SECRET_WORDS = re.compile(r"\b(mat khau|otp|passcode|ma pin|ma xac thuc|cau hoi bao mat)\b")
_SECRET_VALUE = re.compile(r"(?<!\d)\d{4,8}(?!\d)")


def looks_like_a_secret(value: str) -> bool:
    """Say whether free text seems to hold a citizen's password, passcode or OTP.

    True when a secret's name stands beside a value ("OTP 428190", "mật khẩu: Abc@123"), or when the whole
    text is six digits and nothing else. A sentence that only names one ("bác quên mật khẩu") is fine.
    """
    text = unicodedata.normalize("NFC", value).strip()
    if re.fullmatch(r"\d{3}[ .-]?\d{3}", text):
        return True
    folded = fold(text)
    if not _SECRET_WORDS.search(folded):
        return False
    return bool(_SECRET_VALUE.search(folded)) or bool(
        re.search(r"(?i)(khẩu|otp|passcode|pin|thực)\s*(là|:|=)\s*\S", text)
    )
