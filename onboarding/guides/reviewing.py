"""The way of a draft to the person who publishes it: sent, taken back, sent back, or declined.

For: authors and reviewers. What is sent is judged first, and its rows are written then; its pictures are drawn by the
worker (drawing_room.py). Not for: writing (drafts.py) or what readers get (publishing.py, timetable.py).
"""

import logging

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding.accounts.models import User

# By name, not "whatever app is current": a web process that never made one would ring at a broker nobody has.
from onboarding.celery import app
from onboarding.guides import difference, documents, drafts, publishing
from onboarding.guides.models import GuideVersion
from onboarding.journal.recording import recording
from onboarding.refusal import Refused

log = logging.getLogger(__name__)
State = GuideVersion.State


class Faulty(Refused):
    """A draft that can't go to review. `faults`: (number of the step or 0 for the face, sentence), all of them."""

    def __init__(self, faults: list[tuple[int, str]]) -> None:
        super().__init__("faulty", _("Bản nháp còn chỗ phải sửa. Sửa từng chỗ rồi gửi lại."))
        self.faults = faults


def send_for_review(*, user: User, version: GuideVersion, note: str = "") -> GuideVersion:
    """Send a draft to review: its rows are written from its document, and the worker draws them.

    note: what is new, for colleagues. Raises Refused: "not_assigned", "frozen", "unchanged", "too_large"; Faulty.
    """
    publishing.area_of(user)
    said = publishing.fitting(note)
    with recording(user) as journal:
        row = publishing.locked(version, [State.DRAFT], _("Bản này không còn là bản nháp. Mở lại trang để xem."))
        if row.author_id is None or not row.work:
            raise Refused("frozen", _("Bản này không còn là bản nháp. Mở lại trang để xem."))
        _check(row)
        drafts.settle(row)
        row.state, row.change_note, row.review_note = State.REVIEW, said, ""
        row.spec_hash = documents.file_of(row.work).spec_hash()
        row.save(update_fields=["state", "change_note", "review_note", "spec_hash"])
        row.writers.add(user)  # whoever sends it stands for it
        publishing.note(journal, "guide.send", row, user)
        transaction.on_commit(_ring, robust=True)
    return row


def take_back(*, user: User, version: GuideVersion) -> GuideVersion:
    """Let one of its writers go on writing. Raises Refused: "not_assigned", "not_own", "frozen"."""
    publishing.area_of(user)
    if not publishing.wrote(user, version):
        raise Refused("not_own", _("Chỉ người viết lấy lại được bản này. Bấm Trả lại và ghi vì sao."))
    with recording(user) as journal:
        row = publishing.locked(version, [State.REVIEW], _("Bản này không còn chờ duyệt. Mở lại trang để xem."))
        _reopen(row, "")
        publishing.note(journal, "guide.take_back", row, user)
    return row


def send_back(*, user: User, version: GuideVersion, why: str) -> GuideVersion:
    """Give a version back to its author with a note. Raises Refused: "not_assigned", "no_reason", "frozen"."""
    publishing.area_of(user)
    said = publishing.reason(why, _("Chưa ghi vì sao trả lại. Ghi một câu cho người viết."))
    with recording(user) as journal:
        row = publishing.locked(version, [State.REVIEW], _("Bản này không còn chờ duyệt. Mở lại trang để xem."))
        if row.author_id is None:
            raise Refused("frozen", _("Bản này đi kèm phần mềm, không có người viết ở đây. Bấm Không dùng."))
        _reopen(row, said)
        publishing.note(journal, "guide.send_back", row, user)
    return row


def decline(*, user: User, version: GuideVersion, why: str) -> GuideVersion:
    """Leave a shipped version that waits for review unused. Raises Refused: "not_assigned", "no_reason", "frozen"."""
    publishing.area_of(user)
    said = publishing.reason(why, _("Chưa ghi vì sao không dùng. Ghi một câu cho đồng nghiệp."))
    with recording(user) as journal:
        row = publishing.locked(version, [State.REVIEW], _("Bản này không còn chờ duyệt. Mở lại trang để xem."))
        if row.author_id is not None:
            raise Refused("frozen", _("Bản này có người viết. Bấm Trả lại và ghi vì sao."))
        row.state, row.review_note, row.withdrawn_at = State.WITHDRAWN, said, timezone.now()
        row.save(update_fields=["state", "review_note", "withdrawn_at"])
        publishing.note(journal, "guide.decline", row, user)
    return row


def base_of(version: GuideVersion) -> GuideVersion | None:
    """Return what version is to be compared with: what readers have now, or what they had before it."""
    ours = version.guide.versions.exclude(pk=version.pk).filter(language=version.language)
    if version.published_at is None:
        return ours.readable().order_by("-number").first()
    return ours.filter(published_at__isnull=False, number__lt=version.number).order_by("-number").first()


def difference_of(version: GuideVersion) -> difference.Difference:
    """Return how version differs from what it is compared with."""
    base = base_of(version)
    return difference.compare(documents.of_version(base) if base else None, documents.of_version(version))


def _check(row: GuideVersion) -> None:
    found = drafts.faults(row.work, today=timezone.localdate())
    if found:
        raise Faulty(found)
    if not difference_of(row).any:
        raise Refused("unchanged", _("Bản nháp giống hệt bản đang dùng. Sửa rồi gửi, hoặc bỏ bản nháp."))


def _reopen(row: GuideVersion, why: str) -> None:
    row.state, row.review_note = State.DRAFT, why
    row.save(update_fields=["state", "review_note"])


def _ring() -> None:
    """Tell a worker that there is something to draw. A lost message costs nothing: the beat rings again."""
    try:
        app.send_task("onboarding.guides.tasks.draw_due", retry=False, ignore_result=True)
    except Exception as trouble:  # whatever a broker can raise
        log.warning("the drawing room did not hear (%s); the beat will ring", type(trouble).__name__)
