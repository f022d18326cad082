"""How long it is known who asked: wiped after its end, and when nobody ends it, after the ward was told."""

from datetime import date, datetime, timedelta

import pytest
import time_machine
from django.db import IntegrityError, transaction
from django.test import Client
from django.utils import timezone

from onboarding.accounts.models import Team
from onboarding.celery import app
from onboarding.fieldwork import handling, keeping, tasks
from onboarding.fieldwork.asking_form import CONSENT, CONSENTS
from onboarding.fieldwork.models import VisitRequest
from onboarding.journal.models import AuditEntry
from tests import build

pytestmark = pytest.mark.django_db

LIST = "/phuong/hen-tham/"
ASKED = datetime.fromisoformat("2026-12-01T09:00:00+07:00")
LAST = date(2027, 5, 30)  # 180 days after


@pytest.fixture
def clock():
    """The day on which somebody asks."""
    with time_machine.travel(ASKED, tick=False) as clock:
        yield clock


def at(clock, day: date, hour: int = 9) -> None:
    """Go to an hour of a day in Hà Nội."""
    clock.move_to(datetime.fromisoformat(f"{day.isoformat()}T{hour:02}:00:00+07:00"))


def desk(user) -> Client:
    """A browser of a user who signs in now: months ago they were signed out."""
    client = Client()
    client.force_login(user)
    return client


def known(row: VisitRequest) -> bool:
    """Say whether anything still says who asked."""
    row.refresh_from_db()
    return any(row.told(name) for name in ("name", "phone", "address", "note", "remark")) or bool(row.phone_index)


# --- what ended ------------------------------------------------------------------------------------------------------


def test_what_ended_loses_what_is_personal_after_ninety_days_and_what_is_open_does_not(ward):
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False) as clock:
        rows = {state: build.visit_request(ward.area) for state in ("done", "cannot", "spam", "called")}
        for state, row in rows.items():
            handling.handle(user=ward.supervisor, request=row.pk, state=state, remark="gọi con gái")
        clock.shift(timedelta(days=90))
        assert keeping.wipe_finished() == 0
        clock.shift(timedelta(seconds=1))
        assert keeping.wipe_finished() == 3
        assert keeping.wipe_finished() == 0
    for state, row in rows.items():
        row.refresh_from_db()
        left = [row.told(name) for name in ("name", "phone", "address", "note", "remark") if row.told(name)]
        assert (bool(left), row.phone_index is None, row.wiped_at is None) == (
            state == "called", state != "called", state == "called",
        )  # fmt: skip
    assert AuditEntry.objects.filter(action="visit_request.wipe").count() == 3


# --- what nobody ended -----------------------------------------------------------------------------------------------


def test_the_beat_rings_for_it_every_day():
    app.loader.import_default_modules()
    entry = app.conf.beat_schedule["wipe_finished"]
    assert (entry["task"], entry["schedule"]) == ("onboarding.fieldwork.tasks.wipe_finished", 86_400)
    assert "onboarding.fieldwork.tasks.wipe_finished" in app.tasks


def test_the_database_keeps_no_request_that_names_nobody_or_a_wiped_one_that_does(ward):
    row = build.visit_request(ward.area)
    for facts in ({"phone_sealed": None}, {"wiped_at": timezone.now()}, {"state": "planned"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            VisitRequest.objects.filter(pk=row.pk).update(**facts)


def test_what_nobody_ends_is_wiped_on_its_day_and_not_before(ward, clock):
    row = build.visit_request(ward.area)
    at(clock, LAST - timedelta(days=1), 23)
    tasks.wipe_finished()
    assert known(row)
    at(clock, LAST, 0)
    tasks.wipe_finished()
    assert not known(row)
    assert (row.state, row.wiped_at, row.household) == ("lapsed", timezone.now(), None)
    (entry,) = AuditEntry.objects.filter(action="visit_request.wipe")
    assert (entry.user, entry.object_id, entry.detail) == (None, row.pk, {"from": "new"})
    assert keeping.wipe_unfinished() == 0


def test_whatever_is_done_about_it_counts_the_days_anew(ward, clock):
    row = build.visit_request(ward.area)
    at(clock, LAST - timedelta(days=1))
    handling.handle(user=ward.supervisor, request=row.pk, state="called", remark="gọi lại sau Tết")
    at(clock, LAST + timedelta(days=178))
    assert keeping.wipe_unfinished() == 0 and known(row)
    at(clock, LAST + timedelta(days=179))
    assert keeping.wipe_unfinished() == 1 and not known(row)


def test_a_planned_visit_is_waited_for(ward, clock):
    row = build.visit_request(ward.area)
    handling.plan(user=ward.supervisor, request=row.pk, day=date(2027, 3, 1))
    at(clock, date(2027, 8, 27))
    assert keeping.wipe_unfinished() == 0
    at(clock, date(2027, 8, 28))
    assert keeping.wipe_unfinished() == 1


def test_how_long_and_from_which_day_is_the_wards_to_say(ward, clock, settings):
    settings.ASK_OPEN_DAYS = 30
    settings.ASK_OPEN_FROM = date(2027, 2, 1)
    settings.ASK_WARN_DAYS = 7
    row = build.visit_request(ward.area)
    at(clock, date(2027, 1, 31))
    assert list(keeping.soon_wiped()) == [] and keeping.warns(row) is None
    at(clock, date(2027, 2, 1))
    assert list(keeping.soon_wiped()) == [row] and keeping.warns(row) == date(2027, 2, 8)
    at(clock, date(2027, 2, 7))
    assert keeping.wipe_unfinished() == 0, "nobody was told for seven days yet"
    at(clock, date(2027, 2, 8))
    assert keeping.wipe_unfinished() == 1


def test_each_row_that_is_told_of_is_one_that_will_be_wiped(ward, clock):
    ages = [timedelta(days=days) for days in (0, 165, 166, 167, 179, 180, 400)]
    now = ASKED + timedelta(days=500)
    clock.move_to(now)
    rows = [build.visit_request(ward.area, made_at=now - age) for age in ages]
    rows += [build.visit_request(ward.area, made_at=now - age, planned_for=now.date()) for age in ages]
    assert {row.pk for row in rows if keeping.warns(row)} == {row.pk for row in keeping.soon_wiped()}
    today = timezone.localdate()
    assert {row.pk for row in rows if (keeping.ends_on(row) or today) <= today} == {
        row.pk for row in keeping.ending_by(today)
    }
    assert len(keeping.ending_by(today)) == 2 and len(keeping.soon_wiped()) == 5


# --- what the ward sees ----------------------------------------------------------------------------------------------


def test_the_list_and_the_request_warn_two_weeks_before_and_not_earlier(ward, clock):
    row = build.visit_request(ward.area)
    fresh = build.visit_request(ward.area, made_at=ASKED + timedelta(days=100))
    at(clock, LAST - timedelta(days=15))
    early = desk(ward.supervisor)
    assert "ắp hết hạn giữ" not in early.get(LIST).content.decode()
    assert [line["ends"] for line in early.get(LIST).context["rows"]] == [None, None]
    assert early.get(f"{LIST}?tt=soon").context["rows"] == []
    at(clock, LAST - timedelta(days=14))
    as_supervisor = desk(ward.supervisor)
    page = as_supervisor.get(LIST).content.decode()
    assert "1 lời hẹn sắp hết hạn giữ" in page and page.count("Xóa tên và số ngày 30/05/2027") == 1
    assert [line["row"] for line in as_supervisor.get(f"{LIST}?tt=soon").context["rows"]] == [row]
    assert "Ngày 30/05/2027 hết hạn giữ" in as_supervisor.get(f"{LIST}{row.pk}/").content.decode()
    assert "/05/2027 hết hạn giữ" not in as_supervisor.get(f"{LIST}{fresh.pk}/").content.decode()


def test_a_stranger_hears_of_no_warning_and_a_member_finds_no_list(ward, chandra, clock):
    build.visit_request(ward.area)
    Team.objects.create(area=chandra.memberships.get().area, name="Tổ hỗ trợ 3")
    at(clock, LAST)
    answer = desk(chandra).get(f"{LIST}?tt=soon")
    assert list(answer.context["rows"]) == [] and "sắp hết hạn giữ" not in answer.content.decode()
    assert desk(ward.member).get(f"{LIST}?tt=soon").status_code == 404


def test_what_was_wiped_is_off_the_open_list_says_so_and_can_not_be_moved_or_planned(ward, clock):
    row = build.visit_request(ward.area)
    at(clock, LAST)
    tasks.wipe_finished()
    as_supervisor = desk(ward.supervisor)
    assert list(as_supervisor.get(LIST).context["rows"]) == [] and handling.waiting(ward.supervisor) == 0
    assert [line["row"] for line in as_supervisor.get(f"{LIST}?tt=lapsed").context["rows"]] == [row]
    page = as_supervisor.get(f"{LIST}{row.pk}/").content.decode()
    assert "theo thời hạn giữ" in page and "Xếp vào ngày" not in page and "Đã làm gì" not in page
    as_supervisor.post(f"{LIST}{row.pk}/buoc/", {"buoc": "called"})
    as_supervisor.post(f"{LIST}{row.pk}/ngay/", {"ngay": "2030-01-01"})
    row.refresh_from_db()
    assert (row.state, row.planned_for) == ("lapsed", None)


def test_who_asks_is_told_of_both_times_and_older_words_are_still_taken(ward, settings):
    settings.ASK_OPEN_DAYS = 120
    html = Client().get("/goi-to/").content.decode()
    assert "Xong việc 90 ngày thì xóa tên" in html and "Chưa xong mà 120 ngày" in html
    assert f'value="{CONSENT}"' in html and CONSENTS == ("goi-to-1", "goi-to-2")


def test_the_database_keeps_no_lapsed_request_that_names_somebody(ward):
    row = build.visit_request(ward.area)
    with pytest.raises(IntegrityError), transaction.atomic():
        VisitRequest.objects.filter(pk=row.pk).update(state="lapsed")
