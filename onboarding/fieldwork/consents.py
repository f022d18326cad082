"""What a person agreed to at the door, and taking it back.

For: one Consent an entry: the version of the text, its hash, the purposes, who signed, the strokes (encrypted).
A consent never changes; it can be withdrawn once. Not for: checking whether a submission may use one (submissions
reads the row) or the wording of the text (guides and forms).
"""

import json
import re
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding import text as letters
from onboarding import vault
from onboarding.accounts.models import User
from onboarding.fieldwork import subjects
from onboarding.fieldwork.models import Consent
from onboarding.journal.recording import recording
from onboarding.refusal import Refused

_TEXT = re.compile(r"[a-z0-9][a-z0-9@.\-]{0,59}")
_HASH = re.compile(r"[0-9a-f]{64}")
REASON_LIMIT = 300
STROKES_LIMIT = 200_000


def record_consent(
    *,
    user: User,
    entry: UUID,
    resident: UUID,
    purposes: dict[str, bool],
    text: str,
    text_hash: str,
    by: str,
    witness: str,
    signature: dict[str, Any],
    at: datetime,
) -> Consent:
    """Record a consent under the id `entry`; the same entry again changes nothing and returns the first one.

    purposes: {"file": bool, "messages": bool, …}; signature: {"w", "h", "strokes": [[x, y, t, …], …]} in whole
    numbers. Raises Refused: subject_unknown, not_assigned, secret_in_text, answers_invalid (nothing drawn, a witness
    without a name, a text nobody can find again).
    """
    facts = {
        "purposes": _purposes(purposes),
        "text": _matching(_TEXT, text),
        "text_hash": _matching(_HASH, text_hash),
        "by": subjects.one_of(by, Consent.By.values, _("Chưa rõ ai ký. Chọn người ký.")),
        "witness": _witness(by, witness),
        "signature_sealed": _sealed(entry, signature),
        "at": at,
    }
    with recording(user) as journal:
        person = subjects.resident_for(user, resident)
        consent, created = Consent.objects.get_or_create(pk=entry, defaults={"resident": person, "user": user, **facts})
        if created:
            area = person.household.area_id
            journal.changed("consent", consent.pk, area)
            detail = {"resident": str(person.pk), "text": consent.text, "by": consent.by}
            journal.did("consent.record", "consent", consent.pk, area, detail=detail)
    return consent


def withdraw_consent(*, user: User, entry: UUID, consent: UUID, reason: str, at: datetime) -> Consent:
    """Take a consent back from now on; a second withdrawal changes nothing.

    Raises Refused: subject_unknown, not_assigned, secret_in_text.
    """
    subjects.clean_note(reason, limit=REASON_LIMIT)
    with recording(user) as journal:
        found = Consent.objects.filter(pk=subjects.as_uuid(consent)).first()
        if found is None:
            raise Refused("subject_unknown", _("Không tìm thấy bản đồng ý này. Tải lại danh sách rồi làm lại."))
        area = subjects.resident_for(user, found.resident_id).household.area_id
        # Conditional: of two withdrawals at once exactly one is the withdrawal.
        if Consent.objects.filter(pk=found.pk, withdrawn_at__isnull=True).update(withdrawn_at=timezone.now()):
            journal.changed("consent", found.pk, area)
            journal.did("consent.withdraw", "consent", found.pk, area, detail={"entry": str(entry)})
        found.refresh_from_db()
    return found


def signature_of(consent: Consent) -> dict[str, Any]:
    """Return the strokes that were signed, as given to record_consent. Showing them is an audited read."""
    return json.loads(vault.ring().decrypt(bytes(consent.signature_sealed or b""), place=_place(consent.pk)))


def _place(pk: UUID) -> str:
    return f"consent.signature:{pk}"


def _purposes(value: Any) -> dict[str, bool]:
    if not isinstance(value, dict) or not value or not all(isinstance(v, bool) for v in value.values()):
        raise Refused("answers_invalid", _("Chưa rõ ông/bà đồng ý việc gì. Hỏi lại từng mục."))
    return {str(key)[:40]: value[key] for key in sorted(value)}


def _matching(pattern: re.Pattern[str], value: Any) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise Refused("answers_invalid", _("Bản đồng ý này đã cũ. Cập nhật ứng dụng rồi ký lại."))
    return value


def _witness(by: str, value: Any) -> str:
    name = letters.tidy(value) if isinstance(value, str) else ""
    if by == Consent.By.WITNESS and not name:
        raise Refused("answers_invalid", _("Chưa có tên người làm chứng. Ghi họ tên người làm chứng."))
    return name[:120]


def _sealed(entry: UUID, signature: Any) -> bytes:
    strokes = signature.get("strokes") if isinstance(signature, dict) else None
    if not isinstance(strokes, list) or not any(isinstance(s, list) and len(s) >= 6 for s in strokes):
        raise Refused("answers_invalid", _("Chưa có chữ ký. Mời ông/bà ký lại."))
    drawn = json.dumps(signature, sort_keys=True, separators=(",", ":"))
    if len(drawn) > STROKES_LIMIT:
        raise Refused("answers_invalid", _("Chữ ký quá dài. Mời ông/bà ký lại, ngắn hơn."))
    return vault.ring().encrypt(drawn, place=_place(entry))
