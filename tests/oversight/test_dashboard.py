"""The supervisor's first page counts what the ward did, and nobody else's."""

from datetime import timedelta

import pytest
from django.utils import timezone

from onboarding.fieldwork.models import Campaign, Mark, Visit
from onboarding.guides.models import Blocker
from onboarding.oversight import charts, figures
from onboarding.submissions.models import Status
from tests import build


@pytest.fixture
def busy(ward):
    """Two doors, one met; one activation; one blocked person; two dossiers; a campaign."""
    met, other = build.household(ward.groups[0], "14"), build.household(ward.groups[0], "16")
    active = build.resident(met)
    stuck = build.resident(met, "Nguyễn Văn Ví Dụ", "099049000002", is_head=False)
    items = {item.code: item for item in build.checklist().items.all()}
    now = timezone.now()
    Visit.objects.create(household=met, user=ward.member, outcome="met", at=now)
    Visit.objects.create(household=met, user=ward.member, outcome="met", at=now)
    Visit.objects.create(household=other, user=ward.member, outcome="away", at=now)
    Mark.objects.create(resident=active, item=items["proof"], user=ward.member, state="done", at=now)
    Mark.objects.create(
        resident=stuck, item=items["install"], user=ward.member, state="blocked", blocker="SIM_NOT_OWN", at=now
    )
    Blocker.objects.create(code="SIM_NOT_OWN", title="Sim không đứng tên mình", advice="x", resolver="operator")
    build.submission(active, ward.member)
    build.submission(active, ward.member, status=Status.DONE)
    today = timezone.localdate()
    Campaign.objects.create(
        area=ward.area,
        name="Đợt tháng 11",
        starts=today - timedelta(days=10),
        ends=today + timedelta(days=10),
        target_households=40,
        target_activations=100,
    )
    return ward


def test_the_figures_count_each_door_and_person_once(busy):
    when = figures.period("campaign", figures.campaign_of(busy.supervisor))

    assert figures.doors_reached(busy.supervisor, when) == 1
    assert figures.doors(busy.supervisor).count() == 2
    assert figures.activations(busy.supervisor, when).count() == 1
    assert [(row.reached, row.total, row.percent) for row in figures.coverage(busy.supervisor, when)] == [(1, 2, 50)]
    assert figures.blockers(busy.supervisor) == [("SIM_NOT_OWN", "Sim không đứng tên mình", 1)]
    assert {g.key: g.count for g in figures.dossiers(busy.supervisor, when)} == {
        "waiting": 1, "problem": 0, "sent": 0, "done": 1,
    }  # fmt: skip


def test_the_dashboard_shows_the_figures_to_the_supervisor(busy, as_supervisor):
    answer = as_supervisor.get("/phuong/")

    assert answer.status_code == 200
    page = answer.content.decode()
    assert "Sim không đứng tên mình" in page
    assert "Đợt tháng 11" in page
    assert answer.headers["Cache-Control"].find("no-store") >= 0


def test_a_stranger_sees_none_of_it(busy, as_chandra):
    page = as_chandra.get("/phuong/").content.decode()
    when = figures.period("campaign", None)

    assert "Sim không đứng tên mình" not in page
    assert figures.doors(busy.stranger).count() == 0
    assert figures.activations(busy.stranger, when).count() == 0
    assert sum(g.count for g in figures.dossiers(busy.stranger, when)) == 0


def test_a_team_member_has_no_dashboard_and_a_visitor_is_sent_to_sign_in(busy, client):
    assert client.get("/phuong/").headers["Location"].startswith("/dang-nhap/")
    client.force_login(busy.member)
    assert client.get("/phuong/").status_code == 404


def test_a_mark_of_yesterday_is_outside_today(busy):
    Mark.objects.update(received_at=timezone.now() - timedelta(days=1))

    assert figures.activations(busy.supervisor, figures.period("today", None)).count() == 0
    assert figures.activations(busy.supervisor, figures.period("week", None)).count() == 1


def test_the_plan_grows_in_a_straight_line_to_the_target(busy):
    campaign = figures.campaign_of(busy.supervisor)

    assert figures.planned(campaign, campaign.starts) == 0
    assert figures.planned(campaign, campaign.starts + timedelta(days=10)) == 50
    assert figures.planned(campaign, campaign.ends + timedelta(days=5)) == 100


def test_a_stacked_bar_fills_its_width_and_leaves_out_what_is_empty():
    groups = [
        figures.DossierGroup("waiting", "o", 1),
        figures.DossierGroup("problem", "r", 0),
        figures.DossierGroup("done", "g", 3),
    ]
    parts = charts.stacked(groups)

    assert [(part.x, part.width) for part in parts] == [(0.0, 24.5), (25.0, 74.5)]


def test_a_sparkline_marks_the_running_week():
    bars = charts.spark([0, 5, 10])

    assert [bar.last for bar in bars] == [False, False, True]
    assert bars[2].height == 30
    assert bars[0].height == 1
