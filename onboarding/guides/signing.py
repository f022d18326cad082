"""The keys that sign what phones keep of guides: made on first use, each introduced by the one before it.

A phone that trusts one key of the ring trusts every later one, because a new key comes signed by its predecessor; all
of them are built into the worker and named on pages as well. The last key signs; older ones stay to be recognised.
Not for: what is signed (sealing.py, withdrawals.py), entries of phones (the sync room) or fields at rest (vault.py).
"""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, load_pem_private_key
from django.conf import settings

from onboarding import keyfile, seal

Signed = dict[str, Any]


@dataclass(frozen=True)
class Key:
    """One signing key. `by` is the id of the key that introduces it with `sig`; both are empty for the first."""

    private: ec.EllipticCurvePrivateKey
    by: str = ""
    sig: str = ""

    @property
    def public(self) -> str:
        """Return its public point, base64url."""
        return seal.b64u(seal.point(self.private.public_key()))

    @property
    def id(self) -> str:
        """Return its name: the beginning of the hash of its point."""
        return key_id(self.public)


def key_id(public: str) -> str:
    """Return the name of a key by its public point (base64url)."""
    return hashlib.sha256(seal.unb64u(public)).hexdigest()[:16]


def ring() -> list[Key]:
    """Return all keys, oldest first; the first call ever makes one."""
    path = Path(settings.GUIDE_KEYS_FILE)
    if not path.exists():
        _put(path, [Key(ec.generate_private_key(ec.SECP256R1()))], first=True)
    # By its time: other processes of the house see a new key without a restart.
    return _read(path, path.stat().st_mtime_ns)


def rotate() -> Key:
    """Make a new key, introduced by the one that signed until now, and sign with it from now on."""
    keys = ring()
    before, fresh = keys[-1], Key(ec.generate_private_key(ec.SECP256R1()))
    sig = seal.b64u(seal.sign(before.private, _introduction(fresh.public)))
    fresh = Key(fresh.private, before.id, sig)
    _put(Path(settings.GUIDE_KEYS_FILE), [*keys, fresh])
    return fresh


def public_keys() -> list[str]:
    """Return the public points of the ring, oldest first: what phones are told to trust."""
    return [key.public for key in ring()]


def signed(manifest: dict[str, Any]) -> Signed:
    """Return {"manifest", "key", "sig", "keys"}: sig is over the canonical bytes; keys introduce the later keys."""
    keys = ring()
    sig = seal.b64u(seal.sign(keys[-1].private, seal.canonical(manifest)))
    return {"manifest": manifest, "key": keys[-1].id, "sig": sig, "keys": list(_introductions(keys))}


def holds(given: Signed) -> bool:
    """Say whether a key of the ring signed exactly this."""
    public = next((key.public for key in ring() if key.id == given["key"]), None)
    if public is None:
        return False
    return seal.verify(seal.unb64u(public), seal.canonical(given["manifest"]), seal.unb64u(given["sig"]))


def _introductions(keys: list[Key]) -> Iterator[dict[str, str]]:
    for key in keys:
        if key.by:
            yield {"id": key.id, "public": key.public, "by": key.by, "sig": key.sig}


def _introduction(public: str) -> bytes:
    """Return what a key signs to introduce another. Its kind keeps it apart from everything else that is signed."""
    return seal.canonical({"kind": "key", "public": public})


@cache
def _read(path: Path, changed: int) -> list[Key]:
    rows = json.loads(path.read_text())["keys"]
    return [Key(_private(row["private"]), row["by"], row["sig"]) for row in rows]


def _put(path: Path, keys: list[Key], *, first: bool = False) -> None:
    """Write the ring whole or not at all, readable by its owner only; the first one never replaces another."""
    rows = [{"private": _pem(key.private), "by": key.by, "sig": key.sig} for key in keys]
    (keyfile.write_first if first else keyfile.replace)(path, json.dumps({"keys": rows}))


def _pem(private: ec.EllipticCurvePrivateKey) -> str:
    return private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()).decode()


def _private(pem: str) -> ec.EllipticCurvePrivateKey:
    key = load_pem_private_key(pem.encode(), None)
    if not isinstance(key, ec.EllipticCurvePrivateKey):
        raise ValueError("a guide key is not an elliptic curve key")
    return key
