"""What a phone may know of a submission: how it stands, never its answers.

For: `describe`, called when a page of the feed is made. Not for: the ward's pages (views.py).
"""

from collections.abc import Iterable
from typing import Any
from uuid import UUID

from django.db.models import Count, Q
from django.urls import reverse
from django.utils.translation import gettext as _

from onboarding.accounts.models import User
from onboarding.submissions.models import Attachment, Status, Submission
from onboarding.submissions.tracking import portal_text

HERE = (Attachment.State.HERE, Attachment.State.GOOD)


def describe(kind: str, ids: Iterable[UUID], *, user: User) -> dict[UUID, dict[str, Any] | None]:
    """Return {id: the record of the wire} for kind "submission"; None for what is gone or not for user."""
    wanted = list(ids)
    rows = Submission.objects.visible_to(user).filter(pk__in=wanted).select_related("version__form").annotate(
        files=Count("attachments"),
        here=Count("attachments", filter=Q(attachments__state__in=HERE)),
        damaged=Count("attachments", filter=Q(attachments__state=Attachment.State.DAMAGED)),
    )  # fmt: skip
    found = {row.pk: _record(row) for row in rows}
    return {pk: found.get(pk) for pk in wanted}


def status_text(row: Submission, *, files: int, here: int, damaged: int) -> str:
    """Return how a submission stands, in words for the team: files first, while nothing can be sent."""
    if row.status in (Status.QUEUED, Status.PREPARED) and damaged:
        return _("Ảnh hỏng, cần chụp lại")
    if row.status == Status.QUEUED and here < files:
        return _("Chờ ảnh: %(here)d trên %(files)d") % {"here": here, "files": files}
    return str(row.get_status_display())


def _record(row: Any) -> dict[str, Any]:
    return {
        "id": str(row.pk),
        "household": str(row.household_id),
        "resident": str(row.resident_id),
        "form": row.version.code,
        "title": row.version.form.title,
        "status": row.status,
        "status_text": status_text(row, files=row.files, here=row.here, damaged=row.damaged),
        "portal_code": row.portal_code,
        "portal_status": row.portal_status,
        "portal_text": portal_text(row.portal_status),
        "files": row.files,
        "files_here": row.here,
        "receipt": reverse("submissions:receipt", args=[row.receipt_token]),
        "at": row.created_at.isoformat(),
        "updated": row.updated_at.isoformat(),
    }
