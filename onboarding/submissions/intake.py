"""Taking a filled form in, and taking it back.

For: the verbs that the phone's door and the ward call. Everything is checked here and nowhere else: access, form,
answers, consent, papers. Not for: opening files (attachments.py) or sending (delivery.py).
"""

import hashlib
import re
import secrets
from datetime import datetime
from typing import Any
from uuid import UUID

from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from onboarding import text
from onboarding.accounts.models import Area, User
from onboarding.fieldwork import subjects
from onboarding.fieldwork.models import Consent, Household, Resident
from onboarding.journal.recording import Journal, recording
from onboarding.refusal import Refused
from onboarding.submissions import forms
from onboarding.submissions.bell import ring_after_commit
from onboarding.submissions.models import (
    NOT_SENT,
    Attachment,
    FormVersion,
    IllegalMove,
    Status,
    Submission,
    Transition,
)

MAX_FILE = 5_000_000 + 93  # bytes of one sealed file
_SHA256 = re.compile(r"[0-9a-f]{64}")


def take_submission(
    *,
    user: User,
    entry: UUID,
    submission: UUID,
    household: UUID,
    resident: UUID,
    form: str,
    answers: dict[str, Any],
    consent: UUID,
    files: list[dict[str, Any]],
    replaces: UUID | None,
    at: datetime,
    seal_key: str,
) -> Submission:
    """Take a filled form in under the id `submission`; the same entry again returns the first one.

    form: "luu-tru@1"; files: [{"slot", "sha256" and "size" of the ciphertext}]; at: when the phone says it was
    finished; seal_key: the key the files are sealed to. Raises Refused: not_assigned, subject_unknown, form_unknown,
    answers_invalid, secret_in_text, consent_missing, id_reused.
    """
    with recording(user) as journal:
        known = Submission.objects.filter(pk=submission).first()
        if known is not None:
            return _same(known, entry)
        home, person = _subject(user, household, resident)
        version = forms.find_version(form)
        clean = forms.clean_answers(version.definition, answers)
        _check_consent(version, person, consent)
        papers = _papers(version, files)
        old = _replaced(user, person, replaces)
        taken = _write(user, submission, entry, home, person, version, clean, consent, old, at)
        _write_papers(taken, papers, seal_key)
        journal.changed("submission", taken.pk, taken.area_id)
        journal.did("submission.take", "submission", taken.pk, taken.area_id, detail={"form": version.code})
        if old is not None and old.status in NOT_SENT:
            withdraw(journal, old, by=user, why=_("Được thay bằng %s.") % taken.reference)
    return taken


def withdraw_submission(*, user: User, entry: UUID, submission: UUID, reason: str, at: datetime) -> Submission:
    """Take a submission back before it is sent; a second withdrawal changes nothing.

    Raises Refused: subject_unknown, secret_in_text, too_old when it may be at the portal already.
    """
    if text.looks_like_a_secret(reason):
        raise Refused("secret_in_text", _("Lý do có mật khẩu hoặc mã OTP. Xóa đi rồi gửi lại."))
    with recording(user) as journal:
        found = find(user, submission)
        if found.status == Status.WITHDRAWN:
            return found
        try:
            withdraw(journal, found, by=user, why=text.tidy(reason))
        except IllegalMove:
            raise Refused("too_old", _("Hồ sơ có thể đã lên Cổng. Gọi phường để xin rút.")) from None
        detail = {"entry": str(entry)}
        journal.did("submission.withdraw", "submission", found.pk, found.area_id, detail=detail)
    return found


def withdraw(journal: Journal, submission: Submission, *, by: User | None, why: str) -> None:
    """Move a submission that was never sent to WITHDRAWN. Raises IllegalMove. Inside a recording()."""
    submission.move(Status.WITHDRAWN, by=by, detail=why)
    journal.changed("submission", submission.pk, submission.area_id)


def find(user: User, pk: object) -> Submission:
    """Return a submission that user may see. Raises Refused("subject_unknown")."""
    found = Submission.objects.visible_to(user).filter(pk=pk).select_related("version__form", "area").first()
    if found is None:
        raise Refused("subject_unknown", _("Không tìm thấy hồ sơ này. Tải lại danh sách rồi làm lại."))
    return found


def _same(known: Submission, entry: UUID) -> Submission:
    if known.entry != entry:
        raise Refused("id_reused", _("Hồ sơ này đã được gửi từ một lần khác. Lập hồ sơ mới."))
    return known


def _subject(user: User, household: UUID, resident: UUID) -> tuple[Household, Resident]:
    person = subjects.resident_for(user, resident)
    if person.household_id != household or subjects.is_gone(person):
        raise Refused("subject_unknown", _("Không tìm thấy người này trong nhà. Tải lại danh sách rồi làm lại."))
    return person.household, person


def _check_consent(version: FormVersion, person: Resident, pk: UUID) -> None:
    """Only the person's own, standing consent to filing, in words that we wrote, carries a submission."""
    given = Consent.objects.filter(pk=pk, resident=person).first()
    if given is None:
        raise Refused("consent_missing", _("Chưa có phiếu đồng ý của người này. Mời ông/bà nghe đọc và ký."))
    if given.withdrawn_at is not None:
        raise Refused("consent_missing", _("Ông/bà đã rút lại đồng ý. Hỏi lại và mời ký phiếu mới."))
    if given.purposes.get("file") is not True:
        raise Refused("consent_missing", _("Ông/bà chưa đồng ý gửi hồ sơ này. Hỏi lại và mời ký phiếu mới."))
    if (given.text, given.text_hash) not in _known_texts(version):
        raise Refused("consent_missing", _("Phiếu đồng ý không đúng mẫu của tờ khai. Cập nhật ứng dụng rồi ký lại."))


def _known_texts(version: FormVersion) -> set[tuple[str, str]]:
    definitions = [other.definition for other in FormVersion.objects.filter(form=version.form_id)]
    return {(definition["consent"]["code"], forms.consent_hash(definition)) for definition in definitions}


def _papers(version: FormVersion, files: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Return the announced files if they are the ones that the form asks for."""
    asked = {paper["slot"]: paper for paper in version.definition.get("papers", [])}
    slots = [str(file.get("slot")) for file in files]
    if len(set(slots)) != len(slots) or not set(slots) <= set(asked) or not all(map(_is_file, files)):
        raise Refused("answers_invalid", _("Ảnh kèm theo không khớp tờ khai. Chụp lại rồi gửi."))
    for slot, paper in asked.items():
        if paper["required"] and slot not in slots:
            raise Refused("answers_invalid", _("%s: còn thiếu ảnh. Chụp rồi gửi lại.") % paper["title"])
    return files


def _is_file(file: dict[str, Any]) -> bool:
    size = file.get("size")
    return bool(_SHA256.fullmatch(str(file.get("sha256")))) and type(size) is int and 93 < size <= MAX_FILE


def _replaced(user: User, person: Resident, pk: UUID | None) -> Submission | None:
    if pk is None:
        return None
    old = find(user, pk)
    if old.resident_id != person.pk:
        raise Refused("subject_unknown", _("Hồ sơ được thay là của người khác. Kiểm tra lại tên."))
    return old


def _write(
    user: User, pk: UUID, entry: UUID, home: Household, person: Resident, version: FormVersion,
    answers: dict[str, str], consent: UUID, old: Submission | None, at: datetime,
) -> Submission:  # fmt: skip
    ward = ward_code(home.area)
    taken = Submission(
        pk=pk, entry=entry, area=home.area, ward=ward, household=home, resident=person, version=version, user=user,
        consent=consent, replaces=old, reference=reference_of(ward, pk, at), receipt_token=secrets.token_urlsafe(32),
    )  # fmt: skip
    if settings.PORTAL_ADAPTER == "export":
        taken.status = Status.PREPARED  # no portal from here: the citizen or the ward carries it
    taken.set_answers(answers)
    taken.save(force_insert=True)
    Transition.objects.create(submission=taken, before="", after=taken.status, by=user)
    return taken


def _write_papers(taken: Submission, papers: list[dict[str, Any]], seal_key: str) -> None:
    Attachment.objects.bulk_create(
        Attachment(
            submission=taken, slot=file["slot"], sealed_sha256=file["sha256"], sealed_size=file["size"],
            seal_key=seal_key,
        )
        for file in papers
    )  # fmt: skip
    if not papers:
        Submission.objects.filter(pk=taken.pk).update(complete_at=timezone.now())
        ring_after_commit("deliver", taken.pk)


def ward_code(area: Area) -> str:
    """Return the code of the ward that an area is or lies in; of the topmost area when there is no ward above."""
    place = area
    while place.level_id != "ward" and place.parent is not None:
        place = place.parent
    return place.code


def reference_of(ward: str, submission: UUID, at: datetime) -> str:
    """Return our reference of a submission in a ward, e.g. HT-00999-261122-7K3MQ2X. It is no portal's code.

    It follows from the submission alone. A counter would give it another number, and its number to another
    submission, when an older backup came back and phones send again; the portal would then have it twice.
    """
    letters, number = "0123456789ABCDEFGHJKMNPQRSTVWXYZ", int.from_bytes(hashlib.sha256(submission.bytes).digest()[:8])
    name = "".join(letters[(number >> 5 * place) % 32] for place in range(7))
    return f"HT-{ward}-{timezone.localdate(at):%y%m%d}-{name}"
