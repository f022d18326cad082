"""Readers get a version on its day and lose it on its day by the clock alone; the beat brings the states after it."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from onboarding.celery import app
from onboarding.guides import arranging, drafts, publishing, reviewing, tasks, timetable
from onboarding.guides.models import GuideVersion
from onboarding.journal.models import AuditEntry
from onboarding.refusal import Refused
from tests import build

pytestmark = pytest.mark.django_db
State = GuideVersion.State
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
TOMORROW = datetime(2026, 11, 23, 8, 0, tzinfo=HANOI)
HOUR = timedelta(hours=1)


@pytest.fixture
def clock():
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def people(ward):
    return build.editor(ward.area, "viet"), build.editor(ward.area, "duyet")


@pytest.fixture
def sent(clock, people, guide):
    author, _other = people

    def alter(doc):
        doc["steps"][1]["text"] = "Bác chờ một phút."

    draft = drafts.change(user=author, version=drafts.begin(user=author, guide=guide), alter=alter)
    return reviewing.send_for_review(user=author, version=draft)


@pytest.fixture
def booked(sent, people):
    return timetable.schedule(user=people[1], version=sent, at=TOMORROW, until=TOMORROW + 24 * HOUR)


def read() -> str:
    """What a reader finds at the second step."""
    return Client().get("/huong-dan/mau/2/").content.decode()


def refused(verb, **said):
    """The code with which a verb says no."""
    with pytest.raises(Refused) as no:
        verb(**said)
    return no.value.code


def test_readers_get_it_at_its_hour_without_any_beat(booked, guide, clock, version):
    assert (booked.state, guide.current) == (State.SCHEDULED, version)
    clock.move_to(TOMORROW - timedelta(seconds=1))
    assert guide.current == version
    clock.move_to(TOMORROW)
    assert guide.current == booked
    assert [row.pk for row in arranging.published()] == [booked.pk]
    assert "Bác chờ một phút." in read()


def test_it_was_drawn_when_its_day_was_set(booked):
    assert not booked.steps.filter(scene="").exists()


def test_the_beat_brings_the_states_after_the_clock(booked, clock, guide, version, people):
    tasks.keep_time()
    booked.refresh_from_db()
    assert booked.state == State.SCHEDULED
    clock.move_to(TOMORROW + HOUR)
    tasks.keep_time()
    booked.refresh_from_db()
    assert (booked.state, booked.published_at, booked.publisher) == (State.PUBLISHED, TOMORROW, people[1])
    clock.move_to(TOMORROW + 25 * HOUR)
    tasks.keep_time()
    booked.refresh_from_db()
    assert (booked.state, guide.current) == (State.WITHDRAWN, version)
    told = list(AuditEntry.objects.order_by("number").values_list("action", "user__username"))
    assert told == [("guide.send", "viet"), ("guide.schedule", "duyet"), ("guide.publish", None)]


def test_a_beat_that_slept_through_both_days_leaves_it_withdrawn(booked, clock, guide, version):
    clock.move_to(TOMORROW + 48 * HOUR)
    assert guide.current == version
    assert timetable.keep_time() == 2
    booked.refresh_from_db()
    assert (booked.state, booked.published_at) == (State.WITHDRAWN, TOMORROW)


def test_the_beat_rings_for_it():
    assert "onboarding.guides.tasks.keep_time" in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_it_expires_at_its_hour_and_what_is_still_published_before_it_is_current(booked, guide, clock, version):
    clock.move_to(TOMORROW + 24 * HOUR)
    assert guide.current == version
    assert "Bác chờ một phút." not in read()


def test_when_nothing_else_is_published_nothing_is_shown_after_it_expired(booked, guide, clock, people, version):
    publishing.withdraw(user=people[0], version=version, why="Đã cũ.")
    clock.move_to(TOMORROW + 24 * HOUR)
    assert guide.current is None
    assert Client().get("/huong-dan/mau/").status_code == 404


@pytest.mark.parametrize(
    ("at", "until", "code"),
    [
        (datetime(2026, 11, 22, 10, 0, tzinfo=HANOI), None, "past"),
        (datetime(2062, 11, 23, tzinfo=HANOI), None, "too_far"),
        (TOMORROW, TOMORROW, "ends_first"),
    ],
)
def test_a_day_that_cannot_be_meant_is_refused(sent, people, at, until, code):
    assert refused(timetable.schedule, user=people[1], version=sent, at=at, until=until) == code
    sent.refresh_from_db()
    assert sent.state == State.REVIEW


def test_nobody_sets_the_day_of_what_they_wrote(sent, people, member):
    assert refused(timetable.schedule, user=people[0], version=sent, at=TOMORROW) == "own_version"
    assert refused(timetable.schedule, user=member, version=sent, at=TOMORROW) == "not_assigned"


def test_a_day_may_be_set_again_and_taken_back_before_it_comes(booked, people, guide):
    again = timetable.schedule(user=people[1], version=booked, at=TOMORROW + HOUR)
    assert (again.publish_at, again.expires_at) == (TOMORROW + HOUR, None)
    back = timetable.unschedule(user=people[0], version=again)
    assert (back.state, back.publish_at, back.publisher) == (State.REVIEW, None, None)


def test_what_is_out_is_withdrawn_not_put_off(booked, people, clock, guide, version):
    clock.move_to(TOMORROW)
    assert refused(timetable.unschedule, user=people[0], version=booked) == "frozen"
    assert refused(timetable.schedule, user=people[1], version=booked, at=TOMORROW + HOUR) == "frozen"
    publishing.withdraw(user=people[0], version=booked, why="Sai bước 2.")
    assert guide.current == version
    booked.refresh_from_db()
    assert booked.published_at == TOMORROW


def test_what_is_not_out_yet_cannot_be_withdrawn(booked, people):
    assert refused(publishing.withdraw, user=people[0], version=booked, why="Sai.") == "frozen"


def test_a_scheduled_version_may_be_published_at_once(booked, people, guide):
    publishing.publish(user=people[1], version=booked)
    assert guide.current == booked
