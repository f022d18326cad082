"""The ward invites phones, ends them, and sees which are silent; a stranger finds none of it."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from onboarding.sync.models import Device, Enrolment


@pytest.fixture
def phone(ward):
    """The member's phone, last heard of nine hours ago with three entries on it."""
    return Device.objects.create(
        user=ward.member,
        team=ward.team,
        area=ward.area,
        name="Máy mẫu",
        sign_public=b"\x04" + bytes(64),
        mac_key_sealed=b"x",
        valid_to=timezone.now() + timedelta(days=1),
        seen_at=timezone.now() - timedelta(hours=9, minutes=5),
        unsent=3,
    )


def test_an_invitation_shows_its_qr_once_and_keeps_only_a_hash(ward, as_supervisor):
    answer = as_supervisor.post("/phuong/may/ghi-danh/", {"member": str(ward.member.pk)})

    address = re.search(r'data-address="([^"]+)"', answer.content.decode()).group(1)
    token = address.rsplit("/", 1)[1]
    enrolment = Enrolment.objects.get()
    assert "/doi/#/ghi-danh/" in address
    assert enrolment.user == ward.member
    assert token not in enrolment.token_hash
    assert timedelta(minutes=9) < enrolment.expires_at - timezone.now() <= timedelta(minutes=10)


def test_a_member_of_another_ward_cannot_be_invited(ward, as_chandra):
    assert as_chandra.post("/phuong/may/ghi-danh/", {"member": str(ward.member.pk)}).status_code == 404
    assert not Enrolment.objects.exists()


def test_the_list_names_the_phones_of_the_ward_only(phone, as_supervisor, as_chandra):
    assert "Máy mẫu" in as_supervisor.get("/phuong/may/").content.decode()
    assert "Máy mẫu" not in as_chandra.get("/phuong/may/").content.decode()


def test_a_silent_phone_is_named_with_its_hours_and_what_lies_on_it(phone, as_supervisor, as_chandra):
    banner = as_supervisor.get("/phuong/may/im-lang/bao/").content.decode()
    rows = as_supervisor.get("/phuong/may/im-lang/").content.decode()

    assert "1 máy lâu chưa gửi, 3 mục còn nằm trên máy" in banner
    assert "đã 9 giờ" in banner
    assert 'data-s="fix"' in rows
    assert phone.user.name not in as_chandra.get("/phuong/may/im-lang/").content.decode()


def test_a_lost_phone_is_ended_and_told_to_wipe(phone, as_supervisor):
    assert as_supervisor.post(f"/phuong/may/{phone.pk}/dung/", {"lost": "1"}).status_code == 302
    phone.refresh_from_db()
    assert phone.revoked_at is not None
    assert phone.lost


def test_a_phone_is_extended(phone, as_supervisor):
    as_supervisor.post(f"/phuong/may/{phone.pk}/gia-han/")
    phone.refresh_from_db()
    assert phone.valid_to > timezone.now() + timedelta(days=30)


@pytest.mark.parametrize("door", ["dung", "gia-han"])
def test_a_stranger_gets_404_for_a_phone(phone, as_chandra, door):
    assert as_chandra.post(f"/phuong/may/{phone.pk}/{door}/").status_code == 404
    phone.refresh_from_db()
    assert phone.revoked_at is None


def test_the_ward_list_of_phones_is_for_supervisors(ward, client):
    client.force_login(ward.member)
    assert client.get("/phuong/may/").status_code == 404
