"""English guides: their own words around the same screens, at /en/ and nowhere among the Vietnamese ones."""

import copy
import json
import re
from datetime import date

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from onboarding.guides import arranging, drafts, drawing_room, loading, pictures, readership, worklist
from onboarding.guides.content import Shelf
from onboarding.guides.models import Blocker, Feedback, Guide, Step
from onboarding.guides.proofreading import faults
from onboarding.sync import catalogue
from tests import build

DAY = date(2026, 11, 22)
PAGES = ["/en/", *(f"/huong-dan/mau-en/{rest}" for rest in ("", "1/", "2/", "1/vuong/", "in/"))]


@pytest.fixture
def both(db, desk) -> Client:
    """A reader where the small guide is published in both languages."""
    desk.in_english()
    desk.load()
    return Client()


@pytest.fixture
def page(both):
    """A function that returns a page's text."""
    return lambda path: both.get(path).content.decode()


# --- Putting it together ----------------------------------------------------------------------------------------------


def test_an_english_guide_has_a_row_of_its_own_beside_the_vietnamese_one(both):
    guide = Guide.objects.get(slug="mau-en")
    assert (guide.code, guide.language, guide.original.slug) == ("MAUE", "en", "mau")
    assert (guide.current.language, guide.current.title) == ("en", "A sample guide")
    assert (guide.topic, guide.procedure.slug, guide.words) == ("thu", "viec-mau", [])


def test_the_screen_stays_as_the_phone_shows_it_and_the_words_about_it_are_english(both):
    english, vietnamese = (Step.objects.get(version__guide__slug=slug, number=1) for slug in ("mau-en", "mau"))
    assert english.spec["screen"] == vietnamese.spec["screen"]
    assert (english.blockers, english.item) == (vietnamese.blockers, vietnamese.item)
    alt = english.pictures.get(variant="step", format="avif").alt
    assert alt == (
        "Drawing of a phone, screen “Kích hoạt”. A finger points at number 1, the “Gửi yêu cầu” (Send request) button."
    )


def test_a_change_in_either_file_makes_a_new_english_version(both, desk):
    assert desk.load().versions == 0
    desk.english["steps"][0]["text"] = "Tap the button."
    assert desk.load().versions == 1
    desk.guide["version"]["minutes"] = 7
    assert desk.load().versions == 2
    assert Guide.objects.get(slug="mau-en").current.number == 3
    assert Guide.objects.get(slug="mau-en").current.minutes == 7


def test_only_the_poster_of_an_english_step_is_drawn_the_phone_is_taken_over(db, desk, monkeypatch):
    desk.in_english()
    desk.english_blockers, english = {}, desk.english
    desk.english = {}
    desk.load()
    drawn = []
    monkeypatch.setattr(pictures, "_draw_all", lambda scene: drawn.append(scene))
    desk.english = english
    desk.load()
    assert drawn == []
    for english, vietnamese in zip(steps("mau-en"), steps("mau"), strict=True):
        same, other = hashes(english), hashes(vietnamese)
        assert {name for name in same if same[name] != other[name]} == {("poster", "jpg")}


def test_a_phone_that_differs_is_drawn_anew(both, desk):
    before = hashes(steps("mau-en")[0])
    desk.guide["steps"][0]["picture"] = copy.deepcopy(desk.guide["steps"][0]["picture"])
    desk.guide["steps"][0]["picture"]["screen"][0]["title"] = "Tên khác"
    desk.load()
    after = hashes(steps("mau-en")[0])
    assert all(after[name] != before[name] for name in before)
    assert after["step", "avif"] == hashes(steps("mau")[0])["step", "avif"]


def test_the_worker_draws_english_guides_after_all_vietnamese_ones(db, desk):
    desk.in_english()
    loading.load(desk.write())
    Guide.objects.filter(slug="mau").update(order=900)  # the catalogue alone would put it last
    waiting = drawing_room.due_steps().values_list("version__guide__language", flat=True)
    assert list(waiting) == ["vi", "vi", "en", "en"]


def test_a_guide_in_another_language_has_an_original_and_only_that_has_none(both):
    guide, original = Guide.objects.get(slug="mau-en"), Guide.objects.get(slug="mau")
    for wrong in ({"original": None}, {"language": "vi"}):
        with pytest.raises(IntegrityError), transaction.atomic():
            Guide.objects.filter(pk=guide.pk).update(**wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Guide.objects.create(slug="x", code="X", procedure=original.procedure, language="en", original=original)


# --- Reading ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", PAGES)
def test_an_english_page_is_english_throughout(page, path):
    text = page(path)
    assert '<html lang="en"' in text
    # Vietnamese stands in quotation marks, is marked as such, or is the name of the ward or of the software.
    body = re.sub(r'<(\w+)[^>]* lang="vi".*?</\1>|“[^”]*”|Gõ Cửa|Phường Hồ Sen', "", text, flags=re.DOTALL)
    assert re.findall(r"[^\W\d_]*[ăâđêôơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ]\w*", body, re.IGNORECASE) == []


@pytest.mark.parametrize("path", PAGES)
def test_an_english_page_may_be_kept_by_anybody_and_is_the_same_for_everybody(both, path):
    answer = both.get(path)
    assert answer.headers["Cache-Control"] == "public, max-age=300"
    assert not answer.cookies
    assert Client(headers={"accept-language": "vi"}).get(path).content == answer.content
    assert both.get(path, headers={"if-none-match": answer.headers["ETag"]}).status_code == 304


def test_the_list_leads_to_the_guide_and_the_last_step_back_to_the_list(page):
    assert 'href="/huong-dan/mau-en/"' in page("/en/") and "Things to try" in page("/en/")
    assert 'href="/huong-dan/mau-en/1/"' in page("/huong-dan/mau-en/")
    last = page("/huong-dan/mau-en/2/")
    assert 'class="btn go xl" href="/en/"' in last and "Done" in last
    assert "Do not read this code to anyone." in last


def test_a_quoted_label_is_marked_as_vietnamese_for_those_who_listen(page):
    assert 'Tap the <span lang="vi">“Gửi yêu cầu”</span> (Send request) button.' in page("/huong-dan/mau-en/1/")
    assert '<span lang="vi">' not in page("/huong-dan/mau/1/")


def test_who_is_stuck_reads_what_to_do_in_english(page):
    text = page("/huong-dan/mau-en/1/vuong/")
    assert "There is no network" in text and "Go where the signal is better." in text and "a few minutes" in text
    assert "Không có mạng" in page("/huong-dan/mau/1/vuong/")


def test_a_blocker_without_english_is_told_in_vietnamese_rather_than_not(both, page):
    Blocker.objects.update(english={})
    assert "Không có mạng" in page("/huong-dan/mau-en/1/vuong/")


def test_the_two_languages_of_a_guide_lead_to_each_other(page, settings):
    settings.SITE_URL = "https://gocua.example/"
    vietnamese, english = page("/huong-dan/mau/"), page("/huong-dan/mau-en/")
    assert 'href="/huong-dan/mau-en/" lang="en" hreflang="en"' in vietnamese
    assert 'href="/huong-dan/mau/" lang="vi" hreflang="vi"' in english
    for text in (vietnamese, english):
        assert '<link rel="alternate" hreflang="vi" href="https://gocua.example/huong-dan/mau/">' in text
        assert '<link rel="alternate" hreflang="en" href="https://gocua.example/huong-dan/mau-en/">' in text
    assert 'href="/en/" lang="en" hreflang="en"' in page("/")
    assert 'href="/" lang="vi" hreflang="vi"' in page("/en/")
    settings.SITE_URL = ""  # search engines refuse such a link without the whole address
    assert "alternate" not in page("/huong-dan/mau/") + page("/") + page("/en/")


def test_who_asks_the_team_for_help_names_the_guide_that_the_team_knows(page):
    for path in ("/huong-dan/mau-en/", "/huong-dan/mau-en/1/vuong/", "/huong-dan/mau/"):
        assert 'href="/goi-to/?bai=mau"' in page(path)


def test_no_page_leads_to_english_that_is_not_there(guide):
    for path in ("/", "/huong-dan/mau/"):
        text = Client().get(path).content.decode()
        assert 'hreflang="en"' not in text and "/en/" not in text
    assert Client().get("/huong-dan/mau-en/").status_code == 404
    assert Client().get("/en/").status_code == 200


def test_a_withdrawn_english_guide_is_offered_nowhere(both, page):
    Guide.objects.get(slug="mau-en").versions.update(state="withdrawn")
    assert both.get("/huong-dan/mau-en/").status_code == 404
    assert "mau-en" not in page("/huong-dan/mau/") and "mau-en" not in page("/en/")


def test_vietnamese_lists_the_search_and_the_team_hold_vietnamese_guides_only(both, page):
    for path in ("/", "/huong-dan/", "/can/co-viec/", "/tim/?q=sample", "/thu-tuc/viec-mau/", "/tim/muc-luc.json"):
        assert "mau-en" not in page(path) and "A sample guide" not in page(path)
    assert [entry["slug"] for entry in catalogue.context()["catalogue"]["guides"]] == ["mau"]
    assert [line.version.guide.slug for line in readership.board(DAY)] == ["mau"]
    assert [version.guide.slug for version in arranging.published("en")] == ["mau-en"]


def test_a_link_to_an_english_guide_looks_english_where_it_is_passed_on(both, page):
    assert '<meta property="og:locale" content="en_GB">' in page("/huong-dan/mau-en/")
    assert '<meta property="og:locale" content="vi_VN">' in page("/huong-dan/mau/")
    assert both.get("/huong-dan/mau-en/chia-se.png").headers["Content-Type"] == "image/png"


def test_a_saved_english_guide_holds_its_english_pages(both):
    pack = json.loads(both.get("/huong-dan/mau-en/goi.json").content)["manifest"]
    assert pack["title"] == "A sample guide"
    for file in pack["files"]:
        assert file["url"].startswith("/static/") or both.get(file["url"]).status_code == 200
    assert {file["url"] for file in pack["files"]} >= {"/huong-dan/mau-en/", "/huong-dan/mau-en/2/vuong/"}


@pytest.mark.parametrize("kind", ["a4", "a5", "ap-phich", "chu"])
def test_papers_of_an_english_guide_are_english(both, kind):
    answer = both.get(f"/huong-dan/mau-en/in/{kind}.pdf")
    assert answer.headers["Content-Type"] == "application/pdf"
    assert b"/Lang(en)" in answer.content
    assert b"/Lang(vi)" in both.get(f"/huong-dan/mau/in/{kind}.pdf").content


def test_what_a_reader_of_the_english_guide_says_is_kept(both):
    said = "version=mau-en.1&step=1&kind=differs"
    answer = both.post("/y-kien/", said, content_type="application/x-www-form-urlencoded")
    assert (answer.status_code, answer.headers["Location"]) == (303, "/huong-dan/mau-en/1/#cam-on")
    assert Feedback.objects.get().version.guide.slug == "mau-en"


def test_who_keeps_guides_reaches_the_counts_of_the_english_one_from_the_vietnamese_one(both, desk):
    editor = Client()
    editor.force_login(build.ward().supervisor)
    assert 'href="/phuong/huong-dan/mau-en/" lang="en"' in editor.get("/phuong/huong-dan/mau/").content.decode()
    english = editor.get("/phuong/huong-dan/mau-en/")
    assert english.status_code == 200 and 'href="/phuong/huong-dan/mau/" lang="vi"' in english.content.decode()
    assert Client().get("/phuong/huong-dan/mau-en/").status_code in (302, 404)


def test_the_list_of_the_ward_holds_a_translation_only_while_it_is_worked_on(both, ward):
    assert [entry.guide.slug for entry in worklist.entries(DAY)] == ["mau"]
    drafts.begin(user=build.editor(ward.area), guide=Guide.objects.get(slug="mau-en"))
    assert [entry.guide.slug for entry in worklist.entries(DAY)] == ["mau", "mau-en"]


def test_a_draft_of_an_english_guide_is_read_by_the_rules_of_english(both, ward):
    guide = Guide.objects.get(slug="mau-en")
    draft = drafts.begin(user=build.editor(ward.area), guide=guide)
    assert (draft.language, drafts.faults(draft.work, today=DAY)) == ("en", [])
    draft.work["steps"][0]["text"] = "Upload the file online. " + "Tap it " * 9 + "now."
    found = drafts.faults(draft.work, today=DAY)
    assert [(step, "Rút còn 16 từ." in fault) for step, fault in found] == [(1, True)]


# --- Proofreading -----------------------------------------------------------------------------------------------------


def test_an_english_guide_as_it_should_be_has_no_fault(desk):
    desk.in_english()
    assert faults(desk.write(), today=DAY) == []


@pytest.mark.parametrize(
    ("plant", "said"),
    [
        (lambda d: d.english.update(of="khac"), "en/mau.yaml: không có hướng dẫn “khac”"),
        (lambda d: setattr(d, "english", {}), "mau.yaml: chưa có bản tiếng Anh. Viết guides/en/mau.yaml."),
        (lambda d: d.english["steps"].pop(), "en/mau.yaml: có 1 bước, bản tiếng Việt có 2"),
        (lambda d: d.english.pop("summary"), "en/mau.yaml: thiếu “summary”"),
        (lambda d: d.english.update(at_hand=["One.", "Two."]), "“at_hand” có 2 dòng"),
        (lambda d: d.english.update(minutes=5), "không hiểu “minutes”"),
        (lambda d: d.english.update(title="x" * 49), "tên hướng dẫn dài 49 chữ"),
        (lambda d: d.english.update(checked_by="x" * 81), "“checked_by” dài 81 chữ"),
        (lambda d: d.english["steps"][0].pop("text"), "bước 1: thiếu “text”"),
        (lambda d: d.english["steps"][1].pop("safety"), "bước 2: thiếu “safety”"),
        (lambda d: d.english["steps"][0].update(safety="Tell nobody."), "bước 1: thừa “safety”"),
        (lambda d: d.english["steps"][0].update(note="Well."), "bước 1: thừa “note”"),
        (lambda d: d.english["steps"][0].update(spec={}), "bước 1: không hiểu “spec”"),
        (lambda d: d.english["steps"][0].update(labels=[]), "bước 1: “labels” có 0 lời tả"),
        (lambda d: d.english["steps"][0].update(title="Tap " * 9 + "it"), "bước 1: tên bước dài 38 chữ"),
        (lambda d: d.english["steps"][0].update(text="One. Two. Three."), "bước 1: lời đọc quá hai câu"),
        (lambda d: d.english["steps"][0].update(text="tap " * 17 + "it."), "dài 18 từ. Rút còn 16 từ."),
        (lambda d: d.english["steps"][0].update(text="Please tap it."), "có từ không dùng"),
        (lambda d: d.english["steps"][0].update(text="Tap Gửi now."), "còn chữ tiếng Việt ngoài ngoặc kép"),
        (lambda d: d.english["steps"][0].update(text="Tap “Gu\u031b\u0309i” now."), "chưa ở dạng NFC"),
        (lambda d: d.english["steps"][0].update(text="See /huong-dan/khong-co/."), "không dẫn đến đâu"),
        (lambda d: setattr(d, "english_blockers", {}), "en/blockers.yaml: thiếu “NO_INTERNET”"),
        (lambda d: d.english_blockers.update(NO_SUCH={}), "en/blockers.yaml, NO_SUCH: không có chỗ vướng này"),
        (lambda d: d.english_blockers["NO_INTERNET"].pop("wait"), "en/blockers.yaml, NO_INTERNET: thiếu “wait”"),
        (lambda d: d.english_blockers["NO_INTERNET"].update(title="Không"), "còn chữ tiếng Việt"),
        (lambda d: d.english_blockers["NO_INTERNET"].update(title="x" * 81), "“title” dài 81 chữ"),
        (lambda d: d.topics[0].pop("english"), "topics.yaml, thu: thiếu “english”"),
    ],
)
def test_a_planted_fault_in_an_english_file_is_named(desk, plant, said):
    desk.in_english()
    plant(desk)
    assert any(said in fault for fault in faults(desk.write(), today=DAY))


def test_a_label_with_its_english_behind_it_counts_as_one_word(desk):
    desk.in_english()
    desk.english["steps"][0]["text"] = "Tap “Gửi yêu cầu bổ sung” (Send what is still missing) " + "now " * 13 + "here."
    assert faults(desk.write(), today=DAY) == []


def test_an_address_of_an_english_guide_is_no_dead_link(desk):
    desk.in_english()
    desk.english["steps"][0]["text"] = "See /huong-dan/mau-en/2/ for more."
    assert faults(desk.write(), today=DAY) == []


def test_every_guide_to_the_e_id_ships_in_english():
    shelf = Shelf()
    about = {file.data["slug"] for file in shelf.guides if file.data["code"].startswith(("DD-", "KH-"))}
    assert {file.original for file in shelf.english} == about
    assert all(file.data.get("english") for file in shelf.guides if file.data["slug"] in about)


def steps(slug: str) -> list[Step]:
    """Return the steps of a guide's published version."""
    return list(Guide.objects.get(slug=slug).current.steps.order_by("number"))


def hashes(step: Step) -> dict[tuple[str, str], str]:
    """Return the hash of each of a step's pictures."""
    return {(p.variant, p.format): p.sha256 for p in step.pictures.all()}
