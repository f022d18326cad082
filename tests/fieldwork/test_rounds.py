"""A supervisor plans which doors a team knocks on, in the order of the walk."""

from datetime import date

import pytest

from onboarding.fieldwork import feed, rounds
from onboarding.fieldwork.models import Round
from onboarding.journal.feed import read_feed
from onboarding.refusal import Refused
from tests import build

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 23)


def plan(user, ward, homes, **changes):
    facts = {"user": user, "team": ward.team, "area": ward.groups[0], "day": DAY, "households": [h.pk for h in homes]}
    return rounds.plan_round(**facts | changes)


def test_doors_stand_in_walking_order_and_plates_count_like_people_do(ward, supervisor, member):
    homes = [build.household(ward.groups[0], number) for number in ("12/3", "8A", "112", "8", "2")]

    walk = plan(supervisor, ward, homes)

    told = feed.describe("round", [walk.pk], user=member)[walk.pk]
    by_id = {str(home.pk): home.number for home in homes}
    assert [by_id[pk] for pk in told["stops"]] == ["2", "8", "8A", "12/3", "112"]
    assert (told["team"], told["day"]) == (str(ward.team.pk), "2026-11-23")


def test_planning_again_replaces_the_doors_and_planning_the_same_changes_nothing(ward, supervisor):
    homes = [build.household(ward.groups[0], number) for number in ("2", "4")]
    plan(supervisor, ward, homes)
    to = read_feed(ward.groups[0].pk, after=0, epoch="").to

    plan(supervisor, ward, homes)
    assert read_feed(ward.groups[0].pk, after=0, epoch="").to == to
    plan(supervisor, ward, homes[:1])

    assert [stop.household for stop in Round.objects.get().stops.all()] == homes[:1]


def test_only_a_supervisor_of_the_ward_plans(ward, member, chandra):
    home = build.household(ward.groups[0])

    for who in (member, chandra):
        with pytest.raises(Refused) as refused:
            plan(who, ward, [home])
        assert refused.value.code == "not_assigned"
    assert Round.objects.count() == 0


def test_a_door_of_another_group_and_a_team_of_another_group_are_refused(ward, supervisor):
    with pytest.raises(Refused) as door:
        plan(supervisor, ward, [build.household(ward.groups[1])])
    with pytest.raises(Refused) as team:
        plan(supervisor, ward, [build.household(ward.groups[0])], team=ward.other_team)

    assert (door.value.code, team.value.code) == ("subject_unknown", "not_assigned")


def test_a_stranger_is_told_nothing_of_a_round(ward, supervisor, chandra):
    walk = plan(supervisor, ward, [build.household(ward.groups[0])])

    assert feed.describe("round", [walk.pk], user=chandra) == {walk.pk: None}
