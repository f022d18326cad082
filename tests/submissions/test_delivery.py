"""Delivery knows four results; only "not sent" is repeated by the machine, and nothing arrives twice."""

from datetime import timedelta

import pytest
import time_machine
from django.utils import timezone

from onboarding.journal.models import Change
from onboarding.submissions import delivery, weather
from onboarding.submissions.models import IllegalMove, PortalGuard, Status, Submission
from onboarding.submissions.portal import NotSent, Refused, Taken, Unknown
from tests import build


@pytest.fixture
def now():
    """A clock that stands still and can be moved on."""
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def row(now, ward) -> Submission:
    """A complete submission waiting for its turn."""
    return build.filed(ward)


def fresh(row: Submission) -> Submission:
    return Submission.objects.get(pk=row.pk)


def calm() -> None:
    """Close the breaker: this test is about one submission."""
    PortalGuard.objects.update(failures=0, open_until=None)


def test_what_is_taken_is_sent_with_the_portals_code_and_its_arrival_is_proved(row, portal):
    assert delivery.deliver(row.pk) is True

    after = fresh(row)
    assert (after.status, after.portal_code) == (Status.SENT, portal.code(portal.ledger[0]))
    assert (after.arrived_files, after.last_error, after.lease_until) == (0, "", None)
    assert [(t.before, t.after) for t in after.transitions.all()] == [
        ("", "queued"), ("queued", "sending"), ("sending", "sent"),
    ]  # fmt: skip
    assert Change.objects.filter(kind="submission", object_id=row.pk).count() == 2


def test_a_second_bell_for_the_same_submission_does_nothing(row, portal):
    delivery.deliver(row.pk)
    assert delivery.deliver(row.pk) is False
    assert len(portal.ledger) == 1


@pytest.mark.fault("F62")
def test_what_is_refused_waits_for_a_person_and_stops_nobody_else(row, portal, ward):
    other = build.filed(ward, person=row.resident)
    portal.answers = [Refused("Thiếu xác nhận của chủ nhà.", "12")]

    delivery.work()

    after = fresh(row)
    assert (after.status, after.portal_note, after.portal_code) == (Status.REJECTED, "Thiếu xác nhận của chủ nhà.", "")
    assert fresh(other).status == Status.SENT
    assert [dossier.reference for dossier in portal.ledger] == [other.reference]


@pytest.mark.fault("F58")
def test_what_was_not_sent_is_repeated_after_1_5_25_minutes_2_and_6_hours(row, portal, now):
    portal.answers = [NotSent("http_503")] * 6
    waits = []
    for _ in range(6):
        calm()
        delivery.deliver(row.pk)
        waits.append(fresh(row).next_try_at - timezone.now())
        assert fresh(row).status == Status.QUEUED
        assert delivery.deliver(row.pk) is False, "not before its time"
        now.move_to(fresh(row).next_try_at)

    assert waits == [timedelta(minutes=m) for m in (1, 5, 25, 120, 360, 360)]
    calm()
    delivery.deliver(row.pk)
    assert fresh(row).status == Status.SENT
    assert len(portal.ledger) == 1


def test_the_portals_own_wish_to_wait_longer_wins(row, portal):
    portal.answers = [NotSent("http_429", retry_after=3600)]
    delivery.deliver(row.pk)
    assert fresh(row).next_try_at - timezone.now() == timedelta(hours=1)


@pytest.mark.fault("F61")
def test_after_three_days_of_not_sent_a_person_must_act_and_can(row, portal, now, supervisor, bells):
    portal.answers = [NotSent("down")] * 2
    delivery.deliver(row.pk)
    now.shift(timedelta(days=3))
    calm()
    delivery.deliver(row.pk)
    assert (fresh(row).status, fresh(row).last_error) == (Status.FAILED, delivery.WHY["given_up"])
    assert delivery.deliver(row.pk) is False

    delivery.retry(user=supervisor, submission=row.pk)
    calm()
    delivery.deliver(row.pk)
    assert fresh(row).status == Status.SENT
    assert len(portal.ledger) == 1


@pytest.mark.fault("F57")
def test_a_time_out_after_the_portal_accepted_is_found_by_our_reference_and_adopted(row, portal, now):
    portal.answers = [portal.take_and_break]
    delivery.deliver(row.pk)
    assert fresh(row).status == Status.UNKNOWN

    now.shift(timedelta(minutes=1))
    delivery.deliver(row.pk)

    after = fresh(row)
    assert (after.status, after.portal_code) == (Status.SENT, portal.code(portal.ledger[0]))
    assert len(portal.ledger) == 1


def test_an_unknown_one_that_the_portal_does_not_have_is_never_sent_again_by_the_machine(row, portal, now):
    portal.answers = [Unknown("timeout")]
    delivery.deliver(row.pk)
    for _ in range(12):
        now.move_to(max(fresh(row).next_try_at, timezone.now()))
        calm()
        delivery.sweep()
        delivery.work()

    after = fresh(row)
    assert (after.status, after.last_error) == (Status.UNKNOWN, delivery.WHY["absent"])
    assert (after.asked, after.absent_at is None) == (12, False)
    assert portal.ledger == []


def test_after_a_person_confirmed_it_is_asked_for_once_more_and_then_sent_once(row, portal, now, supervisor):
    portal.answers = [Unknown("timeout")]
    delivery.deliver(row.pk)
    now.shift(timedelta(minutes=1))
    delivery.deliver(row.pk)

    delivery.confirm_never_arrived(user=supervisor, submission=row.pk, note="Tổng đài Cổng")
    looked_up = len(portal.looked_up)
    delivery.deliver(row.pk)

    after = fresh(row)
    assert (after.status, after.maybe_twice) == (Status.SENT, False)
    assert (len(portal.looked_up), len(portal.ledger)) == (looked_up + 1, 1)


def test_a_person_who_is_wrong_about_it_does_not_make_it_arrive_twice(row, portal, now, supervisor):
    portal.answers = [portal.take_and_break]
    portal.forgetful = True  # the portal lists late
    delivery.deliver(row.pk)
    now.shift(timedelta(minutes=1))
    delivery.deliver(row.pk)
    delivery.confirm_never_arrived(user=supervisor, submission=row.pk, note="Tổng đài Cổng")
    portal.forgetful = False

    delivery.deliver(row.pk)

    assert fresh(row).status == Status.SENT
    assert len(portal.ledger) == 1


def test_confirmed_without_the_portals_word_it_is_marked_as_maybe_there_twice(row, portal, now, supervisor):
    portal.answers, portal.blind = [Unknown("timeout")], True
    delivery.deliver(row.pk)
    now.shift(timedelta(minutes=1))
    delivery.deliver(row.pk)
    assert fresh(row).last_error == delivery.WHY["not_asked"]

    delivery.confirm_never_arrived(user=supervisor, submission=row.pk, note="Tổng đài Cổng")
    calm()
    delivery.deliver(row.pk)
    assert fresh(row).status == Status.QUEUED, "it can't be asked for, so it is not sent"

    portal.blind = False
    now.shift(timedelta(minutes=1))
    calm()
    delivery.deliver(row.pk)
    assert (fresh(row).status, fresh(row).maybe_twice) == (Status.SENT, True)


def test_a_receipt_with_another_reference_is_no_receipt(row, portal):
    portal.answers = [lambda dossier: Taken("000.99.99.H26-261122-9001", "HT-00999-261122-9999")]
    delivery.deliver(row.pk)
    assert (fresh(row).status, fresh(row).portal_code) == (Status.UNKNOWN, "")


def test_a_code_that_another_submission_has_is_no_receipt(row, portal, ward):
    other = build.filed(ward, person=row.resident)
    delivery.deliver(other.pk)
    portal.answers = [lambda dossier: Taken(fresh(other).portal_code, dossier.reference)]
    delivery.deliver(row.pk)
    assert (fresh(row).status, fresh(row).last_error) == (Status.UNKNOWN, delivery.WHY["other_code"])


def test_an_exception_on_the_way_leaves_us_without_knowledge(row, portal):
    def explode(dossier):
        raise RuntimeError("a bug")

    portal.answers = [explode]
    delivery.deliver(row.pk)
    assert fresh(row).status == Status.UNKNOWN


def test_answers_that_cannot_be_opened_are_surely_not_sent(row, portal):
    Submission.objects.filter(pk=row.pk).update(answers_sealed=b"\x01" + b"x" * 40)
    delivery.deliver(row.pk)
    assert (fresh(row).status, fresh(row).last_error) == (Status.QUEUED, delivery.WHY["not_ready"])
    assert PortalGuard.objects.get(name="sandbox").failures == 0, "the portal is not to blame"


def test_a_lease_that_ran_out_is_unknown_and_never_queued(row, portal, now):
    delivery._claim(row)
    now.shift(timedelta(seconds=39))
    delivery.sweep()
    assert fresh(row).status == Status.SENDING
    now.shift(timedelta(seconds=2))
    delivery.sweep()
    delivery.sweep()
    after = fresh(row)
    assert (after.status, after.fence, after.last_error) == (Status.UNKNOWN, 2, delivery.WHY["lease"])
    assert after.transitions.filter(after="unknown").count() == 1


@pytest.mark.fault("F56")
def test_a_worker_whose_lease_was_ended_changes_nothing(row, portal, now):
    def sleep_through_the_lease(dossier):
        taken = portal.take(dossier)
        now.shift(timedelta(seconds=41))
        delivery.sweep()
        return taken

    portal.answers = [sleep_through_the_lease]
    delivery.deliver(row.pk)
    assert (fresh(row).status, fresh(row).portal_code) == (Status.UNKNOWN, "")

    delivery.deliver(row.pk)
    assert fresh(row).status == Status.SENT, "the look-up finds what the late worker sent"
    assert len(portal.ledger) == 1


@pytest.mark.fault("F56")
def test_two_holders_of_one_claim_give_one_result(row, portal):
    first, second = fresh(row), fresh(row)
    assert delivery._claim(first) is True
    assert delivery._claim(second) is False
    second.status, second.fence = Status.SENDING, 0
    with pytest.raises(IllegalMove):
        second.move(Status.SENT, portal_code="000.99.99.H26-261122-9001")
    assert fresh(row).portal_code == ""


@pytest.mark.fault("F66")
def test_a_consent_taken_back_before_the_claim_stops_the_submission(row, portal):
    build.Consent.objects.update(withdrawn_at=timezone.now())
    delivery.deliver(row.pk)
    assert fresh(row).status == Status.WITHDRAWN
    assert portal.ledger == []


def test_a_submission_without_all_its_files_is_not_due(ward, portal):
    entry = build.new_id()
    waiting = build.filed(ward, entry=entry, files=(build.sealed_photo(entry, b"not here yet"),))
    assert delivery.deliver(waiting.pk) is False
    assert delivery.sweep() == []


def test_a_correction_waits_until_the_one_it_replaces_is_decided(row, portal, now, ward):
    portal.answers = [Unknown("timeout")]
    delivery.deliver(row.pk)
    correction = build.filed(ward, person=row.resident, replaces=row.pk)
    assert delivery.deliver(correction.pk) is False

    Submission.objects.filter(pk=row.pk).update(status=Status.REJECTED)
    assert delivery.deliver(correction.pk) is True


def test_oldest_first_and_every_ward_gets_its_turn(now, ward, portal):
    other_ward = build.Area.objects.get(code="00998")
    mine = []
    for _ in range(3):
        now.shift(timedelta(seconds=1))
        mine.append(build.filed(ward, area=ward.groups[0]))
    now.shift(timedelta(seconds=1))
    home = build.household(other_ward)
    theirs = build.filed(ward, person=build.resident(home), user=ward.stranger)

    assert [row.pk for row in delivery.due()] == [mine[0].pk, theirs.pk, mine[1].pk, mine[2].pk]


def test_a_sweep_rings_at_most_twice_the_workers_and_again_as_often_as_it_is_asked(now, ward, settings, bells):
    settings.WORKER_CAPACITY = 1
    person = build.resident(build.household(ward.groups[0]))
    rows = [build.filed(ward, person=person) for _ in range(4)]
    first = delivery.sweep()
    assert delivery.sweep() == first
    assert first == [rows[0].pk, rows[1].pk]


@pytest.mark.fault("F45")
def test_after_a_restore_the_portal_is_asked_before_anything_is_sent_for_the_first_time(ward, portal):
    row = build.filed(ward)
    delivery.deliver(row.pk)
    assert portal.looked_up == []
    lost = build.filed(ward)
    delivery.deliver(lost.pk)
    # An older backup comes back, in which it waits to be sent.
    Submission.objects.filter(pk=lost.pk).update(status=Status.QUEUED, portal_code="", fence=0)
    lost.transitions.exclude(after=Status.QUEUED).delete()
    weather.ask_first(timezone.now() + timedelta(days=1))
    delivery.deliver(lost.pk)

    assert Submission.objects.get(pk=lost.pk).status == Status.SENT
    assert portal.looked_up == [lost.reference]
    assert len(portal.ledger) == 2
