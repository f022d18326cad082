"""Pushing entries: one verdict each, one receipt for ever, nothing lost and nothing twice."""

import json

import pytest

from onboarding import seal
from onboarding.accounts.models import Membership
from onboarding.fieldwork.models import Visit
from onboarding.ids import new_id
from onboarding.journal.models import AuditEntry, Change
from onboarding.refusal import Refused
from onboarding.sync import codes, devices, push
from onboarding.sync.models import Collision, Device, Entry
from tests import build
from tests.phone import enrolled, visit_body


def test_a_visit_is_applied_once_and_answered_with_a_receipt_that_proves_itself(phone, knock, home):
    entry = knock(phone, note="Hẹn buổi tối")
    phone.push()

    receipt = phone.receipt(entry)
    assert (receipt["verdict"], receipt["code"], receipt["area"]) == ("accepted", "ok", str(home.area_id))
    assert phone.is_ours(receipt)
    assert Visit.objects.get(pk=entry).note == "Hẹn buổi tối"
    assert receipt["number"] == Change.objects.filter(area=home.area_id).count()
    row = Entry.objects.get(pk=entry)
    assert (row.verdict, row.settled, row.number) == ("accepted", True, receipt["number"])


@pytest.mark.fault("F19")
def test_an_entry_whose_answer_was_lost_gets_the_same_receipt_byte_for_byte(phone, knock):
    entry = knock(phone)
    first = phone.post([phone.outbox[entry].entry])
    for _ in range(3):
        again = phone.post([phone.outbox[entry].entry])
        assert again.body == first.body

    assert Visit.objects.count() == 1


@pytest.mark.fault("F21")
def test_another_content_under_a_taken_id_is_refused_and_both_are_kept(phone, knock, home):
    entry = knock(phone, note="bản đầu")
    phone.push()
    other = phone.outbox.pop(entry)
    phone.capture("visit", visit_body(note="bản sau"), subject=home.pk, chain=home.pk, area=home.area_id, id=entry)
    phone.push()

    assert (phone.receipt(entry)["verdict"], phone.receipt(entry)["code"]) == ("conflict", "id_reused")
    assert Visit.objects.get(pk=entry).note == "bản đầu"
    kept = Collision.objects.get(entry=entry)
    assert json.loads(bytes(kept.sealed))["hash"] == phone.outbox[entry].entry["hash"]
    first, second = (phone.post([phone.outbox[entry].entry]).json["receipts"][0] for _ in range(2))
    assert first == second == json.loads(kept.receipt)
    assert phone.post([other.entry]).json["receipts"][0]["verdict"] == "accepted"


@pytest.mark.fault("F23")
def test_a_bad_entry_in_a_batch_is_parked_and_the_others_are_applied_in_order(phone, knock):
    good = [knock(phone) for _ in range(3)]
    bad = knock(phone, note="mật khẩu: Abc@1234")
    good += [knock(phone) for _ in range(3)]
    phone.push()

    assert [phone.receipt(entry)["verdict"] for entry in good] == ["accepted"] * 6
    receipt = phone.receipt(bad)
    assert (receipt["verdict"], receipt["code"]) == ("parked", "secret_in_text")
    assert "Xóa" in receipt["message"]
    assert [str(pk) for pk in Visit.objects.order_by("received_at").values_list("pk", flat=True)] == good


@pytest.mark.fault("F62")
def test_what_is_parked_is_kept_sealed_noted_and_numbered(phone, knock, home):
    bad = knock(phone, outcome="flown")
    phone.push()

    row = Entry.objects.get(pk=bad)
    assert (row.verdict, row.settled) == ("parked", True)
    assert seal.b64u(bytes(row.sealed)) == phone.outbox[bad].entry["sealed"]
    assert row.number > 0
    assert AuditEntry.objects.filter(action="entry.parked", object_id=bad).exists()


@pytest.mark.fault("F22")
@pytest.mark.parametrize("order", [[2, 1, 0], [1, 2, 0], [2, 0, 1], [1, 0, 2]])
def test_entries_that_overtook_each_other_wait_and_are_applied_in_the_phones_order(phone, knock, order):
    entries = [knock(phone, note=str(i)) for i in range(3)]
    for place in order:
        phone.push(entries[place])
    phone.hello()

    assert [phone.receipt(entry)["verdict"] for entry in entries] == ["accepted"] * 3
    assert list(Visit.objects.order_by("received_at").values_list("note", flat=True)) == ["0", "1", "2"]


@pytest.mark.fault("F22")
def test_a_held_entry_is_told_as_held_and_its_later_verdict_until_the_phone_heard_it(phone, knock):
    first, second = knock(phone), knock(phone)
    phone.push(second)
    assert (phone.receipt(second)["verdict"], phone.receipt(second)["code"]) == ("held", "waiting_for_previous")
    assert not Visit.objects.exists()
    phone.push(first)

    heard = [phone.hello()["settled"] for _ in range(3)]
    assert [receipt["id"] for receipt in heard[0]] == [second]
    assert heard[1] == []
    assert phone.receipt(second)["verdict"] == "accepted"


def test_only_a_settled_predecessor_releases_a_held_one_that_merely_arrived_does_not(phone, knock):
    entries = [knock(phone) for _ in range(3)]
    phone.push(entries[2])
    phone.push(entries[1])

    assert set(Entry.objects.values_list("verdict", flat=True)) == {"held"}


def test_a_parked_entry_lets_the_ones_behind_it_go_on(phone, knock):
    bad, good = knock(phone, outcome="flown"), knock(phone)
    phone.push()

    assert phone.receipt(bad)["verdict"] == "parked"
    assert phone.receipt(good)["verdict"] == "accepted"


@pytest.mark.fault("F22")
def test_after_five_days_a_held_entry_is_applied_flagged_and_its_followers_with_it(phone, knock, time_machine_days):
    knock(phone)
    second, third = knock(phone), knock(phone)
    phone.push(second)
    phone.push(third)
    assert push.release_overdue() == 0

    time_machine_days(5.1)
    assert push.release_overdue() == 1
    assert Entry.objects.get(pk=second).flagged == push.WAITED
    assert set(Entry.objects.values_list("verdict", "flagged")) == {("accepted", push.WAITED), ("accepted", "")}
    assert Visit.objects.count() == 2


def test_two_entries_that_wait_for_each_other_end_after_five_days(phone, knock, time_machine_days):
    first, second = knock(phone), knock(phone)
    row = phone.outbox[first]
    row.entry = phone.signed({**row.entry, "prev": second})
    phone.push(first)
    phone.push(second)
    assert Entry.objects.filter(verdict="held").count() == 2

    time_machine_days(6)
    push.release_overdue()
    assert not Entry.objects.filter(verdict="held").exists()
    assert Visit.objects.count() == 2


@pytest.mark.fault("F28")
def test_a_deactivated_members_entries_go_to_quarantine_and_the_phone_is_told_to_wipe(phone, knock, ward, home):
    entry = knock(phone)
    Membership.objects.filter(user=ward.member).delete()
    phone.push()

    receipt = phone.receipt(entry)
    assert (receipt["verdict"], receipt["code"]) == ("quarantined", "member_inactive")
    assert not Visit.objects.exists()
    assert bytes(Entry.objects.get(pk=entry).sealed)
    assert receipt["area"] == str(ward.area.pk)
    hello = phone.hello()
    assert (hello["wipe"], hello["areas"]) == (True, [])
    refused = phone.pull(str(home.area_id))
    assert (refused.status, refused.json["code"]) == (403, "inactive")


@pytest.mark.fault("F28")
def test_a_revoked_phones_entries_go_to_quarantine_even_after_its_enrolment_ended(
    phone, knock, ward, time_machine_days
):
    entry = knock(phone)
    devices.revoke(user=ward.supervisor, device=Device.objects.get(pk=phone.device), lost=True)
    time_machine_days(100)
    phone.push()

    assert phone.receipt(entry)["code"] == "device_revoked"
    assert phone.hello()["wipe"] is True


def test_a_strangers_entry_about_our_door_is_parked_and_numbered_in_the_strangers_ward(ward, home):
    stranger = enrolled(build_supervisor_of(ward), ward.stranger)
    entry = stranger.capture("visit", visit_body(), subject=home.pk, chain=home.pk, area=home.area_id)
    stranger.push()

    assert stranger.receipt(entry)["code"] == "not_assigned"
    assert not Visit.objects.exists()
    assert Entry.objects.get(pk=entry).area_id == Device.objects.get(pk=stranger.device).area_id
    assert not Change.objects.filter(area=home.area_id).exists()


def build_supervisor_of(ward):
    """The stranger supervises her own ward."""
    return ward.stranger


@pytest.mark.fault("F18")
@pytest.mark.parametrize(
    "change", [{"hash": "0" * 64}, {"sig": seal.b64u(bytes(64))}, {"at": 1}, {"user": str(new_id())}]
)
def test_an_entry_that_was_altered_after_it_was_signed_is_parked_not_applied(phone, knock, change):
    entry = knock(phone)
    phone.outbox[entry].entry.update(change)
    answer = phone.post([phone.outbox[entry].entry])

    receipt = answer.json["receipts"][0]
    assert (receipt["verdict"], receipt["code"]) == ("parked", "signature_wrong")
    assert receipt["hash"] == phone.outbox[entry].entry["hash"]
    assert not Visit.objects.exists()
    assert Entry.objects.filter(pk=entry).exists()


def test_an_entry_carried_by_another_phone_is_received_as_its_authors(phone, knock, ward, home):
    entry = knock(phone)
    carrier = enrolled(ward.supervisor, ward.colleague)
    receipt = carrier.post([phone.outbox[entry].entry]).json["receipts"][0]
    phone.settle(receipt)

    assert phone.receipt(entry)["verdict"] == "accepted"
    assert Visit.objects.get(pk=entry).user == ward.member


def test_what_cannot_be_opened_or_is_of_no_known_kind_is_parked_with_its_code(phone, home):
    place = {"subject": home.pk, "chain": new_id(), "area": home.area_id}
    unreadable = phone.capture("visit", visit_body(), **place)
    row = phone.outbox[unreadable]
    row.entry = phone.signed({**row.entry, "sealed": row.entry["sealed"][:-8] + "AAAAAAAA"})
    other_key = phone.capture("visit", visit_body(), **place | {"chain": new_id()}, key="k99")
    unknown = phone.capture("dance", visit_body(), **place | {"chain": new_id()})
    future = phone.capture("visit", visit_body(), **place | {"chain": new_id()}, v=2)
    extra = phone.capture("visit", visit_body(extra=1), **place | {"chain": new_id()})
    phone.push()

    assert [phone.receipt(entry)["code"] for entry in (unreadable, other_key, unknown, future, extra)] == [
        "sealed_unreadable", "sealed_unreadable", "kind_unknown", "too_old", "answers_invalid",
    ]  # fmt: skip


def test_our_own_mistake_answers_later_leaves_nothing_and_logs_no_content(phone, knock, monkeypatch, caplog):
    def broken(user, entry, body):
        if body["note"] == "hỏng":
            raise ValueError(body["note"])
        return kept(user, entry, body)

    kept = push.KINDS["visit"]
    monkeypatch.setitem(push.KINDS, "visit", broken)
    bad, other = knock(phone, note="hỏng"), knock(phone, at=build.household(phone_area(phone), number="15"))
    answer = phone.push()

    by_id = {receipt["id"]: receipt for receipt in answer.json["receipts"]}
    assert (by_id[bad]["verdict"], by_id[bad]["number"]) == ("later", 0)
    assert phone.is_ours(by_id[bad])
    assert phone.receipt(other)["verdict"] == "accepted"
    assert phone.outbox[bad].state == "ready"
    assert not Entry.objects.filter(pk=bad).exists()
    assert "ValueError" in caplog.text
    assert "hỏng" not in caplog.text
    monkeypatch.setitem(push.KINDS, "visit", kept)
    phone.push()
    assert phone.receipt(bad)["verdict"] == "accepted"


def phone_area(phone):
    """The first group: where the member's team walks."""
    return Device.objects.get(pk=phone.device).team.areas.get()


def test_our_own_mistake_while_releasing_leaves_the_entry_held_for_the_beat(phone, knock, monkeypatch):
    first, second = knock(phone), knock(phone, note="hỏng")
    kept = push.KINDS["visit"]

    def broken(user, entry, body):
        if body["note"] == "hỏng":
            raise ValueError
        return kept(user, entry, body)

    monkeypatch.setitem(push.KINDS, "visit", broken)
    phone.push(second)
    phone.push(first)
    assert phone.receipt(first)["verdict"] == "accepted"
    assert Entry.objects.get(pk=second).verdict == "held"

    monkeypatch.setitem(push.KINDS, "visit", kept)
    assert push.release_overdue() == 1
    assert Entry.objects.get(pk=second).verdict == "accepted"


def test_what_a_refused_verb_wrote_and_noted_is_taken_back_with_it(phone, knock, ward, home, monkeypatch):
    def half(user, entry, body):
        from onboarding.journal.recording import recording

        with recording(user) as journal:
            Visit.objects.create(pk=entry.id, household=home, user=user, outcome="met", at=home.created_at)
            journal.changed("visit", entry.id, home.area_id)
            journal.did("visit.record", "visit", entry.id, home.area_id)
            raise Refused("answers_invalid", "Ghi lại.")

    monkeypatch.setitem(push.KINDS, "visit", half)
    entry = knock(phone)
    phone.push()

    assert (phone.receipt(entry)["verdict"], phone.receipt(entry)["message"]) == ("parked", "Ghi lại.")
    assert not Visit.objects.exists()
    assert list(Change.objects.filter(area=home.area_id).values_list("kind", flat=True)) == ["entry"]
    assert not AuditEntry.objects.filter(action="visit.record").exists()


@pytest.mark.fault("F38")
def test_two_living_copies_of_a_phone_are_both_heard_and_the_device_is_flagged(phone, knock):
    copy = phone.twin()
    mine, theirs = knock(phone), knock(copy)
    phone.push()
    copy.push()

    assert phone.receipt(mine)["verdict"] == copy.receipt(theirs)["verdict"] == "accepted"
    assert Device.objects.get(pk=phone.device).forked is True


@pytest.mark.fault("F37")
def test_a_phone_put_back_from_a_copy_is_told_how_far_it_was_and_forks_its_numbering(phone, knock):
    old = phone.twin()
    lost = knock(phone)
    phone.push()
    old.hello()
    fresh = knock(old)
    old.push()

    assert old.outbox[fresh].entry["epoch"] > 1
    assert old.receipt(fresh)["verdict"] == "accepted"
    assert Device.objects.get(pk=phone.device).forked is False
    assert Visit.objects.filter(pk__in=[lost, fresh]).count() == 2


@pytest.mark.fault("F92")
def test_beyond_its_hourly_share_a_phone_is_asked_to_wait_and_loses_nothing(phone, knock, settings, time_machine_days):
    settings.SYNC_ENTRIES_AN_HOUR = 2
    first, second, third = (knock(phone) for _ in range(3))
    phone.push(first, second)
    answer = phone.push(third)

    assert (answer.status, answer.json["code"]) == (429, "too_many")
    assert 3500 < int(answer.headers["retry-after"]) <= 3601
    assert phone.outbox[third].state == "ready"
    time_machine_days(0.05)
    phone.push()
    assert phone.receipt(third)["verdict"] == "accepted"


def test_every_verdict_of_the_contract_has_a_sentence_and_none_shouts_or_begs():
    for code, sentence in codes.SENTENCES.items():
        text = str(sentence)
        assert code == "ok" or text.endswith(".")
        assert not any(word in text for word in ("!", "vui lòng", "Vui lòng", "thành công"))
