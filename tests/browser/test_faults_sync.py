"""What the line, the server and other hands do to a phone's outbox: nothing is lost, doubled or believed too early.

Real browsers before a proxy that fails as networks do. The protocol's own tests (tests/sync, tests/js) try every order;
here it is proved that the app as it is built does the same.
"""

import json

import pytest
from playwright.sync_api import Page, expect

from tests.browser.ground import Ground, agree_and_sign, finish, nobody_home, open_form, try_again
from tests.browser.handset import Handset
from tests.faultproxy import Rule

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

CHUNK = 64 * 1024
WRONG = "481620"
DEVICE = "from onboarding.sync.models import Device\nfrom django.utils import timezone\n"


def group(page: Page, name: str):
    """The rows of the outbox that stand under one of the five words."""
    return page.locator(f"[data-screen=hop-gui] [data-group={name}] li")


def all_sent(page: Page, rows: int) -> None:
    """See all rows sent and none waiting."""
    expect(group(page, "ok")).to_have_count(rows)
    for name in ("wait", "local"):
        expect(page.locator(f"[data-group={name}]")).to_be_hidden()


def ids(phone: Handset) -> list[str]:
    """The ids in the outbox, in the order of capture."""
    return [row["id"] for row in sorted(phone.stored("outbox"), key=lambda row: (row["epoch"], row["seq"]))]


def states(phone: Handset) -> set[str]:
    """The states in the outbox."""
    return {row["state"] for row in phone.stored("outbox")}


def hits(ground: Ground, fault: str) -> int:
    """How many requests suffered a fault."""
    return sum(line.endswith(f"→ {fault}") for line in ground.line.seen)


def two_visits(ground: Ground, phone: Handset, member: str = "mau") -> list[str]:
    """Two visits captured without network, which stays away; their ids."""
    ground.line.turn_to(Rule("down", "/sync/"))
    for person in homes(ground, member)[:2]:
        nobody_home(phone.page, person)
    return ids(phone)


def homes(ground: Ground, member: str) -> list[dict]:
    """One person for each home of the member's round."""
    return list({person["home"]: person for person in ground.people(member)}.values())


@pytest.mark.fault("F17")
@pytest.mark.parametrize(
    "fault, where",
    [("captive_portal", "/sync/"), ("captive_portal", "POST /sync/push/"), ("login_page", "POST /sync/push/")],
)
def test_a_captive_portal_or_a_login_page_is_no_receipt(ground: Ground, fault: str, where: str):
    phone = ground.phone()
    mine = two_visits(ground, phone)
    ground.line.turn_to(Rule(fault, where))
    for turn in range(1, 3):
        try_again(phone.page)
        ground.house.wait_until(lambda turn=turn: hits(ground, fault) >= turn, "the line lied")
        expect(group(phone.page, "wait")).to_have_count(2)
    assert states(phone) == {"ready"} and ids(phone) == mine
    expect(phone.page.locator("[data-group=wait]")).to_contain_text("Đang chờ mạng")
    assert ground.clerk.entries(*mine) == []
    ground.line.heal()
    try_again(phone.page)
    all_sent(phone.page, 2)
    assert [row["verdict"] for row in ground.clerk.entries(*mine)] == ["accepted"] * 2


@pytest.mark.fault("F19")
def test_an_answer_lost_three_times_after_the_commit_leads_to_one_row_and_the_same_receipt(ground: Ground):
    phone = ground.phone()
    mine = two_visits(ground, phone)
    ground.line.turn_to(Rule("drop_reply", "POST /sync/push/", times=3))
    try_again(phone.page)
    ground.house.wait_until(lambda: len(ground.clerk.entries(*mine)) == 2, "the server has committed")
    first = {row["id"]: row["receipt"] for row in ground.clerk.entries(*mine)}
    for lost in (2, 3):
        try_again(phone.page)
        ground.house.wait_until(lambda lost=lost: hits(ground, "drop_reply") >= lost, "and again")
        assert states(phone) == {"ready"} or hits(ground, "drop_reply") == 3
    try_again(phone.page)
    all_sent(phone.page, 2)
    assert hits(ground, "drop_reply") == 3
    rows = ground.clerk.entries(*mine)
    assert {row["id"]: row["receipt"] for row in rows} == first and len(rows) == 2
    kept = {row["id"]: row["receipt"] for row in phone.stored("receipt")}
    assert kept == {entry: json.loads(text) for entry, text in first.items()}


@pytest.mark.fault("F24")
def test_two_tabs_that_send_at_once_send_once(ground: Ground):
    phone = ground.phone()
    mine = two_visits(ground, phone)
    first = phone.page
    second = phone.context.new_page()
    ground.line.turn_to(Rule("hold", "POST /sync/hello/"))
    second.goto(ground.line.url + "/doi/")
    phone.page = second
    phone.unlock()
    ground.house.wait_until(lambda: hits(ground, "hold") == 1, "one tab is on the line")
    for page in (first, second, first, second):
        page.bring_to_front()
        try_again(page)
    expect(group(first, "wait")).to_have_count(2)
    assert hits(ground, "hold") == 1  # the other tabs stand back while one is sending
    ground.line.heal()
    for page in (first, second):
        all_sent(page, 2)
    pushes = [line for line in ground.line.seen if line.startswith("POST /sync/push/") and line.endswith("ok")]
    assert len(pushes) == 1
    assert [row["id"] for row in ground.clerk.entries(*mine)] == mine


@pytest.mark.fault("F25")
def test_a_photo_goes_on_where_it_was_when_the_browser_was_killed(ground: Ground):
    phone = ground.ready()
    agree_and_sign(phone.page)
    finish(phone.page)
    (file,) = [file for row in phone.stored("outbox") for file in row["files"]]
    chunks = -(-file["size"] // CHUNK)
    assert chunks >= 4
    ground.line.turn_to(Rule("pass", "PATCH /sync/files/", times=2), Rule("stall", "PATCH /sync/files/"))
    try_again(phone.page)
    ground.house.wait_until(lambda: hits(ground, "stall") == 1, "the third piece is on its way")
    phone.kill()
    ground.line.heal()
    ground.line.seen.clear()

    phone.switch_on()
    phone.unlock()
    offset = f"""
from onboarding.sync.models import Upload
answer = Upload.objects.filter(pk="{file["sha256"]}", done_at__isnull=False).count()
"""
    ground.house.wait_until(lambda: ground.clerk.ask(offset) == 1, "the file is whole")
    sent = [line for line in ground.line.seen if line.startswith("PATCH /sync/files/")]
    assert len(sent) == chunks - 2  # not one piece twice
    stored = ground.clerk.ask(f"""
from django.core.files.storage import default_storage
from onboarding.submissions.attachments import sealed_name
import hashlib
answer = hashlib.sha256(default_storage.open(sealed_name("{file["sha256"]}")).read()).hexdigest()
""")
    assert stored == file["sha256"]
    try_again(phone.page)
    all_sent(phone.page, 2)


@pytest.mark.fault("F27")
def test_an_enrolment_that_ran_out_keeps_everything_and_a_new_qr_sends_it(ground: Ground):
    phone = ground.fresh("thu")
    mine = two_visits(ground, phone, "thu")
    ground.line.heal()
    device = phone.stored("outbox")[0]["device"]
    over = f"Device.objects.filter(pk='{device}').update(valid_to=timezone.now())"
    ground.clerk.ask(DEVICE + over)
    try_again(phone.page)
    notice = phone.page.locator("[data-screen=hop-gui] [data-notice]")
    expect(notice).to_contain_text("Xin phường mã QR mới để gửi.")
    expect(group(phone.page, "local")).to_have_count(2)  # "Đã lưu trên máy": no promise that it goes by itself
    assert states(phone) == {"ready"}

    nobody_home(phone.page, homes(ground, "thu")[2])  # work goes on
    assert ids(phone)[:2] == mine and len(ids(phone)) == 3

    phone.page.goto(ground.address("thu"))
    phone.page.get_by_label("Đặt tên cho máy này").fill("Máy cũ")
    phone.page.get_by_role("button", name="Ghi danh máy").click()
    expect(phone.page.locator("[data-screen=hom-nay]")).to_be_visible()
    try_again(phone.page)
    all_sent(phone.page, 3)
    expect(notice).not_to_contain_text("Xin phường mã QR mới")
    rows = ground.clerk.entries(*ids(phone))
    assert [row["verdict"] for row in rows] == ["accepted"] * 3
    assert {row["device"] for row in phone.stored("outbox")} == {device}


@pytest.mark.fault("F28")
def test_a_member_who_left_gives_the_outbox_into_quarantine_and_keeps_nothing_readable(ground: Ground):
    phone = ground.fresh("dinh")
    mine = two_visits(ground, phone, "dinh")
    assert phone.stored("record")
    member = "from onboarding.accounts.models import User\nUser.objects.filter(username='dinh').update(is_active={})"
    ground.clerk.ask(member.format(False))
    ground.line.seen.clear()
    ground.line.heal()
    try:
        phone.page.reload()  # the app is opened in the evening and sends by itself, locked as it is
        expect(phone.page.locator("[data-screen=quen-pin]")).to_be_visible()
        expect(phone.page.locator("[data-screen=quen-pin]")).to_contain_text("Dữ liệu đọc được trên máy đã xóa")
        ground.house.wait_until(lambda: len(ground.clerk.entries(*mine)) == 2, "both are in")
        assert [(row["verdict"]) for row in ground.clerk.entries(*mine)] == ["quarantined"] * 2
        assert phone.stored("record") == [] and phone.stored("draft") == []
        rows = phone.stored("outbox")
        assert [row["id"] for row in rows if row["label"] or row["copy"] or row["view"]] == []
        assert not [line for line in ground.line.seen if "/sync/pull/" in line]
    finally:
        ground.clerk.ask(member.format(True))


@pytest.mark.fault("F30")
def test_what_one_member_captured_goes_as_theirs_when_another_takes_over_the_phone(ground: Ground):
    phone = ground.phone()
    mine = two_visits(ground, phone)
    ground.line.turn_to(Rule("down", "POST /sync/(push|hello)/"))
    phone.page.goto(ground.address("thu"))
    phone.page.get_by_label("Đặt tên cho máy này").fill("Máy chung")
    phone.page.get_by_role("button", name="Ghi danh máy").click()
    expect(phone.page.locator("[data-screen=dat-pin]")).to_be_visible()  # the other one's PIN opens nothing any more
    phone.type_pin()
    expect(phone.page.locator("[data-screen=dat-pin] [data-title]")).to_contain_text("lại")
    phone.type_pin()
    expect(phone.page.locator("[data-screen=hom-nay]")).to_be_visible()
    rows = phone.stored("outbox")
    assert {row["id"] for row in rows} == set(mine)
    assert not any(row["label"] or row["copy"] or row["view"] for row in rows)
    ground.line.heal()
    try_again(phone.page)
    all_sent(phone.page, 2)
    whose = ground.clerk.ask(
        "from onboarding.sync.models import Entry\n"
        f"answer = list(Entry.objects.filter(pk__in={mine!r}).values_list('user__username', 'verdict'))"
    )
    assert whose == [["mau", "accepted"]] * 2


@pytest.mark.fault("T02")
def test_five_wrong_pins_wipe_what_can_be_read_and_what_waits_is_delivered_later(ground: Ground):
    phone = ground.phone()
    page = phone.page
    mine = two_visits(ground, phone)
    open_form(page, ground.people()[1])
    assert len(phone.stored("draft")) == 1
    page.reload()
    message = page.locator("[data-screen=mo-khoa] [data-message]")
    for times, left in ((1, 4), (2, 3), (3, 2), (4, 1)):
        if times == 3:
            page.reload()  # does not give a try back
        phone.type_pin(WRONG)
        expect(message).to_have_text(f"Sai {times} lần. Còn {left} lần thử.")
    phone.type_pin(WRONG)
    expect(page.locator("[data-screen=quen-pin]")).to_contain_text("2 mục chưa gửi vẫn nằm trên máy và vẫn được gửi.")
    assert ids(phone) == mine
    assert phone.stored("draft") == [] and phone.stored("record") == []
    assert not any(row["label"] or row["copy"] or row["view"] for row in phone.stored("outbox"))
    page.reload()
    expect(page.locator("[data-screen=quen-pin]")).to_be_visible()  # the right PIN opens nothing any more either

    ground.line.heal()
    page.reload()
    expect(page.locator("[data-screen=quen-pin]")).to_contain_text("Không có mục nào chưa gửi.")
    rows = ground.clerk.entries(*mine)
    assert [row["verdict"] for row in rows] == ["accepted"] * 2
    assert phone.stored("record") == []


TWO_VERSIONS = """
from django.utils import timezone
from onboarding.accounts.models import User
from onboarding.fieldwork import merging
from onboarding.fieldwork.models import Conflict
from onboarding.ids import new_id
for username, note in (("mau", "cổng sơn lại màu xanh"), ("thu", "cổng sơn lại màu nâu")):
    merging.edit_record(
        user=User.objects.get(username=username), entry=new_id(), record="household", subject="{home}",
        fields={{"note": note}}, seen={{}}, at=timezone.now())
answer = str(Conflict.objects.get(subject="{home}", field="note", closed_at=None).pk)
"""


@pytest.mark.fault("F31")
@pytest.mark.parametrize("choice", ["ours", "theirs"])
def test_choosing_one_of_two_versions_closes_the_conflict(ground: Ground, choice: str):
    home = homes(ground, "mau")[{"ours": 4, "theirs": 5}[choice]]["home"]  # the house lives on between tests
    conflict = ground.clerk.ask(TWO_VERSIONS.format(home=home))
    phone = ground.phone()
    page = phone.page
    link = page.locator(f"[data-screen=hop-gui] a[href='#/hai-ban/{conflict}']")
    try_again(page)
    expect(link).to_be_visible()
    link.click()
    page.locator(f"[data-screen=hai-ban] [value={choice}]").check()
    kept = page.locator(f"[data-screen=hai-ban] label:has([value={choice}]) > span").inner_text()
    page.get_by_role("button", name="Giữ bản đã chọn").click()
    expect(page.locator("[data-screen=hop-gui]")).to_be_visible()
    open_ones = f"""
from onboarding.fieldwork.models import Conflict, Household
answer = [Conflict.objects.filter(pk="{conflict}", closed_at=None).count(), Household.objects.get(pk="{home}").note]
"""
    ground.house.wait_until(lambda: ground.clerk.ask(open_ones)[0] == 0, "the choice was taken")
    assert ground.clerk.ask(open_ones)[1] in kept
    try_again(page)
    expect(link).to_have_count(0)
