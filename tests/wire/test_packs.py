"""The shared example of a signed pack: what the server signs is what phones were shown to accept."""

import json

import pytest

from onboarding import seal
from onboarding.guides import signing
from tests.wire import make_packs

EXAMPLES = json.loads(make_packs.FILE.read_text(encoding="utf-8"))


@pytest.fixture
def own_ring(monkeypatch):
    """The ring of the examples instead of the house's."""
    keys = make_packs.ring()
    monkeypatch.setattr(signing, "ring", lambda: keys)
    return keys


def test_the_server_signs_the_example_byte_for_byte(own_ring):
    assert signing.signed(EXAMPLES["third"]["manifest"]) == EXAMPLES["third"]
    assert seal.canonical(EXAMPLES["third"]["manifest"]).decode() == EXAMPLES["canonical"]
    assert signing.public_keys() == EXAMPLES["points"]


def test_the_file_is_what_its_maker_writes():
    assert make_packs.examples() == EXAMPLES


@pytest.mark.parametrize("name", ["first", "third"])
def test_every_key_of_the_ring_is_recognised_and_no_other_bytes_are(own_ring, name):
    given = EXAMPLES[name]
    assert signing.holds(given)
    assert not signing.holds({**given, "manifest": {**given["manifest"], "version": 4}})
    assert not signing.holds({**given, "key": "0" * 16})
