"""Finding what somebody speaks about, and asking whether they may: the first act of every verb of this room.

For: a household, a resident or a checklist item by id, visible to one user today, locked for writing; plain
values from a phone made safe to use. Not for: lists for screens (doors.py) or rules of one field (fields.py).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.utils.translation import gettext as _

from onboarding import text
from onboarding.accounts import access
from onboarding.accounts.models import User
from onboarding.fieldwork.models import AreaScopedQuerySet, Household, Resident
from onboarding.refusal import Refused


def household_for(user: User, pk: object) -> Household:
    """Return the household, locked until the end of the transaction; deleted ones too.

    Raises Refused: subject_unknown when there is none, not_assigned when user does not work in its area.
    """
    return _found(Household.objects.select_related("area"), user, pk, _("nhà"))


def resident_for(user: User, pk: object) -> Resident:
    """Return the resident, locked, with household; deleted ones too. Raises Refused like household_for."""
    return _found(Resident.objects.select_related("household"), user, pk, _("người"))


def is_gone(subject: Household | Resident) -> bool:
    """Say whether a record is deleted, or lives behind a deleted door."""
    return bool(subject.deleted_at or (isinstance(subject, Resident) and subject.household.deleted_at))


def as_uuid(value: object) -> UUID:
    """Return value (a UUID, a row or text) as a UUID. Raises Refused subject_unknown."""
    try:
        return UUID(str(getattr(value, "pk", value)))
    except ValueError:
        raise _unknown(_("bản ghi")) from None


def as_uuids(values: Iterable[object]) -> list[UUID]:
    """Return values as UUIDs. Raises Refused subject_unknown when one is none."""
    return [as_uuid(value) for value in values]


def one_of(value: Any, choices: Iterable[str], sentence: str) -> str:
    """Return value when it is one of choices. Raises Refused answers_invalid with sentence."""
    if not isinstance(value, str) or value not in set(choices):
        raise Refused("answers_invalid", sentence)
    return value


def clean_note(value: Any, *, limit: int) -> str:
    """Return free text in NFC, trimmed, at most limit characters.

    Raises Refused: secret_in_text when it seems to hold a citizen's password or OTP, answers_invalid when too long.
    """
    if value is not None and not isinstance(value, str):
        raise Refused("answers_invalid", _("Ghi chú này không đọc được. Ghi lại bằng chữ."))
    note = text.nfc(value or "").strip()
    if text.looks_like_a_secret(note):
        raise Refused("secret_in_text", _("Ghi chú có mật khẩu hoặc mã OTP. Xóa đi rồi gửi lại."))
    if len(note) > limit:
        raise Refused("answers_invalid", _("Ghi chú dài quá %(limit)d chữ cái. Rút ngắn lại.") % {"limit": limit})
    return note


def _found(rows: AreaScopedQuerySet, user: User, pk: object, what: str) -> Any:
    found = rows.select_for_update(of=("self",)).filter(pk=as_uuid(pk)).first()
    if found is None:
        raise _unknown(what)
    # Asked apart from the lock: a row lock can't stand on the joins of visible_to().
    if not access.may_work_in(user, (found if isinstance(found, Household) else found.household).area_id):
        raise Refused(
            "not_assigned",
            _("Tổ của anh/chị chưa được giao %(what)s này. Gọi phường để được giao.") % {"what": what},
        )
    return found


def _unknown(what: str) -> Refused:
    return Refused("subject_unknown", _("Không tìm thấy %(what)s này. Tải lại danh sách rồi làm lại.") % {"what": what})
