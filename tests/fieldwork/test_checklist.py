"""Marks on a checklist: the one applied last is current, and the proof item says that the e-ID works."""

from datetime import UTC, datetime

import pytest

from onboarding.fieldwork import feed, marks
from onboarding.fieldwork.checklists import load_checklists
from onboarding.fieldwork.models import Checklist, ChecklistItem, FieldWrite, Mark
from onboarding.ids import new_id
from onboarding.journal.feed import read_feed
from onboarding.refusal import Refused
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def person(ward):
    build.checklist()
    return build.resident(build.household(ward.groups[0]))


def mark(user, person, **changes):
    facts = {
        "user": user, "entry": new_id(), "resident": person.pk, "checklist": "vneid-2", "item": "install",
        "state": "done", "blocker": "", "note": "", "at": datetime(2026, 10, 18, tzinfo=UTC),
    }  # fmt: skip
    return marks.record_mark(**facts | changes)


def test_the_mark_applied_last_is_the_current_one_whatever_the_clock_says(ward, member, person):
    first = mark(member, person, state="blocked", blocker="SIM_NOT_OWN", at=datetime(2030, 1, 1, tzinfo=UTC))
    second = mark(member, person, state="done", at=datetime(2020, 1, 1, tzinfo=UTC))

    told = feed.describe("mark", [first.pk, second.pk], user=member)
    assert told[first.pk] is None
    assert (told[second.pk]["state"], told[second.pk]["item"]) == ("done", "install")
    changed = [pk for kind, pk in read_feed(ward.groups[0].pk, after=0, epoch="").changed if kind == "mark"]
    assert changed == [first.pk, second.pk]


def test_the_same_entry_twice_is_one_mark(member, person):
    entry = new_id()
    mark(member, person, entry=entry)
    mark(member, person, state="open")

    mark(member, person, entry=entry)

    assert Mark.objects.count() == 2
    assert Mark.objects.get(current=True).state == "open"


def test_when_the_proof_is_seen_the_e_id_is_known_to_work(ward, member, person):
    mark(member, person, item="proof")

    person.refresh_from_db()
    assert person.eid == "active"
    assert ("resident", person.pk) in read_feed(ward.groups[0].pk, after=0, epoch="").changed
    mark(member, person, item="proof", state="open")
    person.refresh_from_db()
    assert person.eid == "level2"


def test_an_ordinary_item_says_nothing_of_the_e_id(member, person):
    mark(member, person, item="install")

    person.refresh_from_db()
    assert person.eid == "unknown" and FieldWrite.objects.count() == 0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"item": "dance"}, "answers_invalid"),
        ({"checklist": "none"}, "answers_invalid"),
        ({"state": "half"}, "answers_invalid"),
        ({"state": "blocked"}, "answers_invalid"),
        ({"state": "blocked", "blocker": "có sim của con gái"}, "answers_invalid"),
        ({"note": "passcode 123456"}, "secret_in_text"),
        ({"resident": new_id()}, "subject_unknown"),
    ],
)
def test_what_can_not_be_a_mark_is_refused(member, person, changes, code):
    with pytest.raises(Refused) as refused:
        mark(member, person, **changes)

    assert refused.value.code == code
    assert Mark.objects.count() == 0


def test_a_stranger_marks_nothing_and_is_told_nothing(member, chandra, person):
    mine = mark(member, person)

    with pytest.raises(Refused) as refused:
        mark(chandra, person)

    assert refused.value.code == "not_assigned"
    assert feed.describe("mark", [mine.pk], user=chandra) == {mine.pk: None}


def test_the_shipped_checklist_loads_twice_into_the_same_rows(db):
    load_checklists()
    load_checklists()

    shipped = Checklist.objects.get(pk="vneid-2")
    items = list(ChecklistItem.objects.filter(checklist=shipped))
    assert [item.order for item in items] == list(range(1, len(items) + 1))
    assert sum(item.proof for item in items) == 1
    assert any(item.secret for item in items)
    assert all(len(item.title) <= 80 and not item.title.endswith("!") for item in items)
