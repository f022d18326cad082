"""Strict reading: one meaning for every byte, a named field for every mistake, never our own exception."""

import json
import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from onboarding import seal
from onboarding.fieldwork.models import Visit
from onboarding.ids import new_id
from onboarding.sync import envelope
from onboarding.sync.envelope import Malformed, read_body, read_entry, read_json
from onboarding.sync.models import Entry

GOOD = {
    "v": 1, "id": str(new_id()), "kind": "visit", "subject": str(new_id()), "chain": str(new_id()),
    "area": str(new_id()), "device": str(new_id()), "user": str(new_id()), "epoch": 1, "seq": 1, "prev": None,
    "seen": {}, "form": "", "files": [], "at": 1, "offset": 0, "offset_age": -1, "key": "k1", "sealed": "AAAA",
    "hash": "0" * 64, "sig": "AAAA",
}  # fmt: skip
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=20,
)


def test_a_good_entry_is_read_and_every_key_of_the_contract_is_asked_for():
    assert read_entry(GOOD).kind == "visit"
    for name in GOOD:
        with pytest.raises(Malformed):
            read_entry({key: value for key, value in GOOD.items() if key != name})
    with pytest.raises(Malformed):
        read_entry({**GOOD, "ward": str(new_id())})


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("id", ["", 1, None, "x" * 36, str(new_id()).upper(), "{" + str(new_id()) + "}"]),
        ("kind", ["", "Visit", "visit\n", "x" * 41, None, "../x"]),
        ("epoch", [-1, 2**31, True, "1", None, 1.0]),
        ("seq", [-1, 2**31, True]),
        ("at", [-1, 2**53, "1"]),
        ("offset", [2**53, "0", False]),
        ("offset_age", [-2, None]),
        ("prev", ["", 1, {}]),
        ("seen", [[], {"Số": []}, {"a": "x"}, {"a": ["x"]}, {str(i): [] for i in range(41)}]),
        ("form", ["luu-tru", "luu-tru@", "luu-tru@1|x", "Lưu@1", None]),
        ("files", [{}, [1], [{}], [{"slot": "a", "sha256": "0" * 64, "size": True}]]),
        ("key", ["", "k|1", "k" * 21, None]),
        ("sealed", ["=", "A", "A+A/", 5, None, "AB", "A" * 200_004]),
        ("hash", ["", "0" * 63, "G" * 64, "A" * 64]),
        ("sig", ["A" * 104, None]),
        ("v", [None, "1", -1]),
    ],
)
def test_a_field_of_the_wrong_shape_is_named(name, values):
    for value in values:
        with pytest.raises(Malformed) as malformed:
            read_entry({**GOOD, name: value})
        assert str(malformed.value) in (name, "files", "seen", "text", "integer", "uuid", "base64")


def test_an_entry_that_waits_for_itself_is_malformed():
    with pytest.raises(Malformed):
        read_entry({**GOOD, "prev": GOOD["id"]})


@pytest.mark.fault("F69")
@given(st.binary(max_size=200) | st.text(max_size=200).map(lambda text: text.encode(errors="surrogatepass")))
@example(b'{"a":1,"a":1}')
@example(b"[" * 100_000)
@example(b"1" * 10_000)
@example(b"-0")
@settings(max_examples=300, deadline=None)
def test_any_bytes_are_either_json_in_one_reading_or_malformed(body):
    try:
        value = read_json(body)
    except Malformed:
        return
    assert json.loads(seal.canonical(value)) == value


@pytest.mark.fault("F69")
@given(JSON)
@settings(max_examples=200, deadline=None)
def test_any_json_in_place_of_an_entry_is_malformed_not_an_exception_of_ours(value):
    for candidate in (value, {**GOOD, "seen": value}, {**GOOD, "files": value}, {**GOOD, "kind": value}):
        try:
            read_entry(candidate)
        except Malformed:
            continue
        assert candidate is not value


@pytest.mark.fault("F78")
@given(st.text(alphabet="aăâeêioôơuưyđAĂÊ ̣́̀̉̃😀ếữ", max_size=40))
@settings(max_examples=200, deadline=None)
def test_text_means_the_same_whether_it_came_composed_or_decomposed(value):
    composed = read_body(seal.canonical({"note": unicodedata.normalize("NFC", value)}))
    decomposed = read_body(seal.canonical({"note": unicodedata.normalize("NFD", value)}))
    assert composed == decomposed
    assert unicodedata.is_normalized("NFC", composed["note"])


@pytest.mark.fault("F77")
@given(st.text(alphabet=st.characters(codec="utf-8"), max_size=30))
@example("a\u0000b\u202e\u2066c\u200bd\x07")
@settings(max_examples=200, deadline=None)
def test_no_control_or_bidi_character_survives_in_a_body(value):
    text = read_body(seal.canonical({"a": [{"b": value}]}))["a"][0]["b"]
    assert not any(unicodedata.category(char) in ("Cc", "Cs") and char not in "\t\n\r" for char in text)
    assert not set(text) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\u200e\u200f")


@pytest.mark.fault("F77")
def test_control_characters_in_a_note_reach_no_row_and_stop_nothing(phone, knock):
    entry = knock(phone, note="Bác\u0000 hẹn \u202echiều\u202c")
    phone.push()
    assert phone.receipt(entry)["verdict"] == "accepted"
    assert Visit.objects.get(pk=entry).note == "Bác hẹn chiều"


@pytest.mark.fault("F78")
def test_a_decomposed_note_is_stored_composed(phone, knock):
    entry = knock(phone, note=unicodedata.normalize("NFD", "Nguyễn Thị Hồng Nhung 😀"))
    phone.push()
    assert Visit.objects.get(pk=entry).note == "Nguyễn Thị Hồng Nhung 😀"


@pytest.mark.fault("F69")
def test_an_entry_of_no_shape_is_parked_whole_and_its_neighbours_go_on(phone, knock):
    good = knock(phone)
    strange = {"id": str(new_id()), "note": "\u0000 lạ", "hash": "f" * 64, "deep": [[[[1]]]]}
    answer = phone.post([strange, phone.outbox[good].entry, {"id": str(new_id())}])

    codes = [(receipt["verdict"], receipt["code"]) for receipt in answer.json["receipts"]]
    assert codes == [("parked", "answers_invalid"), ("accepted", "ok"), ("parked", "answers_invalid")]
    assert answer.json["receipts"][0]["hash"] == "f" * 64
    assert json.loads(bytes(Entry.objects.get(pk=strange["id"]).sealed)) == strange


def test_the_limits_leave_room_for_a_signature_and_a_form():
    strokes = [[x, x, x] * 40 for x in range(60)]
    body = {"signature": {"w": 300, "h": 200, "strokes": strokes}, "answers": {str(i): "ữ" * 200 for i in range(60)}}
    assert len(seal.b64u(seal.canonical(body))) < envelope.MAX_SEALED
