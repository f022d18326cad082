"""The journal numbers what a verb changed as its last act, and chains what was done and seen."""

import pytest
from django.db import transaction

from onboarding.ids import new_id
from onboarding.journal import audit
from onboarding.journal.feed import FeedReset, read_feed
from onboarding.journal.models import AuditEntry, Change
from onboarding.journal.recording import recording


def test_changes_are_numbered_without_a_gap_and_each_once(ward):
    first, second = new_id(), new_id()
    with recording(ward.member) as journal:
        journal.changed("household", first, ward.groups[0].pk)
        journal.changed("household", first, ward.groups[0].pk)
        journal.changed("resident", second, ward.groups[0].pk)

    page = read_feed(ward.groups[0].pk, after=0, epoch="")
    assert page.changed == [("household", first), ("resident", second)]
    assert (page.to, page.more) == (2, False)


def test_a_rolled_back_verb_gives_its_numbers_back(ward):
    with pytest.raises(ValueError, match="stop"), recording(ward.member) as journal:
        journal.changed("household", new_id(), ward.groups[0].pk)
        raise ValueError("stop")
    with recording(ward.member) as journal:
        journal.changed("household", new_id(), ward.groups[0].pk)

    assert [change.number for change in Change.objects.all()] == [1]


def test_a_recording_inside_another_joins_it_and_numbers_once(ward):
    seen = []
    with recording(ward.member) as outer:
        with recording(ward.member) as inner:
            inner.changed("visit", new_id(), ward.groups[0].pk)
        assert inner is outer
        outer.changed("mark", new_id(), ward.groups[0].pk)
        outer.after_numbering(lambda numbers: seen.append(numbers))

    assert seen == [{ward.groups[0].pk: 2}]


def test_a_reader_from_another_epoch_or_the_future_is_told_to_start_again(ward):
    with recording(ward.member) as journal:
        journal.changed("visit", new_id(), ward.groups[0].pk)
    epoch = read_feed(ward.groups[0].pk, after=0, epoch="").epoch

    with pytest.raises(FeedReset):
        read_feed(ward.groups[0].pk, after=1, epoch="another")
    with pytest.raises(FeedReset):
        read_feed(ward.groups[0].pk, after=2, epoch=epoch)


def test_the_audit_chain_names_a_changed_a_removed_and_a_cut_off_entry(ward):
    area = ward.groups[0].pk
    for _ in range(3):
        with recording(ward.member) as journal:
            journal.saw("resident", new_id(), area)
    assert audit.first_broken(area) is None

    with transaction.atomic():
        AuditEntry.objects.filter(area=area, number=2).update(action="nothing.seen")
        assert audit.first_broken(area).number == 2
        transaction.set_rollback(True)
    with transaction.atomic():
        AuditEntry.objects.filter(area=area, number=3).delete()
        assert audit.first_broken(area).number == 3
        transaction.set_rollback(True)
