"""A procedure's page: what holds today and nothing else, for everybody alike, without a script, without a mark."""

import re
from datetime import date, timedelta

import pytest
from django.test import Client
from django.utils import timezone

from onboarding.guides.facts import in_force
from onboarding.guides.leaflet import leaflet
from tests import build

pytestmark = pytest.mark.django_db

LIST, PAGE = "/thu-tuc/", "/thu-tuc/tam-tru/"
FEE = {"unit": "đồng", "cases": [{"online": 7000, "direct": 15000}]}
TODAY = date(2026, 11, 22)


@pytest.fixture
def lodging():
    """The procedure of the page, with a word of every kind."""
    row = build.procedure(name="Đăng ký tạm trú", agency="Công an cấp xã")
    for key, value in {
        "code": {"numbers": [{"number": "1.004194", "case": "Đăng ký mới"}]},
        "fee": FEE,
        "time": {"cases": [{"most": 3, "unit": "ngày làm việc"}]},
        "deadline": {
            "cases": [{"within": 15, "unit": "ngày", "since": "từ ngày dọn đến"}],
            "text": "Ở từ 30 ngày thì phải đăng ký.",
        },
        "who": {"list": ["Người trong nhà."]},
        "prepare": {"list": ["Hợp đồng thuê nhà."]},
        "not_needed": {"list": ["Không cần công chứng ảnh chụp."]},
        "online": {"level": "full", "path": ["Mở Cổng.", "Bấm nộp."], "url": "https://dichvucong.gov.vn"},
        "states": {"set": "cong-dvc", "list": [{"plain": "Đã nhận hồ sơ."}]},
        "note": {"list": ["Dùng được nhiều nhất 2 năm."]},
    }.items():
        build.fact(row, key, value)
    return row


def page(path: str = PAGE) -> str:
    """What a browser nobody knows gets."""
    answer = Client().get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def test_a_procedure_says_everything_one_must_know_before_going(lodging):
    text = page()
    for words in (
        "Đăng ký tạm trú",
        "Công an cấp xã",
        "Người trong nhà.",
        "Hợp đồng thuê nhà.",
        "Không cần công chứng ảnh chụp.",
        "7.000 đồng",
        "15.000 đồng",
        "Nhiều nhất 3 ngày làm việc",
        "<b>Trong 15 ngày</b> từ ngày dọn đến",
        "Ở từ 30 ngày thì phải đăng ký.",
        "Làm trọn trên mạng.",
        'href="https://dichvucong.gov.vn"',
        "Đã nhận hồ sơ.",
        "1.004194",
        "Dùng được nhiều nhất 2 năm.",
        "Tổ hỗ trợ không thu tiền",
        f"Kiểm tra ngày {timezone.localdate():%d/%m/%Y}",
    ):
        assert words in text, words


def test_what_costs_the_same_every_way_is_said_once_and_shares_as_shares(lodging):
    cases = [{"case": "Người thứ nhất", "any": 100}, {"case": "Người thứ hai", "any": 70}]
    build.fact(lodging, "fee", {"unit": "%", "cases": cases}, valid_from=timezone.localdate())
    text = page()
    assert "<b>70%</b>" in text and "Nộp tận nơi:" not in text
    assert text.count("Người thứ hai") == 1


def test_the_support_team_can_be_called_from_the_page(lodging):
    build.ward()
    assert re.search(r'href="tel:02400000108">.*?Gọi tổ hỗ trợ', page(), re.S)


def test_the_list_has_every_procedure_under_its_topic(lodging):
    build.procedure("khai-sinh", "Làm giấy khai sinh", topic="ho-tich")
    build.procedure("la", "Việc không có nhóm", topic="")
    text = page(LIST)
    places = [text.index(f'aria-label="{name}') for name in ("Cư\u00a0trú", "Hộ\u00a0tịch", "Việc khác")]
    assert places == sorted(places)
    assert places[0] < text.index('href="/thu-tuc/tam-tru/"') < places[1] < text.index('href="/thu-tuc/khai-sinh/"')
    assert "VNeID" not in text, "a topic without procedures is no heading"


# --- Time -------------------------------------------------------------------------------------------------------------


def test_a_fee_that_changes_tomorrow_is_not_read_today_but_tomorrow(lodging):
    tomorrow = timezone.localdate() + timedelta(days=1)
    build.fact(lodging, "fee", {"unit": "đồng", "cases": [{"direct": 99000}]}, valid_from=tomorrow)
    assert "99.000" not in page()
    on = {day: leaflet(lodging, day)["prices"] for day in (timezone.localdate(), tomorrow)}
    assert [price.now for price in on[timezone.localdate()]] == [7000, 15000]
    assert [price.now for price in on[tomorrow]] == [99000]


def test_a_fact_holds_on_its_last_day_and_not_on_the_next(lodging):
    fee = lodging.facts.get(key="fee")
    fee.valid_to = TODAY
    fee.valid_from = date(2026, 1, 1)
    fee.save()
    assert "fee" in in_force([fee], TODAY)
    assert "fee" not in in_force([fee], TODAY + timedelta(days=1))
    assert "fee" not in in_force([fee], date(2025, 12, 31))


def test_a_fact_that_is_over_is_not_on_the_page(lodging):
    lodging.facts.filter(key="fee").update(valid_to=timezone.localdate() - timedelta(days=1))
    text = page()
    assert "7.000" not in text
    assert "Hỏi mức phí ở nơi nộp." in text


def test_of_two_facts_that_hold_the_later_one_counts(lodging):
    build.fact(lodging, "time", {"text": "Trong ngày."}, valid_from=timezone.localdate())
    text = page()
    assert "Trong ngày." in text and "3 ngày làm việc" not in text


def test_the_city_pays_what_is_filed_online_and_only_in_its_period(lodging):
    begin = timezone.localdate()
    build.fact(
        lodging,
        "support",
        {"online": 0, "unit": "đồng", "by": "Nghị quyết 77/2025/NQ-HĐND", "text": "Thành phố trả thay."},
        valid_from=begin,
    )
    day_before, day = (leaflet(lodging, begin + timedelta(days=n))["prices"] for n in (-1, 0))
    assert [(price.now, price.supported) for price in day_before] == [(7000, False), (15000, False)]
    assert [(price.now, price.supported) for price in day] == [(0, True), (15000, False)]
    text = page()
    assert "Không mất tiền" in text and "Mức chung 7.000 đồng." in text
    assert f"Nghị quyết 77/2025/NQ-HĐND, từ {begin:%d/%m/%Y}" in text


# --- What every citizen's page owes -----------------------------------------------------------------------------------


def test_how_well_a_fact_was_checked_and_where_it_was_found_is_not_for_citizens(lodging):
    lodging.facts.update(verified=True)
    checked = page()
    lodging.facts.update(verified=False)
    assert page() == checked
    assert "bài thử" not in checked and "đối chiếu" not in checked


@pytest.mark.parametrize("path", [LIST, PAGE])
def test_a_page_may_be_kept_by_anybody_and_is_the_same_for_everybody(lodging, path):
    ward = build.ward()
    answer = Client().get(path)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    known = Client(headers={"accept-language": "en"})
    known.force_login(ward.member)
    known.cookies["theme"] = "dark"
    assert known.get(path).content == answer.content
    again = Client().get(path, headers={"if-none-match": answer.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")


@pytest.mark.parametrize("path", [LIST, PAGE])
def test_a_page_stands_under_the_strict_policy_with_nothing_inline(lodging, path):
    answer = Client().get(path)
    policy = answer.headers["Content-Security-Policy"]
    assert "unsafe-inline" not in policy
    assert "default-src 'self'" in policy and "style-src 'self'" in policy
    assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", answer.content.decode())


@pytest.mark.parametrize("path", [LIST, PAGE])
def test_nothing_can_be_posted_to_it(lodging, path):
    assert Client().post(path).status_code == 405


def test_a_procedure_that_does_not_exist_is_404(lodging):
    assert Client().get("/thu-tuc/khac/").status_code == 404


def test_words_in_a_fact_cannot_become_markup(lodging):
    build.fact(lodging, "links", {"list": [{"text": "<b>x</b>", "href": "/huong-dan/"}]})
    assert "<b>x</b>" not in page() and "&lt;b&gt;x&lt;/b&gt;" in page()


# --- The ways there and on --------------------------------------------------------------------------------------------


def test_a_guide_and_the_catalogue_lead_to_the_procedure_and_it_leads_back(guide):
    assert 'href="/thu-tuc/viec-mau/"' in page("/huong-dan/mau/")
    assert 'href="/thu-tuc/"' in page("/huong-dan/")
    assert 'href="/huong-dan/mau/"' in page("/thu-tuc/viec-mau/")


def test_procedures_that_go_together_are_a_tap_away(lodging):
    build.procedure("luu-tru", "Báo có khách ngủ lại")
    build.fact(lodging, "related", {"procedures": ["luu-tru", "khong-co"]})
    text = page()
    assert 'href="/thu-tuc/luu-tru/"' in text
    assert "khong-co" not in text
