"""The supervisor's list of doors and one door: found however it is typed, audited, and nobody else's to see."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onboarding.fieldwork import merging
from onboarding.fieldwork.models import Conflict, Mark, Round, Visit
from onboarding.guides.models import Blocker
from onboarding.ids import new_id
from onboarding.journal.models import AuditEntry
from tests import build

pytestmark = pytest.mark.django_db
LIST = "/phuong/luot-tham/"
AT = datetime(2026, 10, 18, 2, 30, tzinfo=UTC)


@pytest.fixture
def alley(ward):
    """Three doors: 14 and 12/3 in the first group, 8A in the second."""
    homes = {
        "14": build.household(ward.groups[0], "14", head="Trần Thị Mẫu Thử", order=2),
        "12/3": build.household(ward.groups[0], "12/3", head="Nguyễn Văn Ví Dụ", order=1),
        "8A": build.household(ward.groups[1], "8A", head="Phùng Quốc Ẩn Mẫu", street="phố Mẫu"),
    }
    build.resident(homes["14"])
    build.resident(homes["14"], "Đặng Quý Giả Định", "099087000003", is_head=False, eid="active")
    return homes


def plates(answer) -> list[str]:
    return [home.number for home, _look in answer.context["rows"]]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", ["12/3", "14", "8A"]),
        ("tim=Trần Thị", ["14"]),
        ("tim=tran thi", ["14"]),
        ("tim=trần thi", ["14"]),
        ("tim=Tra\u0302\u0300n", ["14"]),
        ("tim=giả định", ["14"]),
        ("tim=gia dinh", ["14"]),
        ("tim=8a", ["8A"]),
        ("tim=12/3", ["12/3"]),
        ("tim=14 gieng da", ["14"]),
        ("tim=mau", ["14", "8A"]),
        ("tim=zzz", []),
        ("tim=%25", ["12/3", "14", "8A"]),
        ("tt=todo", ["12/3", "14", "8A"]),
        ("tt=done", []),
        ("to=nonsense", []),
        ("nguoi=nonsense", None),
    ],
)
def test_doors_are_found_with_and_without_marks(alley, as_supervisor, query, found):
    answer = as_supervisor.get(f"{LIST}?{query}")

    if found is None:
        assert answer.status_code == 404
    else:
        assert plates(answer) == found


def test_filters_narrow_by_group_member_status_and_blocker(ward, alley, as_supervisor):
    items = {item.code: item for item in build.checklist().items.all()}
    Visit.objects.create(household=alley["14"], user=ward.member, outcome="met", at=AT)
    Mark.objects.create(
        resident=alley["14"].residents.first(), item=items["install"], user=ward.member, state="blocked",
        blocker="SIM_NOT_OWN", at=AT,
    )  # fmt: skip
    Blocker.objects.create(code="SIM_NOT_OWN", title="Sim không đứng tên mình", advice="x", resolver="operator")

    assert plates(as_supervisor.get(f"{LIST}?to={ward.groups[1].pk}")) == ["8A"]
    assert plates(as_supervisor.get(f"{LIST}?nguoi={ward.member.pk}")) == ["14"]
    assert plates(as_supervisor.get(f"{LIST}?vuong=*")) == ["14"]
    assert plates(as_supervisor.get(f"{LIST}?vuong=NFC_FAIL")) == []
    answer = as_supervisor.get(f"{LIST}?vuong=SIM_NOT_OWN")
    assert plates(answer) == ["14"]
    assert "Vướng: Sim không đứng tên mình" in answer.content.decode()


def test_a_row_says_how_far_the_people_are(alley, as_supervisor):
    [row] = [home for home, _look in as_supervisor.get(LIST).context["rows"] if home.number == "14"]

    assert (row.people, row.active, row.known) == (2, 1, 1)


def test_typing_swaps_the_results_only(alley, as_supervisor):
    answer = as_supervisor.get(f"{LIST}?tim=14", headers={"HX-Request": "true"})

    page = answer.content.decode()
    assert "<html" not in page and 'id="loc"' in page and "tim=14" in page
    assert "Trần Thị Mẫu Thử" in page and "Nguyễn Văn Ví Dụ" not in page


def test_looking_at_the_list_is_written_down_without_names(ward, alley, as_supervisor):
    as_supervisor.get(LIST)

    seen = AuditEntry.objects.filter(action="household.list_seen", user=ward.supervisor)
    assert {(entry.area_id, entry.detail["count"]) for entry in seen} == {
        (ward.groups[0].pk, 2),
        (ward.groups[1].pk, 1),
    }


def test_looking_at_a_door_is_written_down_person_by_person(ward, alley, as_supervisor):
    as_supervisor.get(reverse("fieldwork:household", args=[alley["14"].pk]))

    seen = AuditEntry.objects.filter(user=ward.supervisor)
    people = set(alley["14"].residents.values_list("pk", flat=True))
    assert {e.object_id for e in seen.filter(action="resident.seen")} == people
    assert seen.filter(action="household.seen", object_id=alley["14"].pk).count() == 1


def test_a_door_hides_the_numbers_until_asked_and_asking_is_written_down(alley, as_supervisor):
    home = alley["14"]
    person = home.residents.get(is_head=True)
    page = as_supervisor.get(reverse("fieldwork:household", args=[home.pk])).content.decode()
    assert "099158000001" not in page and "099••••••001" in page and "Dữ liệu mẫu" in page

    answer = as_supervisor.post(reverse("fieldwork:number", args=[home.pk, person.pk]))

    assert "099 158 000 001" in answer.content.decode()
    assert AuditEntry.objects.filter(action="resident.number_seen", object_id=person.pk).count() == 1


def test_a_door_shows_both_values_and_the_supervisor_keeps_one(ward, alley, as_supervisor):
    home = alley["14"]
    for note in ("Có chó dữ", "Bấm chuông"):
        merging.edit_record(
            user=ward.member, entry=new_id(), record="household", subject=home.pk, fields={"note": note}, seen={}, at=AT
        )  # fmt: skip
    page = as_supervisor.get(reverse("fieldwork:household", args=[home.pk])).content.decode()
    assert "Có chó dữ" in page and "Bấm chuông" in page
    assert "Hai bản khác nhau" in as_supervisor.get(LIST).content.decode()
    conflict = Conflict.objects.get()

    answer = as_supervisor.post(
        reverse("fieldwork:close-conflict", args=[home.pk, conflict.pk]), {"giu": "theirs"}, follow=True
    )

    home.refresh_from_db()
    conflict.refresh_from_db()
    assert answer.status_code == 200
    assert (home.note, conflict.closed_by) == ("Có chó dữ", ward.supervisor)


def test_what_came_for_a_deleted_door_is_shown_to_the_ward_and_put_away(ward, alley, as_supervisor, as_chandra):
    home = alley["14"]
    merging.delete_record(user=ward.member, entry=new_id(), record="household", subject=home.pk, reason="", at=AT)
    merging.edit_record(
        user=ward.member, entry=new_id(), record="household", subject=home.pk, fields={"note": "Bấm chuông"}, seen={},
        at=AT,
    )  # fmt: skip
    conflict = Conflict.objects.get()
    away = reverse("fieldwork:put-away", args=[conflict.pk])
    assert "1 chỗ sửa đến sau khi đã xóa" in as_supervisor.get(LIST).content.decode()
    assert "Bấm chuông" in as_supervisor.get(f"{LIST}da-xoa/").content.decode()
    assert "Bấm chuông" not in as_chandra.get(f"{LIST}da-xoa/").content.decode()
    assert as_chandra.post(away).status_code == 404

    as_supervisor.post(away)

    home.refresh_from_db()
    conflict.refresh_from_db()
    assert (home.deleted_at is None, conflict.closed_by) == (False, ward.supervisor)
    assert "Bấm chuông" not in as_supervisor.get(f"{LIST}da-xoa/").content.decode()


def test_what_people_wrote_is_text_and_never_markup(ward, alley, as_supervisor):
    home = alley["8A"]
    merging.edit_record(
        user=ward.colleague, entry=new_id(), record="household", subject=home.pk, seen={}, at=AT,
        fields={"note": "<script>alert(1)</script>"},
    )  # fmt: skip

    page = as_supervisor.get(reverse("fieldwork:household", args=[home.pk])).content.decode()

    assert "<script>alert" not in page and "&lt;script&gt;" in page


def test_chosen_doors_are_given_to_a_team_beside_what_it_has(ward, alley, as_supervisor):
    day = timezone.localdate()
    for number in ("14", "12/3"):
        as_supervisor.post(f"{LIST}giao/", {"doi": ward.team.pk, "ngay": day.isoformat(), "nha": [alley[number].pk]})

    walk = Round.objects.get(team=ward.team, day=day)
    assert [stop.household.number for stop in walk.stops.all()] == ["12/3", "14"]


@pytest.mark.parametrize("fault", ["none", "group", "day"])
def test_what_can_not_be_given_is_said_and_nothing_is_planned(ward, alley, as_supervisor, fault):
    data = {"doi": ward.team.pk, "ngay": timezone.localdate().isoformat(), "nha": [alley["14"].pk]}
    data |= {"none": {"nha": []}, "group": {"nha": [alley["8A"].pk]}, "day": {"ngay": "mai"}}[fault]

    answer = as_supervisor.post(f"{LIST}giao/", data, follow=True)

    assert 'data-s="fix"' in answer.content.decode()
    assert not Round.objects.exists()


def test_a_strangers_list_is_empty_and_our_doors_do_not_exist_for_her(ward, alley, as_chandra):
    home, person = alley["14"], alley["14"].residents.first()

    assert plates(as_chandra.get(LIST)) == []
    assert plates(as_chandra.get(f"{LIST}?tim=14")) == []
    assert as_chandra.get(reverse("fieldwork:household", args=[home.pk])).status_code == 404
    assert as_chandra.post(reverse("fieldwork:number", args=[home.pk, person.pk])).status_code == 404
    assert as_chandra.post(reverse("fieldwork:close-conflict", args=[home.pk, new_id()])).status_code == 404
    assert as_chandra.post(f"{LIST}giao/", {"doi": ward.team.pk, "nha": [home.pk]}).status_code == 404
    assert not AuditEntry.objects.filter(user=ward.stranger, object_id=home.pk).exists()


def test_a_team_member_and_a_deleted_door_get_404(ward, alley, member):
    browser = Client()
    browser.force_login(member)
    home = alley["14"]
    assert browser.get(LIST).status_code == 404
    assert browser.get(reverse("fieldwork:household", args=[home.pk])).status_code == 404

    merging.delete_record(user=member, entry=new_id(), record="household", subject=home.pk, reason="", at=AT)
    supervisor = Client()
    supervisor.force_login(ward.supervisor)
    assert supervisor.get(reverse("fieldwork:household", args=[home.pk])).status_code == 404
    assert plates(supervisor.get(LIST)) == ["12/3", "8A"]


def test_who_is_not_signed_in_is_sent_to_sign_in(alley):
    answer = Client().get(LIST)

    assert answer.status_code == 302 and answer["Location"].startswith("/dang-nhap/")


def test_the_list_asks_the_database_the_same_number_of_times_for_few_and_many_doors(
    ward, as_supervisor, django_assert_max_num_queries
):
    for number in range(1, 25):
        build.household(ward.groups[0], str(number))

    with django_assert_max_num_queries(30):
        assert len(plates(as_supervisor.get(LIST))) == 24
