"""Personal numbers and phone numbers: forgiving in how they are typed, exact in what is stored."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.fieldwork import numbers
from onboarding.refusal import Refused


@pytest.mark.parametrize("typed", ["099087000003", "099 087 000 003", "099.087.000.003", " 099-087-000003 "])
def test_gaps_in_a_personal_number_do_not_matter(typed):
    assert numbers.clean_number(typed) == "099087000003"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("0990870000", "Số định danh có 12 số. Còn thiếu 2 số."),
        ("", "Số định danh chỉ có chữ số. Kiểm tra lại."),
        ("09908700000O", "Số định danh chỉ có chữ số. Kiểm tra lại."),
        ("0990870000031", "Số định danh có 12 số. Đang thừa 1 số."),
    ],
)
def test_a_number_that_can_not_be_says_what_is_missing(typed, sentence):
    with pytest.raises(Refused) as refused:
        numbers.clean_number(typed)

    assert refused.value.message == sentence


def test_a_number_that_does_not_fit_the_person_only_warns():
    assert numbers.number_warnings("099158000001", birth="1958-02-14", sex="nu") == []
    assert numbers.number_warnings("099304000004", birth="2004", sex="nu") == []
    assert len(numbers.number_warnings("099158000001", birth="1959", sex="nam")) == 2
    assert numbers.number_warnings("099158000001") == []


def test_only_never_issued_provinces_are_sample_data():
    assert numbers.is_demo_number("099158000001") and numbers.is_demo_number("097158000001")
    assert not numbers.is_demo_number("001299000001")


def test_a_number_is_masked_in_lists_and_grouped_for_reading():
    assert numbers.mask_number("099087000003") == "099••••••003"
    assert numbers.show_number("099087000003") == "099 087 000 003"
    assert numbers.mask_number("") == ""


@pytest.mark.parametrize(
    ("typed", "stored"),
    [
        ("0950000123", "0950000123"),
        ("0950 000 123", "0950000123"),
        ("+84950000123", "0950000123"),
        ("84 950 000 123", "0950000123"),
        ("0084950000123", "0950000123"),
        ("+84 (0) 950 000 123", "0950000123"),
        ("01690000123", "0390000123"),
        ("0120.000.0123", "0700000123"),
        ("024 0000 0108", "02400000108"),
    ],
)
def test_a_phone_number_is_stored_the_way_it_is_dialled_at_home(typed, stored):
    assert numbers.clean_phone(typed) == stored


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("095000012", "Số này mới có 9 chữ số. Nhập đủ 10 số, bắt đầu bằng 0."),
        ("1950000123", "Số này chưa đúng. Nhập đủ 10 số, bắt đầu bằng 0."),
        ("0150000123", "Số này chưa đúng. Nhập đủ 10 số, bắt đầu bằng 0."),
        ("hỏi con gái", "Số điện thoại chỉ có chữ số. Kiểm tra lại."),
    ],
)
def test_a_phone_number_that_can_not_be_says_what_to_enter(typed, sentence):
    with pytest.raises(Refused) as refused:
        numbers.clean_phone(typed)

    assert refused.value.message == sentence


@given(st.from_regex(r"0[35789][0-9]{8}", fullmatch=True))
def test_every_way_of_writing_a_mobile_number_is_one_number(phone):
    for typed in (phone, "+84" + phone[1:], "84" + phone[1:], "0084" + phone[1:], numbers.show_phone(phone)):
        assert numbers.clean_phone(typed) == phone
