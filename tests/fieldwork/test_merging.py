"""Edits of several phones merge per field: nothing that nobody saw is overwritten, deleted stays deleted."""

from datetime import UTC, datetime
from uuid import UUID

import pytest
from django.utils import timezone

from onboarding.fieldwork import conflicts, feed, merging
from onboarding.fieldwork.models import Conflict, FieldWrite, Household, Resident
from onboarding.ids import new_id
from onboarding.journal.feed import read_feed
from onboarding.refusal import Refused
from tests import build

pytestmark = pytest.mark.django_db
AT = datetime(2026, 10, 18, 2, 30, tzinfo=UTC)


def edit(user, record, subject, seen=None, entry=None, **fields) -> UUID:
    entry = entry or new_id()
    merging.edit_record(
        user=user, entry=entry, record=record, subject=subject, fields=fields, seen=seen or {}, at=AT
    )  # fmt: skip
    return entry


def shown(user, kind, pk):
    return feed.describe(kind, [pk], user=user)[pk]


def open_conflicts(subject) -> list[Conflict]:
    return list(Conflict.objects.filter(subject=subject, closed_at=None))


@pytest.mark.fault("F31")
def test_two_phones_that_edit_different_fields_lose_nothing_and_make_no_conflict(ward, member):
    home = build.household(ward.groups[0])

    edit(member, "household", home.pk, note="Nặng tai, nói to")
    edit(member, "household", home.pk, phone="0950 000 111")

    data = shown(member, "household", home.pk)
    assert (data["note"], data["phone"]) == ("Nặng tai, nói to", "0950000111")
    assert open_conflicts(home.pk) == []


@pytest.mark.fault("F31")
def test_two_phones_that_edit_the_same_field_unseen_leave_one_value_shown_and_one_in_conflict(ward, member):
    home = build.household(ward.groups[0])

    first = edit(member, "household", home.pk, note="Có chó dữ")
    second = edit(member, "household", home.pk, note="Bấm chuông")

    data = shown(member, "household", home.pk)
    [conflict] = open_conflicts(home.pk)
    told = shown(member, "conflict", conflict.pk)
    assert (data["note"], data["writers"]["note"]) == ("Bấm chuông", [str(second)])
    assert (conflict.entry, told["ours"], told["theirs"]) == (first, "Bấm chuông", "Có chó dữ")
    assert ("conflict", conflict.pk) in read_feed(ward.groups[0].pk, after=0, epoch="").changed


def test_a_value_written_on_top_of_a_seen_one_replaces_it_without_a_conflict(ward, member):
    home = build.household(ward.groups[0])

    first = edit(member, "household", home.pk, note="Có chó dữ")
    edit(member, "household", home.pk, seen={"note": [str(first)]}, note="Chó đã cho đi")

    assert shown(member, "household", home.pk)["note"] == "Chó đã cho đi"
    assert open_conflicts(home.pk) == []


def test_two_people_who_wrote_the_same_agree(ward, member):
    home = build.household(ward.groups[0])

    first = edit(member, "household", home.pk, head="Trần Thị Mẫu Thử")
    second = edit(member, "household", home.pk, head="Tra\u0302\u0300n Thi\u0323 Mâ\u0303u Thử ")

    assert open_conflicts(home.pk) == []
    assert shown(member, "household", home.pk)["writers"]["head"] == [str(first), str(second)]


def test_a_chain_that_arrives_as_c_a_b_ends_on_c(ward, member):
    home = build.household(ward.groups[0])
    a, b, c = new_id(), new_id(), new_id()

    edit(member, "household", home.pk, entry=c, seen={"note": [b]}, note="ba")
    edit(member, "household", home.pk, entry=a, note="một")
    edit(member, "household", home.pk, entry=b, seen={"note": [a]}, note="hai")

    assert shown(member, "household", home.pk)["note"] == "ba"
    assert open_conflicts(home.pk) == []


def test_the_same_entry_twice_changes_nothing(ward, member):
    home = build.household(ward.groups[0])
    entry = edit(member, "household", home.pk, note="một")
    edit(member, "household", home.pk, seen={"note": [entry]}, note="hai")
    to = read_feed(ward.groups[0].pk, after=0, epoch="").to

    edit(member, "household", home.pk, entry=entry, note="một")

    assert shown(member, "household", home.pk)["note"] == "hai"
    assert FieldWrite.objects.count() == 2
    assert read_feed(ward.groups[0].pk, after=0, epoch="").to == to


@pytest.mark.fault("F32")
def test_an_edit_of_a_deleted_door_is_kept_for_the_ward_and_the_door_stays_deleted(ward, member):
    home = build.household(ward.groups[0])
    person = build.resident(home)
    merging.delete_record(user=member, entry=new_id(), record="household", subject=home.pk, reason="Đã phá dỡ", at=AT)

    edit(member, "household", home.pk, note="Bấm chuông")
    edit(member, "resident", person.pk, name="Trần Thị Mẫu")

    home.refresh_from_db()
    assert home.deleted_at and home.note == ""
    assert shown(member, "household", home.pk) is None
    assert shown(member, "resident", person.pk) is None
    assert [c.field for c in open_conflicts(home.pk)] == ["*"]
    assert feed.describe_conflict(open_conflicts(home.pk)[0])["theirs"] == {"note": "Bấm chuông"}
    assert feed.describe_conflict(open_conflicts(person.pk)[0])["theirs"] == {"name": "Trần Thị Mẫu"}
    assert shown(member, "conflict", open_conflicts(home.pk)[0].pk) is None


@pytest.mark.fault("F32")
def test_nothing_brings_a_deleted_person_back(ward, member, supervisor):
    home = build.household(ward.groups[0])
    person = build.resident(home)
    merging.delete_record(user=member, entry=new_id(), record="resident", subject=person.pk, reason="", at=AT)
    edit(member, "resident", person.pk, household=str(home.pk), name="Trần Thị Mẫu Thử")
    [conflict] = open_conflicts(person.pk)

    with pytest.raises(Refused):
        conflicts.close_conflict(user=supervisor, conflict=conflict.pk, keep="theirs")
    conflicts.close_conflict(user=supervisor, conflict=conflict.pk, keep="ours")

    assert shown(member, "resident", person.pk) is None
    assert open_conflicts(person.pk) == []


def test_an_edit_that_was_applied_before_the_deletion_and_comes_again_is_no_conflict(ward, member):
    home, pk, entry = build.household(ward.groups[0]), new_id(), new_id()
    edit(member, "resident", pk, entry=entry, household=str(home.pk), name="Thử")
    merging.delete_record(user=member, entry=new_id(), record="resident", subject=pk, reason="", at=AT)

    edit(member, "resident", pk, entry=entry, household=str(home.pk), name="Thử")

    assert open_conflicts(pk) == []


def test_deleting_twice_is_deleting_once(ward, member):
    home = build.household(ward.groups[0])
    merging.delete_record(user=member, entry=new_id(), record="household", subject=home.pk, reason="", at=AT)
    home.refresh_from_db()
    when = home.deleted_at

    merging.delete_record(user=member, entry=new_id(), record="household", subject=home.pk, reason="", at=AT)

    home.refresh_from_db()
    assert home.deleted_at == when


def test_a_person_met_at_the_door_is_added_with_a_normalised_number_and_phone(ward, member):
    home, pk = build.household(ward.groups[0]), new_id()

    edit(
        member, "resident", pk, household=str(home.pk), name="Nguyễn Văn Ví Dụ", birth="1949-09-03", sex="nam",
        number="099 049 000 002", phone="+84 950 000 222", address="Số 5 Ngõ 99 Phố Mẫu",
    )  # fmt: skip

    person = Resident.objects.get(pk=pk)
    assert (person.household, person.number, person.phone) == (home, "099049000002", "0950000222")
    assert (person.address, person.search) == ("Số 5 Ngõ 99 Phố Mẫu", "nguyen van vi du")
    assert b"099049000002" not in bytes(person.number_sealed)
    assert shown(member, "household", home.pk)["people"] == 1
    changed = read_feed(ward.groups[0].pk, after=0, epoch="").changed
    assert changed == [("resident", pk), ("household", home.pk)]


def test_a_written_value_is_not_readable_in_the_register(ward, member):
    person = build.resident(build.household(ward.groups[0]))

    edit(member, "resident", person.pk, number="099158000009")

    assert b"099158000009" not in bytes(FieldWrite.objects.get().value_sealed)


def test_a_person_who_moves_leaves_the_old_group_and_comes_to_the_new_one(ward, supervisor):
    person = build.resident(build.household(ward.groups[0]))
    new_home = build.household(ward.groups[1])

    edit(supervisor, "resident", person.pk, household=str(new_home.pk))

    for group in ward.groups:
        assert ("resident", person.pk) in read_feed(group.pk, after=0, epoch="").changed
    assert shown(ward.member, "resident", person.pk) is None
    assert shown(ward.colleague, "resident", person.pk)["household"] == str(new_home.pk)


@pytest.mark.parametrize(
    ("record", "fields", "code"),
    [
        ("household", {"colour": "xanh"}, "answers_invalid"),
        ("household", {}, "answers_invalid"),
        ("castle", {"note": "x"}, "answers_invalid"),
        ("household", {"note": "OTP 428190"}, "secret_in_text"),
        ("household", {"note": {"a": 1}}, "answers_invalid"),
        ("household", {"phone": "0912"}, "answers_invalid"),
        ("household", {"number": " "}, "answers_invalid"),
        ("resident", {"number": "0991580000"}, "answers_invalid"),
        ("resident", {"birth": "2999"}, "answers_invalid"),
        ("resident", {"sex": "x"}, "answers_invalid"),
        ("resident", {"name": ""}, "answers_invalid"),
        ("resident", {"eid": "level9"}, "answers_invalid"),
        ("resident", {"household": "nowhere"}, "subject_unknown"),
    ],
)
def test_a_value_that_cant_be_is_refused_and_nothing_is_written(ward, member, record, fields, code):
    home = build.household(ward.groups[0])
    subject = build.resident(home).pk if record == "resident" else home.pk

    with pytest.raises(Refused) as refused:
        edit(member, record, subject, **fields)

    assert refused.value.code == code
    assert FieldWrite.objects.count() == 0


def test_an_unknown_person_without_a_household_or_a_name_is_refused(ward, member):
    home = build.household(ward.groups[0])

    with pytest.raises(Refused) as nowhere:
        edit(member, "resident", new_id(), name="Thử")
    with pytest.raises(Refused) as nameless:
        edit(member, "resident", new_id(), household=str(home.pk), birth="1958")

    assert (nowhere.value.code, nameless.value.code) == ("subject_unknown", "answers_invalid")
    assert Resident.objects.count() == FieldWrite.objects.count() == 0


def test_a_stranger_edits_deletes_and_adds_nothing(ward, chandra):
    home = build.household(ward.groups[0])
    person = build.resident(home)
    before = timezone.now()

    for attempt in (
        lambda: edit(chandra, "household", home.pk, note="x"),
        lambda: edit(chandra, "resident", person.pk, name="x"),
        lambda: edit(chandra, "resident", new_id(), household=str(home.pk), name="x"),
        lambda: merging.delete_record(
            user=chandra, entry=new_id(), record="resident", subject=person.pk, reason="", at=AT
        ),
    ):
        with pytest.raises(Refused) as refused:
            attempt()
        assert refused.value.code == "not_assigned"

    assert not Household.objects.filter(deleted_at__gte=before).exists()
    assert FieldWrite.objects.count() == 0 and Resident.objects.count() == 1


def test_nobody_moves_a_person_to_a_door_that_is_not_theirs(ward, member):
    person = build.resident(build.household(ward.groups[0]))
    elsewhere = build.household(ward.groups[1])

    with pytest.raises(Refused) as refused:
        edit(member, "resident", person.pk, household=str(elsewhere.pk))

    assert refused.value.code == "not_assigned"


@pytest.mark.parametrize(("keep", "value"), [("ours", "Bấm chuông"), ("theirs", "Có chó dữ")])
def test_a_supervisor_closes_a_conflict_and_the_other_value_can_not_come_back(ward, member, supervisor, keep, value):
    home = build.household(ward.groups[0])
    first = edit(member, "household", home.pk, note="Có chó dữ")
    edit(member, "household", home.pk, note="Bấm chuông")
    [conflict] = open_conflicts(home.pk)

    conflicts.close_conflict(user=supervisor, conflict=conflict.pk, keep=keep)
    edit(member, "household", home.pk, entry=first, note="Có chó dữ")

    assert shown(member, "household", home.pk)["note"] == value
    assert open_conflicts(home.pk) == []
    assert shown(member, "conflict", conflict.pk) is None


@pytest.mark.parametrize("keep", ["ours", "theirs"])
def test_a_phone_that_decides_and_says_what_it_saw_closes_the_conflict(ward, member, keep):
    home = build.household(ward.groups[0])
    edit(member, "household", home.pk, note="Có chó dữ")
    edit(member, "household", home.pk, note="Bấm chuông")
    told = shown(member, "conflict", open_conflicts(home.pk)[0].pk)
    seen = [*shown(member, "household", home.pk)["writers"]["note"], told["entry"]]

    edit(member, "household", home.pk, seen={"note": seen}, note=told[keep])

    assert shown(member, "household", home.pk)["note"] == told[keep]
    assert open_conflicts(home.pk) == []


def test_only_a_supervisor_of_the_ward_closes_a_conflict(ward, member, chandra):
    home = build.household(ward.groups[0])
    edit(member, "household", home.pk, note="một")
    edit(member, "household", home.pk, note="hai")
    [conflict] = open_conflicts(home.pk)

    for who in (member, chandra):
        with pytest.raises(Refused) as refused:
            conflicts.close_conflict(user=who, conflict=conflict.pk, keep="ours")
        assert refused.value.code == "not_assigned"
    assert len(open_conflicts(home.pk)) == 1
