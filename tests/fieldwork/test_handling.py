"""The ward looks after requests for a visit: its own supervisors only, who asks only when opened, each step kept."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from onboarding.fieldwork.models import Round, VisitRequest
from onboarding.journal.models import AuditEntry
from tests import build

pytestmark = pytest.mark.django_db

LIST = "/phuong/hen-tham/"


@pytest.fixture
def asked(ward) -> VisitRequest:
    """A new request."""
    return build.visit_request(ward.area)


def at(row: VisitRequest, end: str = "") -> str:
    """The address of a request."""
    return f"{LIST}{row.pk}/{end}"


def test_a_stranger_a_member_and_an_editor_find_nothing_and_nobody_signs_in_first(ward, asked, as_chandra):
    as_member, as_editor = Client(), Client()
    as_member.force_login(ward.member)
    as_editor.force_login(build.editor(ward.area))
    for path in (at(asked), at(asked, "buoc/"), at(asked, "ngay/")):
        verb = "get" if path == at(asked) else "post"
        for client in (as_chandra, as_member, as_editor):
            assert getattr(client, verb)(path, {"buoc": "spam", "ngay": "2030-01-01"}).status_code == 404
        assert getattr(Client(), verb)(path).headers["Location"].startswith("/dang-nhap/")
    assert as_member.get(LIST).status_code == as_editor.get(LIST).status_code == 404
    assert list(as_chandra.get(LIST).context["rows"]) == []
    assert list(as_chandra.get(f"{LIST}?ma={asked.code}").context["rows"]) == []
    asked.refresh_from_db()
    assert asked.state == "new"


def test_a_supervisor_who_also_walks_elsewhere_sees_only_the_ward_of_the_role(ward, chandra, as_chandra, asked):
    build.grant(chandra, "member", ward.area, ward.team)
    assert as_chandra.get(at(asked)).status_code == 404


def test_the_list_names_nobody_and_puts_new_ones_first_the_longest_waiting_at_the_top(ward, as_supervisor):
    now = timezone.now()
    called = build.visit_request(ward.area, state="called", made_at=now - timedelta(days=9))
    young = build.visit_request(ward.area, what="y-te")
    old = build.visit_request(ward.area, made_at=now - timedelta(days=3))
    build.visit_request(ward.area, state="done")
    answer = as_supervisor.get(LIST)
    page = answer.content.decode()
    assert [line["row"] for line in answer.context["rows"]] == [old, young, called]
    for words in ("Y tế", "Tài khoản VNeID", "gửi 3 ngày trước", "Sáng", old.code, "2 lời hẹn mới"):
        assert words in page.replace("\u00a0", " "), words
    assert "Mẫu Thử" not in page and "0900" not in page and "Giếng Đá" not in page
    assert not AuditEntry.objects.filter(action__startswith="visit_request").exists()
    assert "no-store" in answer.headers["Cache-Control"]


def test_the_list_is_filtered_by_state_and_found_by_the_code_that_somebody_reads_out(ward, asked, as_supervisor):
    done = build.visit_request(ward.area, state="done")
    rows = {key: [line["row"] for line in as_supervisor.get(LIST + key).context["rows"]] for key in (
        "?tt=done", "?tt=spam", "?tt=nonsense", f"?ma={done.code.lower()}", f"?ma={asked.code[4:]}", "?ma=HEN-00000",
    )}  # fmt: skip
    assert list(rows.values()) == [[done], [], [asked], [done], [asked], []]


def test_opening_one_shows_who_asks_and_is_written_down(ward, asked, as_supervisor):
    page = as_supervisor.get(at(asked)).content.decode()
    for words in ("Trần Thị Mẫu Thử", "tel:0900000011", "14 ngõ 27 phố Giếng Đá", "bác nặng tai", asked.code):
        assert words in page, words
    (entry,) = AuditEntry.objects.filter(action="visit_request.seen")
    assert (entry.user, entry.object_id, entry.detail) == (ward.supervisor, asked.pk, {})


@pytest.mark.parametrize("state", ["called", "done", "cannot", "spam"])
def test_each_step_is_kept_with_who_when_and_a_remark(ward, asked, as_supervisor, state):
    answer = as_supervisor.post(at(asked, "buoc/"), {"buoc": state, "ghi": "gọi lại sau 17 giờ"})
    assert answer.headers["Location"] == at(asked)
    asked.refresh_from_db()
    assert (asked.state, asked.handled_by, asked.told("remark")) == (state, ward.supervisor, "gọi lại sau 17 giờ")
    assert asked.handled_at is not None
    (entry,) = AuditEntry.objects.filter(action="visit_request.move")
    assert entry.detail == {"from": "new", "to": state}
    assert "gọi lại sau 17 giờ" in as_supervisor.get(at(asked)).content.decode()


def test_what_ended_may_be_taken_up_again_but_goes_nowhere_else(ward, as_supervisor):
    row = build.visit_request(ward.area, state="spam", handled_at=timezone.now(), handled_by=ward.supervisor)
    page = as_supervisor.post(at(row, "buoc/"), {"buoc": "done"}, follow=True).content.decode()
    assert "Lời hẹn này đã sang bước khác" in page
    assert "Xếp vào ngày" not in page
    as_supervisor.post(at(row, "buoc/"), {"buoc": "called"})
    row.refresh_from_db()
    assert row.state == "called"


def test_a_remark_with_a_secret_is_refused_and_nothing_moves(asked, as_supervisor):
    page = as_supervisor.post(at(asked, "buoc/"), {"buoc": "called", "ghi": "OTP 428190"}, follow=True).content.decode()
    assert "mật khẩu hoặc mã OTP" in page
    asked.refresh_from_db()
    assert asked.state == "new"


def test_a_door_of_the_register_goes_on_the_round_of_a_team(ward, asked, as_supervisor):
    home = build.household(ward.groups[0])
    build.household(ward.groups[0], "99", alley="Ngõ 4", street="phố Khác")
    assert [door.number for door in as_supervisor.get(at(asked)).context["doors"]] == ["14"]
    day = timezone.localdate() + timedelta(days=2)
    sent = {"ngay": day.isoformat(), "doi": str(ward.team.pk), "nha": str(home.pk)}
    assert "Đã xếp ngày." in as_supervisor.post(at(asked, "ngay/"), sent, follow=True).content.decode()
    asked.refresh_from_db()
    assert (asked.state, asked.planned_for, asked.household) == ("planned", day, home)
    walk = Round.objects.get(team=ward.team, day=day)
    assert [stop.household for stop in walk.stops.all()] == [home]


def test_the_register_is_searched_without_the_address_in_a_url_and_by_nobody_else(
    ward, asked, as_supervisor, as_chandra
):
    other = build.household(ward.groups[0], "99", alley="Ngõ 4", street="phố Khác")
    page = as_supervisor.post(at(asked), {"tim": "phố khác"})
    assert [door.pk for door in page.context["doors"]] == [other.pk] and page.context["words"] == "phố khác"
    search = page.content.decode().split('role="search"')[0].rsplit("<form", 1)[1]
    assert 'method="post"' in search
    assert as_chandra.post(at(asked), {"tim": "phố khác"}).status_code == 404


def test_without_a_door_only_the_day_is_kept(asked, as_supervisor):
    as_supervisor.post(at(asked, "ngay/"), {"ngay": timezone.localdate().isoformat(), "doi": "", "nha": ""})
    asked.refresh_from_db()
    assert (asked.state, asked.planned_for, asked.household) == ("planned", timezone.localdate(), None)
    assert not Round.objects.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"ngay": ""}, "Chưa rõ ngày. Chọn ngày rồi xếp lại."),
        ({"ngay": "2020-01-01"}, "Ngày này đã qua. Chọn từ hôm nay trở đi."),
        ({"doi": ""}, "Chưa chọn tổ cho nhà này. Chọn tổ rồi xếp."),
    ],
)
def test_a_plan_that_can_not_be_is_refused_with_what_to_do(ward, asked, as_supervisor, changes, words):
    home = build.household(ward.groups[0])
    sent = {"ngay": timezone.localdate().isoformat(), "doi": str(ward.team.pk), "nha": str(home.pk), **changes}
    assert words in as_supervisor.post(at(asked, "ngay/"), sent, follow=True).content.decode()
    asked.refresh_from_db()
    assert asked.state == "new" and not Round.objects.exists()


def test_a_door_of_another_ward_and_a_team_of_another_ward_are_not_there(ward, chandra, asked, as_supervisor):
    elsewhere = chandra.memberships.get().area
    theirs = build.household(elsewhere)
    today = timezone.localdate().isoformat()
    sent = {"ngay": today, "doi": str(ward.team.pk), "nha": str(theirs.pk)}
    as_supervisor.post(at(asked, "ngay/"), sent)
    asked.refresh_from_db()
    assert (asked.state, asked.household) == ("new", None)
    assert as_supervisor.post(at(asked, "ngay/"), {"ngay": today, "doi": str(elsewhere.pk)}).status_code == 404


def test_new_ones_are_counted_on_the_overview_and_in_the_rail(ward, asked, as_supervisor, as_chandra):
    build.visit_request(ward.area, state="called")
    page = as_supervisor.get("/phuong/").content.decode()
    assert "1 lời hẹn mới chưa ai gọi" in page
    assert '<span class="n">1</span>' in as_supervisor.get("/phuong/ho-so/").content.decode()
    assert "lời hẹn mới" not in as_chandra.get("/phuong/").content.decode()
    assert '<span class="n">' not in as_chandra.get("/phuong/ho-so/").content.decode()


def test_a_wiped_request_says_so_and_can_not_be_moved(ward, as_supervisor):
    row = build.visit_request(ward.area, state="done", handled_at=timezone.now(), handled_by=ward.supervisor)
    empty = {f"{name}_sealed": None for name in ("name", "phone", "address", "note", "time_note", "remark")}
    VisitRequest.objects.filter(pk=row.pk).update(**empty, phone_index=None, wiped_at=timezone.now())
    assert "theo thời hạn giữ" in as_supervisor.get(at(row)).content.decode()
    as_supervisor.post(at(row, "buoc/"), {"buoc": "called"})
    row.refresh_from_db()
    assert row.state == "done"
