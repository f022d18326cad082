"""Each kind of entry reaches the verb of its room, over the real wire."""

from datetime import UTC, datetime

import pytest
from django.core.files.storage import default_storage

from onboarding.fieldwork.models import Conflict, Consent, Household, Mark, Resident, Visit
from onboarding.ids import new_id
from onboarding.submissions import attachments
from onboarding.submissions.forms import consent_hash
from onboarding.submissions.models import Attachment, Submission
from onboarding.sync import kinds, push
from tests import build
from tests.phone import now_ms, visit_body

SIGNATURE = {"w": 320, "h": 160, "strokes": [[1, 2, 0, 3, 4, 16], [5, 6, 40]]}


@pytest.fixture
def person(home):
    """Who lives behind the door."""
    return build.resident(home)


@pytest.fixture
def put(phone, home):
    """Capture and push one entry about something behind the door; returns its receipt."""

    def capture(kind, body, subject, **more):
        entry = phone.capture(kind, body, subject=subject, chain=home.pk, area=home.area_id, **more)
        phone.push()
        return phone.receipt(entry)

    return capture


def consent_body(version) -> dict:
    """A consent as the phone finalises it."""
    return {
        "purposes": {"file": True, "messages": False}, "text": version.definition["consent"]["code"],
        "text_hash": consent_hash(version.definition), "by": "self", "witness": "", "signature": SIGNATURE,
    }  # fmt: skip


def test_a_visit_with_an_appointment_keeps_ha_nois_hour(put, home):
    body = visit_body("appointment", appointment="2026-11-23T09:30")
    receipt = put("visit", body, home.pk)
    visit = Visit.objects.get(pk=receipt["id"])
    assert visit.appointment == datetime(2026, 11, 23, 2, 30, tzinfo=UTC)
    assert abs(visit.at.timestamp() * 1000 - body["ended"]) < 2


def test_a_mark_ticks_the_checklist(put, person):
    build.checklist()
    body = {"checklist": "vneid-2", "item": "proof", "state": "done", "blocker": "", "note": ""}
    receipt = put("mark", body, person.pk)
    assert receipt["verdict"] == "accepted"
    assert Mark.objects.get(pk=receipt["id"]).current is True


def test_a_consent_and_the_submission_that_rests_on_it_with_its_photo(phone, put, person, home):
    version = build.lodging_notice()
    consent = put("consent", consent_body(version), person.pk)
    assert consent["verdict"] == "accepted"
    assert Consent.objects.get(pk=consent["id"]).signature_sealed

    submission = new_id()
    body = {
        "household": str(home.pk), "resident": str(person.pk), "answers": build.lodging_answers(),
        "consent": consent["id"], "replaces": None,
    }  # fmt: skip
    receipt = put("submission", body, submission, form=version.code, files={"paper-1": build.drawn_photo()})
    assert receipt["verdict"] == "accepted", receipt
    paper = Attachment.objects.get(submission=submission)
    assert paper.state == Attachment.State.MISSING
    phone.upload(receipt["id"])

    attachments.check_files(submission)
    paper.refresh_from_db()
    assert paper.state == Attachment.State.GOOD
    assert Submission.objects.get(pk=submission).complete_at is not None
    phone.sync()
    record = phone.records["submission", str(submission)]
    assert (record["files"], record["files_here"], record["status"]) == (1, 1, "queued")


@pytest.mark.fault("F73")
def test_a_photo_that_is_damaged_is_told_to_the_phone_with_a_sentence(phone, put, person, home):
    version = build.lodging_notice()
    consent = put("consent", consent_body(version), person.pk)
    submission = new_id()
    body = {
        "household": str(home.pk), "resident": str(person.pk), "answers": build.lodging_answers(),
        "consent": consent["id"], "replaces": None,
    }  # fmt: skip
    truncated = build.drawn_photo()[:-400]
    receipt = put("submission", body, submission, form=version.code, files={"paper-1": truncated})
    phone.upload(receipt["id"])
    attachments.check_files(submission)

    bad = phone.hello()["files_bad"]
    assert [file["sha256"] for file in bad] == list(phone.outbox[receipt["id"]].files)
    assert bad[0]["message"].endswith(".")


@pytest.mark.fault("F40")
def test_an_unknown_form_is_parked_and_kept(put, person, home):
    body = {
        "household": str(home.pk), "resident": str(person.pk), "answers": {}, "consent": str(new_id()),
        "replaces": None,
    }  # fmt: skip
    receipt = put("submission", body, new_id(), form="khai-sinh@9")
    assert (receipt["verdict"], receipt["code"]) == ("parked", "form_unknown")


def test_a_submission_without_consent_is_parked(put, person, home):
    version = build.lodging_notice()
    body = {
        "household": str(home.pk), "resident": str(person.pk), "answers": build.lodging_answers(),
        "consent": str(new_id()), "replaces": None,
    }  # fmt: skip
    receipt = put("submission", body, new_id(), form=version.code)
    assert (receipt["verdict"], receipt["code"]) == ("parked", "consent_missing")
    assert not Submission.objects.exists()


@pytest.mark.fault("F31")
def test_two_phones_edit_one_field_unseen_and_the_loser_stands_as_a_conflict(phone, put, home, ward):
    from tests.phone import enrolled

    other = enrolled(ward.supervisor, ward.member)
    put("edit", {"record": "household", "fields": {"note": "Chó dữ"}}, home.pk)
    entry = other.capture(
        "edit", {"record": "household", "fields": {"note": "Gõ cửa sau"}}, subject=home.pk, chain=home.pk,
        area=home.area_id,
    )  # fmt: skip
    other.push()
    phone.sync(), other.sync()

    assert other.receipt(entry)["verdict"] == "accepted"
    assert Conflict.objects.filter(subject=home.pk, field="note").count() == 1
    assert phone.records == other.records
    kinds_seen = {kind for kind, _pk in phone.records}
    assert {"household", "conflict"} <= kinds_seen


def test_seen_travels_in_the_header_and_an_edit_that_saw_the_value_makes_no_conflict(phone, put, home):
    first = put("edit", {"record": "household", "fields": {"note": "một"}}, home.pk)
    phone.hello()
    phone.pull_all()
    writers = phone.records["household", str(home.pk)]["writers"]
    assert writers["note"] == [first["id"]]
    put("edit", {"record": "household", "fields": {"note": "hai"}}, home.pk, seen=writers)

    assert Household.objects.get(pk=home.pk).note == "hai"
    assert not Conflict.objects.exists()


def test_a_person_scanned_at_the_door_is_added(phone, put, home):
    person = new_id()
    fields = {
        "household": str(home.pk), "name": "Nguyễn Văn Thí Dụ", "birth": "1952", "sex": "nam", "number": "099152000008",
        "phone": "0950000456", "address": "14 Ngõ 27",
    }  # fmt: skip
    receipt = put("edit", {"record": "resident", "fields": fields}, person)
    assert receipt["verdict"] == "accepted", receipt
    assert Resident.objects.get(pk=person).number == "099152000008"


@pytest.mark.fault("F32")
def test_a_deletion_is_final_and_a_later_edit_is_kept_as_a_conflict(put, home):
    assert put("delete", {"record": "household", "reason": "nhà đã dỡ"}, home.pk)["verdict"] == "accepted"
    assert put("edit", {"record": "household", "fields": {"note": "muộn"}}, home.pk)["verdict"] == "accepted"
    assert Household.objects.get(pk=home.pk).deleted_at is not None
    assert Conflict.objects.filter(subject=home.pk, field="*").count() == 1


def test_a_withdrawal_takes_back_a_consent_and_a_submission(put, person, home, ward):
    version = build.lodging_notice()
    consent = put("consent", consent_body(version), person.pk)
    filed = build.filed(ward, person=person)
    assert put("withdrawal", {"record": "submission", "reason": "đổi ý"}, filed.pk)["verdict"] == "accepted"
    assert put("withdrawal", {"record": "consent", "reason": "đổi ý"}, consent["id"])["verdict"] == "accepted"
    assert Submission.objects.get(pk=filed.pk).status == "withdrawn"
    assert Consent.objects.get(pk=consent["id"]).withdrawn_at is not None


@pytest.mark.parametrize(
    ("kind", "body"),
    [
        ("visit", {}),
        ("visit", {**visit_body(), "note": 5}),
        ("visit", {**visit_body(), "note": "x" * 501}),
        ("visit", {**visit_body(), "appointment": "mai"}),
        ("visit", {**visit_body(), "people": [1]}),
        ("visit", {**visit_body(), "started": -1}),
        ("mark", {"checklist": 1, "item": "x", "state": "done", "blocker": "", "note": ""}),
        (
            "consent",
            {"purposes": {"file": "yes"}, "text": "", "text_hash": "", "by": "", "witness": "", "signature": 1},
        ),
        ("edit", {"record": "area", "fields": {"name": "x"}}),
        ("edit", {"record": "household", "fields": {}}),
        ("edit", {"record": "household", "fields": {"ward": "x", "is_staff": True}}),
        ("delete", {"record": "visit", "reason": ""}),
        ("withdrawal", {"record": "household", "reason": ""}),
        ("submission", {"household": "x", "resident": "x", "answers": [], "consent": "x", "replaces": None}),
    ],
)
@pytest.mark.fault("F84")
def test_a_body_of_the_wrong_shape_is_parked_never_an_exception(put, home, kind, body):
    receipt = put(kind, body, home.pk)
    assert (receipt["verdict"], receipt["code"]) == ("parked", "answers_invalid"), receipt


@pytest.mark.fault("F43")
@pytest.mark.parametrize(
    ("at", "year"), [(0, 2020), (2**53 - 1, None), (now_ms() + 10**11, None)], ids=["1970", "far", "2029"]
)
def test_a_phone_with_an_impossible_clock_is_taken_at_a_possible_time(put, home, at, year):
    receipt = put("visit", visit_body(started=at, ended=at), home.pk, at=at, offset=-5)
    assert receipt["verdict"] == "accepted"
    visit = Visit.objects.get(pk=receipt["id"])
    assert visit.at.year == (year or datetime.now(UTC).year)


def test_there_is_one_dictionary_of_kinds_and_each_has_its_function():
    assert set(push.KINDS) == {"visit", "mark", "consent", "submission", "edit", "delete", "withdrawal"}
    assert all(push.KINDS[name] is getattr(kinds, name) for name in push.KINDS)


def test_the_sealed_file_on_disk_is_ciphertext_only(phone, put, person, home):
    photo = build.drawn_photo()
    receipt = put("visit", visit_body(), home.pk, files={"paper-1": photo})
    phone.upload(receipt["id"])
    name = next(iter(phone.outbox[receipt["id"]].files))
    with default_storage.open(attachments.sealed_name(name)) as file:
        assert photo[:64] not in file.read()
