"""What the ward does with a request for a visit: called, planned for a day, done, not possible, junk.

For: the lists and verbs of supervisors. A planned day may put a door of the register on a team's round. Not for: taking
requests in (asking.py), or the team's phone: it sees the door on its round, nothing else.
"""

from datetime import date
from uuid import UUID

from django.db.models import Case, IntegerField, Value, When
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.accounts.models import Team, User
from onboarding.fieldwork import keeping, rounds, subjects
from onboarding.fieldwork.asking import CLOSED, OPEN
from onboarding.fieldwork.models import Household, VisitRequest
from onboarding.fieldwork.models.scopes import SupervisedQuerySet
from onboarding.journal.recording import Journal, recording
from onboarding.refusal import Refused

State = VisitRequest.State
MOST_REMARK = 300
SOON = "soon"  # beside the states: open, and about to be wiped
# From where to where by a tap; PLANNED needs a day and goes through plan(). What ended may be taken up again.
MOVES = {
    State.NEW: (State.CALLED, State.DONE, State.CANNOT, State.SPAM),
    State.CALLED: (State.CALLED, State.DONE, State.CANNOT, State.SPAM),
    State.PLANNED: (State.CALLED, State.DONE, State.CANNOT, State.SPAM),
    **{state: (State.CALLED,) for state in CLOSED},
    State.LAPSED: (),
}


def requests_for(user: User, state: str = "") -> SupervisedQuerySet:
    """Return the requests in one state, those SOON wiped, or all that are open: new ones first, the oldest first."""
    rows = VisitRequest.objects.visible_to(user).select_related("handled_by", "area")
    if state == SOON:
        return rows.filter(pk__in=keeping.soon_wiped().values("pk")).order_by("made_at")
    if state in State.values:
        return rows.filter(state=state).order_by("made_at" if state in OPEN else "-made_at")
    place = Case(*[When(state=s, then=Value(n)) for n, s in enumerate(OPEN)], output_field=IntegerField())
    return rows.filter(state__in=OPEN).annotate(place=place).order_by("place", "made_at")


def with_code(user: User, code: str) -> SupervisedQuerySet:
    """Return the requests whose receipt says so, whatever their state; somebody calls and reads it out."""
    return (
        VisitRequest.objects.visible_to(user)
        .select_related("handled_by", "area")
        .filter(code__endswith=code)
        .order_by("-made_at")
    )


def waiting(user: User) -> int:
    """Return how many requests nobody has looked after yet."""
    return VisitRequest.objects.visible_to(user).filter(state=State.NEW).count()


def soon_wiped(user: User) -> int:
    """Return how many open requests will lose who asked within the days of the warning."""
    return requests_for(user, SOON).count()


def handle(*, user: User, request: UUID, state: str, remark: str = "") -> VisitRequest:
    """Move a request on. Raises Refused: subject_unknown, illegal_move, answers_invalid, secret_in_text."""
    said = subjects.clean_note(remark, limit=MOST_REMARK)
    with recording(user) as journal:
        row = _locked(user, request)
        if row.wiped_at or state not in MOVES[State(row.state)]:
            raise Refused("illegal_move", _("Lời hẹn này đã sang bước khác. Tải lại trang rồi xem lại."))
        _move(journal, row, user, state, said)
    return row


def plan(
    *, user: User, request: UUID, day: date, team: Team | None = None, household: UUID | None = None, remark: str = ""
) -> VisitRequest:
    """Plan a request for a day; with a team and a door of the register, put the door on the team's round of that day.

    Raises Refused: subject_unknown, illegal_move, answers_invalid (a day gone by, a door without a team), not_assigned.
    """
    said = subjects.clean_note(remark, limit=MOST_REMARK)
    if day < timezone.localdate():
        raise Refused("answers_invalid", _("Ngày này đã qua. Chọn từ hôm nay trở đi."))
    if household and team is None:
        raise Refused("answers_invalid", _("Chưa chọn tổ cho nhà này. Chọn tổ rồi xếp."))
    with recording(user) as journal:
        row = _locked(user, request)
        if row.state not in OPEN:
            raise Refused("illegal_move", _("Lời hẹn này đã sang bước khác. Tải lại trang rồi xem lại."))
        if team and household:
            row.household = Household.objects.visible_to(user).filter(pk=household).first()
            rounds.add_to_rounds(user=user, team=team, day=day, households=[household])
        row.planned_for = day
        _move(journal, row, user, State.PLANNED, said)
    return row


def _locked(user: User, request: UUID) -> VisitRequest:
    row = VisitRequest.objects.select_for_update(of=("self",)).filter(pk=request).first()
    # Asked apart from the lock, like the doors: a row lock can't stand on the joins of visible_to().
    if row is None or not VisitRequest.objects.visible_to(user).filter(pk=request).exists():
        raise Refused("subject_unknown", _("Không tìm thấy lời hẹn này. Tải lại danh sách rồi làm lại."))
    return row


def _move(journal: Journal, row: VisitRequest, user: User, state: str, remark: str) -> None:
    before, row.state, row.handled_at, row.handled_by = row.state, state, timezone.now(), user
    if remark:
        row.tell("remark", remark)
    row.save(update_fields=["state", "handled_at", "handled_by", "remark_sealed", "planned_for", "household"])
    journal.did("visit_request.move", "visit_request", row.pk, row.area_id, detail={"from": before, "to": state})
