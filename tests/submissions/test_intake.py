"""A form is taken in once, with a standing consent of the right person, or refused with what to do."""

import re

import pytest
from django.utils import timezone

from onboarding.fieldwork.models import Resident
from onboarding.ids import new_id
from onboarding.journal.models import AuditEntry, Change
from onboarding.refusal import Refused
from onboarding.submissions import feed, intake
from onboarding.submissions.models import Attachment, Status, Submission
from onboarding.vault import VaultError
from tests import build


def refused(ward, **changes: object) -> Refused:
    with pytest.raises(Refused) as caught:
        build.filed(ward, **changes)
    return caught.value


def test_what_is_taken_is_queued_encrypted_numbered_and_audited(ward, bells, django_capture_on_commit_callbacks):
    with django_capture_on_commit_callbacks(execute=True):
        row = build.filed(ward)

    kept = Submission.objects.get(pk=row.pk)
    assert (kept.status, kept.ward) == (Status.QUEUED, "00999")
    assert re.fullmatch(rf"HT-00999-{timezone.localdate():%y%m%d}-[0-9A-Z]{{7}}", kept.reference)
    assert kept.answers == build.lodging_answers()
    assert "Giả Định".encode() not in bytes(kept.answers_sealed)
    assert kept.complete_at is not None
    assert Change.objects.filter(kind="submission", object_id=row.pk).count() == 1
    deed = AuditEntry.objects.get(action="submission.take")
    assert (deed.user, deed.object_id, deed.detail) == (ward.member, row.pk, {"form": "luu-tru@1"})
    assert bells == [("deliver", [str(row.pk)])]


def test_answers_belong_to_their_row(ward):
    first, second = build.filed(ward), build.filed(ward)
    second.answers_sealed = first.answers_sealed
    with pytest.raises(VaultError):
        _ = second.answers


def test_the_same_entry_again_returns_the_first_one_and_another_entry_is_told(ward):
    row = build.filed(ward)
    facts = {"person": row.resident, "submission": row.pk, "consent": row.consent}
    assert build.filed(ward, entry=row.entry, **facts).pk == row.pk
    assert Submission.objects.count() == 1
    assert refused(ward, entry=build.new_id(), **facts).code == "id_reused"


def test_a_stranger_and_another_teams_member_are_refused(ward):
    assert refused(ward, user=ward.stranger).code == "not_assigned"
    assert refused(ward, user=ward.colleague).code == "not_assigned"
    assert Submission.objects.count() == 0


def test_a_person_of_another_house_or_of_no_house_is_unknown(ward):
    assert refused(ward, household=build.household(ward.groups[0], "15").pk).code == "subject_unknown"
    assert refused(ward, resident=build.new_id()).code == "subject_unknown"
    person = build.resident(build.household(ward.groups[0], "16"))
    Resident.objects.filter(pk=person.pk).update(deleted_at=timezone.now())
    assert refused(ward, person=person).code == "subject_unknown"


@pytest.mark.parametrize(
    "form", ["luu-tru@9", "tam-tru@1", "luu-tru", "", "luu-tru@²", f"luu-tru@{10**19}", "luu-tru@" + "9" * 5000]
)
def test_a_form_that_we_do_not_have_is_unknown(ward, form):
    assert refused(ward, form=form).code == "form_unknown"


def test_wrong_answers_are_refused_by_the_same_form(ward):
    no = refused(ward, answers=build.lodging_answers(guest_phone="12"))
    assert (no.code, "Số điện thoại" in no.message) == ("answers_invalid", True)


@pytest.mark.parametrize(
    "changes",
    [
        {"withdrawn_at": timezone.now()},
        {"purposes": {"file": False, "messages": True}},
        {"purposes": {}},
        {"text": "consent-khac@1"},
        {"text_hash": "0" * 64},
    ],
)
def test_only_a_standing_consent_to_filing_in_our_words_carries_a_submission(ward, changes):
    person = build.resident(build.household(ward.groups[0]))
    given = build.consent(person, ward.member, build.lodging_notice(), **changes)
    assert refused(ward, person=person, consent=given.pk).code == "consent_missing"
    assert Submission.objects.count() == 0


def test_somebody_elses_consent_and_no_consent_are_the_same(ward):
    home = build.household(ward.groups[0])
    person, neighbour = build.resident(home), build.resident(home, "Ngô Đình Thử Nghiệm", "099060000003")
    given = build.consent(neighbour, ward.member, build.lodging_notice())
    assert refused(ward, person=person, consent=given.pk).code == "consent_missing"
    assert refused(ward, person=person, consent=build.new_id()).code == "consent_missing"


@pytest.mark.parametrize(
    "files",
    [
        ({"slot": "paper-9", "sha256": "a" * 64, "size": 1000},),
        ({"slot": "../../etc", "sha256": "a" * 64, "size": 1000},),
        ({"slot": "paper-1", "sha256": "a" * 64, "size": 1000},) * 2,
        ({"slot": "paper-1", "sha256": "../" + "a" * 61, "size": 1000},),
        ({"slot": "paper-1", "sha256": "a" * 64, "size": 5_000_094},),
        ({"slot": "paper-1", "sha256": "a" * 64, "size": True},),
        ({"slot": "paper-1", "sha256": "a" * 64, "size": 93},),
        ({"slot": "paper-1"},),
    ],
)
@pytest.mark.fault("F70")
@pytest.mark.fault("F79")
def test_only_files_that_the_form_asks_for_are_announced(ward, files):
    assert refused(ward, files=files).code == "answers_invalid"
    assert Attachment.objects.count() == 0


def test_a_correction_withdraws_what_was_not_sent_yet(ward):
    old = build.filed(ward)
    new = build.filed(ward, person=old.resident, replaces=old.pk)
    old.refresh_from_db()
    assert (old.status, new.status, new.replaces) == (Status.WITHDRAWN, Status.QUEUED, old)
    assert old.transitions.last().detail == f"Được thay bằng {new.reference}."


def test_a_correction_of_what_was_sent_leaves_it_and_is_linked(ward):
    old = build.filed(ward)
    Submission.objects.filter(pk=old.pk).update(status=Status.SENT)
    new = build.filed(ward, person=old.resident, replaces=old.pk)
    old.refresh_from_db()
    assert (old.status, new.replaces_id) == (Status.SENT, old.pk)


def test_a_correction_must_be_of_the_same_person(ward):
    old = build.filed(ward)
    other = build.resident(build.household(ward.groups[0], "20"))
    assert refused(ward, person=other, replaces=old.pk).code == "subject_unknown"
    old.refresh_from_db()
    assert old.status == Status.QUEUED


def withdraw(ward, row: Submission, **changes: object) -> Submission:
    facts = {"user": ward.member, "entry": build.new_id(), "reason": "Khách không đến", "at": timezone.now()}
    return intake.withdraw_submission(submission=row.pk, **{**facts, **changes})


@pytest.mark.parametrize("status", [Status.QUEUED, Status.PREPARED, Status.FAILED])
def test_what_was_not_sent_can_be_taken_back_once(ward, status):
    row = build.filed(ward)
    Submission.objects.filter(pk=row.pk).update(status=status)
    assert withdraw(ward, row).status == Status.WITHDRAWN
    assert withdraw(ward, row).status == Status.WITHDRAWN
    assert row.transitions.filter(after="withdrawn").get().by == ward.member


@pytest.mark.parametrize("status", [Status.SENT, Status.UNKNOWN, Status.ACCEPTED, Status.DONE])
def test_what_may_be_at_the_portal_cannot_be_taken_back_here(ward, status):
    row = build.filed(ward)
    Submission.objects.filter(pk=row.pk).update(status=status)
    with pytest.raises(Refused) as caught:
        withdraw(ward, row)
    assert caught.value.code == "too_old"


def test_a_stranger_takes_nothing_back_and_a_reason_holds_no_secret(ward):
    row = build.filed(ward)
    with pytest.raises(Refused) as caught:
        withdraw(ward, row, user=ward.stranger)
    assert caught.value.code == "subject_unknown"
    with pytest.raises(Refused) as caught:
        withdraw(ward, row, reason="OTP 428190")
    assert caught.value.code == "secret_in_text"


def test_a_phone_learns_how_it_stands_and_never_the_answers(ward):
    row = build.filed(ward)
    told = feed.describe("submission", [row.pk, build.new_id()], user=ward.member)
    assert told[row.pk] == {
        "id": str(row.pk), "household": str(row.household_id), "resident": str(row.resident_id), "form": "luu-tru@1",
        "title": "Thông báo lưu trú", "status": "queued", "status_text": "Chờ gửi lên Cổng", "portal_code": "",
        "portal_status": None, "portal_text": "", "files": 0, "files_here": 0, "at": row.created_at.isoformat(),
        "updated": row.updated_at.isoformat(), "receipt": f"/bien-nhan/{row.receipt_token}/",
    }  # fmt: skip
    assert [value for key, value in told.items() if key != row.pk] == [None]


def test_a_stranger_and_another_team_learn_nothing(ward):
    row = build.filed(ward)
    for nobody in (ward.stranger, ward.colleague):
        assert feed.describe("submission", [row.pk], user=nobody) == {row.pk: None}


def test_a_reference_follows_from_the_submission_alone_so_that_a_restore_can_not_change_it(ward):
    first, second = new_id(), new_id()
    at = timezone.now()
    assert intake.reference_of("00999", first, at) == intake.reference_of("00999", first, at)
    assert intake.reference_of("00999", first, at) != intake.reference_of("00999", second, at)
    assert build.filed(ward, submission=first, at=at).reference == intake.reference_of("00999", first, at)
