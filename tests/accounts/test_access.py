"""What a person may do is asked of the database each time, and once in a block that says so."""

from datetime import timedelta

from django.utils import timezone

from onboarding.accounts import access
from onboarding.accounts.models import Membership


def end(member) -> None:
    yesterday = timezone.localdate() - timedelta(days=1)
    Membership.objects.filter(user=member).update(valid_to=yesterday)


def test_an_ended_membership_counts_at_once(ward, member):
    assert access.may_work_in(member, ward.groups[0].pk) and access.is_current_member(member)
    end(member)
    assert not access.may_work_in(member, ward.groups[0].pk) and not access.is_current_member(member)


def test_within_a_block_each_question_goes_to_the_database_once(ward, member, django_assert_num_queries):
    with access.asked_once(member), django_assert_num_queries(3):
        for _ in range(3):
            assert access.is_current_member(member)
            assert access.may_work_in(member, ward.groups[0].pk)
            assert not access.may_work_in(member, ward.groups[1].pk)


def test_a_block_within_a_block_asks_nothing_anew(ward, member, django_assert_num_queries):
    with access.asked_once(member), django_assert_num_queries(1):
        assert access.is_current_member(member)
        with access.asked_once(member):
            assert access.is_current_member(member)
        assert access.is_current_member(member)


def test_nothing_is_remembered_after_the_block(ward, member):
    with access.asked_once(member):
        assert access.may_work_in(member, ward.groups[0].pk)
        end(member)
    assert not access.may_work_in(member, ward.groups[0].pk)
