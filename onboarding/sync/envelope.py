"""Reading what a phone sent without trusting any of it: strict JSON, then the shape of one entry.

For: pure functions from bytes and values to checked values; every limit of the wire stands here. Not for:
signatures (requests.py, push.py), verdicts (push.py) or what is inside the seal (kinds.py).
"""

import json
import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from onboarding import seal, text

MAX_DEPTH = 12
MAX_INT = 2**53 - 1  # what JavaScript holds exactly
MAX_ROW_INT = 2**31 - 1  # what the columns hold
MAX_FILES = 20
MAX_FILE = 5 * 1024 * 1024
MAX_SEALED = 200_000  # characters of base64

KEYS = frozenset(
    {
        "v", "id", "kind", "subject", "chain", "area", "device", "user", "epoch", "seq", "prev", "seen", "form",
        "files", "at", "offset", "offset_age", "key", "sealed", "hash", "sig",
    }
)  # fmt: skip
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")
_HEX = re.compile(r"[0-9a-f]{64}")
_B64U = re.compile(r"[A-Za-z0-9_-]*")
_NAME = re.compile(r"[a-z][a-z0-9_.-]{0,39}")
_FORM = re.compile(r"(?:[a-z][a-z0-9-]{0,39}@[0-9]{1,5})?")
_KEY = re.compile(r"[A-Za-z0-9_.-]{1,20}")


class Malformed(Exception):
    """Not what the contract says; the argument names the place, never the value."""


@dataclass(frozen=True)
class FileName:
    """A file that an entry names: its slot, the hash of its ciphertext, its bytes."""

    slot: str
    sha256: str
    size: int


@dataclass(frozen=True)
class Entry:
    """One entry whose shape is right. `raw` is what was sent, and what hash and signature are about."""

    id: UUID
    kind: str
    subject: UUID
    chain: UUID
    area: UUID
    device: UUID
    user: UUID
    epoch: int
    seq: int
    prev: UUID | None
    seen: dict[str, list[UUID]]
    form: str
    files: tuple[FileName, ...]
    at: int
    offset: int
    key: str
    sealed: bytes
    hash: str
    sig: bytes
    version: int
    raw: dict[str, Any]

    @property
    def header(self) -> dict[str, Any]:
        """All but the sealed body: what may be kept readable."""
        return {k: v for k, v in self.raw.items() if k != "sealed"}


def read_json(body: bytes) -> Any:
    """Return the JSON value of body. Raises Malformed for anything that two readers could read differently.

    Refused: not UTF-8, duplicate keys, NaN and Infinity, fractions, integers beyond 2^53, more than 12 levels,
    half a surrogate pair (PostgreSQL and the canonical form can't hold one).
    """
    try:
        value = json.loads(
            body.decode(), object_pairs_hook=_object, parse_float=_no, parse_constant=_no, parse_int=_integer
        )
        _check_depth(value, MAX_DEPTH)
        seal.canonical(value)
    except Malformed:
        raise
    except (ValueError, RecursionError) as error:
        raise Malformed("json") from error
    return value


def read_entry(value: Any) -> Entry:
    """Return the checked entry. Raises Malformed with the name of the first field that is not as agreed."""
    if not isinstance(value, dict) or frozenset(value) != KEYS:
        raise Malformed("keys")
    get = _Reader(value)
    if value["prev"] is not None and value["prev"] == value["id"]:
        raise Malformed("prev")
    return Entry(
        id=get.uuid("id"), kind=get.match("kind", _NAME), subject=get.uuid("subject"), chain=get.uuid("chain"),
        area=get.uuid("area"), device=get.uuid("device"), user=get.uuid("user"),
        epoch=get.integer("epoch", 0, MAX_ROW_INT), seq=get.integer("seq", 0, MAX_ROW_INT),
        prev=None if value["prev"] is None else get.uuid("prev"),
        seen=_seen(value["seen"]), form=get.match("form", _FORM), files=_files(value["files"]),
        at=get.integer("at", 0, MAX_INT), offset=get.integer("offset", -MAX_INT, MAX_INT), key=get.match("key", _KEY),
        sealed=get.binary("sealed", MAX_SEALED), hash=get.match("hash", _HEX), sig=get.binary("sig", 100),
        version=get.integer("v", 0, 999), raw={**value, "offset_age": get.integer("offset_age", -1, MAX_INT)},
    )  # fmt: skip


def read_body(plain: bytes) -> dict[str, Any]:
    """Return the opened body of an entry with every text in NFC and without controls. Raises Malformed."""
    body = read_json(plain)
    if not isinstance(body, dict):
        raise Malformed("body")
    return clean(body)


def clean(value: Any) -> Any:
    """Return value with every text normalised: NFC, no controls, no bidi marks. Keys stay as they are."""
    if isinstance(value, str):
        return text.nfc(value)
    if isinstance(value, list):
        return [clean(item) for item in value]
    if isinstance(value, dict):
        return {key: clean(item) for key, item in value.items()}
    return value


def as_uuid(value: Any) -> UUID:
    """Return the UUID of its one lower-case spelling. Raises Malformed."""
    if not isinstance(value, str) or not _UUID.fullmatch(value):
        raise Malformed("uuid")
    return UUID(value)


def as_integer(value: Any, low: int, high: int) -> int:
    """Return value when it is a whole number between low and high. Raises Malformed; True is no number."""
    if type(value) is not int or not low <= value <= high:
        raise Malformed("integer")
    return value


class _Reader:
    """Reads one field after the other and names the one that is wrong."""

    def __init__(self, value: dict[str, Any]) -> None:
        self.value = value

    def uuid(self, name: str) -> UUID:
        return self._named(name, lambda raw: as_uuid(raw))

    def integer(self, name: str, low: int, high: int) -> int:
        return self._named(name, lambda raw: as_integer(raw, low, high))

    def match(self, name: str, pattern: re.Pattern[str]) -> str:
        return self._named(name, lambda raw: _match(raw, pattern))

    def binary(self, name: str, most: int) -> bytes:
        return self._named(name, lambda raw: _binary(raw, most))

    def _named(self, name: str, read: Any) -> Any:
        try:
            return read(self.value[name])
        except Malformed as error:
            raise Malformed(name) from error


def _match(raw: Any, pattern: re.Pattern[str]) -> str:
    if not isinstance(raw, str) or not pattern.fullmatch(raw):
        raise Malformed("text")
    return raw


def _binary(raw: Any, most: int) -> bytes:
    if not isinstance(raw, str) or len(raw) > most or not _B64U.fullmatch(raw):
        raise Malformed("base64")
    try:
        value = seal.unb64u(raw)
    except seal.SealError as error:
        raise Malformed("base64") from error
    if seal.b64u(value) != raw:  # a second spelling of the same bytes would be a second hash of the same entry
        raise Malformed("base64")
    return value


def _seen(raw: Any) -> dict[str, list[UUID]]:
    if not isinstance(raw, dict) or len(raw) > 40:
        raise Malformed("seen")
    for name, entries in raw.items():
        if not _NAME.fullmatch(name) or not isinstance(entries, list) or len(entries) > 50:
            raise Malformed("seen")
    return {name: [as_uuid(entry) for entry in entries] for name, entries in raw.items()}


def _files(raw: Any) -> tuple[FileName, ...]:
    if not isinstance(raw, list) or len(raw) > MAX_FILES:
        raise Malformed("files")
    files = tuple(_file(item) for item in raw)
    if len({file.slot for file in files}) != len(files):
        raise Malformed("files")
    return files


def _file(raw: Any) -> FileName:
    if not isinstance(raw, dict) or frozenset(raw) != {"slot", "sha256", "size"}:
        raise Malformed("files")
    return FileName(_match(raw["slot"], _NAME), _match(raw["sha256"], _HEX), as_integer(raw["size"], 1, MAX_FILE))


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    value = dict(pairs)
    if len(value) != len(pairs):
        raise Malformed("duplicate key")
    return value


def _integer(digits: str) -> int:
    if len(digits) > 17 or abs(int(digits)) > MAX_INT:
        raise Malformed("integer")
    return int(digits)


def _no(token: str) -> None:
    raise Malformed("number")


def _check_depth(value: Any, left: int) -> None:
    if left == 0:
        raise Malformed("depth")
    for item in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        if isinstance(item, dict | list):
            _check_depth(item, left - 1)
