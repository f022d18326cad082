"""What a supervisor needs to count: activations, doors, dossiers, blockers, in one ward and one period.

For: read-only figures over the rows a user may see. Every figure names the list behind it by the same filter.
Not for: drawing them (charts.py) or phones; those panels come from the room that owns them, by address.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from onboarding.accounts.models import Area, User
from onboarding.fieldwork.models import Campaign, Household, Mark, Visit
from onboarding.guides.models import Blocker
from onboarding.submissions.models import Status, Submission

WEEKS = 7
# Groups of our statuses as the ward speaks of them: colour of the bar, the statuses inside.
DOSSIER_GROUPS = {
    "waiting": ("o", (Status.PREPARED, Status.QUEUED, Status.SENDING)),
    "problem": ("r", (Status.UNKNOWN, Status.FAILED, Status.SUPPLEMENT, Status.REJECTED)),
    "sent": ("b", (Status.SENT, Status.ACCEPTED)),
    "done": ("g", (Status.DONE,)),
}


@dataclass(frozen=True)
class Period:
    """From the start of a day in Hà Nội to now, or since ever when start is None."""

    key: str
    start: datetime | None

    def limit(self, rows: QuerySet, field: str) -> QuerySet:
        """Return rows whose field lies in the period."""
        return rows.filter(**{f"{field}__gte": self.start}) if self.start else rows


def period(key: str, campaign: Campaign | None) -> Period:
    """Return the period named today, week or campaign (the default)."""
    today = timezone.localdate()
    first = {"today": today, "week": today - timedelta(days=6)}.get(key)
    if first is None:
        key, first = "campaign", campaign.starts if campaign else None
    return Period(key, _midnight(first) if first else None)


def _midnight(day: date) -> datetime:
    return timezone.make_aware(datetime.combine(day, time.min))


def campaign_of(user: User) -> Campaign | None:
    """Return the campaign that runs today where user works, the one that ends first; or None."""
    today = timezone.localdate()
    return Campaign.objects.visible_to(user).filter(starts__lte=today, ends__gte=today).order_by("ends").first()


def activations(user: User, when: Period) -> QuerySet[Mark]:
    """Return the marks that prove a working e-ID, one a resident, received in the period."""
    proofs = Mark.objects.visible_to(user).filter(current=True, state=Mark.State.DONE, item__proof=True)
    return when.limit(proofs, "received_at")


def doors(user: User) -> QuerySet[Household]:
    """Return the doors of the ward that still stand."""
    return Household.objects.visible_to(user).filter(deleted_at__isnull=True)


def doors_reached(user: User, when: Period) -> int:
    """Return how many different doors were opened to us in the period."""
    met = Visit.objects.visible_to(user).filter(outcome=Visit.Outcome.MET, household__deleted_at__isnull=True)
    return when.limit(met, "received_at").values("household").distinct().count()


@dataclass(frozen=True)
class Coverage:
    """One group: doors reached out of all doors."""

    area: Area
    reached: int
    total: int

    @property
    def percent(self) -> int:
        """Whole percent, 0 where there is no door."""
        return round(100 * self.reached / self.total) if self.total else 0


def coverage(user: User, when: Period) -> list[Coverage]:
    """Return a row a group, Tổ 5 before Tổ 11."""
    in_time = Q(visits__outcome=Visit.Outcome.MET)
    if when.start:
        in_time &= Q(visits__received_at__gte=when.start)
    rows = (
        doors(user)
        .values("area")
        .annotate(total=Count("pk", distinct=True), reached=Count("pk", filter=in_time, distinct=True))
    )
    by_area = {row["area"]: row for row in rows}
    groups = sorted(Area.objects.filter(pk__in=by_area), key=lambda area: _natural(area.name))
    return [Coverage(a, by_area[a.pk]["reached"], by_area[a.pk]["total"]) for a in groups]


def _natural(name: str) -> list[tuple[int, str]]:
    """Return a key by which Tổ 5 comes before Tổ 11."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in re.split(r"(\d+)", name)]


@dataclass(frozen=True)
class DossierGroup:
    """One part of the dossier bar."""

    key: str
    colour: str
    count: int


def dossiers(user: User, when: Period) -> list[DossierGroup]:
    """Return how many dossiers of the period stand in each group."""
    rows = when.limit(Submission.objects.visible_to(user), "created_at")
    counts = dict(rows.order_by().values_list("status").annotate(Count("pk")))
    return [
        DossierGroup(key, colour, sum(counts.get(status, 0) for status in inside))
        for key, (colour, inside) in DOSSIER_GROUPS.items()
    ]


def blocked(user: User) -> QuerySet[Mark]:
    """Return the marks that block somebody now."""
    return Mark.objects.visible_to(user).filter(current=True, state=Mark.State.BLOCKED)


def blockers(user: User, most: int = 6) -> list[tuple[str, str, int]]:
    """Return (code, title, people) of the commonest reasons, most people first."""
    rows = (
        blocked(user)
        .order_by()
        .values("blocker")
        .annotate(n=Count("resident", distinct=True))
        .order_by("-n", "blocker")
    )
    top = list(rows[:most])
    titles = dict(Blocker.objects.filter(code__in=[r["blocker"] for r in top]).values_list("code", "title"))
    return [(r["blocker"], titles.get(r["blocker"], r["blocker"]), r["n"]) for r in top]


def by_week(moments: Iterable[datetime]) -> list[int]:
    """Return counts for the last seven weeks of seven days, oldest first, the running one last."""
    end = _midnight(timezone.localdate() + timedelta(days=1))
    counts = [0] * WEEKS
    for moment in moments:
        age = (end - moment).days // 7
        if 0 <= age < WEEKS:
            counts[WEEKS - 1 - age] += 1
    return counts


def growth(user: User, campaign: Campaign) -> list[tuple[date, int]]:
    """Return (day, activations so far) of a campaign: its first day, then every day on which some were added."""
    rows = activations(user, Period("campaign", _midnight(campaign.starts))).order_by("received_at")
    total, points = 0, {campaign.starts: 0}
    for moment in rows.values_list("received_at", flat=True):
        total += 1
        points[timezone.localtime(moment).date()] = total
    points.setdefault(timezone.localdate(), total)
    return sorted(points.items())


def planned(campaign: Campaign, day: date) -> int:
    """Return how many activations the plan asks for by day, in a straight line over the campaign."""
    length = (campaign.ends - campaign.starts).days or 1
    done = min(max((day - campaign.starts).days, 0), length)
    return round(campaign.target_activations * done / length)
