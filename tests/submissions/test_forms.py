"""One definition, one renderer, one validator: the browser is told the very rules that the server checks."""

import json
import re
import unicodedata
from pathlib import Path

import pytest
import yaml
from django.template.loader import render_to_string
from hypothesis import given, settings
from hypothesis import strategies as st

from onboarding.refusal import Refused
from onboarding.submissions import forms, loading
from onboarding.submissions.models import FormVersion
from tests import build

DEFINITION = yaml.safe_load((loading.FOLDER / "luu-tru.yaml").read_text(encoding="utf-8"))
EXAMPLES = json.loads((Path(__file__).resolve().parents[1] / "wire" / "answers.json").read_text(encoding="utf-8"))


def refused(**changes: object) -> Refused:
    with pytest.raises(Refused) as caught:
        forms.clean_answers(DEFINITION, {**build.lodging_answers(), **changes})
    return caught.value


def test_right_answers_are_kept_in_one_shape():
    kept = forms.clean_answers(
        DEFINITION,
        build.lodging_answers(
            guest_name="  đặng quý   giả định ", document_number="098 052 000-002", guest_phone="+84 950 000 123",
            guest_birth="14/2/1952", arrival="21/11/2026",
        ),
    )  # fmt: skip
    assert kept["guest_name"] == "đặng quý giả định"
    assert (kept["document_number"], kept["guest_phone"]) == ("098052000002", "0950000123")
    assert (kept["guest_birth"], kept["arrival"]) == ("1952-02-14", "2026-11-21")
    assert "room" not in kept


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"guest_phone": "098000012"}, "Số điện thoại: Số này mới có 9 chữ số. Nhập đủ 10 số, bắt đầu bằng 0."),
        ({"document_number": "0980520000"}, "Số giấy tờ: Số định danh có 12 số. Còn thiếu 2 số."),
        ({"document_number": "0980520000021"}, "Số giấy tờ: Số định danh có 12 số. Đang thừa 1 số."),
        ({"guest_birth": "2091"}, "Ngày sinh: Ngày sinh này ở tương lai. Kiểm tra lại năm."),
        ({"guest_name": ""}, "Họ, chữ đệm và tên: Chưa có họ tên. Quét thẻ hoặc ghi theo giấy tờ."),
        ({"departure": "2026-11-20"}, "Ngày đi (dự kiến): Ngày đi đang trước ngày đến. Chọn lại ngày đi."),
        ({"document_type": "9"}, "Loại giấy tờ: Câu trả lời này không có trong danh sách. Chọn lại."),
        ({"ward": "00001"}, "Tờ khai có mục lạ. Cập nhật ứng dụng rồi gửi lại."),
    ],
)
def test_a_wrong_answer_names_the_field_and_what_to_do(changes, sentence):
    no = refused(**changes)
    assert (no.code, no.message) == ("answers_invalid", sentence)


@pytest.mark.fault("F84")
def test_fields_that_the_form_does_not_have_are_refused_and_not_ignored():
    assert refused(status="done").code == "answers_invalid"


def test_a_stay_of_thirty_days_is_another_procedure():
    assert forms.clean_answers(DEFINITION, build.lodging_answers(departure="2026-12-20"))
    assert "đăng ký tạm trú" in refused(departure="2026-12-21").message


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        ("1", "098052000002", "98052000002"),
        ("2", "000000123", "0000001234"),
        ("2", "098052000002", "09805200000A"),
        ("4", "b1234567", "B12345678901"),
        ("6", "GD4000000000123", "GD400000000012"),
        ("6", "0000000123", "000000012"),
        ("7", "098052000002", "0980520000022"),
    ],
)
def test_each_kind_of_paper_has_its_own_rule_for_numbers(kind, good, bad):
    kept = forms.clean_answers(DEFINITION, build.lodging_answers(document_type=kind, document_number=good))
    assert kept["document_number"] == good.upper()
    assert refused(document_type=kind, document_number=bad).code == "answers_invalid"


def test_a_citizens_secret_has_no_place_in_a_text():
    assert refused(room="OTP 428190").code == "secret_in_text"


@pytest.mark.fault("F77")
@pytest.mark.parametrize("mark", ["\x00", "\x07", "\x85", "\ud800"])
def test_control_characters_are_named_as_an_error_of_their_field(mark):
    assert refused(host_name=f"Trần{mark}Thị").message == "Chủ nhà: Có ký tự lạ. Xóa rồi gõ lại."


@pytest.mark.fault("F77")
def test_marks_that_turn_a_name_around_are_dropped_in_silence():
    kept = forms.clean_answers(DEFINITION, build.lodging_answers(guest_name="Trần \u202eThị\u200b Mẫu"))
    assert kept["guest_name"] == "Trần Thị Mẫu"


@pytest.mark.fault("F77")
@settings(deadline=None)
@given(value=st.one_of(st.text(), st.integers(), st.none(), st.lists(st.text(), max_size=2), st.booleans()))
def test_whatever_comes_is_taken_or_refused_and_never_breaks(value):
    for field in forms.specs(DEFINITION):
        try:
            kept = forms.clean_answers(DEFINITION, {**build.lodging_answers(), field["name"]: value})
        except Refused as no:
            assert no.message
        else:
            assert all("\x00" not in text for text in kept.values())


@pytest.mark.fault("F78")
@settings(deadline=None)
@given(name=st.sampled_from(["Nguyễn Thị Hồng Nhung", "Vũ Thị Hoà Mô Phỏng", "H' Thử Êban Mẫu", "Lý Thị Minh Họa"]))
def test_composed_and_decomposed_letters_are_one_answer(name):
    kept = [
        forms.clean_answers(DEFINITION, build.lodging_answers(guest_name=unicodedata.normalize(form, name)))
        for form in ("NFC", "NFD")
    ]
    assert kept[0] == kept[1]


@pytest.mark.parametrize("example", EXAMPLES, ids=lambda example: example["why"])
def test_the_examples_that_the_browser_shares(example):
    answers = {**build.lodging_answers(), **example["answers"]}
    if "kept" in example:
        kept = forms.clean_answers(DEFINITION, answers)
        assert {name: kept.get(name, "") for name in example["kept"]} == example["kept"]
    else:
        assert refused(**answers).message.endswith(example["says"])


def test_the_page_carries_every_rule_and_sentence_and_no_value():
    html = forms.render_form(DEFINITION)
    for spec in forms.specs(DEFINITION):
        tag = re.search(rf'<(?:input|select)[^>]*name="{spec["name"]}"[^>]*>', html)
        assert tag, spec["name"]
        assert f'data-rule-type="{spec["type"]}"' in tag[0]
        assert ("data-rule-required" in tag[0]) == spec.get("required", False)
        assert f'data-error-for="{spec["name"]}"' in html
    assert 'data-say-short="Số này mới có {have} chữ số. Nhập đủ 10 số, bắt đầu bằng 0."' in html
    assert "checked" not in html
    assert not re.search(r'<input[^>]*type="text"[^>]*value="[^"]', html)
    assert "style=" not in html
    assert "onclick" not in html


def test_the_consent_is_read_from_the_same_definition_and_no_box_is_ticked():
    html = render_to_string(
        "submissions/form_consent.html",
        {"definition": DEFINITION, "text_hash": forms.consent_hash(DEFINITION)},
    )
    assert f'data-consent-hash="{forms.consent_hash(DEFINITION)}"' in html
    assert "checked" not in html
    assert html.count('name="purpose"') == 2
    assert DEFINITION["consent"]["lawyer_checked"] is False


def test_loading_again_changes_nothing_and_changed_words_need_the_next_number(db, tmp_path):
    first = loading.load_forms()
    assert [version.pk for version in loading.load_forms()] == [version.pk for version in first]

    changed = {**DEFINITION, "title": "Thông báo lưu trú mới"}
    (tmp_path / "luu-tru.yaml").write_text(yaml.safe_dump(changed, allow_unicode=True), encoding="utf-8")
    with pytest.raises(loading.FrozenVersion):
        loading.load_forms(tmp_path)

    (tmp_path / "luu-tru.yaml").write_text(yaml.safe_dump({**changed, "number": 2, "valid_from": "2026-11-01"}))
    loading.load_forms(tmp_path)
    assert [version.code for version in forms.offered()] == ["luu-tru@2"]
    assert FormVersion.objects.get(number=1).valid_to.isoformat() == "2026-11-01"
    assert forms.find_version("luu-tru@1").number == 1, "phones in the field still send it"
