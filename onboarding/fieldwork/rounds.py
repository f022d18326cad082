"""Planning a round: which doors a team knocks on, on one day, in walking order.

For: supervisors; planning the same team, group and day again replaces the doors. Not for: who belongs to a team
(accounts) or what came of a knock (visits.py).
"""

import re
from collections.abc import Iterable
from datetime import date
from uuid import UUID

from django.utils.translation import gettext as _

from onboarding.accounts.models import Area, Role, Team, User
from onboarding.fieldwork import subjects
from onboarding.fieldwork.models import Household, Round, Stop
from onboarding.journal.recording import recording
from onboarding.refusal import Refused

_PLATE = re.compile(r"(\d+)|([^\d]+)")


def plan_round(*, user: User, team: Team, area: Area, day: date, households: Iterable[UUID]) -> Round:
    """Plan, or plan anew, the walk of team through area on day; return the round with its stops.

    Deleted doors are left out. Raises Refused: not_assigned (not a supervisor there, or not the team's group),
    subject_unknown (a door of another area).
    """
    wanted = subjects.as_uuids(households)
    with recording(user) as journal:
        _check_reach(user, team, area)
        walk, created = Round.objects.select_for_update().get_or_create(team=team, area=area, day=day)
        doors = _doors(area, wanted)
        if not created and [stop.household_id for stop in walk.stops.all()] == [door.pk for door in doors]:
            return walk
        walk.stops.all().delete()
        Stop.objects.bulk_create(Stop(round=walk, household=door, order=i) for i, door in enumerate(doors, 1))
        journal.changed("round", walk.pk, area.pk)
        journal.did("round.plan", "round", walk.pk, area.pk, detail={"day": day.isoformat(), "doors": len(doors)})
    return walk


def add_to_rounds(*, user: User, team: Team, day: date, households: Iterable[UUID | str]) -> list[Round]:
    """Give doors to a team for a day, one round a group, beside what the team has that day already.

    Raises Refused: answers_invalid (no door), subject_unknown, not_assigned.
    """
    wanted = list(Household.objects.visible_to(user).filter(pk__in=subjects.as_uuids(households)))
    if not wanted:
        raise Refused("answers_invalid", _("Chưa chọn nhà nào. Chọn nhà rồi giao."))
    with recording(user):
        return [
            _add(user, team, area, day, [home.pk for home in wanted if home.area_id == area.pk])
            for area in Area.objects.filter(pk__in={home.area_id for home in wanted})
        ]


def _add(user: User, team: Team, area: Area, day: date, more: list[UUID]) -> Round:
    planned = Stop.objects.filter(round__team=team, round__area=area, round__day=day)
    known = list(planned.values_list("household_id", flat=True))
    return plan_round(user=user, team=team, area=area, day=day, households=[*known, *more])


def walking_key(home: Household) -> tuple[int, str, list[tuple[int, int, str]]]:
    """Return what sorts doors as one walks: the given order, then alley, then plates as numbers (2, 8A, 12/3)."""
    return home.order, home.alley, plate_key(home.number)


def plate_key(number: str) -> list[tuple[int, int, str]]:
    """Return what sorts plates as people count: 2 < 8 < 8A < 12 < 12/3 < P1205."""
    return [(0, int(digits), "") if digits else (1, 0, rest) for digits, rest in _PLATE.findall(number)]


def _check_reach(user: User, team: Team, area: Area) -> None:
    if not Area.objects.visible_to(user, (Role.SUPERVISOR,)).filter(pk=area.pk).exists():
        raise Refused("not_assigned", _("Chỉ phụ trách phường xếp được danh sách này. Báo phụ trách phường."))
    if not team.areas.filter(pk=area.pk).exists():
        raise Refused("not_assigned", _("Đội này không phụ trách tổ dân phố đó. Chọn đội khác."))


def _doors(area: Area, wanted: list[UUID]) -> list[Household]:
    found = list(Household.objects.filter(area=area, pk__in=wanted))
    if len(found) != len(set(wanted)):
        raise Refused("subject_unknown", _("Có nhà không thuộc tổ dân phố này. Chọn lại các nhà."))
    return sorted((home for home in found if not home.deleted_at), key=walking_key)
