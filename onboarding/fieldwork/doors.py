"""Doors on the ward's list: adding one, and finding one by name, plate or state.

For: supervisors. Search folds what is typed, so "nguyen van", "Nguyễn Văn" and "12/3" find what people mean. Not for:
changing a door (merging.py) or what a phone pulls (feed.py).
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, Subquery
from django.utils.translation import gettext as _

from onboarding import text
from onboarding.accounts.models import Area, Role, User
from onboarding.fieldwork import fields as field_rules
from onboarding.fieldwork.models import AreaScopedQuerySet, Conflict, Household, Mark, Resident, Visit
from onboarding.journal.recording import recording
from onboarding.refusal import Refused


@dataclass(frozen=True)
class Wanted:
    """What a supervisor looks for: typed text, a group's id, a status, a member's id, a blocker; "" is any."""

    words: str = ""
    group: str = ""
    status: str = ""
    by: str = ""
    blocker: str = ""


def add_household(*, user: User, household: UUID, area: Area, fields: dict[str, Any]) -> Household:
    """Put a door on the list under the id `household`; an id that exists is returned as it is.

    fields: names of fields.FIELDS["household"], "number" among them. Raises Refused: not_assigned (not a supervisor
    there), answers_invalid, secret_in_text.
    """
    values = field_rules.clean_fields("household", {"number": "", **fields})
    with recording(user) as journal:
        known = Household.objects.filter(pk=household).first()
        place = known.area_id if known else area.pk
        if not Area.objects.visible_to(user, (Role.SUPERVISOR,)).filter(pk=place).exists():
            raise Refused("not_assigned", _("Chỉ phụ trách phường thêm được nhà. Báo phụ trách phường."))
        if known:
            return known
        home = Household(pk=household, area=area)
        for name, value in values.items():
            field_rules.put_field(home, name, value)
        home.refold()
        home.save(force_insert=True)
        journal.changed("household", home.pk, area.pk)
        journal.did("household.add", "household", home.pk, area.pk)
    return home


def doors_for(user: User, wanted: Wanted) -> AreaScopedQuerySet:
    """Return the doors that user may see and that fit, in walking order, with what a list shows of each.

    Each row carries people, active (people whose e-ID works), known (people whose state is known), visited_by,
    knocks, blocker (code of the newest block, None when nobody is stuck) and in_conflict.
    """
    rows = Household.objects.visible_to(user).filter(deleted_at=None).filter(_fits(wanted))
    here = Q(residents__deleted_at=None)
    last = Visit.objects.filter(household=OuterRef("pk")).order_by("-received_at")
    rows = rows.annotate(
        people=Count("residents", filter=here),
        active=Count("residents", filter=here & Q(residents__eid=Resident.Eid.ACTIVE)),
        known=Count("residents", filter=here & ~Q(residents__eid=Resident.Eid.UNKNOWN)),
        visited_by=Subquery(last.values("user__name")[:1]),
        knocks=Subquery(
            Visit.objects.filter(household=OuterRef("pk")).values("household").annotate(n=Count("pk")).values("n")
        ),
        blocker=Subquery(_blocks().order_by("-received_at").values("blocker")[:1]),
        in_conflict=Exists(open_conflicts().filter(_about_door())),
    )
    return rows.select_related("area").order_by("area__path", "order", "number")


def open_conflicts() -> AreaScopedQuerySet:
    """Return the conflicts that nobody has closed."""
    return Conflict.objects.filter(closed_at=None)


def edits_of_deleted(user: User) -> AreaScopedQuerySet:
    """Return what somebody wrote about records that were deleted, and nobody has looked at yet."""
    return open_conflicts().visible_to(user).filter(field="*")


def _about_door() -> Q:
    people = Resident.objects.filter(household=OuterRef(OuterRef("pk"))).values("pk")
    return Q(subject=OuterRef("pk")) | Q(subject__in=people)


def _blocks() -> AreaScopedQuerySet:
    """Return what is in the way now of somebody behind the outer query's door."""
    return Mark.objects.filter(
        resident__household=OuterRef("pk"), resident__deleted_at=None, current=True, state=Mark.State.BLOCKED
    )


def _fits(wanted: Wanted) -> Q:
    fits: Any = _says(wanted.words)
    if wanted.group:
        fits &= Q(area__in=_ids(wanted.group))
    if wanted.status:
        fits &= Q(status=wanted.status)
    if wanted.by:
        fits &= Q(Exists(Visit.objects.filter(household=OuterRef("pk"), user__in=_ids(wanted.by))))
    if wanted.blocker:
        stuck = _blocks() if wanted.blocker == "*" else _blocks().filter(blocker=wanted.blocker)
        fits &= Q(Exists(stuck))
    return fits


def _ids(value: str) -> list[UUID]:
    """Return value as a list of one id, or of none: an address that somebody mistyped finds nothing."""
    try:
        return [UUID(value)]
    except ValueError:
        return []


def _says(words: str) -> Q:
    """Every word must stand in the door's own text or in the name of somebody behind it."""
    plate = text.tidy(words)
    folded = text.fold(words)
    if not folded:
        return Q()
    by_words: Any = Q()
    for word in folded.split(" "):
        behind = Resident.objects.filter(household=OuterRef("pk"), deleted_at=None, search__contains=word)
        by_words &= Q(search__contains=word) | Q(Exists(behind))
    return Q(number__iexact=plate) | by_words
