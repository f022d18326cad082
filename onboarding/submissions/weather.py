"""The weather of a portal, shared by all workers through one row: breaker, rate, and a person's hold switch.

For: asking whether to call now, taking a turn, and noting how a call went. Every change is a conditional update, so
that two workers never both pass. A guard is named after the portal ("sandbox"), or portal and ward
("sandbox/00999") to hold one ward only. Not for: single submissions (delivery.py).
"""

from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding import text
from onboarding.accounts.models import Area, Role, User
from onboarding.journal.recording import recording
from onboarding.refusal import Refused
from onboarding.submissions.models import PortalGuard
from onboarding.submissions.portal import NotSent, Unknown

TROUBLE_LIMIT = 5  # calls in a row without a clean answer
PAUSE = timedelta(seconds=60)  # then one probe a minute
LONGEST_PAUSE = timedelta(hours=1)
# Trouble of our own house, or an interface that has no such question, says nothing about the portal.
HOME_MADE = {"not_ready", "file_unreadable", "file_damaged_here", "hand_over", "not_offered"}
RESTORED = "restored"  # the name of a guard that is no portal: see ask_first
LONGEST_WAIT = 2.0  # seconds that a worker may stand in the queue for its turn


def portal_name() -> str:
    """Return the name of the portal that the settings choose."""
    return settings.PORTAL_ADAPTER


def ward_guard(ward: str) -> str:
    """Return the name of the guard that holds one ward only."""
    return f"{portal_name()}/{ward}"


def guard(name: str | None = None) -> PortalGuard:
    """Return the row of a guard, made on first use."""
    return PortalGuard.objects.get_or_create(name=name or portal_name())[0]


def is_fair(now: datetime | None = None) -> bool:
    """Say whether calls may go out now: not held by a person, breaker closed or due for a probe."""
    row = guard()
    return not row.held and (row.open_until is None or row.open_until <= (now or timezone.now()))


def held_wards() -> list[str]:
    """Return the codes of the wards that a person holds."""
    prefix = f"{portal_name()}/"
    names = PortalGuard.objects.filter(name__startswith=prefix, held=True).values_list("name", flat=True)
    return [name.removeprefix(prefix) for name in names]


def take_turn(now: datetime | None = None) -> float | None:
    """Take the next turn to call the portal: seconds to wait for it, or None when nobody may call now.

    While the breaker is open only one caller a minute gets a turn: the probe.
    """
    now = now or timezone.now()
    row = guard()
    turn = max(now, row.next_call_at or now)
    wait = (turn - now).total_seconds()
    if row.held or wait > LONGEST_WAIT or (row.open_until and row.open_until > now):
        return None
    fields = {"next_call_at": turn + timedelta(seconds=1 / row.per_second)}
    if row.open_until:
        fields["open_until"] = now + PAUSE  # the probe's own pause; a clean answer ends it
    same = PortalGuard.objects.filter(
        name=row.name, held=False, next_call_at=row.next_call_at, open_until=row.open_until
    )
    return wait if same.update(**fields) == 1 else None


def ask_first(until: datetime) -> None:
    """Have the portal asked before anything is sent, until a time: our own memory of what was sent may be too old.

    Called after a backup was put back. What was queued in it may have been sent since, and phones send again what
    it lacks.
    """
    PortalGuard.objects.update_or_create(name=RESTORED, defaults={"open_until": until})


def asks_first() -> bool:
    """Say whether the portal is to be asked before sending for the first time."""
    return PortalGuard.objects.filter(name=RESTORED, open_until__gt=timezone.now()).exists()


def note(outcome: object) -> None:
    """Note how a call went: an outcome that tells nothing of the portal leaves the weather as it is."""
    if not isinstance(outcome, NotSent | Unknown):
        note_clean()
    elif outcome.why not in HOME_MADE:
        note_trouble(retry_after=outcome.retry_after)


def note_clean() -> None:
    """A call was answered properly: the weather is fine."""
    troubled = PortalGuard.objects.filter(name=portal_name()).exclude(failures=0, open_until=None)
    troubled.update(failures=0, open_until=None)


def note_trouble(*, retry_after: int | None = None, now: datetime | None = None) -> None:
    """A call was not answered properly. Open the breaker after several in a row, or for as long as the portal asked."""
    now = now or timezone.now()
    PortalGuard.objects.filter(name=guard().name).update(failures=F("failures") + 1)
    row = guard()
    pause = PAUSE if row.failures >= TROUBLE_LIMIT else timedelta(0)
    if retry_after:
        pause = max(pause, min(timedelta(seconds=retry_after), LONGEST_PAUSE))
    if pause:
        PortalGuard.objects.filter(name=row.name).update(open_until=now + pause)


def hold(*, user: User, portal: str, held: bool, note: str = "") -> PortalGuard:
    """Stop or resume all sending to a portal, or of one ward ("sandbox/00999"). Nothing queued is lost meanwhile.

    Raises Refused("not_assigned") unless user supervises that ward, or everything when the whole portal is meant.
    """
    name, _slash, ward = portal.partition("/")
    areas = Area.objects.visible_to(user, (Role.SUPERVISOR,))
    place = areas.filter(code=ward, level="ward").first() if ward else areas.filter(parent=None).first()
    if name != portal_name() or place is None:
        raise Refused("not_assigned", _("Việc tạm dừng này thuộc người phụ trách cấp trên. Gọi thành phố."))
    with recording(user) as journal:
        row = guard(portal)
        row.held, row.held_by, row.note = held, user if held else None, text.tidy(note)[:300]
        row.save(update_fields=["held", "held_by", "note"])
        journal.did("portal.hold" if held else "portal.resume", "portal", None, place.pk, detail={"portal": portal})
    return row
