"""Every way in which a real portal over real HTTP misbehaves leads to the right status, and to one dossier there."""

from datetime import timedelta

import pytest
from django.utils import timezone

from onboarding.submissions import attachments, delivery, tracking
from onboarding.submissions.models import PortalGuard, Status, Submission
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)

NOT_SENT = ["400", "404", "429", "500", "502", "503", "504", "reset", "html", "malformed", "empty", "wrong_schema"]
AFTER = ["timeout", "reset", "500", "503", "html", "malformed", "empty", "wrong_schema", "slow", "slow_body", "huge"]


def fresh(row: Submission) -> Submission:
    return Submission.objects.get(pk=row.pk)


def let_time_pass(row: Submission) -> None:
    """The wait is over and the weather is fine again."""
    Submission.objects.filter(pk=row.pk).update(next_try_at=timezone.now() - timedelta(seconds=1))
    PortalGuard.objects.update(failures=0, open_until=None)


@pytest.fixture
def row(ward, sandbox, settings) -> Submission:
    """A submission that waits; the portal gets three seconds."""
    settings.PORTAL_DEADLINE_SECONDS = 3
    return build.filed(ward)


@pytest.mark.fault("F57")
@pytest.mark.fault("F59")
@pytest.mark.fault("F60")
@pytest.mark.parametrize("mode", AFTER)
def test_accepted_and_then_broken_is_adopted_without_sending_again(row, sandbox, mode):
    sandbox.mode(f"{mode}_after", times=1)
    delivery.deliver(row.pk)
    # A 503 promises that nothing was done; this one lied.
    assert fresh(row).status == (Status.QUEUED if mode == "503" else Status.UNKNOWN)

    let_time_pass(row)
    delivery.deliver(row.pk)
    assert fresh(row).status == Status.SENT
    assert [entry["code"] for entry in sandbox.ledger(row.reference)] == [fresh(row).portal_code]
    assert sandbox.counts()["DongBoHoSoMC"] == 1


@pytest.mark.fault("F58")
@pytest.mark.fault("F59")
@pytest.mark.parametrize("mode", NOT_SENT)
def test_broken_before_it_accepted_ends_with_one_dossier_or_with_a_person(row, sandbox, mode, supervisor):
    sandbox.mode(mode, times=1)
    delivery.deliver(row.pk)
    assert fresh(row).status in (Status.QUEUED, Status.UNKNOWN, Status.REJECTED)
    assert sandbox.ledger(row.reference) == []
    if fresh(row).status == Status.UNKNOWN:
        let_time_pass(row)
        delivery.deliver(row.pk)
        assert fresh(row).last_error == delivery.WHY["absent"]
        delivery.confirm_never_arrived(user=supervisor, submission=row.pk, note="Tổng đài Cổng")

    let_time_pass(row)
    delivery.deliver(row.pk)
    assert fresh(row).status == Status.SENT
    assert len(sandbox.ledger(row.reference)) == 1


@pytest.mark.fault("F58")
def test_a_portal_that_is_off_costs_only_time(row, sandbox):
    sandbox.kill9()
    delivery.deliver(row.pk)
    assert (fresh(row).status, fresh(row).last_error) == (Status.QUEUED, delivery.WHY["not_sent"])
    sandbox.restart()
    let_time_pass(row)
    delivery.deliver(row.pk)
    assert fresh(row).status == Status.SENT
    assert len(sandbox.ledger(row.reference)) == 1


@pytest.mark.fault("F62")
def test_a_refusal_is_shown_with_the_portals_words(row, sandbox):
    sandbox.mode("refuse", times=1)
    delivery.deliver(row.pk)
    assert fresh(row).status == Status.REJECTED
    assert fresh(row).portal_note


def test_with_its_paper_it_is_proved_to_have_arrived_whole(ward, sandbox):
    entry = build.new_id()
    file = build.sealed_photo(entry, build.drawn_photo())
    row = build.filed(ward, entry=entry, files=(file,))
    attachments.file_arrived(sha256=file["sha256"])
    attachments.check_files(row.pk)
    delivery.deliver(row.pk)
    assert (fresh(row).status, fresh(row).arrived_files, fresh(row).last_error) == (Status.SENT, 1, "")


def test_a_file_that_the_portal_lost_is_shown_to_a_person(ward, sandbox):
    entry = build.new_id()
    file = build.sealed_photo(entry, build.drawn_photo())
    row = build.filed(ward, entry=entry, files=(file,))
    attachments.file_arrived(sha256=file["sha256"])
    attachments.check_files(row.pk)
    sandbox.mode("lost_file", times=1)
    delivery.deliver(row.pk)
    after = fresh(row)
    assert (after.status, after.arrived_files, after.last_error) == (Status.SENT, 0, tracking.INCOMPLETE)


def test_the_portals_decisions_come_back(row, sandbox):
    delivery.deliver(row.pk)
    told = [(2, Status.ACCEPTED), (5, Status.SUPPLEMENT), (4, Status.ACCEPTED), (9, Status.DONE)]
    for hour, (status, ours) in enumerate(told, start=8):
        sandbox.advance(reference=row.reference, status=status, at=f"20991122{hour:02d}0000")
        Submission.objects.filter(pk=row.pk).update(portal_checked_at=None)
        tracking.track()
        assert (fresh(row).status, fresh(row).portal_status) == (ours, status)
