"""Mistakes planted into the real code that the model must notice: a checker that catches none proves nothing.

Each is a mistake that somebody really made (their systems and threads are named in the research behind this house),
applied by replacing one function. Each run draws from the rules that lead to it: which of them, how often and in what
order is left to chance. The same rules are run without the mistake, too.
"""

import dataclasses

import pytest
from django.db import connection
from django.utils import timezone

from onboarding.fieldwork import merging, register
from onboarding.fieldwork.models import Superseded
from onboarding.journal.models import AreaCounter
from onboarding.submissions import delivery, intake, tracking, weather
from onboarding.submissions.models import Status, Submission
from onboarding.submissions.portal import NotSent, Unknown
from onboarding.sync import epochs, hello, pull, push, receipts, rows
from onboarding.sync.models import Entry
from tests.phone import Phone
from tests.sync.promises import Caught
from tests.sync.test_model import run, world  # noqa: F401  the fixture

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="puts database files back"),
]


def answers_before_the_commit(patch):
    """The server says accepted although the transaction was rolled back."""
    patch.setattr(push, "_later", lambda device, pk, raw, error: accepted(device, pk, raw))


def knows_entries_by_the_phones_counter(patch):
    """What is numbered below the highest number seen counts as seen (and a phone was put back from a copy)."""
    real = push._receive_once

    def by_number(device, pk, raw):
        later = Entry.objects.filter(device=device, epoch=raw["epoch"], seq__gte=raw["seq"]).exclude(pk=pk)
        if later.exists() and not Entry.objects.filter(pk=pk).exists():
            return accepted(device, pk, raw)
        return real(device, pk, raw)

    patch.setattr(push, "_receive_once", by_number)


def applies_as_it_comes(patch):
    """Entries of one household are applied in the order of the network, not of the phone."""
    patch.setattr(rows, "is_settled", lambda previous, row: True)


def takes_received_for_settled(patch):
    """A held entry counts as there, so that the one behind it overtakes it."""
    patch.setattr(rows, "is_settled", lambda previous, row: previous is None or row is not None)


def drops_what_it_refuses(patch):
    """A refused entry is answered and kept nowhere."""
    patch.setattr(push, "_receive_once", dropping("parked"))


def drops_what_inactive_members_send(patch):
    """The queue of a deactivated member is answered and thrown away."""
    patch.setattr(push, "_receive_once", dropping("quarantined"))


def lets_a_bad_entry_block(patch):
    """A parked entry holds up the ones behind it."""
    patch.setattr(push.Verdict, "settles", property(lambda verdict: verdict.word == "accepted"))


def restores_in_silence(patch):
    """An older backup comes back and no phone is told."""
    patch.setattr(epochs, "renew", lambda: "")


def calls_durable_what_no_backup_has(patch):
    """The mark is the last number, not the last number in a backup."""
    patch.setattr(hello, "durable_for", lambda device, seen: {str(c.pk): c.last for c in AreaCounter.objects.all()})


def moves_the_cursor_past_the_page(patch):
    """A page says that it goes up to the newest number although it was cut."""
    real = pull.read_feed

    def ahead(area, **place):
        return dataclasses.replace(real(area, **place), to=AreaCounter.objects.get(pk=area).last, more=False)

    patch.setattr(pull, "read_feed", ahead)


def lets_the_last_writer_win_in_silence(patch):
    """The value that lost is nowhere."""
    patch.setattr(register, "keep_conflict", lambda *args, **facts: None)


def forgets_who_saw_what(patch):
    """Only the writes that are here are superseded: an older one that is sent again after a restore wins."""
    patch.setattr(Superseded.objects, "bulk_create", lambda rows, **options: rows)


def brings_the_deleted_back(patch):
    """An edit that comes after a deletion undoes it."""

    def revive(journal, target, entry, values):
        type(target).objects.filter(pk=target.pk).update(deleted_at=None)
        journal.changed("household", target.pk, target.area_id)
        journal.did("household.edit", "household", target.pk, target.area_id, detail={"entry": str(entry)})

    patch.setattr(merging, "_keep_for_ward", revive)


def does_not_tell_that_a_conflict_changed(patch):
    """Another value wins, and phones keep showing the one before beside the open conflict."""
    patch.setattr(register, "_tell_open", lambda journal, subject, field: None)


def takes_a_time_out_for_a_failure(patch):
    """The portal did not answer, so it is sent again."""
    real = delivery._settle

    def settle(row, outcome):
        real(row, NotSent("timeout") if isinstance(outcome, Unknown) else outcome)

    patch.setattr(delivery, "_settle", settle)
    patch.setattr(delivery, "_was_tried", lambda row: False)


def sends_again_when_a_worker_died(patch):
    """A lease that ran out goes back to the queue."""

    def end(now=None):
        ended = Submission.objects.filter(status=Status.SENDING, lease_until__lt=now or timezone.now())
        ended.update(status=Status.QUEUED, lease_until=None)

    patch.setattr(delivery, "end_leases", end)
    patch.setattr(delivery, "_was_tried", lambda row: False)


def trusts_the_broker(patch):
    """No sweep: a lost message is a lost delivery."""
    patch.setattr(delivery, "sweep", lambda now=None: [])


def does_not_ask_the_portal_after_a_restore(patch):
    """What waited in the backup is sent, although it may have been sent since."""
    patch.setattr(weather, "asks_first", lambda: False)


def counts_references(patch):
    """The portal is asked for the day's seventh; after a restore that is another one."""

    def counted(ward, submission, at):
        return f"HT-{ward}-{Submission.objects.count() + 1:04d}"

    patch.setattr(intake, "reference_of", counted)


def takes_the_last_word_for_the_newest(patch):
    """The portal's statuses are applied as they come, late and doubled ones too."""
    patch.setattr(tracking, "_order", lambda told: told.pk)


def believes_any_200(patch):
    """The phone takes a captive portal's page for a receipt."""
    real = Phone.take

    def take(phone, answer, entries):
        if answer.status == 200 and not answer.is_ours():
            for entry in entries:
                phone.outbox.pop(entry["id"], None)
            return
        real(phone, answer, entries)

    patch.setattr(Phone, "take", take)


def forgets_what_it_sends(patch):
    """The phone drops an entry when it goes out."""
    real = Phone.post

    def post(phone, entries):
        for entry in entries:
            phone.outbox.pop(entry["id"], None)
        return real(phone, entries)

    patch.setattr(Phone, "post", post)


def accepted(device, pk, raw) -> str:
    """A receipt for something that is not there."""
    return receipts.make(
        receipts.key_of(device), id=pk, hash=raw["hash"], verdict="accepted", code="ok", message="", number=1,
        area=device.area_id, epoch="",
    )  # fmt: skip


def dropping(verdict):
    """A receive that forgets entries of one verdict once they are answered."""
    real = push._receive_once

    def receive(device, pk, raw):
        text = real(device, pk, raw)
        if f'"verdict":"{verdict}"' in text:
            Entry.objects.filter(pk=pk).delete()
        return text

    return receive


LOST, ORDER, TWICE = "lost", "applied before", "the portal got it twice"
ANY = ""  # breaks several promises; which one shows first is luck
# mistake: (words of the promise that breaks, the rules that lead to it)
MUTANTS = {
    answers_before_the_commit: (LOST, "crash_server_before_commit good_sync hello"),
    knows_entries_by_the_phones_counter: (LOST, "go_on_from_a_copy good_sync"),
    applies_as_it_comes: (ORDER, "overtake good_sync"),
    takes_received_for_settled: (ORDER, "overtake good_sync"),
    drops_what_it_refuses: (LOST, "go_on_after_a_bad_one submit_poison good_sync hello"),
    drops_what_inactive_members_send: (LOST, "leave_with_a_full_outbox good_sync hello"),
    lets_a_bad_entry_block: (ANY, "go_on_after_a_bad_one visit good_sync"),
    restores_in_silence: (ANY, "lose_a_day_at_the_server restore_then_first_back good_sync hello"),
    calls_durable_what_no_backup_has: (LOST, "lose_a_day_at_the_server backup_server visit good_sync hello"),
    moves_the_cursor_past_the_page: ("lacks a change", "visit edit good_sync pull pulled"),
    lets_the_last_writer_win_in_silence: ("disappeared unseen", "write_beside edit good_sync"),
    forgets_who_saw_what: ("older of two", "come_back_in_another_order write_on_top good_sync"),
    brings_the_deleted_back: (ANY, "edit_after_a_deletion good_sync"),
    does_not_tell_that_a_conflict_changed: ("lacks a change of a conflict", "write_beside edit good_sync"),
    takes_a_time_out_for_a_failure: (TWICE, "deliver_and_not_know submit_and_deliver deliver_some"),
    sends_again_when_a_worker_died: (TWICE, "deliver_and_not_know submit_and_deliver deliver_some wait"),
    trusts_the_broker: ("not delivered", "submit good_sync lose_bell"),
    does_not_ask_the_portal_after_a_restore: (TWICE, "forget_a_delivery good_sync"),
    counts_references: (ANY, "lose_a_day_at_the_server submit_and_deliver restore_server backup_server"),
    takes_the_last_word_for_the_newest: ("went back", "hear_it_late portal_tells"),
    believes_any_200: (LOST, "captive_portal good_sync"),
    forgets_what_it_sends: (LOST, "crash_server_before_commit good_sync"),
}  # fmt: skip
SEEDS = (1, 2, 3)
RUNS, CONTROL = 20, 5


@pytest.mark.parametrize("plant", MUTANTS, ids=lambda plant: plant.__name__)
def test_the_model_notices_a_server_or_phone_that(plant, world, monkeypatch):  # noqa: F811
    words, rules = MUTANTS[plant]
    plant(monkeypatch)
    with pytest.raises(Caught) as caught:
        for seed in SEEDS:
            run(world, number=seed, runs=RUNS, steps=10, at_once=True, only=tuple(rules.split()))
    assert words in str(caught.value)


@pytest.mark.parametrize("rules", sorted({rules for _words, rules in MUTANTS.values()}))
def test_the_same_rules_break_nothing_when_there_is_no_mistake(rules, world):  # noqa: F811
    run(world, number=SEEDS[0], runs=CONTROL, steps=10, only=tuple(rules.split()))
