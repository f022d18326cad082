"""The editors' list: every fact with its source and what it needs; for editors only."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from onboarding.guides import ledger
from onboarding.guides.ward_views import A_PAGE
from tests import build

pytestmark = pytest.mark.django_db

PATH = "/phuong/thu-tuc/"
FEE = {"unit": "đồng", "cases": [{"case": "Từng người", "online": 7000, "direct": 15000}]}


@pytest.fixture
def lodging():
    """A procedure with one fact in order."""
    row = build.procedure()
    build.fact(row, "fee", FEE)
    return row


@pytest.fixture
def as_editor(ward) -> Client:
    """A browser signed in as the ward's editor."""
    client = Client()
    client.force_login(build.editor(ward.area))
    return client


def text(client: Client, path: str = PATH) -> str:
    """The page as the client gets it."""
    answer = client.get(path)
    assert answer.status_code == 200
    return answer.content.decode()


def marks(procedure) -> list[tuple[str, ...]]:
    """The marks of a procedure's facts, by key and time."""
    (page,) = [page for page in ledger.pages(timezone.localdate()) if page.procedure == procedure]
    return [line.marks for line in page.lines]


def test_an_editor_sees_what_each_fact_says_who_says_so_and_when_it_was_checked(as_editor, lodging):
    page = text(as_editor)
    today = timezone.localdate()
    for words in ("Đăng ký tạm trú", "Phí", "trên mạng 7000", "tận nơi 15000", "bài thử", f"{today:%d/%m/%Y}"):
        assert words in page, words
    assert 'href="/thu-tuc/tam-tru/"' in page
    assert "no-store" in as_editor.get(PATH).headers["Cache-Control"]


def test_anonymous_people_sign_in_and_nobody_but_an_editor_finds_the_page(ward, lodging, as_supervisor, as_chandra):
    assert Client().get(PATH).headers["Location"].startswith("/dang-nhap/")
    walker = Client()
    walker.force_login(ward.member)
    for client in (as_supervisor, as_chandra, walker):
        assert client.get(PATH).status_code == 404


def test_an_editor_finds_no_page_of_the_ward_and_one_whose_time_is_over_finds_nothing(as_editor, ward, lodging):
    assert as_editor.get("/phuong/").status_code == 404
    assert as_editor.get("/phuong/luot-tham/").status_code == 404
    over = build.editor(ward.area, "cu")
    over.memberships.update(valid_to=timezone.localdate() - timedelta(days=1))
    client = Client()
    client.force_login(over)
    assert client.get(PATH).status_code == 404


@pytest.mark.parametrize(("role", "lands"), [("editor", PATH), ("supervisor", "/phuong/"), ("both", "/phuong/")])
def test_after_signing_in_an_editor_lands_where_an_editor_works(ward, role, lands):
    who = build.editor(ward.area) if role != "supervisor" else ward.supervisor
    if role == "both":
        build.grant(who, "supervisor", ward.area)
    who.set_password("ho-sen-2026")
    who.save()
    answer = Client().post("/dang-nhap/", {"login": who.username, "password": "ho-sen-2026"})
    assert answer.headers["Location"] == lands


def test_an_unverified_fact_bears_a_mark(lodging):
    assert marks(lodging) == [()]
    lodging.facts.update(verified=False)
    assert marks(lodging) == [("unverified",)]


@pytest.mark.parametrize(("days", "expected"), [(-1, ("expired",)), (0, ("soon",)), (30, ("soon",)), (31, ())])
def test_a_fact_that_ends_bears_a_mark_from_thirty_days_before(lodging, days, expected):
    lodging.facts.update(valid_to=timezone.localdate() + timedelta(days=days))
    assert marks(lodging) == [expected]


def test_a_fact_that_another_follows_needs_nothing(lodging):
    today = timezone.localdate()
    lodging.facts.update(valid_to=today - timedelta(days=1))
    build.fact(lodging, "fee", FEE, valid_from=today)
    assert marks(lodging) == [(), ()]


def test_the_list_can_be_narrowed_to_what_needs_somebody(as_editor, lodging):
    other = build.procedure("luu-tru", "Báo có khách ngủ lại")
    build.fact(other, "time", {"text": "Xong ngay."}, verified=False)
    every, open_ones = text(as_editor), text(as_editor, f"{PATH}?dau=unverified")
    assert "Xong ngay." in every and "trên mạng 7000" in every
    assert "Xong ngay." in open_ones and "trên mạng 7000" not in open_ones
    assert "Không có mục nào như vậy." in text(as_editor, f"{PATH}?dau=expired")
    assert "Xong ngay." in text(as_editor, f"{PATH}?dau=khac"), "an unknown mark narrows nothing"


def test_many_procedures_are_turned_page_by_page(as_editor):
    for number in range(A_PAGE + 1):
        build.procedure(f"viec-{number:02}", f"Việc số {number:02}")
    assert "Việc số 10" not in text(as_editor)
    assert "Việc số 10" in text(as_editor, f"{PATH}?trang=2")


def test_how_many_questions_the_list_asks_does_not_grow_with_it(as_editor, lodging, django_assert_num_queries):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as before:
        text(as_editor)
    for number in range(3):
        build.fact(build.procedure(f"viec-{number}"), "fee", FEE)
    with django_assert_num_queries(len(before)):
        text(as_editor)


def test_nothing_can_be_posted(as_editor):
    assert as_editor.post(PATH).status_code == 405
