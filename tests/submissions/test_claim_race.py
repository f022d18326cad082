"""Many workers want the same submission: exactly one gets it, and the portal sees it once."""

import threading
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connections
from django.utils import timezone

from onboarding.fieldwork.models import Consent
from onboarding.refusal import Refused
from onboarding.submissions import delivery, intake, weather
from onboarding.submissions.models import PortalGuard, Status, Submission
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)


def together(*acts: Callable[[], object]) -> list[object]:
    """Run acts at the same moment, a thread each; return what they returned or raised."""
    start, results = threading.Barrier(len(acts)), [None] * len(acts)

    def run(place: int, act: Callable[[], object]) -> None:
        try:
            start.wait(10)
            results[place] = act()
        except Exception as error:
            results[place] = error
        finally:
            connections.close_all()

    threads = [threading.Thread(target=run, args=(place, act)) for place, act in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    return results


def test_of_six_workers_exactly_one_gets_the_claim(ward, portal):
    row = build.filed(ward)
    copies = [Submission.objects.get(pk=row.pk) for _ in range(6)]

    results = together(*[lambda copy=copy: delivery._claim(copy) for copy in copies])

    assert sorted(map(str, results)) == ["False"] * 5 + ["True"]
    after = Submission.objects.get(pk=row.pk)
    assert (after.status, after.fence, after.tries) == (Status.SENDING, 1, 1)
    assert after.transitions.filter(after="sending").count() == 1


def test_six_workers_on_five_submissions_send_each_once(ward, portal):
    person = build.resident(build.household(ward.groups[0]))
    rows = [build.filed(ward, person=person) for _ in range(5)]

    results = together(*[lambda: delivery.work(20) for _ in range(6)])

    assert not [result for result in results if isinstance(result, Exception)]
    assert sorted(dossier.reference for dossier in portal.ledger) == sorted(row.reference for row in rows)
    assert set(Submission.objects.values_list("status", flat=True)) == {Status.SENT}


def test_two_beats_at_once_end_a_lease_once(ward, portal):
    row = build.filed(ward)
    delivery._claim(Submission.objects.get(pk=row.pk))
    Submission.objects.update(lease_until=timezone.now() - timedelta(seconds=1))

    results = together(delivery.sweep, delivery.sweep)

    assert not [result for result in results if isinstance(result, Exception)]
    after = Submission.objects.get(pk=row.pk)
    assert (after.status, after.fence) == (Status.UNKNOWN, 2)
    assert after.transitions.filter(after="unknown").count() == 1


@pytest.mark.fault("F66")
@pytest.mark.parametrize("round_number", range(5))
def test_withdrawing_and_sending_at_once_ends_as_one_of_the_two(ward, portal, round_number):
    row = build.filed(ward)

    def withdraw() -> object:
        return intake.withdraw_submission(
            user=ward.member, entry=build.new_id(), submission=row.pk, reason="Đổi ý", at=timezone.now()
        )

    results = together(withdraw, lambda: delivery.deliver(row.pk))

    after = Submission.objects.get(pk=row.pk)
    if after.status == Status.WITHDRAWN:
        assert portal.ledger == []
    else:
        assert (after.status, len(portal.ledger)) == (Status.SENT, 1)
        assert isinstance(results[0], Refused)


@pytest.mark.fault("F66")
def test_a_consent_withdrawn_while_claiming_either_stops_it_or_comes_too_late(ward, portal):
    row = build.filed(ward)

    together(
        lambda: Consent.objects.filter(pk=row.consent).update(withdrawn_at=timezone.now()),
        lambda: delivery.deliver(row.pk),
    )

    after = Submission.objects.get(pk=row.pk)
    assert (after.status, len(portal.ledger)) in [(Status.WITHDRAWN, 0), (Status.SENT, 1)]


def test_of_many_probes_while_the_breaker_is_open_one_goes(ward):
    PortalGuard.objects.update(failures=9, open_until=timezone.now() - timedelta(seconds=1))
    results = together(*[weather.take_turn for _ in range(6)])
    assert sum(result is not None for result in results) == 1
