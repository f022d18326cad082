"""The fictional ward: reads content/demo/*.yaml and brings it into the database through the rooms' own verbs.

For: trying the whole house out on a fresh clone, and for the pictures in the documentation. Ids come from names, so a
second run finds what the first made and leaves it alone, whatever people did to it since; a run on another day adds
that day's rounds. Not for: tests (they build their own small worlds) or anything near real people.
"""

from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from functools import cache
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

import yaml
from django.conf import settings
from django.utils import timezone

from onboarding.accounts.areas import place_area
from onboarding.accounts.models import Area, AreaLevel, Membership, Role, Team, User
from onboarding.fieldwork import asking, doors, links, marks, merging, rounds, visits
from onboarding.fieldwork.asking_form import CONSENT
from onboarding.fieldwork.checklists import load_checklists
from onboarding.fieldwork.models import (
    Campaign,
    Checklist,
    FieldWrite,
    Household,
    LinkCount,
    Mark,
    Resident,
    Round,
    Visit,
)
from onboarding.journal.recording import recording

FOLDER = settings.BASE_DIR / "onboarding" / "content" / "demo"
LEVELS = [("city", "Thành phố", 0), ("ward", "Phường", 1), ("group", "Tổ dân phố", 2)]
DOORS_A_DAY = 8


@cache
def sheet(name: str) -> Any:
    """Return one file of the demo folder, read."""
    return yaml.safe_load((FOLDER / f"{name}.yaml").read_text(encoding="utf-8"))


def id_of(*parts: object) -> UUID:
    """Return the id that something of the demo ward has in every installation."""
    return uuid5(NAMESPACE_URL, "ho-sen/" + "/".join(str(part) for part in parts))


def load_ward() -> None:
    """Bring the ward, its people, doors, history and today's rounds into the database; never change what is there."""
    load_checklists()
    groups = _places()
    people = _people(groups)
    with recording(people["phutrach"]):
        _campaign()
        for order, door in enumerate(sheet("doors"), 1):
            _door(people["phutrach"], groups[door["group"]], order, door)
    for row in sheet("history"):
        _past(people, row)
    for row in sheet("requests"):
        asking.ask(request=id_of("request", row["phone"]), area=_ward(), consent=CONSENT, **row)
    with recording(people["phutrach"]):
        _rounds_of(timezone.localdate(), people["phutrach"], groups)


# --- Places and people ------------------------------------------------------------------------------------------------


def _places() -> dict[str, Area]:
    levels = {
        code: AreaLevel.objects.get_or_create(code=code, defaults={"name": name, "rank": rank})[0]
        for code, name, rank in LEVELS
    }
    data = sheet("ward")
    city = place_area(level=levels["city"], **data["city"])
    ward = place_area(level=levels["ward"], parent=city, **data["ward"])
    return {row["code"]: place_area(level=levels["group"], parent=ward, **row) for row in data["groups"]}


def _ward() -> Area:
    return Area.objects.get(path=f"{sheet('ward')['city']['code']}/{sheet('ward')['ward']['code']}/")


def _people(groups: dict[str, Area]) -> dict[str, User]:
    teams = {}
    for row in sheet("ward")["teams"]:
        teams[row["name"]], created = Team.objects.get_or_create(
            pk=id_of("team", row["name"]), defaults={"area": _ward(), "name": row["name"]}
        )
        if created:
            teams[row["name"]].areas.set(groups[code] for code in row["groups"])
    return {row["username"]: _person(row, teams) for row in sheet("ward")["people"]}


def _person(row: dict[str, str], teams: dict[str, Team]) -> User:
    user, created = User.objects.get_or_create(
        username=row["username"], defaults={"name": row["name"], "badge": row["badge"]}
    )
    if created:
        user.set_password(row["password"])
        user.save(update_fields=["password"])
        Membership.objects.create(
            user=user,
            role=Role(row["role"]),
            area=_ward(),
            team=teams.get(row.get("team", "")),
            valid_from=timezone.localdate() - timedelta(days=60),
        )
    return user


def _campaign() -> None:
    data = dict(sheet("ward")["campaign"])
    today = timezone.localdate()
    starts = today - timedelta(days=data.pop("days_before"))
    ends = today + timedelta(days=data.pop("days_after"))
    campaign, created = Campaign.objects.get_or_create(
        pk=id_of("campaign"), defaults={"area": _ward(), "starts": starts, "ends": ends, **data}
    )
    if created:
        _opened(campaign, today - timedelta(days=2))


def _opened(campaign: Campaign, last: date) -> None:
    """Give the campaign its links, with openings on the days up to last."""
    made = links.links_of(campaign)
    for channel, counts in sheet("ward")["opened"].items():
        LinkCount.objects.bulk_create(
            LinkCount(link=made[channel], day=last - timedelta(days=back), count=count)
            for back, count in enumerate(counts)
        )


# --- Doors and who lives behind them ----------------------------------------------------------------------------------


def _door_id(door: dict[str, Any]) -> UUID:
    return id_of("door", door["group"], door.get("alley", ""), door["number"])


def _resident_id(door: dict[str, Any], person: dict[str, Any]) -> UUID:
    return id_of("resident", _door_id(door), person["name"])


def _door(user: User, area: Area, order: int, door: dict[str, Any]) -> None:
    if Household.objects.filter(pk=_door_id(door)).exists():
        return
    fields: dict[str, Any] = {name: door[name] for name in ("number", "alley", "street", "note") if name in door}
    first = door["people"][0]
    fields |= {"order": str(order), "head": first["name"], "phone": first.get("phone", "")}
    doors.add_household(user=user, household=_door_id(door), area=area, fields=fields)
    for person in door["people"]:
        merging.edit_record(
            user=user,
            entry=id_of("entry", "add", _resident_id(door, person)),
            record="resident",
            subject=_resident_id(door, person),
            fields=_facts(person) | {"household": str(_door_id(door)), "is_head": person is first},
            seen={},
            at=timezone.now(),
        )


def _facts(person: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of one resident; who turned an age or was just born is dated from today."""
    facts = {name: value for name, value in person.items() if name not in ("days", "turns", "serial")}
    today = timezone.localdate()
    if "days" in person:
        facts["birth"] = (today - timedelta(days=person["days"])).isoformat()
    if "turns" in person:
        born = today - timedelta(days=10)
        born = born.replace(year=born.year - person["turns"], day=min(born.day, 28))
        facts |= {"birth": born.isoformat(), "number": _number(born, person["sex"], person["serial"])}
    return facts


def _number(born: date, sex: str, serial: int) -> str:
    century = (born.year - 1900) // 100 * 2 + (sex == "nu")
    return f"099{century}{born.year % 100:02d}{serial:06d}"


# --- What happened so far ---------------------------------------------------------------------------------------------


def _past(people: dict[str, User], row: dict[str, Any]) -> None:
    """Replay what happened at one door; what was replayed before stays as it is."""
    door = next(d for d in sheet("doors") if (d["group"], d["number"]) == (row["group"], row["number"]))
    with recording(people[row["by"]]):
        for turn, knock in enumerate(row["visits"]):
            _knock(people[row["by"]], door, turn, knock)
        for name, until in row.get("marks", {}).items():
            _tick(people[row["by"]], door, name, until, row["visits"][-1])
    for username, fields in row.get("edits", {}).items():
        _edit(people[username], door, fields)


def _moment(days: int, clock: str) -> datetime:
    """Return the time `clock` ("9:30") so many days ago in Hà Nội; today's never lies ahead of now."""
    hour, minute = (int(part) for part in clock.split(":"))
    day = timezone.localdate() - timedelta(days=days)
    return timezone.make_aware(datetime.combine(day, time(hour, minute)))


def _knock(user: User, door: dict[str, Any], turn: int, knock: dict[str, Any]) -> None:
    at = _moment(knock["days"], knock["at"])
    entry = id_of("entry", "visit", _door_id(door), turn)
    if Visit.objects.filter(pk=entry).exists():
        return
    visits.record_visit(
        user=user,
        entry=entry,
        household=_door_id(door),
        outcome=knock["outcome"],
        note=knock.get("note", ""),
        appointment=_moment(-knock["in_days"], knock["at_time"]) if "in_days" in knock else None,
        started_at=at,
        at=at + timedelta(minutes=15),
        people=[_resident_id(door, door["people"][0])] if knock["outcome"] == "met" else [],
    )
    _arrived(Visit, entry, at)


def _arrived(table: type[Visit] | type[Mark], entry: UUID, at: datetime) -> None:
    # The verbs stamp the moment of arrival; a ward with a past needs arrivals in the past.
    table.objects.filter(pk=entry).update(received_at=at + timedelta(hours=1))


def _tick(user: User, door: dict[str, Any], name: str, until: str, knock: dict[str, Any]) -> None:
    """Tick a person's list: "done" ticks all; a blocker's code ticks what comes before the item that it fits."""
    person = next(p for p in door["people"] if p["name"] == name)
    at = _moment(knock["days"], knock["at"])
    for step, (item, state) in enumerate(_ticks(until)):
        entry = id_of("entry", "mark", _resident_id(door, person), item)
        if Mark.objects.filter(pk=entry).exists():
            continue
        marks.record_mark(
            user=user,
            entry=entry,
            resident=_resident_id(door, person),
            checklist="vneid-2",
            item=item,
            state=state,
            blocker=until if state == "blocked" else "",
            note="",
            at=at + timedelta(minutes=step),
        )
        _arrived(Mark, entry, at)


def _ticks(until: str) -> Iterator[tuple[str, str]]:
    for item in Checklist.objects.get(pk="vneid-2").items.all():
        if until in item.blockers:
            yield item.code, "blocked"
            return
        yield item.code, "done"


def _edit(user: User, door: dict[str, Any], fields: dict[str, str]) -> None:
    entry = id_of("entry", "edit", user.username, _door_id(door))
    if FieldWrite.objects.filter(entry=entry).exists():
        return
    merging.edit_record(
        user=user,
        entry=entry,
        record="household",
        subject=_door_id(door),
        fields=fields,
        seen={},
        at=timezone.now(),
    )


# --- Rounds -----------------------------------------------------------------------------------------------------------


def _rounds_of(day: date, user: User, groups: dict[str, Area]) -> None:
    """Plan a day for each team and group that has none yet: first those with a date, then who was not met."""
    for team in Team.objects.filter(area=_ward()):
        for area in team.areas.all():
            if not Round.objects.filter(team=team, area=area, day=day).exists():
                wanted = _to_visit(area)
                rounds.plan_round(user=user, team=team, area=area, day=day, households=wanted)


def _to_visit(area: Area) -> list[UUID]:
    rows = Household.objects.filter(area=area, deleted_at=None, status__in=["appt", "todo", "away"])
    order = {"appt": 0, "away": 1, "todo": 2}
    found = sorted(rows, key=lambda home: (order[home.status], home.order))
    return [home.pk for home in found[:DOORS_A_DAY]]


def everyone_at_home() -> int:
    """Return how many people of the demo ward are in the database: for the command's last line."""
    return Resident.objects.filter(household__area__path__startswith=_ward().path).count()
