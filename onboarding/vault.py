"""Encryption of personal fields at rest, and blind indexes for exact look-up.

For: AES-256-GCM bound to one row and field, a key ring with key ids, HMAC indexes. Pure: no database.
Not for: opening what a phone sealed (seal.py), passwords (Django's hashers) or deciding who may read.
"""

import base64
import hashlib
import hmac
import json
import os
import secrets
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key

from onboarding import keyfile


class VaultError(Exception):
    """The stored bytes can't be opened: wrong row, wrong field, wrong key or damage."""


@dataclass(frozen=True)
class KeyRing:
    """All server keys: field keys by id (one byte each), the index key, and the sealing keys by id."""

    field_keys: dict[int, bytes]
    current: int
    index_key: bytes
    seal_keys: dict[str, ec.EllipticCurvePrivateKey]
    seal_current: str

    def encrypt(self, value: str, *, place: str) -> bytes:
        """Return key id (1 byte) + nonce (12) + ciphertext and tag of value, bound to place ("table.field:pk")."""
        return self.encrypt_bytes(value.encode(), place=place)

    def encrypt_bytes(self, value: bytes, *, place: str) -> bytes:
        """Like encrypt, for bytes (photos)."""
        nonce = os.urandom(12)
        return (
            bytes([self.current]) + nonce + AESGCM(self.field_keys[self.current]).encrypt(nonce, value, place.encode())
        )

    def decrypt(self, blob: bytes | memoryview | None, *, place: str) -> str:
        """Return what encrypt was given. Raises VaultError when blob does not belong to place or is damaged."""
        return self.decrypt_bytes(blob, place=place).decode()

    def decrypt_bytes(self, blob: bytes | memoryview | None, *, place: str) -> bytes:
        """Like decrypt, for bytes. Raises VaultError."""
        blob = bytes(blob or b"")
        try:
            return AESGCM(self.field_keys[blob[0]]).decrypt(blob[1:13], blob[13:], place.encode())
        except (InvalidTag, KeyError, IndexError, ValueError) as error:
            raise VaultError(place) from error

    def index(self, value: str, *, kind: str) -> bytes:
        """Return a 16-byte blind index of value for exact look-up; the same for equal values of one kind only."""
        return hmac.new(self.index_key, f"{kind}|{value}".encode(), hashlib.sha256).digest()[:16]


def make_ring_file(path: Path) -> None:
    """Write a fresh key ring to path (mode 0600) unless one is there; never overwrites."""
    if path.exists():
        return
    seal = ec.generate_private_key(ec.SECP256R1())
    pem = seal.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()
    ring = {
        "field_keys": {"1": _b64(secrets.token_bytes(32))},
        "current": 1,
        "index_key": _b64(secrets.token_bytes(32)),
        "seal_keys": {"k1": pem},
        "seal_current": "k1",
    }
    keyfile.write_first(path, json.dumps(ring))


def load_ring(text: str) -> KeyRing:
    """Return the key ring described by text (the JSON that make_ring_file writes). Raises ValueError or KeyError."""
    raw = json.loads(text)
    return KeyRing(
        field_keys={int(k): base64.b64decode(v) for k, v in raw["field_keys"].items()},
        current=int(raw["current"]),
        index_key=base64.b64decode(raw["index_key"]),
        seal_keys={k: _private(v) for k, v in raw["seal_keys"].items()},
        seal_current=raw["seal_current"],
    )


_loaded: dict[str, KeyRing] = {}


def ring() -> KeyRing:
    """Return the process's key ring: from the environment variable KEY_RING, else from settings.KEY_RING_FILE."""
    from django.conf import settings  # noqa: PLC0415  the functions above stay usable without Django

    source = os.environ.get("KEY_RING") or str(settings.KEY_RING_FILE)
    if source not in _loaded:
        if not os.environ.get("KEY_RING"):
            make_ring_file(Path(source))
        _loaded[source] = load_ring(os.environ.get("KEY_RING") or Path(source).read_text())
    return _loaded[source]


def _b64(value: bytes) -> str:
    return base64.b64encode(value).decode()


def _private(pem: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("seal key is not an elliptic curve key")
    return key
