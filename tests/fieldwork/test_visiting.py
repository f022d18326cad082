"""A knock is recorded once, moves the door's status, and reaches the phones of the area."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from onboarding.fieldwork import feed, visits
from onboarding.fieldwork.models import Visit
from onboarding.ids import new_id
from onboarding.journal.feed import read_feed
from onboarding.journal.models import AuditEntry
from onboarding.refusal import Refused
from tests import build

pytestmark = pytest.mark.django_db


def knock(user, home, **changes):
    facts = {
        "user": user, "entry": new_id(), "household": home.pk, "outcome": "met", "note": "", "appointment": None,
        "started_at": None, "at": datetime(2026, 10, 18, 2, 30, tzinfo=UTC), "people": [],
    }  # fmt: skip
    return visits.record_visit(**facts | changes)


def test_a_visit_is_kept_under_its_entry_id_with_who_was_met(ward, member):
    home = build.household(ward.groups[0])
    person, elsewhere = build.resident(home), build.resident(build.household(ward.groups[0], "16"))
    entry = new_id()

    visit = knock(member, home, entry=entry, people=[str(person.pk), elsewhere.pk])

    home.refresh_from_db()
    assert (visit.pk, visit.outcome, home.status) == (entry, "met", "done")
    assert list(visit.people.all()) == [person]
    assert AuditEntry.objects.get(object_id=entry).detail["unknown_people"] == 1
    assert [kind for kind, _pk in read_feed(ward.groups[0].pk, after=0, epoch="").changed] == ["visit", "household"]


def test_the_same_entry_twice_is_one_visit(ward, member):
    home, entry = build.household(ward.groups[0]), new_id()

    first = knock(member, home, entry=entry)
    knock(member, home, outcome="away")
    again = knock(member, home, entry=entry)

    home.refresh_from_db()
    assert first == again
    assert Visit.objects.count() == 2
    assert home.status == "away"


def test_the_visit_received_last_decides_and_not_the_clock_of_a_phone(ward, member):
    home = build.household(ward.groups[0])

    knock(member, home, outcome="met", at=timezone.now() + timedelta(days=2))
    home.refresh_from_db()
    assert home.last_visit <= timezone.now()
    knock(member, home, outcome="away", at=timezone.now() - timedelta(hours=3))

    home.refresh_from_db()
    assert home.status == "away"


def test_an_appointment_stands_on_the_door_until_the_next_knock(ward, member):
    home, when = build.household(ward.groups[0]), datetime(2026, 11, 23, 2, 30, tzinfo=UTC)

    knock(member, home, outcome="appointment", appointment=when)
    shown = feed.describe("household", [home.pk], user=member)[home.pk]
    assert (shown["status"], shown["appointment"]) == ("appt", "2026-11-23T09:30:00+07:00")
    knock(member, home, outcome="met")

    assert feed.describe("household", [home.pk], user=member)[home.pk]["appointment"] is None


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"outcome": "danced"}, "answers_invalid"),
        ({"outcome": "appointment"}, "answers_invalid"),
        ({"note": "mật khẩu: Abc@1234"}, "secret_in_text"),
        ({"note": "428 190"}, "secret_in_text"),
        ({"note": "x" * 501}, "answers_invalid"),
        ({"note": 5}, "answers_invalid"),
        ({"household": new_id()}, "subject_unknown"),
        ({"household": "nonsense"}, "subject_unknown"),
    ],
)
def test_what_cant_be_a_visit_is_refused_with_what_to_do(ward, member, changes, code):
    home = build.household(ward.groups[0])

    with pytest.raises(Refused) as refused:
        knock(member, home, **changes)

    assert refused.value.code == code
    assert refused.value.message.endswith(".")
    assert Visit.objects.count() == 0


def test_a_stranger_and_a_colleague_of_another_group_may_not_knock_here(ward, chandra):
    home = build.household(ward.groups[0])

    for who in (chandra, ward.colleague):
        with pytest.raises(Refused) as refused:
            knock(who, home)
        assert refused.value.code == "not_assigned"
    assert Visit.objects.count() == 0


def test_a_stranger_is_described_nothing(ward, member, chandra):
    visit = knock(member, build.household(ward.groups[0]))

    assert feed.describe("visit", [visit.pk], user=chandra) == {visit.pk: None}
    assert feed.describe("visit", [visit.pk], user=member)[visit.pk]["by"] == member.name
