"""People find a guide by what has happened, by what it is about, and by their own words for it; without a script."""

import json
import re

import pytest
from django.test import Client

from onboarding.guides import finding, pages, publishing
from onboarding.guides.models import Guide, Procedure
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture
def reader(guide) -> Client:
    """A browser nobody knows, with the small guide published."""
    return Client()


def page(reader: Client, path: str) -> str:
    answer = reader.get(path)
    assert answer.status_code == 200, path
    return answer.content.decode()


def rows(html: str) -> list[str]:
    """The guides that a page leads to, in order."""
    return re.findall(r'class="row task" href="/huong-dan/([^/"]+)/"', html)


def add_guide(version, slug: str, **fields: object) -> Guide:
    """Publish another guide with the steps of the small one."""
    given = {"code": slug.upper(), "topic": "thu", "words": [], "procedure": version.guide.procedure, **fields}
    title = given.pop("title", slug)
    made = Guide.objects.create(slug=slug, **given)
    face = {name: getattr(version, name) for name in ("summary", "minutes", "checked_on", "checked_by", "source")}
    steps = [{"title": s.title, "text": s.text, "spec": s.spec} for s in version.steps.all()]
    draft = publishing.write_draft(user=None, guide=made, face={**face, "title": title, "spec_hash": slug}, steps=steps)
    publishing.publish(user=None, version=draft)
    return made


# --- Events -----------------------------------------------------------------------------------------------------------


def test_the_home_offers_what_may_have_happened_and_leads_to_its_guides(reader):
    home = page(reader, "/")
    assert 'href="/can/co-viec/"' in home and "Việc để thử." in home
    event = page(reader, "/can/co-viec/")
    assert "Bác làm việc này trước." in event
    assert rows(event) == ["mau"]


def test_guides_of_an_event_stand_in_its_order_and_missing_ones_are_left_out(reader, desk, version):
    add_guide(version, "truoc")
    desk.events[0]["guides"] = ["truoc", "chua-co", "mau"]
    refill(desk)
    event = page(reader, "/can/co-viec/")
    assert rows(event) == ["truoc", "mau"]
    assert re.findall(r'class="step-n">(\d)<', event) == ["1", "2"]


def test_an_event_may_name_a_procedure_and_means_all_its_guides_once(reader, desk, version):
    add_guide(version, "nua")
    desk.events[0]["guides"] = ["mau", "viec-mau"]
    refill(desk)
    assert rows(page(reader, "/can/co-viec/")) == ["mau", "nua"]


def test_alternatives_are_not_numbered(reader, desk):
    desk.events[0]["pick"] = True
    refill(desk)
    event = page(reader, "/can/co-viec/")
    assert "step-n" not in event and "Chọn việc của mình" in event


def test_an_event_without_any_guide_is_not_shown(reader, desk):
    desk.events[0]["guides"] = ["chua-co"]
    refill(desk)
    assert "/can/" not in page(reader, "/")
    assert rows(page(reader, "/")) == ["mau"], "then the home lists the guides"
    assert reader.get("/can/co-viec/").status_code == 404


def test_the_shipped_page_for_the_bereaved_condoles_and_never_congratulates(desk):
    shipped = type(desk.write())()
    event = next(row for row in shipped.events if row["slug"] == "co-nguoi-mat")
    assert event["tone"] == "condolence" and event["lead"].startswith("Xin chia buồn")
    assert not re.search("chúc|vui|mừng", json.dumps(event, ensure_ascii=False), re.IGNORECASE)


def test_who_is_called_by_a_stranger_finds_the_check_and_the_safety_line_first(reader, desk):
    desk.events[0]["visitor"] = True
    refill(desk)
    event = page(reader, "/can/co-viec/")
    assert 'href="/to-ho-tro/"' in event
    assert event.index("Không đọc mã OTP cho ai") < event.index('href="/huong-dan/mau/"')


def refill(desk) -> None:
    """Let the pages read the desk's files again."""
    from onboarding.guides import arranging

    arranging.SHELF.__dict__.clear()
    arranging.SHELF.__dict__.update(desk.write().__dict__)


# --- The list ---------------------------------------------------------------------------------------------------------


def test_the_list_is_grouped_by_topic_and_nothing_is_lost(reader, desk, version):
    desk.topics.insert(0, {"code": "dau", "title": "Nhóm_đầu", "icon": "id"})
    refill(desk)
    add_guide(version, "mot", topic="dau")
    add_guide(version, "hai", topic="khong-con")
    text = page(reader, "/huong-dan/")
    assert re.findall(r'<h2 class="h3" data-read>([^<]+)<', text) == ["Nhóm\u00a0đầu", "Việc để thử", "Việc khác"]
    assert rows(text) == ["mot", "mau", "hai"]


def test_home_list_and_search_ask_the_database_as_often_for_many_guides_as_for_one(
    reader, version, django_assert_max_num_queries
):
    for number in range(5):
        add_guide(version, f"them-{number}")
    for path in ("/", "/huong-dan/", "/tim/muc-luc.json", "/tim/?q=mau", "/can/co-viec/"):
        with django_assert_max_num_queries(4):
            page(reader, path)


# --- The search -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "asked",
    [
        "hướng dẫn mẫu",
        "huong dan",
        "huogn dan",
        "HDM",
        "ttx",
        "don mau",
        "việc mẫu",
        "viecmau",
        "thủ tục dài",
        "đợi máy báo xong",
        "de thu",
    ],
)
def test_a_guide_is_found_by_title_words_names_summary_and_steps(reader, asked):
    Procedure.objects.update(name="Thủ tục dài")
    found = page(reader, f"/tim/?q={asked}")
    assert rows(found) == ["mau"], asked
    assert re.search(r"data-number>1</span>", found)


@pytest.mark.parametrize("asked", ["máy bay trực thăng", "xyz", "<script>alert(1)</script>", "a" * 5000, "' OR 1=1"])
def test_what_is_not_found_says_whom_to_call(reader, asked):
    build.ward()
    found = page(reader, f"/tim/?q={asked}")
    assert rows(found) == []
    none = re.search(r'<div class="banner"[^>]*data-none([^>]*)>(.*?)</div></div>', found)
    assert none and "hidden" not in none[1]
    assert "Không thấy bài nào" in none[2] and "024 0000 0108" in none[2]
    assert "<script>alert" not in found


def test_nothing_is_claimed_before_anybody_asks(reader):
    for path in ("/tim/", "/tim/?q=", "/tim/?q=%20%00%20"):
        text = page(reader, path)
        assert rows(text) == []
        assert re.search(r"data-none hidden>", text) and re.search(r"data-count hidden>", text)


def test_what_somebody_asks_is_kept_by_nobody(reader):
    answer = reader.get("/tim/?q=mau")
    assert answer.headers["Cache-Control"] == "no-store"
    assert not answer.cookies
    assert reader.post("/tim/", {"q": "mau"}).status_code == 405


def test_the_index_holds_what_is_published_and_nothing_else(reader, version):
    index = reader.get("/tim/muc-luc.json").json()
    [doc] = index["docs"]
    assert (doc["slug"], doc["title"], doc["small"]) == ("mau", "Hướng dẫn mẫu", "2 bước, 5 phút")
    assert doc["words"] == ["mẫu đơn", "TTX"] and doc["also"] == ["HDM"]
    assert doc["steps"] == ["Bấm Gửi yêu\u00a0cầu", "Đợi máy báo xong"]
    assert [d["slug"] for d in finding.find(finding.prepare(index), "ttx")] == ["mau"]
    publishing.withdraw(version=version)
    assert reader.get("/tim/muc-luc.json").json()["docs"] == []
    assert rows(page(reader, "/tim/?q=ttx")) == []


def test_a_procedure_that_has_no_guide_yet_is_found_and_leads_to_its_own_page(reader, version):
    Procedure.objects.create(slug="sao-y", name="Chứng thực bản sao từ bản chính", plain_name="Công chứng bản sao")
    index = reader.get("/tim/muc-luc.json").json()
    assert [doc.get("href") for doc in index["docs"]] == [None, "/thu-tuc/sao-y/"]
    for asked in ("cong chung", "chứng thực bản sao"):
        found = page(reader, f"/tim/?q={asked}")
        assert re.findall(r'class="row task" href="([^"]+)"', found)[:1] == ["/thu-tuc/sao-y/"], asked
    assert "Công chứng bản sao" in page(reader, "/thu-tuc/sao-y/")
    publishing.withdraw(version=version)
    assert "viec-mau" not in page(reader, "/tim/?q=viec mau"), "what was withdrawn is not replaced by anything"


def test_the_index_of_many_guides_is_light(reader, monkeypatch):
    assert len(reader.get("/tim/muc-luc.json").content) < 1_500, "a guide costs at most that much"
    # Padding against BREACH may make a small answer longer than it was; then it goes out as it is.
    monkeypatch.setattr(pages, "index", lambda: b"[" + b'"mot bai",' * 500 + b'""]')
    gzipped = reader.get("/tim/muc-luc.json", headers={"accept-encoding": "gzip"})
    assert gzipped.headers["Content-Encoding"] == "gzip"


def test_the_page_of_the_search_asks_the_phone_to_keep_itself_and_the_index(reader):
    for path in ("/", "/tim/"):
        assert 'data-keep="/tim/ /tim/muc-luc.json"' in page(reader, path)
