"""The ward's pages: only the ward's own people, every look at something personal is written down."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from onboarding.accounts.models import Role
from onboarding.journal.models import AuditEntry
from onboarding.oversight.figures import DOSSIER_GROUPS
from onboarding.submissions import attachments, delivery, timeline, views
from onboarding.submissions.models import PortalGuard, PortalStatus, Status, Submission
from onboarding.submissions.portal import Unknown
from tests import build

NUMBER, GUEST_NUMBER = "099158000001", "098052000002"


@pytest.fixture
def row(ward) -> Submission:
    """A submission with one good paper, ready to go."""
    entry = build.new_id()
    file = build.sealed_photo(entry, build.drawn_photo())
    taken = build.filed(ward, entry=entry, files=(file,))
    attachments.file_arrived(sha256=file["sha256"])
    attachments.check_files(taken.pk)
    return Submission.objects.get(pk=taken.pk)


@pytest.fixture
def unknown(row, portal) -> Submission:
    """The same, after a time-out."""
    portal.answers = [Unknown("timeout")]
    delivery.deliver(row.pk)
    return Submission.objects.get(pk=row.pk)


def page(name: str, row: Submission, *more: str) -> str:
    return reverse(f"submissions:{name}", args=[row.pk, *more])


def test_the_list_shows_whose_it_is_and_how_it_stands(row, as_supervisor):
    html = as_supervisor.get(reverse("submissions:list")).content.decode()
    assert "Trần Thị Mẫu Thử" in html
    assert row.reference in html
    assert "Chờ gửi lên Cổng" in html
    assert NUMBER not in html


@pytest.mark.parametrize(
    ("query", "found"),
    [("?nhom=waiting", 1), ("?nhom=done", 0), ("?nhom=x", 1), ("?q=mau thu", 1), ("?q=HT-", 0), ("?q=zz", 0)],
)
def test_the_list_is_filtered_and_searched_without_marks(row, as_supervisor, query, found):
    html = as_supervisor.get(reverse("submissions:list") + query).content.decode()
    assert html.count(page("dossier", row)) == found
    part = as_supervisor.get(reverse("submissions:list") + query, headers={"HX-Request": "true"}).content.decode()
    assert part.count(page("dossier", row)) == found
    assert "<html" not in part


def test_the_groups_are_those_of_the_wards_first_page():
    assert {key: statuses for key, (_name, statuses) in views.GROUPS.items()} == {
        key: statuses for key, (_colour, statuses) in DOSSIER_GROUPS.items()
    }


def test_a_dossier_shows_answers_with_numbers_masked_and_the_look_is_written_down(row, as_supervisor, supervisor):
    html = as_supervisor.get(page("dossier", row)).content.decode()
    assert "Đặng Quý Giả Định" in html
    assert "Thăm người thân" in html
    assert NUMBER not in html
    assert GUEST_NUMBER not in html
    assert "••• ••• ••• 002" in html
    seen = AuditEntry.objects.get(action="submission.seen")
    assert (seen.user, seen.object_id, seen.detail) == (supervisor, row.pk, {})


@pytest.mark.parametrize(("field", "value"), [("number", NUMBER), ("document_number", GUEST_NUMBER)])
def test_a_number_is_shown_when_asked_for_and_that_is_written_down(row, as_supervisor, field, value):
    html = as_supervisor.get(page("reveal", row, field), headers={"HX-Request": "true"}).content.decode()
    assert html.strip() == f'<span class="num">{value}</span>'
    assert AuditEntry.objects.get(action="submission.seen").detail == {"field": field}


@pytest.mark.parametrize("field", ["guest_name", "nothing", "answers_sealed"])
def test_only_masked_fields_are_revealed(row, as_supervisor, field):
    assert as_supervisor.get(page("reveal", row, field)).status_code == 404


def test_a_paper_is_served_as_a_picture_that_can_do_nothing_and_the_look_is_written_down(row, as_supervisor):
    answer = as_supervisor.get(page("paper", row, "paper-1"))
    assert answer.content == attachments.picture(row.attachments.get())
    assert answer["Content-Type"] == "image/jpeg"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert (answer["X-Content-Type-Options"], answer["Cache-Control"]) == ("nosniff", "no-store")
    assert answer["Content-Disposition"] == f'inline; filename="{row.reference}-paper-1.jpg"'
    saved = as_supervisor.get(page("paper", row, "paper-1") + "?tai=1")
    assert saved["Content-Disposition"].startswith("attachment")
    assert AuditEntry.objects.filter(action="attachment.seen", object_id=row.attachments.get().pk).count() == 2


def test_a_paper_that_was_not_checked_is_never_served(ward, as_supervisor):
    entry = build.new_id()
    file = build.sealed_photo(entry, b"<script>")
    taken = build.filed(ward, entry=entry, files=(file,))
    attachments.file_arrived(sha256=file["sha256"])
    assert as_supervisor.get(page("paper", taken, "paper-1")).status_code == 404
    attachments.check_files(taken.pk)
    assert as_supervisor.get(page("paper", taken, "paper-1")).status_code == 404


def test_the_timeline_tells_our_moves_and_the_portals_words_newest_first(row, portal, as_supervisor):
    delivery.deliver(row.pk)
    for hours, code in enumerate((2, 5), start=1):
        at = timezone.now() + timedelta(hours=hours)
        PortalStatus.objects.create(submission=row, code=code, source_time=at, note=f"ghi chú {code}")
    html = as_supervisor.get(page("dossier", row)).content.decode()
    told = ["Yêu cầu bổ sung giấy tờ", "Được tiếp nhận", "Cổng đã nhận", "Lập hồ sơ", "Người dân đồng ý và ký"]
    places = [html.index(f'<b class="w6">{words}') for words in told]
    assert places == sorted(places)
    assert "ghi chú 5" in html
    assert "Cổng giữ đủ 1 trên 1" in html


def test_what_happened_within_one_second_is_told_in_its_order(row, portal):
    delivery.deliver(row.pk)
    row.refresh_from_db()
    taken = row.transitions.get(after=Status.SENT).at
    for code in (1, 2):  # the portal tells whole seconds, so its words seem older than ours
        PortalStatus.objects.create(submission=row, code=code, source_time=taken.replace(microsecond=0))
    assert [event.title for event in timeline.timeline(row)][:3] == ["Được tiếp nhận", "Mới đăng ký", "Cổng đã nhận"]


STRANGE = [
    ("get", "dossier", ()),
    ("get", "reveal", ("number",)),
    ("get", "paper", ("paper-1",)),
    ("get", "package", ()),
    ("post", "retry", ()),
    ("post", "never-arrived", ()),
    ("post", "record-code", ()),
]


@pytest.mark.parametrize(("method", "name", "more"), STRANGE)
def test_a_stranger_and_a_team_member_get_404_and_nobody_signed_out_gets_in(
    unknown, ward, as_chandra, method, name, more
):
    before = AuditEntry.objects.count()
    member = Client()
    member.force_login(ward.member)
    data = {"note": "x", "code": "000.99.99.H26-261122-9001"}
    for client in (as_chandra, member):
        assert getattr(client, method)(page(name, unknown, *more), data).status_code == 404
    assert getattr(Client(), method)(page(name, unknown, *more), data).status_code == 302
    assert Submission.objects.get(pk=unknown.pk).status == Status.UNKNOWN
    assert AuditEntry.objects.count() == before


def test_a_strangers_list_is_empty(row, as_chandra):
    assert row.reference not in as_chandra.get(reverse("submissions:list")).content.decode()


@pytest.mark.parametrize("name", ["retry", "never-arrived", "record-code"])
def test_what_changes_something_is_not_done_by_looking(unknown, as_supervisor, name):
    assert as_supervisor.get(page(name, unknown)).status_code == 405


def test_retry_on_an_unknown_one_asks_the_portal_and_does_not_send(unknown, portal, as_supervisor):
    answer = as_supervisor.post(page("retry", unknown), follow=True)
    assert "Máy đang làm" in answer.content.decode()
    assert portal.looked_up == [], "the page does not wait for the portal"
    delivery.work()
    assert portal.looked_up == [unknown.reference]
    assert portal.ledger == []
    assert AuditEntry.objects.filter(action="submission.retry").count() == 1


def test_the_page_of_an_unknown_one_offers_both_answers(unknown, as_supervisor):
    html = as_supervisor.get(page("dossier", unknown)).content.decode()
    assert "Cổng chưa trả lời rõ. Đang hỏi lại, chưa gửi lại." in html
    assert page("never-arrived", unknown) in html
    assert page("record-code", unknown) in html


def test_never_arrived_needs_to_say_who_was_asked(unknown, portal, as_supervisor):
    answer = as_supervisor.post(page("never-arrived", unknown), {"note": " "}, follow=True)
    assert "Chưa ghi đã hỏi ai" in answer.content.decode()
    assert Submission.objects.get(pk=unknown.pk).status == Status.UNKNOWN

    as_supervisor.post(page("never-arrived", unknown), {"note": "Tổng đài 1022"})
    after = Submission.objects.get(pk=unknown.pk)
    assert (after.status, after.maybe_twice) == (Status.QUEUED, True)
    html = as_supervisor.get(page("dossier", unknown)).content.decode()
    assert "Tổng đài 1022" in html
    assert "Hồ sơ có thể nằm hai lần ở Cổng" in html


@pytest.mark.parametrize("code", ["", "HT-00999-261122-0001", "x", "a b", "<b>"])
def test_a_code_that_cannot_be_the_portals_is_refused(unknown, as_supervisor, code):
    answer = as_supervisor.post(page("record-code", unknown), {"code": code}, follow=True)
    assert "Mã hồ sơ chưa đúng" in answer.content.decode()
    assert Submission.objects.get(pk=unknown.pk).status == Status.UNKNOWN


def test_a_code_that_a_person_has_on_paper_makes_it_sent(unknown, as_supervisor, supervisor):
    as_supervisor.post(page("record-code", unknown), {"code": "000.99.99.h26-261122-9001 "})
    after = Submission.objects.get(pk=unknown.pk)
    assert (after.status, after.portal_code) == (Status.SENT, "000.99.99.H26-261122-9001")
    assert after.transitions.last().by == supervisor


def test_where_no_portal_can_be_reached_it_is_handed_over_as_a_file(ward, settings, as_supervisor):
    settings.PORTAL_ADAPTER = "export"
    carried = build.filed(ward)
    assert carried.status == Status.PREPARED
    answer = as_supervisor.get(page("package", carried))
    assert answer.content.startswith(b"PK")
    assert answer["Content-Disposition"] == f'attachment; filename="{carried.reference}.zip"'
    assert AuditEntry.objects.filter(action="submission.export", object_id=carried.pk).count() == 1


def test_the_hold_switch_stops_the_ward_and_says_who_did(ward, portal, as_supervisor):
    waiting = build.filed(ward)
    as_supervisor.post(reverse("submissions:hold"), {"held": "1", "note": "Cổng bảo trì"})
    html = as_supervisor.get(reverse("submissions:list")).content.decode()
    assert "Phường đang tạm dừng gửi" in html
    assert "Vũ Thị Mô Phỏng: Cổng bảo trì" in html
    delivery.work()
    assert Submission.objects.get(pk=waiting.pk).status == Status.QUEUED

    as_supervisor.post(reverse("submissions:hold"), {"held": "0"})
    assert not PortalGuard.objects.filter(held=True).exists()


def test_for_who_supervises_everything_the_switch_is_the_portals(ward):
    city = build.user("city", "Người Phụ Trách")
    build.grant(city, Role.SUPERVISOR, ward.area.parent)
    client = Client()
    client.force_login(city)
    client.post(reverse("submissions:hold"), {"held": "1"})
    assert PortalGuard.objects.get(name="sandbox").held
    assert "cho cả thành phố" in client.get(reverse("submissions:list")).content.decode()


def test_a_team_member_holds_nothing(ward):
    member = Client()
    member.force_login(ward.member)
    assert member.post(reverse("submissions:hold"), {"held": "1"}).status_code == 404


def test_the_part_for_a_house_lists_its_dossiers_for_those_who_may_see_it(row, as_supervisor, as_chandra, ward):
    address = reverse("submissions:for-household", args=[row.household_id])
    assert row.reference in as_supervisor.get(address).content.decode()
    assert as_chandra.get(address).status_code == 404
    colleague = Client()
    colleague.force_login(ward.colleague)
    assert colleague.get(address).status_code == 404
    assert Client().get(address).status_code == 302


def test_the_receipt_tells_a_citizen_how_it_stands_and_nothing_personal(row, portal):
    address = reverse("submissions:receipt", args=[row.receipt_token])
    html = Client().get(address).content.decode()
    assert "Phường đã nhận tờ khai, đang chờ gửi lên Cổng" in html

    delivery.deliver(row.pk)
    PortalStatus.objects.create(submission=row, code=5, source_time=timezone.now())
    Submission.objects.filter(pk=row.pk).update(status=Status.SUPPLEMENT, portal_status=5)
    answer = Client().get(address)
    html = answer.content.decode()
    assert "Cần bổ sung, làm ngay" in html
    assert Submission.objects.get(pk=row.pk).portal_code in html
    assert (answer["X-Robots-Tag"], answer["Cache-Control"]) == ("noindex", "no-store")
    for personal in ("Mẫu Thử", "Giả Định", NUMBER, GUEST_NUMBER, "Giếng Đá", "0950000123", str(row.pk)):
        assert personal not in html


def test_a_wrong_slip_leads_nowhere(row):
    assert Client().get(reverse("submissions:receipt", args=["x" * 43])).status_code == 404


@pytest.mark.parametrize("status", Status.values)
def test_every_status_has_a_page_and_a_receipt(row, as_supervisor, status):
    Submission.objects.filter(pk=row.pk).update(status=status, lease_until=timezone.now(), portal_status=42)
    assert as_supervisor.get(page("dossier", row)).status_code == 200
    assert Client().get(reverse("submissions:receipt", args=[row.receipt_token])).status_code == 200
