"""Pulling: pages of what one may see, from the state of now, without a gap and without a leak."""

import json

import pytest

from onboarding.fieldwork.models import Household
from onboarding.ids import new_id
from onboarding.journal.models import AreaCounter, AuditEntry, Change
from onboarding.journal.recording import recording
from onboarding.sync import pull
from tests import build
from tests.phone import enrolled


def announce(user, *homes):
    """Note households as changed."""
    with recording(user) as journal:
        for home in homes:
            journal.changed("household", home.pk, home.area_id)


def test_a_page_holds_the_state_of_now_and_the_number_it_goes_up_to(phone, home, ward):
    announce(ward.member, home)
    Household.objects.filter(pk=home.pk).update(note="Chó dữ")
    answer = phone.request("GET", f"/sync/pull/?area={home.area_id}&after=0&epoch=")

    assert answer.json["to"] == 1
    assert answer.json["more"] is False
    assert [(record["kind"], record["data"]["note"]) for record in answer.json["records"]] == [("household", "Chó dữ")]


def test_a_deleted_record_is_a_tombstone_that_the_phone_obeys(phone, home, ward):
    announce(ward.member, home)
    phone.sync()
    assert ("household", str(home.pk)) in phone.records
    entry = phone.capture(
        "delete", {"record": "household", "reason": "nhà đã dỡ"}, subject=home.pk, chain=home.pk, area=home.area_id
    )
    phone.sync()
    assert phone.receipt(entry)["verdict"] == "accepted"
    assert ("household", str(home.pk)) not in phone.records


def test_pages_are_cut_at_200_records_and_at_128_kilobytes_and_skip_nothing(phone, ward):
    homes = [build.household(ward.groups[0], number=str(i)) for i in range(430)]
    announce(ward.member, *homes)
    area, sizes, seen = str(ward.groups[0].pk), [], set()
    while True:
        answer = phone.pull(area)
        sizes.append((len(answer.json["records"]), len(answer.body)))
        seen |= {record["id"] for record in answer.json["records"]}
        if not answer.json["more"]:
            break

    assert seen == {str(home.pk) for home in homes}
    assert all(count <= 200 and size <= 129 * 1024 for count, size in sizes)
    assert len(sizes) >= 3


def test_a_page_of_large_records_is_cut_by_bytes(phone, ward, monkeypatch):
    homes = [build.household(ward.groups[0], number=str(i)) for i in range(40)]
    announce(ward.member, *homes)
    large = {"text": "x" * 20_000}
    monkeypatch.setitem(pull.DESCRIBED, "household", lambda kind, ids, *, user: dict.fromkeys(ids, large))
    phone.hello()
    first = phone.pull(str(ward.groups[0].pk))
    assert 1 <= len(first.json["records"]) <= 6
    assert first.json["to"] == len(first.json["records"])
    phone.pull_all()
    assert len(phone.records) == 40


@pytest.mark.parametrize("who", ["another team", "another ward", "nowhere"])
def test_a_stranger_gets_404(phone, home, ward, who):
    announce(ward.member, home)
    if who == "nowhere":
        answer = phone.request("GET", f"/sync/pull/?area={new_id()}&after=0&epoch=")
    else:
        user, inviter = (ward.colleague, ward.supervisor) if who == "another team" else (ward.stranger, ward.stranger)
        other = enrolled(inviter, user)
        answer = other.request("GET", f"/sync/pull/?area={home.area_id}&after=0&epoch=")
    assert (answer.status, answer.json) == (404, {"code": "not_found"})


def test_access_is_asked_anew_for_every_page(phone, ward):
    announce(ward.member, *[build.household(ward.groups[0], number=str(i)) for i in range(250)])
    area = str(ward.groups[0].pk)
    assert phone.pull(area).json["more"] is True
    ward.team.areas.clear()
    assert phone.pull(area).status == 404
    assert not phone.records


@pytest.mark.fault("F35")
@pytest.mark.parametrize("place", ["another epoch", "the future"])
def test_a_phone_whose_place_is_gone_drops_its_copy_keeps_its_outbox_and_reads_anew(phone, knock, home, ward, place):
    announce(ward.member, home)
    entry = knock(phone)
    phone.sync()
    waiting = knock(phone)
    epoch, to = phone.cursors[str(home.area_id)]
    phone.cursors[str(home.area_id)] = ("another", to) if place == "another epoch" else (epoch, to + 50)
    answer = phone.pull(str(home.area_id))

    assert (answer.status, answer.json) == (410, {"code": "reset", "epoch": epoch})
    assert not phone.records
    assert set(phone.outbox) == {entry, waiting}
    phone.sync()
    assert ("household", str(home.pk)) in phone.records


@pytest.mark.parametrize(
    "query",
    ["after=0", "area=x&after=0&epoch=", "area=#&after=-1&epoch=", "area=#&after=x&epoch=",
     "area=#&after=99999999999999999999", "area=#&after=%D9%A3&epoch=", "area=#&after=1.5&epoch="],
)  # fmt: skip
def test_a_query_that_makes_no_sense_is_400(phone, home, query):
    answer = phone.request("GET", f"/sync/pull/?{query.replace('#', str(home.area_id))}")
    assert (answer.status, answer.json["code"]) == (400, "malformed")


def test_a_page_of_personal_records_is_an_audited_read_and_an_empty_one_is_not(phone, home, ward):
    phone.pull(str(home.area_id))
    assert not AuditEntry.objects.filter(action="area.pulled").exists()
    announce(ward.member, home)
    phone.pull(str(home.area_id))
    entry = AuditEntry.objects.get(action="area.pulled")
    assert (entry.user, str(entry.device), entry.detail) == (
        ward.member, phone.device, {"after": 0, "to": 1, "records": 1},
    )  # fmt: skip
    assert home.head not in json.dumps(entry.detail)


def test_the_arrival_of_an_entry_takes_a_number_but_is_no_record_for_phones(phone, knock, home):
    knock(phone, outcome="flown")
    phone.push()
    answer = phone.pull(str(home.area_id))
    assert (answer.json["records"], answer.json["to"]) == ([], AreaCounter.objects.get(pk=home.area_id).last)
    assert Change.objects.get(area=home.area_id).kind == "entry"
