"""The fictional ward: there after one run, unchanged after the next, and nobody in it is real."""

import json
import re
from datetime import timedelta
from io import StringIO
from pathlib import Path

import pytest
import time_machine
from django.contrib.auth import authenticate
from django.core.management import call_command
from django.db import transaction
from django.db.models import Count
from django.utils import timezone

from onboarding import text
from onboarding.accounts.models import Area, Membership, Team, User
from onboarding.fieldwork import feed, merging, numbers
from onboarding.fieldwork.models import (
    Campaign,
    Conflict,
    FieldWrite,
    Household,
    LinkCount,
    Mark,
    Resident,
    Round,
    ShortLink,
    Stop,
    Visit,
    VisitRequest,
)
from onboarding.ids import new_id
from onboarding.journal import audit
from onboarding.journal.feed import read_feed
from onboarding.journal.models import AuditEntry, Change
from onboarding.management import demo_ward
from onboarding.management.commands import demo

pytestmark = pytest.mark.django_db
TABLES = [
    Area, AuditEntry, Campaign, Change, Conflict, FieldWrite, Household, LinkCount, Mark, Membership,
    Resident, Round, ShortLink, Stop, Team, User, Visit, VisitRequest,
]  # fmt: skip


def load() -> str:
    out = StringIO()
    call_command("demo", stdout=out)
    return out.getvalue()


def counts() -> dict[str, int]:
    return {table.__name__: table.objects.count() for table in TABLES}


@pytest.fixture(scope="module")
def loaded(django_db_setup, django_db_blocker):
    """The ward, loaded once for this file; what a test changes in it is rolled back with the test."""
    with django_db_blocker.unblock(), transaction.atomic():
        load()
        yield
        transaction.set_rollback(True)


def test_the_ward_has_doors_people_teams_and_a_day_of_work(loaded):
    assert Household.objects.count() == 40
    assert 105 <= Resident.objects.count() <= 130
    assert [area.name for area in Area.objects.filter(level="group")] == ["Tổ 5", "Tổ 7", "Tổ 11"]
    assert Team.objects.count() == 2
    assert Membership.objects.values("role").annotate(n=Count("pk")).count() == 3
    for walk in Round.objects.all():
        assert (walk.day, 4 <= walk.stops.count() <= 8) == (timezone.localdate(), True)
    assert {walk.team for walk in Round.objects.all()} == set(Team.objects.all())
    assert set(Household.objects.values_list("status", flat=True)) == set(Household.Status.values)
    assert Mark.objects.filter(current=True, state="blocked").count() >= 6
    assert Campaign.objects.get().target_activations == 40


def test_everybody_can_sign_in_and_is_told_how(loaded):
    told = load()

    for username, password, _role in demo.SIGN_INS:
        assert authenticate(username=username, password=password) is not None
        assert username in told and password in told


def test_a_second_run_changes_nothing_and_keeps_what_people_did(loaded):
    gone = Resident.objects.get(name="Lò Thị Giả Lập")
    home = Household.objects.get(number="14")
    supervisor = User.objects.get(username="phutrach")
    supervisor.set_password("another one entirely")
    supervisor.save()
    at = timezone.now()
    merging.delete_record(user=supervisor, entry=new_id(), record="resident", subject=gone.pk, reason="", at=at)
    merging.edit_record(
        user=supervisor, entry=new_id(), record="household", subject=home.pk, fields={"street": "phố Mẫu"}, seen={},
        at=at,
    )  # fmt: skip
    before = counts()
    received = list(Visit.objects.values_list("pk", "received_at"))

    load()

    home.refresh_from_db()
    gone.refresh_from_db()
    assert counts() == before
    assert list(Visit.objects.values_list("pk", "received_at")) == received
    assert (home.street, gone.deleted_at is None) == ("phố Mẫu", False)
    assert authenticate(username="phutrach", password="another one entirely")


def test_a_run_on_another_day_adds_only_that_days_rounds(loaded):
    before = counts()
    tomorrow = timezone.now() + timedelta(days=1)

    with time_machine.travel(tomorrow, tick=False):
        load()

        assert Round.objects.filter(day=timezone.localdate()).count() == 3
    same = {"Round", "Stop", "Change", "AuditEntry"}
    assert {k: v for k, v in counts().items() if k not in same} == {k: v for k, v in before.items() if k not in same}


def test_a_phone_of_the_team_can_pull_everything_and_the_audit_holds(loaded):
    member = User.objects.get(username="mau")
    [area] = Area.objects.visible_to(member)
    page = read_feed(area.pk, after=0, epoch="", limit=10_000)

    pulled = [feed.describe(kind, [pk], user=member)[pk] for kind, pk in page.changed]

    assert sum("alley" in data for data in pulled if data) == 16
    assert sum("eid" in data for data in pulled if data) == Resident.objects.filter(household__area=area).count()
    assert sum("ours" in data for data in pulled if data) == 1
    for place in Area.objects.all():
        assert audit.first_broken(place.pk) is None


def test_nobody_in_it_is_real(loaded):
    for person in Resident.objects.all():
        assert person.number == "" or numbers.is_demo_number(person.number)
        assert person.phone == "" or person.phone.startswith("0950000")
        if person.number:
            assert numbers.number_warnings(person.number, birth=person.birth, sex=person.sex) == [], person.name
    named = [person.number for person in Resident.objects.all() if person.number]
    assert len(named) == len(set(named))


def test_the_people_of_the_sample_cards_live_here_with_their_numbers(loaded):
    path = Path(demo_ward.FOLDER) / "people.json"
    for card in json.loads(path.read_text(encoding="utf-8")):
        person = Resident.objects.get(name=card["name"])
        assert person.number == card["id"]
        assert person.birth == "-".join(reversed(card["dob"].split("/")))


def test_ages_and_dates_cover_what_matters_at_a_door(loaded):
    today = timezone.localdate()
    births = list(Resident.objects.values_list("birth", flat=True))
    ages = {today.year - int(birth[:4]) - (birth[5:] > today.strftime("%m-%d")) for birth in births if birth}

    assert {0, 5, 13, 14, 25, 40, 60} <= ages
    assert "2000-02-29" in births
    assert sum(len(birth) == 4 for birth in births) >= 2 and any(len(birth) == 7 for birth in births)
    nguyen = Resident.objects.filter(search__startswith="nguyen").count() / Resident.objects.count()
    assert 0.3 < nguyen < 0.55
    assert max(home.residents.count() for home in Household.objects.all()) == 13


def test_the_streets_are_invented():
    streets = {door["street"] for door in demo_ward.sheet("doors")}

    assert streets == {"phố Giếng Đá", "phố Mẫu"}
    written = "".join(file.read_text(encoding="utf-8") for file in Path(demo_ward.FOLDER).glob("*.yaml"))
    assert not re.search(r"\btruc bach\b|\bhang (bac|dao|cot)\b", text.fold(written))
