"""What may never stand in a guide's words: addresses that are not on the list, apps to install, markup, hidden signs.

For: the proofreading of shipped guides and of drafts; whoever steals an author's sign-in must not get a wrong address
in front of old people. The list of domains is content (content/links.yaml). Pure. Not for: links between our own pages
(wording.dead_links).
"""

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from onboarding.guides.wording import strings

# Controls, zero-width signs and those that turn the direction of writing: an address may read otherwise than it leads.
HIDDEN = re.compile(
    "[\x00-\x08\x0b-\x1f\x7f-\x9f\u00ad\u061c\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufff9-\ufffb]"
)
MARKUP = re.compile(r"<\s*[a-zA-Z/!]|\]\s*\(|```|&#\w+;|\{\{|\{%")
SCHEME = re.compile(
    r"\b(?:javascript|data|vbscript|file|intent|blob|content|market|itms[-\w]*)\s*:\s*\S", re.IGNORECASE
)
APP = re.compile(r"\.\s?(?:apk|apks|xapk|aab|ipa|mobileconfig|exe|msi|dmg)\b", re.IGNORECASE)
# A run of labels with dots between them; also with the wide dots of other scripts, which browsers take for a dot.
DOTS = "[.\u3002\uff0e\uff61]"
ADDRESS = re.compile(rf"(?P<scheme>\w+://)?(?P<user>[^\s/@]+@)?(?P<host>[\w-]+(?:{DOTS}[\w-]+)+)(?P<rest>[/:?#]\S*)?")
NUMBERS = re.compile(r"(?:https?://)?\d{1,3}(?:\.\d{1,3}){3}(?!\d)")
# What stands for another letter to the eye. Enough to say "looks like ours"; being off the list is what refuses.
LOOKS = str.maketrans("0135i|!$абвгеѕіјӏкмнорсԁтухԝѵɡɩοαενικρτυχ", "oleslllsabbreslllkmhopcdtyxwvgloaevlkptux")


class Allowed:
    """The list of content/links.yaml: `domains` (with `ending`: what addresses end with, no address itself), `ends`."""

    def __init__(self, book: dict[str, Any]) -> None:
        rows = book.get("domains", [])
        self.domains = [row["domain"] for row in rows if not row.get("ending")]
        self.endings = {row["domain"] for row in rows if row.get("ending")}
        self.ends = {str(end) for end in book.get("ends", [])}


def faults(value: Any, book: dict[str, Any]) -> Iterator[str]:
    """Yield a sentence for each thing in any text of value that may not stand there. book: see Allowed."""
    allowed = Allowed(book)
    for text in dict.fromkeys(strings(value)):
        yield from _text(text, allowed)


def _text(text: str, allowed: Allowed) -> Iterator[str]:
    seen = text[:40]
    if HIDDEN.search(text):
        yield f"trong “{HIDDEN.sub('', seen)}” có ký tự ẩn. Gõ lại câu này, đừng dán."
    if MARKUP.search(text):
        yield f"trong “{seen}” có mã lệnh. Viết chữ thường thôi."
    if APP.search(text):
        yield f"trong “{seen}” có tệp cài đặt. Chỉ dẫn người dân vào kho ứng dụng."
    if SCHEME.search(text) or NUMBERS.search(text):
        yield f"trong “{seen}” có đường dẫn không được phép. Bỏ đường dẫn này."
    for match in ADDRESS.finditer(HIDDEN.sub("", text)):
        if match[0] not in allowed.endings:
            yield from _address(match, allowed)


def _address(match: re.Match[str], allowed: Allowed) -> Iterator[str]:
    host = re.sub(DOTS, ".", unicodedata.normalize("NFKC", match["host"])).lower().strip(".")
    if not _is_address(match, host, allowed.ends):
        return
    if match["user"] or (match["scheme"] or "https://").lower() != "https://" or (match["rest"] or "").startswith(":"):
        yield f"đường dẫn “{match[0][:60]}” không được phép. Viết địa chỉ trần, như dichvucong.gov.vn."
    elif not match["host"].isascii() or not _under(host, allowed.domains):
        twin = _twin(host, allowed.domains)
        why = f"giống “{twin}” nhưng không phải" if twin else "không có trong danh sách được phép"
        yield f"địa chỉ “{match['host']}” {why}. Bỏ, hoặc dùng địa chỉ có trong danh sách."


def _is_address(match: re.Match[str], host: str, ends: set[str]) -> bool:
    """Say whether labels with dots are an address, and not a date, an abbreviation or a full stop without a space."""
    if match["scheme"] or host.startswith("www."):
        return True
    first, *_rest, last = host.split(".")
    if last in ends or last.startswith("xn--"):
        return not host.replace(".", "").isdigit() and bool(first)
    return bool(match["rest"]) and match["rest"][0] == "/" and last.isalpha() and last.isascii() and len(last) > 1


def _under(host: str, allowed: list[str]) -> bool:
    return any(host == domain or host.endswith(f".{domain}") for domain in allowed)


def _twin(host: str, allowed: list[str]) -> str | None:
    """Return the allowed domain that host looks like: the same to the eye, or with its name in the wrong place."""
    plain = _plain(host)
    for domain in allowed:
        name = _plain(domain.split(".")[0])
        if _plain(domain) in plain or name in plain.replace("-", "").replace(".", ""):
            return domain
    return None


def _plain(host: str) -> str:
    marks_off = "".join(c for c in unicodedata.normalize("NFKD", host) if not unicodedata.combining(c))
    return marks_off.replace("đ", "d").translate(LOOKS).replace("rn", "m").replace("vv", "w")
