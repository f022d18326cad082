"""Ways to write a secret down, and sentences that only speak of one: judged alike here and on the phone."""

import json
from pathlib import Path

import pytest

from onboarding import text

SECRETS = json.loads((Path(__file__).parent / "secrets.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("said", SECRETS["secret"])
def test_a_secret_is_noticed_however_it_is_written(said):
    assert text.looks_like_a_secret(said)


@pytest.mark.parametrize("said", SECRETS["innocent"])
def test_a_sentence_that_only_speaks_of_a_secret_passes(said):
    assert not text.looks_like_a_secret(said)
