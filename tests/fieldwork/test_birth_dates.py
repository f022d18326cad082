"""Birth dates may be known only to the year; what can't be is refused with what to do."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from onboarding.fieldwork.birth import age_on, parse_birth, show_birth
from onboarding.refusal import Refused

TODAY = date(2026, 11, 22)


@pytest.mark.parametrize(
    ("typed", "stored", "shown"),
    [
        ("14021958", "1958-02-14", "14/02/1958"),
        ("14/2/1958", "1958-02-14", "14/02/1958"),
        ("14-2-1958", "1958-02-14", "14/02/1958"),
        ("14.02.1958", "1958-02-14", "14/02/1958"),
        ("14 2 1958", "1958-02-14", "14/02/1958"),
        ("1958-02-14", "1958-02-14", "14/02/1958"),
        ("2/1958", "1958-02", "02/1958"),
        ("021958", "1958-02", "02/1958"),
        ("1958-02", "1958-02", "02/1958"),
        ("1958", "1958", "1958"),
        ("0000 1958", "1958", "1958"),
        ("00001958", "1958", "1958"),
        ("29/02/2000", "2000-02-29", "29/02/2000"),
        (" 22/11/2026 ", "2026-11-22", "22/11/2026"),
        ("2026", "2026", "2026"),
    ],
)
def test_what_people_type_is_understood(typed, stored, shown):
    assert parse_birth(typed, today=TODAY) == stored
    assert show_birth(stored) == shown


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ("23/11/2026", "Ngày sinh này ở tương lai. Kiểm tra lại năm."),
        ("12/2026", "Ngày sinh này ở tương lai. Kiểm tra lại năm."),
        ("2027", "Ngày sinh này ở tương lai. Kiểm tra lại năm."),
        ("14/2/58", "Ngày sinh chưa đủ. Ghi ngày, tháng và 4 số của năm, hoặc chỉ ghi năm."),
        ("hôm qua", "Ngày sinh chưa đủ. Ghi ngày, tháng và 4 số của năm, hoặc chỉ ghi năm."),
        ("", "Ngày sinh chưa đủ. Ghi ngày, tháng và 4 số của năm, hoặc chỉ ghi năm."),
        ("29/02/1999", "Không có ngày này trong lịch. Kiểm tra lại ngày và tháng."),
        ("31/13/1999", "Không có ngày này trong lịch. Kiểm tra lại ngày và tháng."),
        ("1850", "Năm sinh này quá xa. Kiểm tra lại năm."),
    ],
)
def test_what_can_not_be_is_refused_with_a_sentence(typed, sentence):
    with pytest.raises(Refused) as refused:
        parse_birth(typed, today=TODAY)

    assert (refused.value.code, refused.value.message) == ("answers_invalid", sentence)


@given(st.dates(date(1900, 1, 1), TODAY))
def test_every_day_that_was_survives_typing_and_showing(day):
    stored = parse_birth(day.strftime("%d%m%Y"), today=TODAY)

    assert stored == day.isoformat()
    assert parse_birth(show_birth(stored), today=TODAY) == stored


@pytest.mark.parametrize(
    ("stored", "age"), [("2000-11-22", 26), ("2000-11-23", 25), ("2000-11", 25), ("2000", 25), ("", None)]
)
def test_an_age_counts_only_what_is_surely_past(stored, age):
    assert age_on(stored, TODAY) == age
