"""The envelope between phone and server: canonical JSON, sealing, signatures and receipts' MACs.

For: pure functions that both ends share; their twins are static/src/js/sync/seal.js and canonical.js, and
tests/wire/*.json holds examples that both must agree on. Not for: what an entry means (sync) or fields at
rest (vault.py).
"""

import base64
import hashlib
import hmac
import json
import os
from typing import Any

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

POINT = 65  # bytes of an uncompressed P-256 point
NONCE = 12


class SealError(Exception):
    """Sealed bytes that can't be opened with this key and this context, or a malformed key."""


def canonical(value: Any) -> bytes:
    """Return the one byte form of a JSON value: sorted keys, no spaces, UTF-8 unescaped. Floats are refused."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False, allow_nan=False).encode()


def b64u(value: bytes) -> str:
    """Return base64url without padding."""
    return base64.urlsafe_b64encode(value).rstrip(b"=").decode()


def unb64u(value: str) -> bytes:
    """Return the bytes of b64u text. Raises SealError."""
    try:
        return base64.b64decode(value + "=" * (-len(value) % 4), altchars=b"-_", validate=True)
    except (ValueError, TypeError) as error:
        raise SealError("base64") from error


def entry_hash(entry: dict[str, Any]) -> str:
    """Return the sha256 hex of an entry's canonical form without its hash and signature."""
    return hashlib.sha256(canonical({k: v for k, v in entry.items() if k not in ("hash", "sig")})).hexdigest()


def entry_context(*, entry: str, form: str, key: str) -> bytes:
    """Return the associated data that binds a sealed body to its entry, form version and key."""
    return f"gocua-entry-v1|{entry}|{form}|{key}".encode()


def file_context(*, entry: str, slot: str, key: str) -> bytes:
    """Return the associated data that binds a sealed file to its entry, slot and key."""
    return f"gocua-file-v1|{entry}|{slot}|{key}".encode()


def ask_context(*, ask: str, key: str) -> bytes:
    """Return the associated data that binds what a citizen sealed to the id of the request and to the key."""
    return f"gocua-ask-v1|{ask}|{key}".encode()


def seal(public: bytes, key: str, plain: bytes, context: bytes) -> bytes:
    """Seal plain to a server's public point (65 bytes): ephemeral point + nonce + ciphertext, 93 bytes longer."""
    ephemeral = ec.generate_private_key(ec.SECP256R1())
    shared = ephemeral.exchange(ec.ECDH(), load_point(public))
    nonce = os.urandom(NONCE)
    return point(ephemeral.public_key()) + nonce + AESGCM(_derive(shared, key)).encrypt(nonce, plain, context)


def open_sealed(private: ec.EllipticCurvePrivateKey, key: str, sealed: bytes, context: bytes) -> bytes:
    """Return what was sealed. Raises SealError when the bytes, the key or the context do not belong together."""
    try:
        shared = private.exchange(ec.ECDH(), load_point(sealed[:POINT]))
        nonce, body = sealed[POINT : POINT + NONCE], sealed[POINT + NONCE :]
        return AESGCM(_derive(shared, key)).decrypt(nonce, body, context)
    except (InvalidTag, ValueError) as error:
        raise SealError("open") from error


def verify(public: bytes, message: bytes, signature: bytes) -> bool:
    """Say whether signature (64 bytes, r then s) is public's ECDSA-P256-SHA256 over message."""
    if len(signature) != 64:
        return False
    der = encode_dss_signature(int.from_bytes(signature[:32]), int.from_bytes(signature[32:]))
    try:
        load_point(public).verify(der, message, ec.ECDSA(hashes.SHA256()))
    except (InvalidSignature, SealError):
        return False
    return True


def mac(key: bytes, value: Any) -> str:
    """Return b64u HMAC-SHA256 over the canonical form of a JSON value."""
    return b64u(hmac.new(key, canonical(value), hashlib.sha256).digest())


def point(public: ec.EllipticCurvePublicKey) -> bytes:
    """Return the 65-byte uncompressed point of a public key."""
    return public.public_bytes(Encoding.X962, PublicFormat.UncompressedPoint)


def load_point(value: bytes) -> ec.EllipticCurvePublicKey:
    """Return the public key of a 65-byte point. Raises SealError when it is not on the curve."""
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(ec.SECP256R1(), value)
    except ValueError as error:
        raise SealError("point") from error


def _derive(shared: bytes, key: str) -> bytes:
    return HKDF(hashes.SHA256(), 32, salt=b"", info=f"gocua-seal-v1|{key}".encode()).derive(shared)
