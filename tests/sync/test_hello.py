"""Hello: the heartbeat in, and everything the phone must know before it sends, keeps or drops anything."""

import pytest

from onboarding.accounts.models import Membership
from onboarding.journal.models import AreaCounter
from onboarding.sync import durable
from onboarding.sync.models import Device, Entry
from tests.phone import now_ms, visit_body


def test_the_heartbeat_is_kept_for_the_ward(phone, knock):
    knock(phone), knock(phone)
    at = now_ms() - 3_600_000
    said = {
        "nonce": "n", "build": "2026\x00.11", "seq": 2, "epoch": 1, "unsent": {"count": 2, "oldest": at, "bytes": 812},
        "storage": {"used": 5, "quota": 9_000_000_000},
    }  # fmt: skip
    assert phone.request("POST", "/sync/hello/", said).status == 200

    device = Device.objects.get(pk=phone.device)
    assert (device.unsent, device.unsent_bytes, device.storage_quota) == (2, 812, 9_000_000_000)
    assert int(device.unsent_oldest.timestamp() * 1000) == at
    assert (device.seen_at is not None, device.build) == (True, "2026.11")


@pytest.mark.parametrize(
    "said",
    [
        {}, {"unsent": 7, "storage": [], "nonce": 5, "build": {}, "seq": "x", "epoch": -1, "heard": {}},
        {"unsent": {"count": -1, "oldest": 10**15, "bytes": 2**60}, "epoch": 2**40, "heard": [1, "x", None]},
    ],
)  # fmt: skip
def test_a_phone_with_a_broken_gauge_is_greeted_all_the_same(phone, said):
    answer = phone.request("POST", "/sync/hello/", said)
    assert answer.status in (200, 400)
    assert answer.is_ours()


def test_the_answer_carries_what_the_contract_says_and_proves_itself(phone, home, ward):
    hello = phone.hello()
    assert set(hello) == {
        "proto", "nonce", "now", "server_epoch", "areas", "durable", "max_seq", "min_client", "wipe", "keys", "forms",
        "settled", "files_missing", "files_bad", "mac",
    }  # fmt: skip
    assert [area["id"] for area in hello["areas"]] == [str(home.area_id)]
    assert hello["areas"][0]["epoch"] == AreaCounter.objects.get(pk=home.area_id).epoch
    assert hello["wipe"] is False
    assert hello["server_epoch"] == phone.hello()["server_epoch"]


def test_the_highest_number_seen_is_told_per_epoch(phone, knock):
    knock(phone), knock(phone)
    phone.push()
    assert phone.hello()["max_seq"] == 2
    phone.epoch = 9
    assert phone.hello()["max_seq"] == 0


@pytest.mark.fault("F36")
def test_an_area_that_is_taken_away_is_not_greeted_with_any_more_and_pulls_404(phone, knock, home, ward):
    knock(phone)
    phone.sync()
    assert phone.records
    ward.team.areas.set([ward.groups[1]])
    phone.sync()
    assert [area for area in phone.areas] == [str(ward.groups[1].pk)]
    phone.pull(str(home.area_id))
    assert not phone.records


def test_the_durable_mark_is_told_for_every_area_where_the_phone_has_entries(phone, knock, home, ward):
    phone.hello()
    knock(phone)
    phone.push()
    Membership.objects.filter(user=ward.member).delete()
    late = phone.capture("visit", visit_body(), subject=home.pk, chain=home.pk, area=home.area_id)
    phone.push()
    numbered = {str(area) for area in Entry.objects.values_list("area", flat=True)}
    assert numbered == {str(home.area_id), str(ward.area.pk)}
    counters = {counter.pk: (counter.epoch, counter.last) for counter in AreaCounter.objects.all()}
    durable.raise_marks(counters)
    hello = phone.hello()

    assert numbered <= set(hello["durable"])
    phone.purge(hello["durable"])
    assert late not in phone.outbox


def test_a_strangers_areas_are_not_in_the_answer(phone, ward):
    hello = phone.hello()
    told = {area["id"] for area in hello["areas"]} | set(hello["durable"])
    assert str(ward.groups[1].pk) not in told
