"""What is printed: the guide's own words and pictures, a code that leads to it, its number and day."""

import io

import pypdfium2
import pytest
import zxingcpp
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from PIL import Image

from onboarding.guides import papers
from onboarding.guides.models import Guide, StepCount
from tests import build

pytestmark = pytest.mark.django_db
ORIGIN = "https://hosen.example"
KINDS = ("a4", "a5", "ap-phich", "chu")


@pytest.fixture
def own(settings):
    """The address that papers name."""
    settings.SITE_URL = ORIGIN


def pdf(path: str) -> pypdfium2.PdfDocument:
    """What a reader gets who opens path."""
    answer = Client().get(path)
    assert (answer.status_code, answer["Content-Type"]) == (200, "application/pdf")
    return pypdfium2.PdfDocument(answer.content)


def words(paper: pypdfium2.PdfDocument) -> str:
    """All words of a paper on one line."""
    return " ".join(" ".join(page.get_textpage().get_text_range() for page in paper).replace("\u00a0", " ").split())


def pictures(paper: pypdfium2.PdfDocument, dpi: int = 110) -> list[Image.Image]:
    """The pages as they leave an office printer."""
    return [page.render(scale=dpi / 72).to_pil() for page in paper]


@pytest.mark.parametrize("kind", KINDS)
def test_a_paper_names_the_guide_its_version_and_the_day_and_its_code_leads_to_it(version, own, kind):
    paper = pdf(reverse("guides:paper", args=["mau", kind]))
    text = words(paper)
    assert "Hướng dẫn mẫu" in text
    assert "Bản 1, kiểm tra 21/11/2026." in text
    found = {code.text for page in pictures(paper) for code in zxingcpp.read_barcodes(page)}
    assert f"{ORIGIN}/huong-dan/mau/" in found
    assert all(code.startswith(f"{ORIGIN}/b/mau/") for code in found - {f"{ORIGIN}/huong-dan/mau/"})
    assert kind == "a5" or len(found) == 1


def test_the_sheet_has_every_step_with_its_safety_line_and_its_page_number(version, own):
    text = words(pdf(reverse("guides:paper", args=["mau", "a4"])))
    for expected in (
        "Bấm Gửi yêu\u00a0cầu".replace("\u00a0", " "),
        "Đợi máy báo xong",
        "Không đọc mã này cho ai.",
        "Trang 1/1",
    ):
        assert expected in text.replace("\u00a0", " ")


def test_five_steps_go_on_two_pages(desk, own):
    desk.guide["steps"] = [{**desk.guide["steps"][0], "item": f"b{n}"} for n in range(5)]
    desk.checklist["items"] = []
    desk.load()
    paper = pdf(reverse("guides:paper", args=["mau", "a4"]))
    assert len(paper) == 2
    assert "Trang 2/2" in words(paper)


def test_the_handout_takes_the_four_steps_where_most_can_go_wrong_in_their_order(desk, own):
    steps = [{**desk.guide["steps"][0], "item": f"b{n}", "title": f"Bước số {n}", "blockers": []} for n in range(1, 7)]
    for number in (6, 2, 3, 5):
        steps[number - 1]["blockers"] = ["NO_INTERNET"]
    desk.guide["steps"], desk.checklist["items"] = steps, []
    desk.load()
    text = words(pdf(reverse("guides:paper", args=["mau", "a5"])))
    assert [n for n in range(1, 7) if f"Bước số {n}" in text] == [2, 3, 5, 6]
    assert "Không đọc mã OTP, mật khẩu cho bất kỳ ai." in text


def test_the_handout_takes_first_where_readers_were_stuck_and_a_few_taps_change_nothing(desk, own):
    steps = [{**desk.guide["steps"][0], "item": f"b{n}", "title": f"Bước số {n}", "blockers": []} for n in range(1, 7)]
    for number in (1, 2, 3, 5):
        steps[number - 1]["blockers"] = ["NO_INTERNET"]
    desk.guide["steps"], desk.checklist["items"] = steps, []
    desk.load()
    version, today = Guide.objects.get(slug="mau").current, timezone.localdate()
    for step, count in ((6, 5), (4, 4)):
        StepCount.objects.create(version=version, step=step, kind="stuck", day=today, count=count)
    text = words(pdf(reverse("guides:paper", args=["mau", "a5"])))
    assert [n for n in range(1, 7) if f"Bước số {n}" in text] == [1, 2, 3, 6]


def test_each_step_of_the_handout_has_a_code_that_leads_to_it_whatever_its_number_is_by_then(desk, own):
    steps = [{**desk.guide["steps"][0], "item": f"b{n}", "title": f"Bước số {n}"} for n in range(1, 5)]
    desk.guide["steps"], desk.checklist["items"] = steps, []
    desk.load()
    page = pictures(pdf(reverse("guides:paper", args=["mau", "a5"])))[0]
    found = {code.text for code in zxingcpp.read_barcodes(page)}
    assert found == {f"{ORIGIN}/huong-dan/mau/", *(f"{ORIGIN}/b/mau/b{n}/" for n in range(1, 5))}
    desk.guide["steps"] = [{**steps[0], "item": "moi"}, *steps[1:]]
    desk.load()
    assert Client().get("/b/mau/b3/")["Location"] == "/huong-dan/mau/3/"
    assert Client().get("/b/mau/moi/")["Location"] == "/huong-dan/mau/1/"
    assert Client().get("/b/mau/b1/")["Location"] == "/huong-dan/mau/"  # the step is gone, the guide is not


def test_a_steps_code_is_there_to_be_put_into_other_papers(version, own):
    item = version.steps.get(number=1).item
    answer = Client().get(f"/b/mau/{item}/ma.svg")
    assert (answer.status_code, answer["Content-Type"]) == (200, "image/svg+xml")
    assert answer.content.startswith(b"<?xml") and b"<svg" in answer.content
    for path in ("/b/mau/khong-co/ma.svg", "/b/khong-co/khong-co/ma.svg", "/b/khong-co/khong-co/"):
        assert Client().get(path).status_code == 404


def test_the_list_without_pictures_is_one_page_however_much_it_says(desk, own):
    said = {"title": "Một bước có tên khá là dài", "text": "Bác bấm vào nút ở góc dưới bên phải màn hình. " * 2}
    desk.guide["steps"] = [{**desk.guide["steps"][0], **said, "item": f"b{n}"} for n in range(12)]
    desk.checklist["items"] = []
    desk.load()
    paper = pdf(reverse("guides:paper", args=["mau", "chu"]))
    assert len(paper) == 1
    assert words(paper).count("góc dưới bên phải") == 24 and "Trang 1/1" in words(paper)


def test_papers_are_of_the_size_they_say(version, own):
    sizes = {
        kind: tuple(round(v) for v in pdf(reverse("guides:paper", args=["mau", kind]))[0].get_size()) for kind in KINDS
    }
    assert sizes == {"a4": (595, 842), "a5": (420, 595), "ap-phich": (595, 842), "chu": (595, 842)}


def test_the_ward_that_helps_is_named_with_its_number(version, own):
    place = build.ward()
    place.area.phone = "02400000108"
    place.area.save()
    for path in (reverse("guides:paper", args=["mau", "a4"]), reverse("guides:door_hanger")):
        assert "024 0000 0108" in words(pdf(path))


def test_the_door_hanger_leaves_room_for_a_hand_and_leads_home(own, db):
    paper = pdf(reverse("guides:door_hanger"))
    assert len(paper) == 1
    for label in ("Chúng tôi đã đến", "Ngày, giờ:", "Người đến:", "Hẹn lại:", "Điện thoại:", "không thu tiền"):
        assert label in words(paper)
    assert [code.text for code in zxingcpp.read_barcodes(pictures(paper)[0])] == [f"{ORIGIN}/"]


def test_the_same_guide_is_drawn_once_and_a_changed_one_anew(desk, version, settings, monkeypatch):
    settings.SITE_URL = "https://never-before.example"
    path, drawn, real = reverse("guides:paper", args=["mau", "a4"]), [], papers._compiled
    monkeypatch.setattr(papers, "_compiled", lambda *args: drawn.append(1) or real(*args))
    first, again = Client().get(path), Client().get(path)
    assert (first.content, len(drawn)) == (again.content, 1)
    desk.guide["version"]["title"] = "Hướng dẫn khác"
    desk.load()
    assert "Hướng dẫn khác" in words(pdf(path))


def test_a_paper_is_tagged_and_says_its_language_and_title(version, own):
    raw = Client().get(reverse("guides:paper", args=["mau", "a4"])).content
    paper = pypdfium2.PdfDocument(io.BytesIO(raw))
    assert paper.is_tagged()
    assert paper.get_metadata_dict()["Title"] == "Hướng dẫn mẫu"
    assert b"/Lang(vi)" in raw


@pytest.mark.parametrize("path", ["/huong-dan/khong-co/in/a4.pdf", "/huong-dan/mau/in/a3.pdf"])
def test_what_is_not_there_is_not_there(version, path):
    assert Client().get(path).status_code == 404


def test_a_withdrawn_guide_is_not_printed(version):
    Guide.objects.get().versions.update(state="withdrawn")
    assert Client().get(reverse("guides:paper", args=["mau", "a4"])).status_code == 404
