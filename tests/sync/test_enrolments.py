"""A phone comes in by a one-time QR, and comes back without losing what it holds."""

from datetime import timedelta

import pytest

from onboarding import seal
from onboarding.accounts.models import Membership
from onboarding.journal.models import AuditEntry
from onboarding.refusal import Refused
from onboarding.sync import devices, enrolments
from onboarding.sync.models import Device, Enrolment
from tests.phone import Phone, enrolled


def invited(ward, member=None) -> str:
    """A fresh token."""
    return enrolments.invite(user=ward.supervisor, member=member or ward.member)[0]


def test_a_token_makes_a_device_and_tells_it_who_and_where_it_is(ward):
    phone = Phone(name="  Máy của\u0000 Anh ")
    answer = phone.enrol(invited(ward))

    assert answer.status == 201
    device = Device.objects.get(pk=phone.device)
    assert (device.user, device.team, device.area, device.name) == (ward.member, ward.team, ward.area, "Máy của Anh")
    said = answer.json
    assert said["user"] == {"id": str(ward.member.pk), "name": ward.member.name}
    assert said["ward"] == {"id": str(ward.area.pk), "name": "Phường Hồ Sen", "phone": "024 0000 0108"}
    assert len(seal.unb64u(said["mac_key"])) == 32
    assert len(seal.unb64u(said["keys"][0]["public"])) == 65
    assert said["epoch"] == 1
    assert AuditEntry.objects.filter(action="device.enrolled", object_id=device.pk).exists()


def test_the_token_is_kept_as_a_hash_only(ward):
    token = invited(ward)
    assert token not in str(Enrolment.objects.values().get())


def test_a_token_ends_after_ten_minutes_with_a_sentence_that_says_what_to_do(ward, time_machine_days):
    token = invited(ward)
    time_machine_days(11 / (24 * 60))
    answer = Phone().enrol(token)

    assert (answer.status, answer.json["code"]) == (410, "enrol_expired")
    assert "mã mới" in answer.json["message"]
    assert not Device.objects.exists()


def test_an_unknown_token_is_404_and_a_used_one_409(ward):
    token = invited(ward)
    assert Phone().enrol("nothing").status == 404
    assert Phone().enrol(token).status == 201
    assert Phone().enrol(token).status == 409
    assert Device.objects.count() == 1


def test_a_phone_whose_answer_was_lost_asks_again_and_gets_the_same_device(ward):
    token = invited(ward)
    phone = Phone()
    first = phone.enrol(token).json
    phone.device = ""
    again = phone.enrol(token)

    assert again.status == 201
    assert (again.json["device"], again.json["mac_key"]) == (first["device"], first["mac_key"])
    assert Device.objects.count() == 1


def test_a_phone_that_comes_back_keeps_its_row_its_key_and_what_it_captured(ward, phone, knock, time_machine_days):
    entry, device, mac = knock(phone), phone.device, phone.mac_key
    time_machine_days(91)
    answer = phone.push()
    assert (answer.status, answer.json["code"]) == (401, "reauth")
    assert phone.outbox[entry].state == "ready"

    assert phone.enrol(invited(ward)).status == 201
    assert (phone.device, phone.mac_key) == (device, mac)
    phone.push()
    assert phone.receipt(entry)["verdict"] == "accepted"


def test_a_phone_that_the_server_forgot_keeps_its_id_when_it_comes_back(ward, phone):
    old = phone.device
    Enrolment.objects.all().delete()
    Device.objects.all().delete()
    assert phone.request("POST", "/sync/hello/", {}).json["code"] == "reauth"

    assert phone.enrol(invited(ward)).status == 201
    assert phone.device == old
    assert phone.hello() is not None


def test_nobody_takes_over_a_device_by_naming_it(ward, phone):
    thief = Phone()
    thief.device = phone.device
    answer = thief.enrol(invited(ward))

    assert (answer.status, answer.json["code"]) == (403, "signature_wrong")
    assert Device.objects.get(pk=phone.device).sign_public == seal.unb64u(phone.public)


@pytest.mark.parametrize("why", ["other member", "revoked"])
def test_a_phone_that_may_not_come_back_is_told_so_and_enrols_as_a_new_device_with_the_same_token(ward, phone, why):
    old, member = phone.device, ward.member
    if why == "revoked":
        devices.revoke(user=ward.supervisor, device=Device.objects.get(pk=old))
    else:
        member = ward.colleague
    token = invited(ward, member)
    answer = phone.enrol(token)

    assert answer.status == 403
    fresh = Phone()
    assert fresh.enrol(token).status == 201
    assert fresh.device != old


def test_only_the_supervisor_of_the_members_ward_invites_and_revokes(ward, phone):
    device = Device.objects.get(pk=phone.device)
    for user in (ward.stranger, ward.member, ward.colleague):
        with pytest.raises(Refused) as refused:
            enrolments.invite(user=user, member=ward.member)
        assert refused.value.code == "not_assigned"
        with pytest.raises(Refused):
            devices.revoke(user=user, device=device)
        with pytest.raises(Refused):
            devices.renew(user=user, device=device)
    assert Device.objects.get(pk=device.pk).revoked_at is None


def test_renewing_extends_an_enrolment_but_never_a_revoked_one(ward, phone):
    device = Device.objects.get(pk=phone.device)
    Device.objects.update(valid_to=device.valid_to - timedelta(days=60))
    devices.renew(user=ward.supervisor, device=device)
    assert device.valid_to > Device.objects.get().enrolled_at + timedelta(days=89)

    devices.revoke(user=ward.supervisor, device=device)
    with pytest.raises(Refused):
        devices.renew(user=ward.supervisor, device=device)


def test_a_key_that_is_no_point_and_a_body_without_a_token_are_refused(ward):
    phone = Phone()
    bad = phone.request("POST", "/sync/enrol/", {"token": invited(ward), "sign_public": "AAAA", "name": "x"})
    assert (bad.status, bad.json["code"]) == (403, "signature_wrong")
    assert phone.request("POST", "/sync/enrol/", {"sign_public": phone.public, "name": "x"}).status == 400


def test_a_member_whose_time_is_over_is_not_invited(ward):
    Membership.objects.filter(user=ward.member).delete()
    with pytest.raises(Refused):
        invited(ward)


def test_the_second_phone_of_a_member_is_a_device_of_its_own(ward, phone):
    other = enrolled(ward.supervisor, ward.member)
    assert other.device != phone.device
    assert other.mac_key != phone.mac_key
