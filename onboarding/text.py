"""Vietnamese text: one stored form, one searching form, one sorting form.

For: pure functions on strings, the same in every room and mirrored in static/src/js/sync/text.js and
secrets.js. Not for: wording shown to people, nor anything that touches the database.
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
    return _NOT_WORD.sub(" ", _unmarked(value)).strip()


def sort_key(name: str) -> str:
    """Return a key that sorts people by given name, family name, middle names in Vietnamese order."""
    words = tidy(name).lower().split(" ")
    ordered = [words[-1], *words[:-1]]
    return "|".join(_word_key(word) for word in ordered)


def _unmarked(value: str) -> str:
    marks_off = "".join(c for c in unicodedata.normalize("NFD", value) if not unicodedata.combining(c))
    return marks_off.replace("đ", "d").replace("Đ", "d").casefold()


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


# What a secret is called. "mk" is also how people write "mình", so alone it names nothing.
_SECRET_WORDS = re.compile(r"\b(?:mat khau|password|otp|passcode|ma pin|ma xac (?:thuc|nhan)|cau hoi bao mat)\b")
_SECRET_DIGITS = re.compile(r"(?<!\d)\d{4,8}(?!\d)")
_OWN = (  # between the name and the value: of which account, whose, how it came
    r"(?:vneid|dvc|dich vu(?: cong)?|cong dan|ung dung|app|tai khoan|dinh danh|dien (?:tu|thoai)|dang nhap|mo khoa"
    r"|zalo|may|sim|the|can cuoc|cccd|muc [12]|cua(?: (?!la\b)[a-z]+){1,3}|bac|ong|ba|toi|em|chau|minh|co|chu|anh|chi"
    r"|moi|cu|hien tai|hien nay|bay gio|nay|vua|doc|nhan|gui|ve|duoc|thi)"
)
_NAMED = (
    rf"\b(?:(?:mat khau|password|pass|passcode|otp|ma pin|ma xac (?:thuc|nhan)|cau hoi bao mat)(?: {_OWN}){{0,6}}"
    rf"|mk(?: {_OWN}){{1,6}}|mk(?= ?[:=]))"
)
_NO_VALUE = (
    r"(?:gi|bao nhieu|the nao|bi mat|cua|chua|quen|khong (?:biet|nho|ro|co|doc|noi|duoc|phai|can)"
    r"|(?:\d{1,2}|sau|tam|day) (?:chu )?so)\b"
)
_SECRET_SAID = re.compile(rf"{_NAMED}(?: la\b| ?[:=])[ :=]*(?!{_NO_VALUE})[^ :=]", re.ASCII)
_SECRET_BESIDE = re.compile(rf"{_NAMED} (?=\S*[a-z])(?=\S*[\d@#$%&*_])[^\s,.;?!]{{6,}}|\bmk \d{{4,8}}\b", re.ASCII)


def looks_like_a_secret(value: str) -> bool:
    """Say whether free text seems to hold a citizen's password, passcode or OTP.

    True when a secret's name stands beside a value ("OTP 428190", "mật khẩu VNeID là hoamai", "mat khau: Abc@123"),
    or when the whole text is six digits and nothing else. A sentence that only speaks of one ("bác quên mật khẩu",
    "mật khẩu VNeID là gì") is fine. Both kinds: tests/wire/secrets.json.
    """
    text = unicodedata.normalize("NFC", value).strip()
    if re.fullmatch(r"\d{3}[ .-]?\d{3}", text):
        return True
    folded = fold(text)
    if _SECRET_WORDS.search(folded) and _SECRET_DIGITS.search(folded):
        return True
    bare = _SPACES.sub(" ", _unmarked(text))
    return bool(_SECRET_SAID.search(bare) or _SECRET_BESIDE.search(bare))
