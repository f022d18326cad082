"""Writes packs.json: a guide's pack as the server signs it, which tests/js/pack-keys.test.mjs opens as a phone does.

Run with `DJANGO_SETTINGS_MODULE=onboarding.settings python -m tests.wire.make_packs` after a change of what is signed,
and read the difference. The keys are for these examples only; signatures are the same every time.
"""

import json
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec

from onboarding import seal
from onboarding.guides import signing

FILE = Path(__file__).parent / "packs.json"
MANIFEST: dict[str, Any] = {
    "kind": "pack", "slug": "vneid", "version": 3, "title": "Kích hoạt VNeID “mức 2” 🌸",
    "made": "2026-11-22T08:00:00+00:00",
    "content": "ab" * 32, "mark": "0123456789abcdef", "bytes": 7,
    "files": [
        {"url": "/huong-dan/vneid/", "sha256": "cd" * 32, "bytes": 3},
        {"url": "/huong-dan/vneid/1/", "sha256": "ef" * 32, "bytes": 4},
    ],
}  # fmt: skip


def key(scalar: int) -> ec.EllipticCurvePrivateKey:
    """Return the key of a number."""
    return ec.derive_private_key(scalar, ec.SECP256R1())


def ring() -> list[signing.Key]:
    """Return three keys, each introduced by the one before it."""
    keys = [signing.Key(key(0xC0FFEE))]
    for scalar in (0xBEEF, 0xFEED):
        fresh = signing.Key(key(scalar))
        message = seal.canonical({"kind": "key", "public": fresh.public})
        sig = seal.b64u(seal.sign(keys[-1].private, message))
        keys.append(signing.Key(fresh.private, keys[-1].id, sig))
    return keys


def signed(keys: list[signing.Key]) -> signing.Signed:
    """Return the pack signed by the last of keys."""
    introductions = [{"id": k.id, "public": k.public, "by": k.by, "sig": k.sig} for k in keys if k.by]
    sig = seal.b64u(seal.sign(keys[-1].private, seal.canonical(MANIFEST)))
    return {"manifest": MANIFEST, "key": keys[-1].id, "sig": sig, "keys": introductions}


def examples() -> dict[str, Any]:
    """Return what the file holds."""
    keys = ring()
    return {
        "canonical": seal.canonical(MANIFEST).decode(),
        "points": [k.public for k in keys],
        "first": signed(keys[:1]),
        "third": signed(keys),
    }


if __name__ == "__main__":
    FILE.write_text(json.dumps(examples(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
