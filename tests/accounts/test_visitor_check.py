"""A householder checks the badge of the person at the door: yes or calm no, and nothing that helps a swindler."""

import re
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone


@pytest.fixture
def badge(member) -> str:
    """The member carries a badge."""
    member.badge, member.phone = "DEMO-01", "0950000777"
    member.save()
    return member.badge


def test_a_current_member_is_shown_with_name_role_and_ward_and_no_phone(badge, member):
    answer = Client().get(f"/to-ho-tro/{badge}/")
    text = answer.content.decode()
    assert answer.status_code == 200
    assert member.name in text and "Thành viên tổ" in text and "Phường Hồ Sen" in text and "Đang làm việc" in text
    shown = text.split("<main")[1].split("</main>")[0]
    assert "0950000777" not in text and not re.search(rf"\b{member.username}\b", shown)
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies


@pytest.mark.parametrize("reason", ["unknown", "ended", "not yet", "inactive", "editor"])
def test_any_other_badge_gives_the_same_calm_warning(badge, member, reason):
    today = timezone.localdate()
    membership = member.memberships.get()
    asked = "DEMO-99" if reason == "unknown" else badge
    if reason == "ended":
        membership.valid_to = today - timedelta(days=1)
    elif reason == "not yet":
        membership.valid_from = today + timedelta(days=1)
    elif reason == "editor":
        membership.role = "editor"
    elif reason == "inactive":
        member.is_active = False
    membership.save()
    member.save()
    answer = Client().get(f"/to-ho-tro/{asked}/")
    text = answer.content.decode()
    assert answer.status_code == 404
    assert "Chưa tìm thấy người mang thẻ này" in text
    assert member.name not in text and "Đang làm việc" not in text


def test_a_badge_can_be_typed_by_hand(badge):
    answer = Client().get("/to-ho-tro/", {"the": " demo-01 "})
    assert answer.headers["Location"] == "/to-ho-tro/DEMO-01/"
    assert Client().get("/to-ho-tro/").status_code == 200


def test_what_was_typed_is_shown_as_text_only(db):
    answer = Client().get("/to-ho-tro/<script>alert(1)<%2Fscript>/".replace("%2F", ""))
    assert b"<script>alert" not in answer.content
