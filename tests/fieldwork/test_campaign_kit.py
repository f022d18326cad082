"""A campaign's kit: what the ward writes is kept or refused in a sentence, and each paper carries its own code."""

import io
from datetime import date, timedelta

import pypdfium2
import pytest
import typst
import zxingcpp
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from onboarding.fieldwork import announcing, links
from onboarding.fieldwork.models import Campaign, LinkCount, ShortLink
from onboarding.journal.models import AuditEntry
from tests import build
from tests.fieldwork.conftest import ORIGIN

LIST = "/phuong/chien-dich/"
FACTS = {
    "name": "Tuần lễ  VNeID", "starts": "2026-12-01", "ends": "2026-12-07", "guide": "mau", "place": "Trạm y tế",
    "hours": "9:30 đến 11:00", "bring": "", "target_activations": "1.500", "target_households": "0",
}  # fmt: skip
PAPERS = {"to-roi": "to-roi", "hai-to-roi": "to-roi", "ap-phich": "ap-phich", "giay-treo-cua": "treo-cua"}


@pytest.fixture
def home(campaign) -> str:
    """The address of the campaign's kit."""
    return f"{LIST}{campaign.pk}/"


def addresses(home: str) -> list[str]:
    """Every address below the kit that is read."""
    papers = [f"{home}{kind}.pdf" for kind in PAPERS]
    return [home, f"{home}sua/", f"{home}anh.png", f"{home}qr/zalo.png", f"{home}qr/zalo.svg", *papers]


def text_of(answer) -> str:
    """What a page says, with plain spaces."""
    return answer.content.decode().replace("\u00a0", " ")


def codes(image: Image.Image) -> list[str]:
    """What the QR codes in an image say."""
    return [code.text for code in zxingcpp.read_barcodes(image)]


def pages_of(pdf: bytes, dpi: int = 110) -> list[Image.Image]:
    """A PDF as it leaves an office printer."""
    return [page.render(scale=dpi / 72).to_pil() for page in pypdfium2.PdfDocument(pdf)]


def test_the_kit_has_the_texts_the_links_and_the_counts_of_each_channel(campaign, home, as_supervisor):
    made = links.links_of(campaign)
    LinkCount.objects.create(link=made["zalo"], day=timezone.localdate(), count=1284)

    page = text_of(as_supervisor.get(home))

    for link in made.values():
        assert f"hosen.example/d/{link.code}" in page
    assert "1.284" in page
    assert announcing.loudspeaker(campaign) in page
    assert f"Xem từng bước bằng tranh: {ORIGIN}/d/{made['facebook'].code}" in page
    assert "VNeID đã cài" in page and "thẻ căn cước" in page, "what to bring comes from the guide"


def test_a_stranger_a_member_and_an_editor_find_nothing_of_it(campaign, home, ward, as_chandra):
    begun = {**FACTS, "name": "Của người lạ"}
    for who in (ward.stranger, ward.member, build.editor(ward.area)):
        browser = Client()
        browser.force_login(who)
        assert [browser.get(path).status_code for path in addresses(home)] == [404] * 9
        assert browser.post(f"{home}sua/", FACTS).status_code == 404
        assert browser.post(f"{home}loi/", {"loudspeaker": "x", "message": "x"}).status_code == 404
        if who != ward.stranger:
            assert browser.get(LIST).status_code == browser.post(f"{LIST}moi/", begun).status_code == 404
    assert campaign.name not in text_of(as_chandra.get(LIST))
    campaign.refresh_from_db()
    assert (campaign.name, campaign.loudspeaker) == ("90 ngày kích hoạt mức 2", "")


def test_who_is_not_signed_in_is_sent_to_sign_in(home):
    for path in (LIST, f"{LIST}moi/", *addresses(home)):
        assert Client().get(path)["Location"].startswith("/dang-nhap/")


def test_the_supervisor_begins_a_campaign_and_finds_its_kit(ward, guide, as_supervisor):
    answer = as_supervisor.post(f"{LIST}moi/", FACTS)

    made = Campaign.objects.get()
    assert answer["Location"] == reverse("fieldwork:campaign-kit", args=[made.pk])
    assert (made.area, made.name, made.starts, made.target_activations) == (
        ward.area, "Tuần lễ VNeID", date(2026, 12, 1), 1500,
    )  # fmt: skip
    assert ShortLink.objects.filter(campaign=made).count() == 7
    assert AuditEntry.objects.filter(action="campaign.save", object_id=made.pk, user=ward.supervisor).exists()


def test_changing_a_campaign_keeps_its_links(campaign, home, as_supervisor):
    before = {code: link.code for code, link in links.links_of(campaign).items()}

    as_supervisor.post(f"{home}sua/", {**FACTS, "guide": ""})

    campaign.refresh_from_db()
    assert (campaign.place, campaign.guide) == ("Trạm y tế", "")
    assert {code: link.code for code, link in links.links_of(campaign).items()} == before


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"name": "  "}, "Chưa có tên."),
        ({"name": "a" * 121}, "Dài 121 chữ cái. Bớt còn 120."),
        ({"starts": "hôm nay"}, "Chưa rõ ngày."),
        ({"ends": "2026-11-30"}, "Ngày kết thúc đang trước ngày bắt đầu."),
        ({"guide": "khong-co"}, "Bài này không còn. Chọn bài khác."),
        ({"place": "Nhà cô Hoa, 0900 000 012"}, "Có số điện thoại riêng."),
        ({"bring": "Thẻ 099158000001"}, "Có dãy số dài như số giấy tờ"),
        ({"hours": "OTP 428190"}, "Có mật khẩu hoặc mã OTP."),
        ({"target_activations": "nhiều"}, "Nhập một số, ví dụ 1.500."),
        ({"target_households": "-1"}, "Nhập một số, ví dụ 1.500."),
        ({"target_households": "99999999999"}, "Nhập một số, ví dụ 1.500."),
    ],
    ids=str,
)
def test_what_can_not_be_kept_is_said_and_nothing_typed_is_lost(ward, guide, as_supervisor, wrong, said):
    answer = as_supervisor.post(f"{LIST}moi/", {**FACTS, **wrong})

    assert answer.status_code == 422
    page = text_of(answer)
    assert said in page
    for typed in {**FACTS, **wrong}.values():
        assert typed in page or typed == "khong-co"
    assert not Campaign.objects.exists()


def test_the_wards_own_line_may_stand_and_markup_is_text(ward, guide, as_supervisor):
    place = "Trạm <b>y tế</b>, gọi 024 0000 0108"
    answer = as_supervisor.post(f"{LIST}moi/", {**FACTS, "place": place}, follow=True)

    assert Campaign.objects.get().place == place
    assert "<b>y tế" not in text_of(answer) and "&lt;b&gt;y tế" in text_of(answer)


def test_words_of_the_ward_are_kept_and_carried_by_every_message(campaign, home, as_supervisor):
    said = {"loudspeaker": "Mời bà con đến trạm y tế.", "message": "Mời bà con.\r\n\r\n\r\nĐến trạm y tế.  "}

    page = text_of(as_supervisor.post(f"{home}loi/", said, follow=True))

    campaign.refresh_from_db()
    assert (campaign.loudspeaker, campaign.message) == (said["loudspeaker"], "Mời bà con.\n\nĐến trạm y tế.")
    assert page.count("Đến trạm y tế.") == 3, "to be changed, for Zalo, for Facebook"


def test_words_left_as_suggested_or_emptied_go_on_following_the_facts(campaign, home, as_supervisor):
    as_supervisor.post(f"{home}loi/", {**announcing.suggested(campaign), "loudspeaker": ""})

    campaign.refresh_from_db()
    assert (campaign.loudspeaker, campaign.message) == ("", "")
    campaign.place = "Đình làng"
    assert "Đình làng" in announcing.message(campaign)


@pytest.mark.parametrize(
    ("field", "typed", "said"),
    [
        ("loudspeaker", "mời bà con " * 31, "Đọc hết khoảng 31 giây. Bớt lời để còn 30 giây."),
        ("loudspeaker", "Gọi anh Tư 0900 000 012", "Có số điện thoại riêng. Chỉ ghi số gọi hỗ trợ của phường."),
        ("message", "Bà Mẫu, 099158000001", "Có dãy số dài như số giấy tờ của một người."),
        ("message", "Mã OTP: 428190", "Có mật khẩu hoặc mã OTP."),
        ("message", "a" * 1001, "Dài 1001 chữ cái. Bớt còn 1000."),
    ],
)
def test_words_that_can_not_be_said_are_refused_and_both_texts_stay_as_typed(
    campaign, home, as_supervisor, field, typed, said
):
    other = {"loudspeaker": "Lời kia vẫn còn.", "message": "Tin kia vẫn còn."}
    answer = as_supervisor.post(f"{home}loi/", {**other, field: typed})

    assert answer.status_code == 422
    page = text_of(answer)
    assert said in page and typed in page
    assert all(words in page for name, words in other.items() if name != field)
    campaign.refresh_from_db()
    assert (campaign.loudspeaker, campaign.message) == ("", "")


@pytest.mark.parametrize(("kind", "channel"), PAPERS.items())
def test_a_paper_carries_the_code_of_its_own_channel(campaign, home, as_supervisor, kind, channel):
    answer = as_supervisor.get(f"{home}{kind}.pdf")

    assert answer["Content-Type"] == "application/pdf"
    wanted = f"{ORIGIN}/d/{links.links_of(campaign)[channel].code}"
    (sheet,) = pages_of(answer.content)
    assert codes(sheet) == [wanted] * (2 if kind == "hai-to-roi" else 1)
    assert codes(sheet.convert("L").point(lambda light: 255 * (light > 127))), "black and white"


@pytest.mark.parametrize(
    ("kind", "size"), [("to-roi", (420, 595)), ("hai-to-roi", (842, 595)), ("ap-phich", (595, 842))]
)
def test_leaflet_and_poster_say_when_where_what_to_bring_and_whom_to_call(campaign, home, as_supervisor, kind, size):
    pdf = as_supervisor.get(f"{home}{kind}.pdf").content

    paper = pypdfium2.PdfDocument(io.BytesIO(pdf))
    assert tuple(round(side) for side in paper[0].get_size()) == size
    assert paper.is_tagged() and b"/Lang(vi)" in pdf
    said = " ".join(paper[0].get_textpage().get_text_range().replace("\u00a0", " ").split())
    for part in (campaign.name, campaign.place, campaign.hours, "Thẻ căn cước", "Miễn phí", "024 0000 0108", "mã OTP"):
        assert part in said
    assert f"{campaign.starts:%d/%m}" in said and "hosen.example/d/" in said


def test_the_longest_words_still_fit_on_one_page_and_none_is_lost(campaign, home, as_supervisor):
    campaign.name, campaign.place = "kích hoạt " * 11 + "tên cuối", "nhà văn hóa " * 9 + "nơi cuối"
    campaign.hours, campaign.bring = "8:00 đến 11:30, " * 4 + "giờ cuối", "thẻ căn cước, " * 10 + "đồ cuối"
    campaign.save()

    for kind in ("to-roi", "hai-to-roi", "ap-phich"):
        paper = pypdfium2.PdfDocument(as_supervisor.get(f"{home}{kind}.pdf").content)
        assert len(paper) == 1
        said = " ".join(paper[0].get_textpage().get_text_range().replace("\u00a0", " ").split())
        for part in ("tên cuối", "nơi cuối", "giờ cuối", "đồ cuối", "Miễn phí", "024 0000 0108"):
            assert part in said


def test_the_codes_to_take_away_lead_where_the_channel_does(campaign, home, as_supervisor, tmp_path):
    wanted = f"{ORIGIN}/d/{links.links_of(campaign)['hop-to'].code}"

    png, svg = (as_supervisor.get(f"{home}qr/hop-to.{kind}") for kind in ("png", "svg"))

    assert codes(Image.open(io.BytesIO(png.content))) == [wanted]
    (tmp_path / "qr.svg").write_bytes(svg.content)
    (tmp_path / "qr.typ").write_text('#image("qr.svg", width: 60mm)')
    assert [codes(page) for page in pages_of(typst.compile(tmp_path / "qr.typ"))] == [[wanted]]
    assert (png["Content-Type"], svg["Content-Type"]) == ("image/png", "image/svg+xml")


@pytest.mark.parametrize("path", ["qr/khong-co.png", "qr/zalo.gif", "to-roi.docx"])
def test_what_is_not_in_the_kit_is_not_there(home, as_supervisor, path):
    assert as_supervisor.get(f"{home}{path}").status_code == 404


def test_the_picture_to_pass_on_is_of_the_size_that_previews_take_and_follows_the_facts(campaign, home, as_supervisor):
    first = as_supervisor.get(f"{home}anh.png")
    assert Image.open(io.BytesIO(first.content)).size == (1200, 630)
    assert as_supervisor.get(f"{home}anh.png").content == first.content

    campaign.place = "Đình làng"
    campaign.save()
    assert as_supervisor.get(f"{home}anh.png").content != first.content


def test_a_guide_that_is_no_longer_published_leaves_the_kit_whole(campaign, home, as_supervisor, guide):
    guide.state = "withdrawn"
    guide.save()

    assert {as_supervisor.get(path).status_code for path in addresses(home)} == {200}
    assert "hiện không phát hành" in text_of(as_supervisor.get(f"{home}sua/"))


def test_the_list_shows_the_wards_campaigns_and_asks_the_database_no_more_for_many(
    ward, campaign, as_supervisor, django_assert_max_num_queries
):
    today = timezone.localdate()
    for number in range(12):
        past = today - timedelta(days=100 + number)
        Campaign.objects.create(area=ward.area, name=f"Đợt {number}", starts=past, ends=past)
    LinkCount.objects.create(link=links.links_of(campaign)["zalo"], day=today, count=5)

    with django_assert_max_num_queries(15):
        page = text_of(as_supervisor.get(LIST))
    assert page.index(campaign.name) < page.index("Đợt 0") < page.index("Đợt 11")
    assert "5 lượt mở trong 30 ngày" in page


def test_the_dashboard_leads_to_the_kit_of_the_campaign_that_runs(campaign, home, as_supervisor):
    assert f'href="{home}"' in text_of(as_supervisor.get("/phuong/"))


def test_an_address_that_could_be_no_campaigns_is_not_found(as_supervisor):
    for pk in ("-" * 36, "0" * 36):
        for end in ("to-roi.pdf", "qr/zalo.png"):
            assert as_supervisor.get(f"/phuong/chien-dich/{pk}/{end}").status_code == 404
