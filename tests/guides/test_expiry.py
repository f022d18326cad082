"""The end of a version that readers have is set, moved and taken away; who gives more time is not who wrote it."""

import re
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import time_machine
from django.test import Client

from onboarding.guides import drafts, publishing, reviewing, timetable
from onboarding.guides.models import GuideVersion
from onboarding.ids import new_id
from onboarding.journal.models import AuditEntry
from onboarding.refusal import Refused
from tests import build

pytestmark = pytest.mark.django_db
State = GuideVersion.State
HANOI = ZoneInfo("Asia/Ho_Chi_Minh")
FRIDAY = datetime(2026, 11, 27, 17, 0, tzinfo=HANOI)
HOUR = timedelta(hours=1)
BOARD = "/phuong/huong-dan/"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def people(ward):
    return build.editor(ward.area, "viet"), build.editor(ward.area, "duyet")


@pytest.fixture
def sent(people, guide, version):
    # `version` is asked for here, as long as it is the one that readers have.
    author, _other = people

    def alter(doc):
        doc["steps"][1]["text"] = "Bác chờ một phút."

    draft = drafts.change(user=author, version=drafts.begin(user=author, guide=guide), alter=alter)
    return reviewing.send_for_review(user=author, version=draft)


@pytest.fixture
def out(sent, people):
    """A version written by the first and published by the second."""
    return publishing.publish(user=people[1], version=sent)


def browser(who) -> Client:
    client = Client()
    client.force_login(who)
    return client


def at(version) -> str:
    return f"{BOARD}duyet/{version.pk}/han/"


def text(client: Client, path: str) -> str:
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def end(version) -> datetime | None:
    version.refresh_from_db()
    return version.expires_at


def code(**said) -> str:
    with pytest.raises(Refused) as no:
        timetable.set_end(**said)
    return no.value.code


# --- the verb ---------------------------------------------------------------------------------------------------------


def test_readers_lose_it_at_its_end_and_have_what_came_before(out, people, guide, version, clock):
    timetable.set_end(user=people[0], version=out, until=FRIDAY)
    clock.move_to(FRIDAY - timedelta(seconds=1))
    assert guide.current == out
    clock.move_to(FRIDAY)
    assert guide.current == version
    assert timetable.keep_time() == 1
    out.refresh_from_db()
    assert out.state == State.WITHDRAWN


def test_a_sooner_end_is_one_persons_to_say_and_a_later_one_somebody_elses(out, people):
    author, other = people
    timetable.set_end(user=author, version=out, until=FRIDAY)
    timetable.set_end(user=author, version=out, until=FRIDAY - HOUR)
    for later in (FRIDAY, None):
        assert code(user=author, version=out, until=later) == "own_version"
        assert end(out) == FRIDAY - HOUR
    timetable.set_end(user=other, version=out, until=FRIDAY)
    assert end(out) == FRIDAY
    timetable.set_end(user=other, version=out, until=None)
    assert end(out) is None


def test_the_end_of_a_shipped_version_is_set_and_taken_away_by_anybody_who_keeps_guides(version, people):
    timetable.set_end(user=people[0], version=version, until=FRIDAY)
    timetable.set_end(user=people[0], version=version, until=None)
    assert end(version) is None


def test_the_book_says_who_did_it_and_what_it_was_before(out, people):
    timetable.set_end(user=people[0], version=out, until=FRIDAY)
    timetable.set_end(user=people[1], version=out, until=FRIDAY)  # says what it is already
    timetable.set_end(user=people[1], version=out, until=None)
    rows = AuditEntry.objects.filter(action="guide.set_end").order_by("number")
    assert [row.user.username for row in rows] == ["viet", "duyet"]
    assert [(row.detail.get("until"), row.detail.get("was")) for row in rows] == [
        (FRIDAY.isoformat(), None),
        (None, FRIDAY.isoformat()),
    ]


def test_only_what_readers_have_gets_an_end(sent, out, people, clock, ward):
    assert code(user=people[1], version=out, until=datetime(2026, 11, 22, 10, 0, tzinfo=HANOI)) == "past"
    assert code(user=ward.member, version=out, until=FRIDAY) == "not_assigned"
    timetable.set_end(user=people[1], version=out, until=FRIDAY)
    clock.move_to(FRIDAY)  # gone, although no beat has said so
    assert code(user=people[1], version=out, until=FRIDAY + HOUR) == "frozen"
    timetable.keep_time()
    assert code(user=people[1], version=out, until=FRIDAY + HOUR) == "frozen"


def test_what_waits_for_its_day_gets_its_end_with_it(sent, people, clock):
    booked = timetable.schedule(user=people[1], version=sent, at=FRIDAY)
    assert code(user=people[1], version=booked, until=FRIDAY + HOUR) == "frozen"
    clock.move_to(FRIDAY)  # out, although no beat has said so
    timetable.set_end(user=people[0], version=booked, until=FRIDAY + HOUR)
    clock.move_to(FRIDAY + HOUR)
    assert booked.guide.current != booked


def test_what_was_published_before_its_day_may_end_before_that_day(sent, people):
    booked = timetable.schedule(user=people[1], version=sent, at=FRIDAY)
    out = publishing.publish(user=people[1], version=booked)
    timetable.set_end(user=people[0], version=out, until=FRIDAY - HOUR)
    assert (end(out), out.publish_at) == (FRIDAY - HOUR, None)


def test_a_beat_that_looked_before_more_time_was_given_takes_nothing(out, people, guide, clock):
    timetable.set_end(user=people[1], version=out, until=FRIDAY)
    stale = GuideVersion.objects.get(pk=out.pk)
    timetable.set_end(user=people[1], version=out, until=FRIDAY + HOUR)
    clock.move_to(FRIDAY)
    assert not timetable._go(stale)
    assert guide.current == out


# --- the page ---------------------------------------------------------------------------------------------------------


def test_a_keeper_sets_moves_and_takes_away_the_end_on_its_page(out, people):
    author, other = (browser(who) for who in people)
    assert f'href="{at(out)}"' in text(author, f"{BOARD}mau/")
    page = text(author, at(out))
    assert "Bài không có ngày hết." in page and "Bỏ hạn" not in page
    assert author.post(at(out), {"until": "2026-11-27T17:00"}).headers["Location"] == f"{BOARD}mau/"
    assert end(out) == FRIDAY
    assert "Hết hạn 27/11 17:00." in text(author, f"{BOARD}mau/")
    page = text(other, at(out))
    assert "Hết hạn 17:00 ngày 27/11/2026." in page and "Hết hạn rồi, người dân xem lại bản 1." in page
    assert 'value="2026-11-27T17:00"' in page and "Bỏ hạn" in page
    other.post(at(out), {"never": "on", "until": "2026-11-27T17:00"})
    assert end(out) is None


def test_who_wrote_it_reads_that_more_time_is_for_somebody_else_to_give(out, people):
    author = browser(people[0])
    author.post(at(out), {"until": "2026-11-27T17:00"})
    page = text(author, at(out))
    assert "Bỏ hạn" not in page and "gia hạn thì nhờ người khác" in page
    answer = author.post(at(out), {"until": "2026-12-27T17:00"})
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Nhờ người khác gia hạn." in page and 'value="2026-12-27T17:00"' in page
    assert author.post(at(out), {"never": "on"}).status_code == 422
    assert end(out) == FRIDAY


@pytest.mark.parametrize(
    ("said", "sentence"),
    [("", "Chưa chọn ngày giờ."), ("mai", "Chưa đọc được ngày giờ này."), ("2026-11-21T08:00", "Giờ này đã qua.")],
)
def test_an_end_that_cannot_be_meant_gets_its_sentence_and_what_was_typed_stays(out, people, said, sentence):
    timetable.set_end(user=people[1], version=out, until=FRIDAY)
    answer = browser(people[1]).post(at(out), {"until": said})
    assert (answer.status_code, sentence in answer.content.decode()) == (422, True)
    assert not said or f'value="{said}"' in answer.content.decode()
    assert end(out) == FRIDAY


def test_nobody_else_finds_the_page_and_there_is_none_for_what_readers_do_not_have(out, version, people, ward, clock):
    assert Client().get(at(out)).headers["Location"].startswith("/dang-nhap/")
    for stranger in (ward.member, build.user("khong-vai")):
        assert browser(stranger).get(at(out)).status_code == 404
        assert browser(stranger).post(at(out), {"until": "2026-11-27T17:00"}).status_code == 404
    assert end(out) is None
    keeper = browser(people[1])
    assert keeper.get(f"{BOARD}duyet/{new_id()}/han/").status_code == 404
    assert keeper.get(at(version)).status_code == 200  # may be current again
    publishing.withdraw(user=people[1], version=out, why="Sai.")
    assert keeper.get(at(out)).status_code == keeper.post(at(out), {"never": "on"}).status_code == 404
