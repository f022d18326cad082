"""The face of a guide as a form and back: title, summary, what to have at hand, when it was checked, how it is found.

For: the editor's first page and the page for a new guide. Nothing typed is dropped; a date that is none stays as text
and is named by the checks. Not for: steps (step_form.py).
"""

from datetime import timedelta
from typing import Any

from django.http import QueryDict
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from onboarding.accounts.models import User
from onboarding.guides import documents, drafts
from onboarding.guides.documents import Doc
from onboarding.guides.models import Guide, GuideVersion, Procedure
from onboarding.refusal import Refused
from onboarding.text import fold

RESERVED = ("moi", "duyet", "xuat", "nhap")  # addresses of the ward's pages beside those of guides
SLUG = 52
REVIEW = timedelta(days=180)
FACE = ("title", "summary", "checked_on", "checked_by", "source")
NAMES = {
    "title": gettext_lazy("Tên bài"), "summary": gettext_lazy("Tóm tắt"), "minutes": gettext_lazy("Số phút"),
    "at_hand": gettext_lazy("Chuẩn bị sẵn"), "checked_on": gettext_lazy("Ngày kiểm tra"),
    "checked_by": gettext_lazy("Vai trò người kiểm tra"), "source": gettext_lazy("Nguồn"),
    "words": gettext_lazy("Từ hay gõ khi tìm"), "review_by": gettext_lazy("Xem lại trước ngày"),
    "item": gettext_lazy("Mục của danh sách việc"), "safety": gettext_lazy("Lời nhắc"),
    "text": gettext_lazy("Lời đọc to"), "label": gettext_lazy("Lời tả chỗ bấm"),
}  # fmt: skip


def begin(*, user: User, said: dict[str, str]) -> GuideVersion:
    """Return the first draft of a new guide. said: title, procedure (slug), topic. Raises Refused with a sentence."""
    procedure = Procedure.objects.filter(slug=said["procedure"]).first()
    if not said["title"]:
        raise Refused("no_title", _("Bài chưa có tên. Viết tên bài, tối đa 48 chữ."))
    if procedure is None:
        raise Refused("no_procedure", _("Chưa chọn thủ tục. Chọn thủ tục mà bài hướng dẫn."))
    slug = free_slug(said["title"])
    today = timezone.localdate()
    head = {"slug": slug, "code": free_code(), "topic": said["topic"], "words": [], "order": 500, "icon": "book-2"}
    doc = {
        **head, "procedure": procedure.slug, "review_by": (today + REVIEW).isoformat(), "steps": [],
        "version": {"title": said["title"], "minutes": 10, "at_hand": [], "checked_on": today.isoformat()},
    }  # fmt: skip
    documents.add_step(doc, 0)
    return drafts.begin_new(user=user, procedure=procedure, doc=doc)


def free_slug(title: str) -> str:
    """Return an address for a guide called title that no other guide has."""
    stem = fold(title).replace(" ", "-")[:SLUG].strip("-") or "huong-dan"
    taken = {*Guide.objects.filter(slug__startswith=stem).values_list("slug", flat=True), *RESERVED}
    return next(name for name in (stem, *(f"{stem}-{no}" for no in range(2, len(taken) + 3))) if name not in taken)


def free_code() -> str:
    """Return the next short code for guides that are written here: PX-01, PX-02 …"""
    taken = set(Guide.objects.filter(code__startswith="PX-").values_list("code", flat=True))
    return next(code for code in (f"PX-{no:02d}" for no in range(1, len(taken) + 2)) if code not in taken)


def inputs(doc: Doc) -> dict[str, Any]:
    """Return what the inputs show."""
    face = doc.get("version", {})
    return {
        **{name: face.get(name) or "" for name in FACE},
        "minutes": face.get("minutes") or "",
        "at_hand": "\n".join(map(str, face.get("at_hand") or [])),
        "words": ", ".join(map(str, doc.get("words") or [])),
        "topic": doc.get("topic", ""),
        "review_by": doc.get("review_by") or "",
    }


def read(post: QueryDict) -> Doc:
    """Return the parts of a document that the form says: `version`, words, topic, review_by."""
    texts = {name: _line(post, name) for name in FACE}
    at_hand = [line.strip() for line in _line(post, "at_hand").splitlines() if line.strip()]
    words = [word.strip() for word in _line(post, "words").replace("\n", ",").split(",") if word.strip()]
    minutes = _line(post, "minutes")
    number = documents.number_of(minutes)
    version = {**texts, "at_hand": at_hand, "minutes": minutes if number < 0 else number}
    return {"version": version, "words": words, "topic": _line(post, "topic"), "review_by": _line(post, "review_by")}


def put(doc: Doc, post: QueryDict) -> None:
    """Say the face of doc anew."""
    said = read(post)
    documents.put_face(doc, said.pop("version"), said)


def said_to_author(fault: str) -> str:
    """Return a fault as it stands beside a form: with the names of the inputs instead of those of the file."""
    for key, name in NAMES.items():
        fault = fault.replace(f"“{key}”", f"“{name}”")
    return fault[:1].upper() + fault[1:]


def _line(post: QueryDict, name: str) -> str:
    return post.get(name, "").replace("\x00", "").replace("\r\n", "\n").strip()
