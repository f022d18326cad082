"""What is said of a campaign: counted as it is heard, checked as anybody may read it, made so that it fits its time."""

import json
from datetime import date
from pathlib import Path

import pytest
from django.utils import translation
from hypothesis import given
from hypothesis import strategies as some

from onboarding.fieldwork import announcing, public_words, spoken
from onboarding.fieldwork.models import Campaign

CASES = json.loads(Path(__file__).with_name("announcements.json").read_text(encoding="utf-8"))
OWN = CASES["own_line"]
SAFETY = "Cán bộ thật không bao giờ hỏi mã OTP, mật khẩu của bác."


@pytest.mark.parametrize("case", CASES["spoken"], ids=lambda case: case["text"])
def test_a_text_is_counted_as_it_is_heard(case):
    assert spoken.syllables(case["text"]) == case["syllables"]


def test_thirty_seconds_are_ninety_syllables():
    assert spoken.seconds("mời " * 90) == spoken.MOST_SECONDS == 30
    assert spoken.seconds("mời " * 91) == 31


@pytest.mark.parametrize("case", CASES["public"], ids=lambda case: case["text"])
def test_nobodys_number_and_no_secret_may_stand_in_words_for_everybody(case):
    assert public_words.fault(case["text"], own_line=OWN) == case["fault"]


def test_a_ward_without_a_number_has_no_number_to_allow():
    assert public_words.fault(f"Gọi {OWN}", own_line="") == "phone"


def test_a_short_number_of_the_ward_hides_no_part_of_a_persons_number():
    assert public_words.fault("Gọi 091 113 0000", own_line="113") == "phone"
    assert public_words.fault("Gọi 1022 hoặc 113", own_line="1022") == ""


@given(some.text(), some.text())
def test_any_text_is_counted_and_checked_without_an_error(text, own_line):
    assert spoken.syllables(text) >= 0
    assert public_words.fault(text, own_line=own_line) in ("", "phone", "number", "secret")


def campaign(ward, **fields) -> Campaign:
    values = {"name": "90 ngày kích hoạt mức 2", "starts": date(2026, 10, 18), "ends": date(2026, 11, 30)}
    return Campaign(area=ward.area, **{**values, **fields})


def test_the_texts_name_days_hours_place_things_the_help_line_and_the_safety_line(ward):
    held = campaign(ward, place="Nhà văn hóa Tổ 5", hours="8:00 đến 11:30", bring="Thẻ căn cước.")

    for text in announcing.suggested(held).values():
        for part in ("Phường Hồ Sen", held.name, "18/10", "30/11", held.hours, held.place, "thẻ căn cước.", OWN):
            assert part in text
        assert text.endswith(SAFETY)
        assert public_words.fault(text, own_line=ward.area.phone) == ""


def test_a_long_list_of_things_is_left_out_before_the_loudspeaker_takes_too_long(ward):
    held = campaign(ward, place="Nhà văn hóa Tổ 5", hours="8:00 đến 11:30, 14:00 đến 17:00", bring="thẻ căn cước " * 12)

    text = announcing.loudspeaker(held)

    assert spoken.seconds(text) <= 30
    assert "thẻ căn cước" not in text and held.place in text and text.endswith(SAFETY)
    assert "thẻ căn cước" in announcing.message(held)


def test_a_campaign_of_which_little_is_known_has_whole_sentences(ward):
    ward.area.phone = ""
    held = campaign(ward, ends=date(2026, 10, 18))

    assert announcing.loudspeaker(held) == (
        f"Phường Hồ Sen mời bà con tham gia: 90 ngày kích hoạt mức 2. Ngày 18/10. Hỗ trợ miễn phí. {SAFETY}"
    )


def test_the_texts_are_vietnamese_for_a_supervisor_who_works_in_english(ward):
    with translation.override("en"):
        assert "mời bà con" in announcing.loudspeaker(campaign(ward))
        assert SAFETY in announcing.message(campaign(ward))


def test_the_wards_own_words_come_before_what_is_suggested(ward):
    held = campaign(ward, loudspeaker="Lời của phường.", message="Tin của phường.")

    assert (announcing.loudspeaker(held), announcing.message(held)) == ("Lời của phường.", "Tin của phường.")
