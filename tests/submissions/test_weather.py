"""The portal's weather is one row that all workers share: rate, breaker with one probe a minute, hold switch."""

from datetime import timedelta

import pytest
import time_machine

from onboarding.accounts.models import Area, Role
from onboarding.journal.models import AuditEntry
from onboarding.refusal import Refused
from onboarding.submissions import delivery, weather
from onboarding.submissions.models import PortalGuard, Status, Submission
from onboarding.submissions.portal import NotSent
from tests import build


@pytest.fixture
def now():
    """A clock that stands still."""
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False) as clock:
        yield clock


def test_turns_are_given_at_the_rate_and_nobody_waits_longer_than_two_seconds(now, db):
    PortalGuard.objects.update(per_second=1)
    assert [weather.take_turn() for _ in range(4)] == [0, 1, 2, None]
    now.shift(timedelta(seconds=1))
    assert weather.take_turn() == 2


@pytest.mark.fault("F61")
def test_after_five_troubles_the_portal_is_probed_once_a_minute_and_a_clean_answer_ends_it(now, ward, portal):
    person = build.resident(build.household(ward.groups[0]))
    rows = [build.filed(ward, person=person) for _ in range(8)]
    portal.answers = [NotSent("down")] * 7
    assert delivery.work() == 8
    assert len(portal.answers) == 2, "five calls, then quiet"
    assert delivery.work() == 0
    assert delivery.sweep() == []

    for left in (1, 0):
        now.shift(timedelta(seconds=61))
        delivery.work()
        assert len(portal.answers) == left

    now.shift(timedelta(hours=7))
    delivery.work()
    assert len(portal.ledger) == 8
    assert {Submission.objects.get(pk=row.pk).status for row in rows} == {Status.SENT}
    assert PortalGuard.objects.get(name="sandbox").failures == 0


def test_retry_after_closes_the_portal_for_everybody_at_once(now, db):
    weather.note_trouble(retry_after=120)
    assert weather.is_fair() is False
    now.shift(timedelta(seconds=121))
    assert weather.take_turn() == 0


def test_a_supervisor_holds_the_ward_and_only_it(now, ward, portal):
    mine = build.filed(ward)
    elsewhere = build.household(Area.objects.get(code="00998"))
    theirs = build.filed(ward, person=build.resident(elsewhere), user=ward.stranger)

    weather.hold(user=ward.supervisor, portal="sandbox/00999", held=True, note="Cổng bảo trì")
    delivery.work()
    assert Submission.objects.get(pk=mine.pk).status == Status.QUEUED
    assert Submission.objects.get(pk=theirs.pk).status == Status.SENT
    assert AuditEntry.objects.get(action="portal.hold").user == ward.supervisor

    weather.hold(user=ward.supervisor, portal="sandbox/00999", held=False)
    delivery.work()
    assert Submission.objects.get(pk=mine.pk).status == Status.SENT


@pytest.mark.parametrize("portal_name", ["sandbox", "sandbox/00998", "dvcqg/00999", "sandbox/TDP1"])
def test_nobody_holds_what_is_not_theirs(ward, portal_name):
    with pytest.raises(Refused):
        weather.hold(user=ward.supervisor, portal=portal_name, held=True)
    with pytest.raises(Refused):
        weather.hold(user=ward.member, portal="sandbox/00999", held=True)
    assert not PortalGuard.objects.filter(held=True).exists()


def test_the_city_holds_the_whole_portal(now, ward, portal):
    city = build.user("city", "Người Phụ Trách")
    build.grant(city, Role.SUPERVISOR, Area.objects.get(parent=None))
    row = build.filed(ward)
    weather.hold(user=city, portal="sandbox", held=True)
    assert delivery.work() == 0
    assert delivery.deliver(row.pk) is False
    weather.hold(user=city, portal="sandbox", held=False)
    assert delivery.deliver(row.pk) is True
