"""What happened to a submission, told in order: our moves, the consent it rests on, and the portal's own words.

For: the dossier page and the citizen's receipt. Reads only. Not for: deciding anything.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.fieldwork.models import Consent
from onboarding.submissions.models import AT_PORTAL, Attachment, Status, Submission, Transition
from onboarding.submissions.tracking import STATUSES, citizen_text, portal_text

# Status after a move: (colour of the dot, icon, words).
MOVED = {
    Status.PREPARED: ("ok", "file-plus", gettext_lazy("Lập hồ sơ, chờ người dân nộp")),
    Status.QUEUED: ("wait", "clock", gettext_lazy("Cho gửi lại")),
    Status.SENDING: ("", "send", gettext_lazy("Bắt đầu gửi lên Cổng")),
    Status.SENT: ("ok", "checks", gettext_lazy("Cổng đã nhận")),
    Status.UNKNOWN: ("fix", "help-circle", gettext_lazy("Chưa rõ Cổng đã nhận chưa")),
    Status.FAILED: ("fix", "alert-triangle", gettext_lazy("Ba ngày chưa gửi được")),
    Status.REJECTED: ("fix", "x", gettext_lazy("Cổng không nhận")),
    Status.WITHDRAWN: ("", "archive", gettext_lazy("Đã rút")),
}
PORTAL_DOTS = {3: ("fix", "x"), 5: ("fix", "alert-triangle"), 8: ("fix", "x"), 9: ("ok", "check"), 10: ("ok", "checks")}
DECIDED = (Status.DONE, Status.REJECTED, *AT_PORTAL)

# What a citizen is told before the portal says anything.
FOR_CITIZEN = {
    Status.PREPARED: gettext_lazy("Chờ ông/bà nộp trên Cổng"),
    Status.QUEUED: gettext_lazy("Phường đã nhận tờ khai, đang chờ gửi lên Cổng"),
    Status.SENDING: gettext_lazy("Phường đã nhận tờ khai, đang gửi lên Cổng"),
    Status.UNKNOWN: gettext_lazy("Đã gửi, đang chờ Cổng trả lời"),
    Status.FAILED: gettext_lazy("Chưa gửi được lên Cổng, phường đang xem lại"),
    Status.SENT: gettext_lazy("Đã gửi, chờ cơ quan xem"),
    Status.ACCEPTED: gettext_lazy("Đã nhận hồ sơ"),
    Status.SUPPLEMENT: gettext_lazy("Cần bổ sung, làm ngay"),
    Status.DONE: gettext_lazy("Đã có kết quả"),
    Status.REJECTED: gettext_lazy("Bị từ chối nhận, gọi phường để biết lý do"),
    Status.WITHDRAWN: gettext_lazy("Đã rút"),
}


@dataclass(frozen=True)
class Event:
    """One line of the timeline. dot: "", ok, wait or fix."""

    at: datetime
    dot: str
    icon: str
    title: str
    sub: str = ""


def timeline(row: Submission) -> list[Event]:
    """Return what happened, newest first; repeated failed tries are one line."""
    events = [*_consent(row), *_moves(row), *_portal(row)]
    # The portal tells whole seconds: within one, what came first is known by kind, not by time.
    return sorted(events, key=lambda event: event.at.replace(microsecond=0))[::-1]


def steps(row: Submission) -> list[tuple[str, str]]:
    """Return the five stations as (words, "done" | "now" | "")."""
    names = [_("Đã lập"), _("Đủ ảnh"), _("Gửi lên Cổng"), _("Cơ quan xử lý"), _("Kết quả")]
    here = _station(row)
    return [(name, "done" if place < here else "now" if place == here else "") for place, name in enumerate(names)]


def for_citizen(row: Submission) -> str:
    """Return how it stands in a citizen's words, without anything personal."""
    if row.portal_status in STATUSES and row.status in DECIDED:
        return citizen_text(row.portal_status)
    return str(FOR_CITIZEN[Status(row.status)])


def _station(row: Submission) -> int:
    if row.status == Status.DONE:
        return 5
    if row.status in (Status.REJECTED, Status.WITHDRAWN):
        return 4
    if row.status in AT_PORTAL:
        return 3
    return 2 if row.complete_at else 1


def _moves(row: Submission) -> list[Event]:
    events: list[Event] = []
    tries: list[Transition] = []
    for move in row.transitions.select_related("by"):
        if move.before == Status.SENDING and move.after == Status.QUEUED:
            tries.append(move)
        elif not _is_told_elsewhere(move):
            events.append(_event(move))
    return events + ([_tries(tries)] if tries else [])


def _is_told_elsewhere(move: Transition) -> bool:
    """The portal's decisions are told in its own words; a start of sending only matters when nothing came of it."""
    return move.before in DECIDED or move.after == Status.SENDING


def _event(move: Transition) -> Event:
    dot, icon, title = MOVED.get(Status(move.after), ("", "note", move.after))
    if not move.before:
        dot, icon, title = "ok", "file-plus", _("Lập hồ sơ")
    told = [str(move.by) if move.by else "", _(move.detail) if _is_readable(move) else ""]
    return Event(move.at, dot, icon, str(title), ". ".join(filter(None, told)))


def _is_readable(move: Transition) -> bool:
    """Details of the machine's own moves are for the log, except the portal's code and its reasons."""
    return bool(move.by) or move.after in (Status.SENT, Status.REJECTED, Status.WITHDRAWN)


def _tries(tries: list[Transition]) -> Event:
    title = _("Thử gửi %d lần, chưa được") % len(tries)
    return Event(tries[-1].at, "wait", "refresh", title, _("Máy tự gửi lại."))


def _portal(row: Submission) -> list[Event]:
    return [
        Event(told.source_time, *PORTAL_DOTS.get(told.code, ("ok", "file-check")), portal_text(told.code), told.note)
        for told in row.portal_statuses.all()
    ]


def _consent(row: Submission) -> list[Event]:
    given = Consent.objects.filter(pk=row.consent).first()
    if given is None:
        return []
    events = [Event(given.at, "ok", "writing-sign", _("Người dân đồng ý và ký"), str(given.get_by_display()))]
    if given.withdrawn_at:
        events.append(Event(given.withdrawn_at, "fix", "hand-stop", _("Người dân rút lại đồng ý")))
    return events


def remarks(row: Submission, papers: list[Attachment]) -> list[dict[str, Any]]:
    """Return what a person should look at, as banners: state, icon_name, title, text."""
    told = []
    for paper in papers:
        if paper.state == Attachment.State.DAMAGED:
            told.append({"state": "fix", "icon_name": "photo-off", "title": _(paper.problem), "text": ""})
    if row.last_error:
        urgent = row.status in (Status.UNKNOWN, Status.FAILED) or row.status in AT_PORTAL
        told.append({
            "state": "fix" if urgent else "wait", "icon_name": "alert-triangle", "title": _(row.last_error), "text": "",
        })  # fmt: skip
    if row.maybe_twice:
        text = _("Gọi Cổng để hỏi, nhờ bỏ bớt một hồ sơ nếu có hai.")
        told.append({"state": "fix", "icon_name": "copy", "title": _("Hồ sơ có thể nằm hai lần ở Cổng"), "text": text})
    return told
