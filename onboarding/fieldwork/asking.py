"""Takes in what a citizen asks for, each request once, and opens what a phone had sealed while it waited for network.

For: `ask` under an id chosen by who asks, its receipt, and the key that phones seal to. Not for: the form
(asking_form.py), how often an address may ask (asking_limits.py), what the ward does (handling.py) or how long it is
kept (keeping.py).
"""

import json
import secrets
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.datastructures import MultiValueDict
from django.utils.translation import gettext as _

from onboarding import seal, vault
from onboarding.accounts.models import Area
from onboarding.fieldwork.models import VisitRequest
from onboarding.journal.recording import recording
from onboarding.refusal import Refused

State = VisitRequest.State
OPEN = (State.NEW, State.CALLED, State.PLANNED)
CLOSED = (State.DONE, State.CANNOT, State.SPAM)
MOST_OPEN = 3  # requests of one phone number that nobody has finished
# Never a row of digits: people are told not to read those to anyone. Without letters that sound or look alike.
LETTERS = "ABCDEGHKLMNPQRSTUVXY3456789"

Said = MultiValueDict[str, str]


def sealing_key() -> dict[str, str]:
    """Return the key that phones seal to: its id and its public point (b64u). Older keys go on opening."""
    ring = vault.ring()
    public = ring.seal_keys[ring.seal_current].public_key()
    return {"id": ring.seal_current, "point": seal.b64u(seal.point(public))}


def open_ask(*, ask: UUID, key: str, sealed: str) -> Said:
    """Return the fields that a phone sealed under the id `ask`. Raises Refused("seal_broken")."""
    private = vault.ring().seal_keys.get(key)
    try:
        if private is None:
            raise seal.SealError("key")
        plain = seal.open_sealed(private, key, seal.unb64u(sealed), seal.ask_context(ask=str(ask), key=key))
        return _fields(json.loads(plain))
    except (seal.SealError, ValueError) as error:
        raise Refused("seal_broken", _("Không mở được lời hẹn này. Ghi lại rồi gửi.")) from error


def id_of(said: Said) -> UUID:
    """Return the id of what a page without a script says: the same words on the same day are the same request."""
    words = json.dumps([timezone.localdate().isoformat(), sorted(said.lists())])
    return UUID(bytes=vault.ring().index(words, kind="visit_request.form"))


def receipt(ask: UUID) -> str:
    """Return the code of a request that was taken, or ""."""
    return VisitRequest.objects.filter(pk=ask).values_list("code", flat=True).first() or ""


def ask(*, request: UUID, area: Area, consent: str, what: str, times: list[str], **told: str) -> VisitRequest:
    """Keep a request; one that is known is returned as it is. told: some of PERSONAL, name and phone among them.

    Raises Refused("asked_enough") when the number waits for as many answers as one may.
    """
    with recording(None) as journal:
        # Those who ask one ward at the same moment go one after the other: each request once, none too many.
        Area.objects.select_for_update().get(pk=area.pk)
        known = VisitRequest.objects.filter(pk=request).first()
        if known:
            return known
        row = VisitRequest(pk=request, area=area, code=_code(), consent=consent, what=what, times=times)
        for name, value in told.items():
            row.tell(name, value)
        if VisitRequest.objects.filter(phone_index=row.phone_index, state__in=OPEN).count() >= MOST_OPEN:
            raise Refused("asked_enough", _("Số này đã hẹn rồi. Tổ sẽ gọi lại."))
        row.save(force_insert=True)
        journal.did("visit_request.ask", "visit_request", row.pk, area.pk)
    return row


def _fields(told: Any) -> Said:
    """Return JSON's fields as a posted form has them. Raises ValueError for anything that no form could hold."""
    if not isinstance(told, dict):
        raise ValueError("fields")
    lists = {name: value if isinstance(value, list) else [value] for name, value in told.items()}
    if not all(isinstance(value, str) for values in lists.values() for value in values):
        raise ValueError("values")
    return MultiValueDict(lists)


def _code() -> str:
    while True:
        code = "HEN-" + "".join(secrets.choice(LETTERS) for _place in range(5))
        if not VisitRequest.objects.filter(code=code).exists():
            return code
