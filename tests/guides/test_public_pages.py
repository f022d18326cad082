"""Citizens' pages: the same bytes for everybody, no cookie, no personal data, readable without JavaScript, small."""

import gzip
import hashlib
import json
import re

import pytest
from django.test import Client

from onboarding.guides import loading, publishing
from onboarding.guides.models import GuideVersion
from tests import build

pytestmark = pytest.mark.django_db

GUIDE = ["/huong-dan/mau/", "/huong-dan/mau/1/", "/huong-dan/mau/2/vuong/", "/huong-dan/mau/in/"]
PAGES = ["/", "/tim/", "/can/co-viec/", "/huong-dan/", *GUIDE]
BEHIND = [*GUIDE, "/huong-dan/mau/goi.json", "/can/co-viec/"]


@pytest.fixture
def reader(guide) -> Client:
    """A browser nobody knows, with the small guide published."""
    return Client()


@pytest.mark.parametrize("path", [*PAGES, "/huong-dan/mau/goi.json", "/huong-dan/rut.json", "/tim/muc-luc.json"])
def test_a_page_may_be_kept_by_anybody_and_is_the_same_for_everybody(reader, path):
    ward = build.ward()
    home = build.household(ward.groups[0])
    person = build.resident(home)
    answer = reader.get(path)
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"].startswith("public, max-age=")
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")
    known = Client(headers={"accept-language": "en"})
    known.force_login(ward.member)
    known.cookies["theme"] = "dark"
    assert known.get(path).content == answer.content
    text = answer.content.decode()
    for private in (person.name, ward.member.name, ward.supervisor.name, "099158000001", "0950000123", "csrf"):
        assert private not in text


@pytest.mark.parametrize("path", PAGES)
def test_a_page_that_has_not_changed_is_not_sent_again(reader, path):
    first = reader.get(path)
    again = reader.get(path, headers={"if-none-match": first.headers["ETag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert reader.get(path, headers={"if-none-match": '"other"'}).status_code == 200


@pytest.mark.parametrize("path", PAGES)
def test_a_page_says_in_a_sentence_what_it_is_about(reader, path):
    found = re.findall(r'<meta name="description" content="([^"]*)">', page(reader, path))
    assert len(found) == 1 and found[0], path


def test_search_engines_are_told_to_leave_alone_what_is_not_for_everybody(reader):
    answer = reader.get("/robots.txt")
    assert answer.status_code == 200 and answer.headers["Content-Type"].startswith("text/plain")
    assert "no-store" not in answer.headers["Cache-Control"]
    closed = re.findall(r"^Disallow: (\S+)$", answer.content.decode(), re.MULTILINE)
    assert {"/bien-nhan/", "/phuong/", "/sync/", "/to-ho-tro/"} <= set(closed)
    assert not any(path.startswith(start) for path in PAGES for start in closed)


def test_the_pages_lead_from_home_to_the_last_step_without_a_script(reader):
    assert 'href="/huong-dan/mau/"' in page(reader, "/")
    assert 'href="/huong-dan/mau/1/"' in page(reader, "/huong-dan/mau/")
    first, last = page(reader, "/huong-dan/mau/1/"), page(reader, "/huong-dan/mau/2/")
    assert 'rel="next" href="/huong-dan/mau/2/"' in first and 'rel="prev"' not in first
    assert 'rel="prev" href="/huong-dan/mau/1/"' in last and 'rel="next"' not in last
    assert 'href="/huong-dan/mau/1/vuong/"' in first
    stuck = page(reader, "/huong-dan/mau/1/vuong/")
    assert "<details" in stuck and "Không có mạng" in stuck and "Ra chỗ sóng tốt hơn." in stuck


def test_a_step_shows_picture_words_and_the_safety_line(reader, version):
    text = page(reader, "/huong-dan/mau/2/")
    picture = version.steps.get(number=2).pictures.get(variant="step", format="avif")
    assert f'srcset="/tranh/{picture.sha256}.avif"' in text
    assert 'width="720" height="900"' in text
    assert picture.alt.split(".")[1].strip() in text
    assert re.search(r"<figcaption data-read>.*Không đọc mã này cho ai\.</figcaption>", text)
    assert "loading=" not in text, "the picture is what people came for"
    assert 'data-module="read-aloud"' in text and "hidden" in text


def test_a_step_says_what_it_needs_and_nothing_when_it_needs_nothing(reader, version):
    def said() -> list[str]:
        return re.findall(r'<p class="sub xs">([^<]+)</p>', reader.get("/huong-dan/mau/1/").content.decode())

    assert said() == ["Cần có: mạng."]
    version.steps.filter(number=1).update(needs=["waiting", "officer", "own-phone"])
    assert said() == ["Cần có: điện thoại của mình, cán bộ, chờ."]
    version.steps.filter(number=1).update(needs=[])
    assert said() == []


def test_the_overview_says_what_to_have_at_hand_and_who_checked_it_when(reader):
    text = page(reader, "/huong-dan/mau/")
    assert "Thẻ căn cước." in text
    assert "Kiểm tra ngày 21/11/2026, biên tập viên. Bản số 1." in text


def test_no_page_carries_inline_script_or_style(reader):
    for path in PAGES:
        text = page(reader, path)
        assert not re.search(r"<script(?![^>]*\bsrc=)|\sstyle=|\son[a-z]+=", text), path


def test_the_paper_has_number_date_and_a_code_that_leads_to_the_guide(reader, settings):
    settings.SITE_URL = "https://gocua.example"
    build.ward()
    text = page(reader, "/huong-dan/mau/in/")
    assert "Bản 1, kiểm tra 21/11/2026." in text
    assert "024 0000 0108" in text
    assert read_code(text) == "https://gocua.example/huong-dan/mau/"


def test_without_a_single_ward_no_number_is_guessed(reader):
    build.ward()
    build.Area.objects.filter(code="00998").update(phone="024 0000 0999")
    assert "tel:" not in page(reader, "/")


def test_a_picture_is_served_for_ever_under_its_hash(reader, version):
    row = version.steps.get(number=1).pictures.get(variant="step", format="webp")
    answer = reader.get(f"/tranh/{row.sha256}.webp")
    assert hashlib.sha256(answer.content).hexdigest() == row.sha256
    assert answer.headers["Content-Type"] == "image/webp"
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert not answer.cookies


@pytest.mark.parametrize("name", [f"{'0' * 64}.webp", "../db.sqlite3", f"{'0' * 64}.png", "..%2f..%2fdb.sqlite3"])
def test_an_unknown_picture_is_not_there(reader, name):
    assert reader.get(f"/tranh/{name}").status_code == 404


@pytest.mark.parametrize("path", BEHIND)
def test_a_withdrawn_guide_is_not_there(reader, version, path):
    publishing.withdraw(version=version)
    assert reader.get(path).status_code == 404
    assert "Hướng dẫn mẫu" not in page(reader, "/huong-dan/")


@pytest.mark.parametrize("path", BEHIND)
def test_a_draft_is_not_there(reader, version, path):
    GuideVersion.objects.update(state=GuideVersion.State.DRAFT)
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize(
    "path", ["/can/khac/", "/huong-dan/khac/", "/huong-dan/mau/0/", "/huong-dan/mau/3/", "/huong-dan/mau/3/vuong/"]
)
def test_what_does_not_exist_is_404(reader, path):
    assert reader.get(path).status_code == 404


@pytest.mark.parametrize("path", PAGES)
def test_nothing_can_be_posted_to_a_public_page(reader, path):
    assert reader.post(path).status_code == 405


def test_the_pack_promises_the_bytes_that_are_served(reader):
    pack = reader.get("/huong-dan/mau/goi.json").json()["manifest"]
    assert (pack["slug"], pack["version"], pack["title"]) == ("mau", 1, "Hướng dẫn mẫu")
    for file in pack["files"]:
        if file["url"].startswith("/static/"):
            continue  # served as collected, which tests are not; test_signed_packs.py collects
        body = reader.get(file["url"]).content
        assert hashlib.sha256(body).hexdigest() == file["sha256"], file["url"]
        assert len(body) == file["bytes"]
    assert pack["bytes"] == sum(file["bytes"] for file in pack["files"] if "instead" not in file)


def test_each_picture_of_a_pack_is_followed_by_the_one_for_browsers_that_cannot_show_it(reader):
    files = reader.get("/huong-dan/mau/goi.json").json()["manifest"]["files"]
    pictures = [file for file in files if file["url"].startswith("/tranh/")]
    assert pictures and [file["url"].split(".")[-1] for file in pictures] == ["avif", "webp"] * (len(pictures) // 2)
    for better, other in zip(pictures[::2], pictures[1::2], strict=True):
        assert "instead" not in better and other["instead"] == better["url"]
        assert all("instead" not in file for file in files if file not in pictures)


def test_the_pack_has_everything_a_step_page_asks_for(reader):
    pack = reader.get("/huong-dan/mau/goi.json").json()["manifest"]
    held = {file["url"] for file in pack["files"]}
    for path in [url for url in held if url.startswith("/huong-dan/") and not url.endswith(".json")]:
        asked = re.findall(r'(?:srcset|src)="(/tranh/[^"]+)"', page(reader, path))
        linked = re.findall(r'href="(/huong-dan/mau/(?:\d+/|in/)?(?:vuong/)?)"', page(reader, path))
        assert set(asked) | set(linked) <= held, path


def test_the_overview_says_how_large_the_pack_is(reader):
    pack = reader.get("/huong-dan/mau/goi.json").json()["manifest"]
    kb = round((pack["bytes"] - pack["files"][0]["bytes"]) / 1000)
    # Told without the address of this house in the printed code, so that the page is the same at every address.
    assert any(f"({about} KB)" in page(reader, "/huong-dan/mau/") for about in (kb - 1, kb))


@pytest.mark.slow
def test_the_shipped_guide_is_complete_and_light(db):
    loading.load()  # this one is marked at_once
    reader = Client(headers={"accept-encoding": "gzip"})
    pack = reader.get("/huong-dan/vneid-muc-2/goi.json")
    pack = json.loads(gzip.decompress(pack.content))["manifest"]
    assert pack["bytes"] <= 260_000
    for number in range(1, 12):
        answer = reader.get(f"/huong-dan/vneid-muc-2/{number}/")
        text = gzip.decompress(answer.content).decode()
        alt = re.search(r'alt="([^"]+)"', text)
        picture = re.search(r'srcset="([^"]+)"', text)
        assert alt and "Ngón tay chỉ vào" in alt[1]
        assert picture and len(reader.get(picture[1]).content) <= 20_000
        assert len(answer.content) <= 4_000


def page(reader: Client, path: str) -> str:
    """The text of a page."""
    answer = reader.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def read_code(html: str) -> str:
    """What a phone's camera reads from the QR on the page."""
    import zxingcpp
    from PIL import Image

    side, path = re.search(
        r'viewBox="0 0 (\d+) \d+"[^>]*class="segno">.*?stroke="#14211e"[^>]* d="([^"]+)"', html
    ).groups()
    image = Image.new("L", (int(side), int(side)), 255)
    draw_modules(image, path)
    return zxingcpp.read_barcode(image.resize((int(side) * 8,) * 2, Image.Resampling.NEAREST)).text


def draw_modules(image, path: str) -> None:
    """Paint segno's path: M moves, m moves on, h draws modules to the right."""
    x, y = 0.0, 0.0
    for command, numbers in re.findall(r"([Mmh])([-\d. ]+)", path):
        values = [float(value) for value in numbers.split()]
        if command == "h":
            for offset in range(int(values[0])):
                image.putpixel((int(x) + offset, int(y)), 0)
            x += values[0]
        elif command == "M":
            x, y = values
        else:
            x, y = x + values[0], y + values[1]
