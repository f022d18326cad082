"""The supervisor's first page. Reads only; lists behind the figures belong to the rooms that own the rows."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone

from onboarding.accounts.gates import WardRequest, supervisor_only
from onboarding.accounts.models import User
from onboarding.fieldwork import handling
from onboarding.fieldwork.models import Campaign
from onboarding.oversight import charts, figures
from onboarding.submissions.models import Submission


@supervisor_only
def dashboard(request: WardRequest) -> HttpResponse:
    """Show activations, doors, dossiers and blockers of the period in ?ky= (today, week, campaign)."""
    campaign = figures.campaign_of(request.user)
    when = figures.period(request.GET.get("ky", ""), campaign)
    context = {
        "campaign": campaign,
        "period": when.key,
        "now": timezone.now(),
        "asks": handling.waiting(request.user),
        **_tiles(request.user, when, campaign),
        **_lists(request.user, when),
        "curves": _curves(request.user, campaign) if campaign else [],
    }
    return render(request, "oversight/dashboard.html", context)


def _tiles(user: User, when: figures.Period, campaign: Campaign | None) -> dict[str, Any]:
    proven = figures.activations(user, when)
    blocked = figures.blocked(user)
    week = figures.period("week", None)
    made = list(Submission.objects.visible_to(user).values_list("created_at", flat=True))
    plan = figures.planned(campaign, timezone.localdate()) if campaign else 0
    return {
        "activations": proven.count(),
        "plan": plan,
        "behind": plan - proven.count(),
        "reached": figures.doors_reached(user, when),
        "reached_week": figures.doors_reached(user, week),
        "doors": figures.doors(user).count(),
        "made": when.limit(Submission.objects.visible_to(user), "created_at").count(),
        "made_weeks": figures.by_week(made),
        "made_spark": charts.spark(figures.by_week(made)),
        "blocked": blocked.values("resident").distinct().count(),
        "blocked_spark": charts.spark(figures.by_week(blocked.values_list("received_at", flat=True))),
    }


def _lists(user: User, when: figures.Period) -> dict[str, Any]:
    groups = figures.dossiers(user, when)
    reasons = figures.blockers(user)
    return {
        "coverage": figures.coverage(user, when),
        "dossiers": groups,
        "dossier_parts": charts.stacked(groups),
        "blockers": reasons,
        "most_blocked": max([n for _, _, n in reasons], default=1),
    }


def _curves(user: User, campaign: Campaign) -> list[tuple[str, charts.Curve]]:
    points = figures.growth(user, campaign)
    plan = charts.Plan(campaign.starts, campaign.ends, campaign.target_activations)
    sizes = {"ph": (296, 210), "pc": (470, 216)}
    return [(name, charts.curve(points, plan, width=w, height=h)) for name, (w, h) in sizes.items()]
