"""How long a text takes when it is read aloud over a loudspeaker; the twin of static/src/js/sync/spoken.js.

Vietnamese is counted in syllables, which are what spaces part; figures are counted as they are spoken ("9:30" is chín
giờ ba mươi). Not for: reading anything aloud, or what may be said (public_words.py).
"""

import re

# An announcer reads 75 to 90 syllables in 30 seconds: the slow end for what is shown, the fast end for what is refused
# would tell two stories, so both use the fast one.
A_SECOND = 3
MOST_SECONDS = 30

_UNIT = re.compile(
    r"(?P<date>\d{1,2}/\d{1,2}(?:/\d{4})?)|(?P<time>\d{1,2}[:hg]\d{2}|\d{1,2}[hg](?!\w))"
    r"|(?P<phone>0\d*(?:[ .]\d+)+|0\d{3,})|(?P<number>\d+(?:\.\d{3})*)|(?P<percent>%)|(?P<word>[^\W\d_]+)"
)


def seconds(text: str) -> int:
    """Return how many seconds text takes, rounded up."""
    return -(-syllables(text) // A_SECOND)


def syllables(text: str) -> int:
    """Return how many syllables are heard when text is read aloud."""
    shouted = _shouted(text)
    return sum(_heard(found.lastgroup or "", found[0], shouted) for found in _UNIT.finditer(text))


def _heard(kind: str, part: str, shouted: bool) -> int:
    numbers = [int(digits) for digits in re.findall(r"\d+", part)]
    if kind == "date":  # mười tám tháng mười, năm ...
        return sum(map(_number, numbers)) + len(numbers) - 1
    if kind == "time":  # chín giờ ba mươi; tám giờ
        return sum(_number(number) for number in numbers[:1] + [n for n in numbers[1:] if n]) + 1
    if kind == "phone":
        return sum(char.isdigit() for char in part)
    if kind == "number":
        return _number(int(part.replace(".", "")))
    if kind == "percent":  # phần trăm
        return 2
    capitals = sum(char.isupper() for char in part)
    return len(part) if capitals > 1 and not shouted else 1  # OTP, VNeID: letter by letter


def _number(value: int) -> int:
    if value < 20:
        return 1 if value <= 10 else 2
    if value < 100:
        return 3 if value % 10 else 2
    high, unit = (value // 1000, 1000) if value >= 1000 else (value // 100, 100)
    rest = value % unit
    return _number(high) + 1 + (_rest(rest, unit) if rest else 0)


def _rest(rest: int, unit: int) -> int:
    missing_hundred = 2 if unit == 1000 and rest < 100 else 0  # không trăm
    return missing_hundred + (2 if rest < 10 else _number(rest))  # lẻ năm


def _shouted(text: str) -> bool:
    """Say whether text is written in capitals throughout, so that they spell nothing."""
    words = re.findall(r"[^\W\d_]{2,}", text)
    return sum(word.isupper() for word in words) * 2 > len(words)
