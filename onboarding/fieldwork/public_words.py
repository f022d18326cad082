"""What may stand in words that everybody hears or reads: nobody's number but the ward's own, no code, no secret.

Names of people can't be told from other words by a machine; the pages say so. The live twin is static/src/js/sync/
public-words.js. Not for: how long a text may be (spoken.py) or the texts themselves (announcing.py).
"""

import re
import unicodedata

from onboarding import text

FEWEST = 9  # digits that may be somebody's number
_BETWEEN = r"[ .\-()]{0,2}"
_RUN = re.compile(rf"\+?\d(?:{_BETWEEN}\d){{{FEWEST - 1},}}")
_DAY = re.compile(r"(?<!\d)\d{1,2}[/.\-]\d{1,2}[/.\-]\d{4}(?!\d)")
_YEAR_OR_TIME = re.compile(r"(?<!\d)(?:\d{1,2}/\d{1,2}|\d{1,2}[:hg]\d{2}|(?<=năm )\d{4})(?!\d)")
_SENTENCE = re.compile(r"[.!?;\n]")


def fault(value: str, *, own_line: str) -> str:
    """Return what must not stand in value: "number" (of a person), "phone" (not own_line), "secret", or ""."""
    rest = _DAY.sub(" ", _without(unicodedata.normalize("NFKC", value), own_line))
    for run in _RUN.finditer(rest):
        digits = re.sub(r"\D", "", run[0])
        return "phone" if re.fullmatch(r"(?:0|84)\d{9,10}", digits) and len(digits) < 12 else "number"
    parts = _SENTENCE.split(_YEAR_OR_TIME.sub(" ", rest))
    return "secret" if any(text.looks_like_a_secret(part) for part in parts) else ""


def _without(value: str, own_line: str) -> str:
    digits = re.sub(r"\D", "", own_line)
    if len(digits) < FEWEST:  # 113 is nobody's; taken out, it could part a person's number
        return value
    whole = _BETWEEN.join(digits)
    abroad = rf"\+?{_BETWEEN.join('84' + digits[1:])}|" if digits.startswith("0") else ""
    return re.sub(rf"(?<!\d)(?:{abroad}{whole})(?!\d)", " ; ", value)
