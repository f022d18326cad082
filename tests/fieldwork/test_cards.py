"""The QR text of an ID card is read by rules that the phone and the server share."""

import json
from dataclasses import asdict
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.fieldwork.cards import SENTENCES, CardError, parse_card

SHARED = json.loads((Path(__file__).parents[1] / "wire" / "cards.json").read_text(encoding="utf-8"))
TODAY = date.fromisoformat(SHARED["today"])
EXAMPLES = {example["title"]: example for example in SHARED["examples"]}


@pytest.mark.parametrize("title", EXAMPLES)
def test_the_shared_examples_are_read_as_written(title):
    example = EXAMPLES[title]
    raw = example["raw"] * example.get("repeat", 1)

    if "error" in example:
        with pytest.raises(CardError) as refused:
            parse_card(raw, today=TODAY)
        assert refused.value.code == example["error"]
        assert refused.value.message == str(SENTENCES[example["error"]])
    else:
        assert asdict(parse_card(raw, today=TODAY)) == example["card"]


def test_what_a_new_card_says_of_other_people_is_dropped():
    card = parse_card(EXAMPLES["a new card with more fields"]["raw"], today=TODAY)

    assert "Cha Mẫu" not in repr(card)


@given(st.text(max_size=300))
def test_no_text_makes_the_reader_fall_or_speak_of_what_it_read(raw):
    try:
        parse_card(raw, today=TODAY)
    except CardError as error:
        assert error.code in SENTENCES
        assert error.args == (error.code,)
