"""The shared examples, read by the server's half: both ends must agree on every byte of the wire."""

import hashlib
import json
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import ec

from onboarding import seal, text

EXAMPLES = json.loads((Path(__file__).parent / "examples.json").read_text(encoding="utf-8"))
ENTRY = EXAMPLES["entry"]
SERVER = EXAMPLES["server"]


def server_key() -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(seal.unb64u(SERVER["private"])), ec.SECP256R1())


def without(value: dict, *names: str) -> dict:
    return {key: item for key, item in value.items() if key not in names}


@pytest.mark.parametrize("example", EXAMPLES["canonical"], ids=lambda example: example["bytes"][:24])
def test_a_value_has_the_same_canonical_bytes_here_as_on_the_phone(example):
    assert seal.canonical(example["value"]).hex() == example["bytes"]


@pytest.mark.parametrize("example", EXAMPLES["text"], ids=lambda example: ascii(example["raw"])[:30])
def test_text_is_cleaned_folded_and_judged_as_on_the_phone(example):
    raw = example["raw"]
    assert text.nfc(raw) == example["nfc"]
    assert text.tidy(raw) == example["tidy"]
    assert text.fold(raw) == example["fold"]
    assert text.looks_like_a_secret(raw) is example["secret"]


def test_the_phones_hash_and_signature_of_an_entry_hold_here():
    assert seal.entry_hash(ENTRY) == ENTRY["hash"]
    signed = f"gocua-entry-v1\n{ENTRY['hash']}".encode()
    assert seal.verify(seal.unb64u(EXAMPLES["device"]["public"]), signed, seal.unb64u(ENTRY["sig"]))


def test_a_changed_entry_has_another_hash():
    assert seal.entry_hash({**ENTRY, "seq": ENTRY["seq"] + 1}) != ENTRY["hash"]


def test_what_the_phone_sealed_opens_with_the_servers_key():
    context = seal.entry_context(entry=ENTRY["id"], form=ENTRY["form"], key=ENTRY["key"])
    plain = seal.open_sealed(server_key(), ENTRY["key"], seal.unb64u(ENTRY["sealed"]), context)
    assert plain == seal.canonical(EXAMPLES["body"])


@pytest.mark.parametrize("other", [{"entry": "another"}, {"form": "luu-tru@2"}, {"key": "vd-2"}])
def test_a_sealed_body_does_not_open_as_another_entry_form_or_key(other):
    context = seal.entry_context(**{"entry": ENTRY["id"], "form": ENTRY["form"], "key": ENTRY["key"], **other})
    with pytest.raises(seal.SealError):
        seal.open_sealed(server_key(), ENTRY["key"], seal.unb64u(ENTRY["sealed"]), context)


def test_a_sealed_file_opens_and_is_as_long_as_the_entry_says():
    file, [line] = EXAMPLES["file"], ENTRY["files"]
    sealed = seal.unb64u(file["sealed"])
    context = seal.file_context(entry=ENTRY["id"], slot=file["slot"], key=ENTRY["key"])
    assert seal.open_sealed(server_key(), ENTRY["key"], sealed, context) == seal.unb64u(file["plain"])
    assert (len(sealed), line["slot"]) == (line["size"], file["slot"])


@pytest.mark.parametrize("name", ["receipt", "hello"])
def test_a_mac_made_here_is_the_one_the_phone_expects(name):
    answer = EXAMPLES[name]
    assert seal.mac(seal.unb64u(EXAMPLES["mac_key"]), without(answer, "mac")) == answer["mac"]


def test_the_signature_of_a_request_holds_here():
    request = EXAMPLES["request"]
    body = hashlib.sha256(request["body"].encode()).hexdigest()
    signed = f"gocua-request-v1\n{request['method']}\n{request['path']}\n{request['time']}\n{body}".encode()
    assert seal.verify(seal.unb64u(EXAMPLES["device"]["public"]), signed, seal.unb64u(request["signature"]))
