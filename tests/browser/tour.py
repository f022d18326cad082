"""A walk past every screen of the three surfaces, in an order in which each can be reached; says where it stands.

For: whoever looks at all of them, one after the other (test_looks.py measures, screens.py takes pictures).
Not for: whether a screen does its work; the journeys do that.
"""

import json
import re
from collections.abc import Iterator
from datetime import timedelta
from io import BytesIO

from django.utils import timezone
from PIL import Image, ImageDraw
from playwright.sync_api import Page, expect

from tests.browser.phone import TeamPhone

GUIDE = "/huong-dan/vneid-muc-2/"
CITIZEN = {
    "home": "/",
    "list": "/huong-dan/",
    "event": "/can/co-nguoi-mat/",
    "event-caller": "/can/nguoi-la-goi/",
    "search": "/tim/",
    "search-found": "/tim/?q=vneid",
    "search-none": "/tim/?q=xyzzy",
    "overview": GUIDE,
    "step": f"{GUIDE}1/",
    "step-secret": f"{GUIDE}5/",
    "step-last": f"{GUIDE}11/",
    "stuck": f"{GUIDE}5/vuong/",
    "print": f"{GUIDE}in/",
    "ask": "/goi-to/",
    "visitor": "/to-ho-tro/",
    "visitor-found": "/to-ho-tro/DEMO-11/",
    "visitor-unknown": "/to-ho-tro/?the=KHONG-CO",
    "offline": "/offline/",
    "sign-in": "/dang-nhap/",
    "not-found": "/khong-co-trang-nay/",
    "link-unknown": "/d/khongco",
}


def citizen(page: Page, *, receipt: str = "") -> Iterator[str]:
    """Open every page that needs no sign-in, and the receipt at the address `receipt` if there is one."""
    for name, path in {**CITIZEN, **({"receipt": receipt} if receipt else {})}.items():
        page.goto(path)
        if name == "ask":
            page.get_by_role("button", name="Gửi lời hẹn").click()  # and what is wrong above each field
        if name in ("stuck", "list"):
            page.locator("summary").first.click()
        yield name
    page.goto("/dang-nhap/")
    sign_in(page, password="sai")
    yield "sign-in-wrong"


def sign_in(page: Page, *, password: str = "") -> None:
    """Fill the sign-in form as the demo's supervisor, with the demo's password or another."""
    page.get_by_label("Tên đăng nhập").fill("phutrach")
    page.get_by_label("Mật khẩu").fill(password or "ho-sen-2026")
    page.get_by_role("button", name="Đăng nhập", exact=True).click()
    page.wait_for_load_state()


def ward(page: Page, *, dossier: str = "") -> Iterator[str]:
    """Open every page of the ward, as a supervisor who is signed in; the dossier has the address `dossier`."""
    page.goto("/phuong/")
    quiet(page)
    yield "dashboard"
    page.goto("/phuong/luot-tham/")
    yield "visits"
    page.goto("/phuong/luot-tham/?tim=khong+co+ai")
    yield "visits-none"
    page.goto("/phuong/luot-tham/da-xoa/")
    yield "deleted"
    page.goto("/phuong/luot-tham/?tim=12")
    page.locator("td[data-a=name] a").first.click()
    quiet(page)
    yield "household"
    page.goto("/phuong/hen-tham/")
    yield "requests"
    page.locator("a.row").first.click()
    yield "request"
    page.goto("/phuong/ho-so/")
    yield "dossiers"
    if dossier:
        page.goto(dossier)
        yield "dossier"
    page.goto("/phuong/huong-dan/")
    yield "guides"
    page.goto("/phuong/huong-dan/vneid-muc-2/")
    yield "guide"
    page.get_by_role("link", name="Rút bài này").click()
    page.wait_for_load_state()
    yield "guide-withdraw"
    page.go_back()
    page.get_by_role("link", name="Xem khác gì").first.click()
    page.wait_for_load_state()
    yield "guide-version"
    page.goto("/phuong/chien-dich/")
    yield "campaigns"
    page.locator("main a.row").first.click()
    quiet(page)
    yield "campaign-kit"
    page.locator("textarea").first.fill("Gọi anh Tư 0900 000 012")
    page.get_by_role("button", name="Lưu lời").click()
    quiet(page)
    yield "campaign-kit-refused"
    page.goto("/phuong/chien-dich/moi/")
    page.get_by_role("button", name="Lưu đợt").click()
    page.wait_for_load_state()
    yield "campaign-new-refused"
    page.goto("/phuong/may/")
    yield "devices"
    page.locator("li", has_text="Vũ Mai Ví Dụ").get_by_role("button", name="Mở mã").click()
    page.locator(".qr").wait_for()
    yield "invitation"


def quiet(page: Page) -> None:
    """Wait until the parts that come by themselves have come."""
    page.wait_for_load_state("networkidle")


# --- the team's phone ------------------------------------------------------------------------------------------------


def enrolling(phone: TeamPhone, *, member: str) -> Iterator[str]:
    """From a phone that has never seen us to today's round."""
    page = phone.page
    page.goto("/doi/")
    phone.wait_for("ghi-danh")
    yield "enrol-none"
    page.goto(f"/doi/#/ghi-danh/{phone.invite(member)}")
    page.get_by_label("Đặt tên cho máy này").fill("Máy của Thử")
    yield "enrol"
    page.get_by_role("button", name="Ghi danh máy").click()
    phone.wait_for("dat-pin")
    yield "pin-new"
    phone.type_pin()
    expect(phone.screen.get_by_role("heading", name="Nhập lại mã PIN")).to_be_visible()
    phone.type_pin()
    phone.wait_for("hom-nay")
    expect(phone.screen.locator(".card.hot")).to_be_visible(timeout=20_000)
    yield "today"


def around(phone: TeamPhone) -> Iterator[str]:
    """The screens that belong to no house."""
    for path, screen, name in (
        ("/hop-gui", "hop-gui", "outbox-quiet"),
        ("/huong-dan", "huong-dan", "guides"),
        ("/tranh/vneid-muc-2/5", "tranh", "guide-step"),
        ("/may", "may", "menu"),
        ("/quet", "quet", "scan"),
    ):
        visit(phone, path, screen)
        yield name
    visit(phone, "/hop-gui", "hop-gui")
    differs = phone.screen.get_by_text("Xem hai bản và chọn")
    if differs.count():
        differs.first.click()
        phone.wait_for("hai-ban")
        yield "conflict"


def at_the_door(phone: TeamPhone, person: dict) -> Iterator[str]:
    """One house: the checklist with its sheet, a card typed by hand, the ways a visit ends."""
    page, home = phone.page, person["home"]
    visit(phone, f"/nha/{home}", "nha")
    yield "household"
    phone.press("Bắt đầu thăm")
    expect(phone.screen.get_by_text("Đang thăm từ")).to_be_visible()
    yield "household-inside"
    visit(phone, f"/nguoi/{person['id']}", "nguoi")
    phone.screen.locator("[data-s=now] .btn.go").click()
    expect(phone.screen.locator("li[data-s=done]").first).to_be_visible()
    phone.screen.locator("[data-s=now]").get_by_role("button", name="Vướng").click()
    page.locator("[data-sheet=blocker] .pick").first.click()
    yield "blocker"
    page.get_by_role("button", name="Lưu chỗ vướng").click()
    expect(phone.screen.locator("li[data-s=block]").first).to_be_visible()
    yield "checklist"
    visit(phone, f"/quet/{home}", "quet")
    phone.screen.locator("[data-typed] > summary").click()
    phone.screen.get_by_role("button", name="Dùng thông tin này").click()
    yield "scan-typed-wrong"
    type_card(phone, person)
    yield "scan-result"
    for path, screen, name in (
        (f"/nha/{home}/sua", "sua-nha", "household-edit"),
        (f"/nha/{home}/hen", "hen", "again"),
        (f"/nha/{home}/xong/met", "ket-thuc", "visit-end"),
    ):
        visit(phone, path, screen)
        yield name


def type_card(phone: TeamPhone, person: dict) -> None:
    """Type what the person's card says and see what was read."""
    form = phone.screen.locator("#card-form")
    year, month, day = person["birth"].split("-")
    form.locator("[name=number]").fill(person["number"])
    form.locator("[name=name]").fill(person["name"])
    form.locator("[name=birth]").fill(f"{day}/{month}/{year}")
    form.locator(f"[name=sex][value={person['sex']}]").check()
    form.locator("[name=address]").fill("Số 14 ngõ 27 phố Giếng Đá, phường Hồ Sen, Hà Nội")
    form.get_by_role("button", name="Dùng thông tin này").click()
    phone.wait_for("ket-qua")


def lodging_notice(phone: TeamPhone, person: dict, paper: bytes) -> Iterator[str]:
    """The form from its first question to the signature; the paper's picture comes from a file."""
    page = phone.page
    visit(phone, f"/to-khai/luu-tru/{person['home']}/{person['id']}", "to-khai")
    page.wait_for_function("() => /^#.to-khai.[^/]{36}/.test(location.hash)")
    form = phone.screen
    form.locator("[name=guest_name]").fill("Đặng Thị Ẩn Danh")
    form.locator("[name=document_type]").select_option("8")
    form.locator("[name=document_number]").fill("0991580001")
    form.locator("[data-next]").click()
    expect(form.locator(".err:visible").first).to_be_visible()
    yield "form-error"
    form.locator("[name=guest_birth]").fill("1958")
    form.locator("[name=guest_sex]").first.check()
    form.locator("[name=document_number]").fill("099 158 000 001")
    leave(form, "guest")
    yield "form-place"
    leave(form, "place")
    form.locator("[name=departure]").fill((timezone.localdate() + timedelta(days=2)).isoformat())
    form.locator("[name=reason]").select_option("tham")
    yield "form-time"
    leave(form, "time")
    yield "photo-none"
    slot = form.locator("[data-slot] input[type=file]").first
    slot.set_input_files({"name": "giay.jpg", "mimeType": "image/jpeg", "buffer": paper})
    expect(form.locator(".shot .chip").first).to_be_visible()
    yield "photo"
    leave(form, "papers")
    yield "form-review"
    form.locator("[data-next]").click()
    phone.wait_for("ky")
    yield "consent"
    phone.sign()
    yield "signed"
    page.get_by_role("button", name="Hoàn tất và lưu").click()
    phone.wait_for("nha")


def sent(phone: TeamPhone) -> Iterator[str]:
    """The outbox when everything has gone."""
    visit(phone, "/hop-gui", "hop-gui")
    expect(phone.screen.locator("[data-group=ok] li.row").first).to_be_visible()
    expect(phone.screen.locator("[data-group=wait]")).to_be_hidden()
    yield "outbox-sent"


def waiting(phone: TeamPhone, person: dict) -> Iterator[str]:
    """End the visit without network, and the outbox after it."""
    visit(phone, f"/nha/{person['home']}/xong/away", "ket-thuc")
    phone.press("Lưu lượt thăm")
    phone.wait_for("hom-nay")
    yield "today-after"
    visit(phone, "/hop-gui", "hop-gui")
    expect(phone.screen.locator("[data-group=wait]")).to_be_visible()
    yield "outbox-wait"


def leave(form, code: str) -> None:
    """Go on from a section of the form."""
    form.locator("[data-next]").click()
    expect(form.locator(f"[data-form-section={code}]")).to_be_hidden()


def visit(phone: TeamPhone, path: str, screen: str) -> None:
    """Go to a screen without leaving the page and wait until it stands there."""
    phone.page.evaluate("(path) => { location.hash = path }", path)
    phone.wait_for(screen)


def locked(phone: TeamPhone) -> Iterator[str]:
    """The pad, a wrong PIN, and what to do when it is forgotten."""
    visit(phone, "/may", "may")
    phone.press("Khóa ngay")
    phone.wait_for("mo-khoa")
    phone.type_pin("111111")
    expect(phone.screen.locator("[data-message]")).not_to_be_empty()
    yield "pin-wrong"
    phone.press("Quên")
    phone.wait_for("quen-pin")
    yield "pin-forgotten"
    phone.page.locator("[data-forgot-back]").click()
    phone.wait_for("mo-khoa")
    phone.type_pin()


# --- who and what the walk meets -------------------------------------------------------------------------------------

WHO = """
import json
from onboarding.fieldwork.models import Resident, Round
walk = Round.objects.filter(team__memberships__user__username="{}").order_by("-day").first()
rows = Resident.objects.filter(household__stops__round=walk, birth__regex="^....-..-..$", eid="unknown")
rows = rows.exclude(number_sealed=None).filter(birth__lt="1975").select_related("household")
row = rows.order_by("-pk").first()
print("FOUND" + json.dumps({{
    "id": str(row.pk), "home": str(row.household_id), "name": row.name, "number": row.number, "birth": row.birth,
    "sex": row.sex, "plate": row.household.number}}))
"""
DOSSIER = """
from onboarding.submissions.models import Submission
row = Submission.objects.order_by("created_at").last()
print("FOUND" + (f"/phuong/ho-so/{row.pk}/ /bien-nhan/{row.receipt_token}/" if row else " "))
"""


def paper() -> bytes:
    """A sheet of paper on a dark table, sharp and light enough to be found readable."""
    table = Image.new("RGB", (1200, 900), "#3a2f28")
    draw = ImageDraw.Draw(table)
    draw.rectangle((150, 90, 1050, 810), fill="#f7f4ea")
    for row in range(14):
        for word in range(6):
            left, top = 210 + word * 135 + (row * 17) % 40, 160 + row * 44
            draw.rectangle((left, top, left + 60 + (row * word * 23) % 60, top + 16), fill="#1f2a44")
    out = BytesIO()
    table.save(out, "JPEG", quality=90)
    return out.getvalue()


def somebody(house, member: str) -> dict:
    """Return a grown-up of the member's round whose card can be read."""
    return json.loads(house.manage("shell", "-c", WHO.format(member)).split("FOUND")[1])


def newest_dossier(house) -> tuple[str, str]:
    """Return the addresses of the newest dossier and of its receipt."""
    found = re.search(r"FOUND(\S+) (\S+)", house.manage("shell", "-c", DOSSIER))
    assert found, "no dossier has arrived"
    return found[1], found[2]
