"""Text of any making becomes one stored form, so that equal names are equal and search finds both ways of writing."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.fieldwork.fields import FIELDS, clean_fields
from onboarding.refusal import Refused

NAMES = st.text(st.sampled_from("aăâbcdđeêghiklmnoôơpqrstuưvxyẢẤẬẾỆỔỖỞỮỲỹ ÂĐÔƠƯ'"), min_size=1, max_size=40)


def cleaned(record, name, value):
    try:
        return clean_fields(record, {name: value})[name]
    except Refused as refused:
        return refused.code


@pytest.mark.fault("F78")
@given(NAMES)
def test_composed_and_decomposed_letters_are_the_same_name(name):
    composed, decomposed = unicodedata.normalize("NFC", name), unicodedata.normalize("NFD", name)

    assert cleaned("resident", "name", composed) == cleaned("resident", "name", decomposed)


@pytest.mark.fault("F78")
def test_a_name_is_as_long_as_people_see_it():
    seen = "Nguyễn Thị Hồng Ẩm " * 6
    assert len(unicodedata.normalize("NFD", seen)) > 120 > len(seen)

    assert cleaned("resident", "name", unicodedata.normalize("NFD", seen)) == seen.strip()


@pytest.mark.fault("F77")
@given(st.text(max_size=60))
def test_no_text_brings_controls_or_turned_around_letters_into_a_name(name):
    stored = cleaned("resident", "name", name)

    assert not any(unicodedata.category(c) in ("Cc", "Cs") or c in "\u202a\u202b\u202d\u202e\u2066" for c in stored)


@given(st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=20), st.lists(st.integers(), max_size=2)))
def test_no_value_makes_a_field_fall(value):
    for record, known in FIELDS.items():
        for name in known:
            assert isinstance(cleaned(record, name, value), str)


@given(st.text(max_size=30))
def test_cleaning_twice_is_cleaning_once(value):
    for record, known in FIELDS.items():
        for name in known:
            once = cleaned(record, name, value)
            if once not in ("answers_invalid", "secret_in_text", "subject_unknown"):
                assert cleaned(record, name, once) == once
