"""Questions about roles that every room may ask. Not for: rows of other rooms; their querysets use these."""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from onboarding.accounts.models import Area, Role, Team, User


def has_role(user: User, *roles: str) -> bool:
    """Say whether user is active and holds one of roles today, anywhere."""
    return bool(user.is_authenticated and user.is_active) and any(m.role in roles for m in user.memberships_today())


@contextmanager
def asked_once(user: User) -> Iterator[None]:
    """Within the block, ask the database only once for the memberships of this user object and for each area.

    For the length of one request: a verb asks again what its caller has asked a moment ago, and a phone's push asks
    it for each of its entries. What is granted or ended meanwhile counts from the next request on, as it would had it
    come a moment later. A block within a block asks nothing anew.
    """
    before = user._answers
    user._answers = {} if before is None else before
    try:
        yield
    finally:
        user._answers = before


def is_current_member(user: User) -> bool:
    """Say whether user may work in the field today."""
    return has_role(user, Role.MEMBER, Role.SUPERVISOR)


def team_of(user: User) -> Team | None:
    """Return the team that user walks with today, or None."""
    membership = user.memberships.current().filter(role=Role.MEMBER).select_related("team__area").first()
    return membership.team if membership else None


def may_work_in(user: User, area_id: UUID) -> bool:
    """Say whether user may read and write the field records of one area today."""
    return user.ask(f"area {area_id}", lambda: Area.objects.visible_to(user).filter(pk=area_id).exists())


def ward_of(user: User) -> Area | None:
    """Return the ward that user supervises, or whose team user walks with, or None."""
    supervised = user.memberships.current().filter(role=Role.SUPERVISOR).select_related("area").first()
    if supervised:
        return supervised.area
    team = team_of(user)
    return team.area if team else None


def place_of(user: User) -> Area | None:
    """Return where user works: the ward_of() somebody in the field, or the area whose guides an editor keeps."""
    edited = user.memberships.current().filter(role=Role.EDITOR).select_related("area")
    return ward_of(user) or next((membership.area for membership in edited), None)
