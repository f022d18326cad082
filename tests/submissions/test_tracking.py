"""What the portal tells is applied by its own time and rank: late, doubled and disordered words end the same."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
import time_machine
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.submissions import delivery, tracking
from onboarding.submissions.models import PortalGuard, PortalStatus, Status, Submission
from onboarding.submissions.portal import Step
from tests import build

START = datetime(2026, 11, 23, 1, 0, tzinfo=UTC)


def step(number: int, minutes: int, note: str = "") -> Step:
    return Step(number, "", note, START + timedelta(minutes=minutes))


@pytest.fixture
def row(ward, portal) -> Submission:
    """A submission that the portal took."""
    taken = build.filed(ward)
    delivery.deliver(taken.pk)
    return Submission.objects.get(pk=taken.pk)


def again(row: Submission) -> Submission:
    """The same submission as if nothing had been told yet."""
    PortalStatus.objects.filter(submission=row).delete()
    blank = {"status": Status.SENT, "portal_status": None, "portal_status_at": None, "portal_note": ""}
    Submission.objects.filter(pk=row.pk).update(**blank)
    return Submission.objects.get(pk=row.pk)


def outcome(row: Submission) -> tuple:
    after = Submission.objects.get(pk=row.pk)
    return after.status, after.portal_status, after.portal_status_at, after.portal_note, after.portal_statuses.count()


@pytest.mark.fault("F63")
@pytest.mark.parametrize(
    "told",
    [
        (step(1, 0), step(2, 1), step(4, 2), step(9, 3), step(10, 4)),
        (step(2, 0), step(5, 1, "Thiếu giấy"), step(4, 2), step(3, 3, "Không đúng nơi"), step(42, 4)),
        (step(2, 0), step(3, 0), step(1, 5), step(7, 6), step(8, 7)),
        (step(3, 1), step(2, 2), step(9, 3), step(4, 4), step(6, 4)),
    ],
)
def test_all_orders_and_doublings_of_five_statuses_end_the_same(row, told):
    ends = set()
    for order in permutations(told):
        fresh = again(row)
        for one in order:
            tracking.apply(fresh, [one, told[0]])
        ends.add(outcome(row))
    assert len(ends) == 1
    assert ends.pop()[4] == 5


@pytest.mark.fault("F63")
@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_any_history_in_any_order_ends_the_same(row, data):
    told = data.draw(st.lists(st.builds(step, st.integers(0, 12), st.integers(0, 4)), min_size=1, max_size=6))
    tracking.apply(again(row), told)
    straight = outcome(row)
    fresh = again(row)
    for one in data.draw(st.permutations(told)):
        tracking.apply(fresh, [one])
    assert outcome(row) == straight


@pytest.mark.parametrize(
    ("numbers", "status"),
    [
        ([1], Status.SENT),
        ([1, 2], Status.ACCEPTED),
        ([1, 2, 4], Status.ACCEPTED),
        ([1, 2, 5], Status.SUPPLEMENT),
        ([1, 2, 5, 4], Status.ACCEPTED),
        ([1, 3], Status.REJECTED),
        ([1, 2, 6], Status.ACCEPTED),
        ([1, 2, 7], Status.ACCEPTED),
        ([1, 2, 7, 8], Status.REJECTED),
        ([1, 2, 4, 9], Status.DONE),
        ([1, 2, 4, 9, 10], Status.DONE),
        ([1, 42], Status.SENT),
    ],
)
def test_the_portals_statuses_lead_to_ours(row, numbers, status):
    tracking.apply(row, [step(number, minutes) for minutes, number in enumerate(numbers)])
    after = Submission.objects.get(pk=row.pk)
    assert (after.status, after.portal_status) == (status, numbers[-1])


@pytest.mark.fault("F64")
def test_what_the_portal_takes_back_is_followed_and_the_history_kept(row):
    told = [step(2, 0), step(3, 1, "Nhầm"), step(2, 2)]
    for one in told:
        tracking.apply(Submission.objects.get(pk=row.pk), [one])
    after = Submission.objects.get(pk=row.pk)
    assert after.status == Status.ACCEPTED
    assert [t.after for t in after.transitions.all()][-3:] == ["accepted", "rejected", "accepted"]


def test_an_unknown_code_is_kept_and_shown_as_another_status(row):
    tracking.apply(row, [step(42, 0)])
    assert Submission.objects.get(pk=row.pk).portal_status == 42
    assert tracking.portal_text(42) == "Trạng thái khác (42)"
    assert tracking.citizen_text(42) == "Cơ quan đang xem hồ sơ"


def test_tracking_asks_each_at_most_once_a_minute_and_the_longest_unasked_first(ward, portal):
    person = build.resident(build.household(ward.groups[0]))
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False) as clock:
        rows = [build.filed(ward, person=person) for _ in range(3)]
        delivery.work()
        portal.history = (step(2, 0),)
        assert tracking.track(limit=2) == 2
        assert tracking.track() == 1
        assert tracking.track() == 0
        clock.shift(timedelta(minutes=1))
        assert tracking.track() == 3
    assert {Submission.objects.get(pk=row.pk).status for row in rows} == {Status.ACCEPTED}


def test_a_portal_that_cannot_be_asked_changes_nothing(row, portal):
    portal.blind = True
    before = outcome(row)
    tracking.track()
    assert outcome(row) == before
    assert PortalGuard.objects.get(name="sandbox").failures == 1


@pytest.mark.fault("F65")
def test_a_portal_that_forgot_us_is_shown_to_a_person_and_not_sent_to_again(row, portal):
    portal.forgetful = True
    tracking.track()
    after = Submission.objects.get(pk=row.pk)
    assert (after.status, after.last_error) == (Status.SENT, tracking.FORGOTTEN)
    assert len(portal.ledger) == 1
