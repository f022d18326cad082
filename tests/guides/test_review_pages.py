"""The pages of a reviewer: what differs, what may be done, and nothing that was typed is lost."""

import re

import pytest
import time_machine
from django.core.cache import cache
from django.test import Client

from onboarding.guides import documents, drafts, drawing_room, loading, publishing, reviewing
from onboarding.guides.models import GuideVersion
from onboarding.ids import new_id
from tests import build

pytestmark = pytest.mark.django_db
State = GuideVersion.State
BOARD = "/phuong/huong-dan/"
VERBS = ("gui", "lay-lai", "phat-hanh", "hen-ngay", "bo-hen", "tra-lai", "rut", "quay-lai")


@pytest.fixture(autouse=True)
def that_day():
    """The day on which the small guide is in order, and nobody drawing."""
    cache.delete(drawing_room.BUSY)
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False):
        yield


def browser(who) -> Client:
    client = Client()
    client.force_login(who)
    return client


@pytest.fixture
def author(ward):
    return build.editor(ward.area, "viet")


@pytest.fixture
def as_author(author):
    return browser(author)


@pytest.fixture
def as_other(ward):
    return browser(build.editor(ward.area, "duyet"))


@pytest.fixture
def draft(author, guide):
    def alter(doc):
        doc["steps"][1]["text"] = "Bác bấm nút Gửi đơn."
        documents.add_step(doc, 1, {**doc["steps"][0], "title": "Đọc lại một lần", "item": "doc"})

    return drafts.change(user=author, version=drafts.begin(user=author, guide=guide), alter=alter)


@pytest.fixture
def sent(author, draft):
    return reviewing.send_for_review(user=author, version=draft, note="Thêm bước đọc lại.")


def at(version, door="") -> str:
    return f"{BOARD}duyet/{version.pk}/{door + '/' if door else ''}"


def text(client: Client, path: str) -> str:
    """The page as the client gets it, a space for each run of spaces."""
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    assert "no-store" in answer.headers["Cache-Control"]
    return re.sub(r"\s+", " ", answer.content.decode())


def state(version) -> str:
    version.refresh_from_db()
    return version.state


# --- who finds the doors ----------------------------------------------------------------------------------------------


def test_a_member_finds_none_of_it_and_anonymous_people_sign_in(sent, version, member):
    walker, nobody = browser(member), browser(build.user("khong-vai"))
    for path in (at(sent), at(sent, "tranh"), at(version, "rut")):
        assert Client().get(path).headers["Location"].startswith("/dang-nhap/")
        assert walker.get(path).status_code == nobody.get(path).status_code == 404
    for door in VERBS:
        assert walker.post(at(sent, door)).status_code == nobody.post(at(sent, door)).status_code == 404
    assert state(sent) == State.REVIEW


def test_what_does_not_exist_is_404_and_a_verb_is_no_link(sent, as_other):
    assert as_other.get(f"{BOARD}duyet/{new_id()}/").status_code == 404
    for door in VERBS:
        assert as_other.post(f"{BOARD}duyet/{new_id()}/{door}/").status_code == 404
        if door != "rut":
            assert as_other.get(at(sent, door)).status_code == 405


def test_the_catalogue_is_one_for_the_house_so_that_another_wards_supervisor_may_publish(sent, as_chandra, guide):
    answer = as_chandra.post(at(sent, "phat-hanh"), {"saw": sent.revision})
    assert answer.headers["Location"] == f"{BOARD}mau/"
    assert guide.current == sent


# --- the comparison ---------------------------------------------------------------------------------------------------


def test_the_page_says_step_by_step_what_differs_with_the_pictures_of_then_and_now(sent, as_other, version):
    publishing.draw_missing(sent)
    page = text(as_other, at(sent))
    for words in (
        "Thêm bước đọc lại.", "Sửa 1 bước.", "Thêm 1 bước.", "Bước mới", "Đọc lại một lần", "Bước 3. Đợi máy báo xong",
        "<del>", "<ins>", "</span>đơn</ins>", "Lời đọc", "Người viết: Đỗ Khánh Minh Họa",
    ):  # fmt: skip
        assert words in page, words
    for number, row in ((2, version), (3, sent)):
        shown = row.steps.get(number=number).pictures.get(variant="step-small", format="webp")
        assert f"/tranh/{shown.sha256}.webp" in page
    assert "Không có bước này" in page
    assert re.search(r"<details[^>]*><summary>.{0,40}<b>Bước 1</b>.{0,40}giống bản 1.*?Bấm Gửi", page)


def test_markup_that_an_author_typed_stays_words(author, guide, as_other):
    def alter(doc):
        doc["steps"][0]["text"] = "Bác bấm <script>alert(1)</script> rồi đợi."

    draft = drafts.change(user=author, version=drafts.begin(user=author, guide=guide), alter=alter)
    page = text(as_other, at(draft))
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page


def test_the_author_is_told_that_somebody_else_decides_and_may_take_it_back(sent, as_author):
    page = text(as_author, at(sent))
    assert "Nhờ người khác xem rồi phát hành." in page
    assert f'action="{at(sent, "phat-hanh")}"' not in page
    as_author.post(at(sent, "lay-lai"))
    assert state(sent) == State.DRAFT


def test_the_page_draws_what_no_worker_has_drawn_and_says_how_far_it_is(sent, as_other):
    assert "Đã vẽ 1 trên 3 tranh" in text(as_other, at(sent))
    part = text(as_other, at(sent, "tranh"))
    assert "Đã vẽ 2 trên 3 tranh" in part and f'hx-get="{at(sent, "tranh")}"' in part
    last = as_other.get(at(sent, "tranh"), headers={"HX-Request": "true"}).content.decode()
    assert "Đã vẽ đủ 3 tranh" in last and "hx-get" not in last


# --- the verbs --------------------------------------------------------------------------------------------------------


def test_send_publish_and_readers_have_it(draft, as_author, as_other, guide):
    assert as_author.post(at(draft, "gui"), {"note": "Đổi lời."}).headers["Location"] == at(draft)
    page = text(as_other, at(draft))
    saw = re.search(r'name="saw" value="(\d+)"', page)[1]
    as_other.post(at(draft, "phat-hanh"), {"saw": saw})
    assert guide.current == draft
    assert "Đọc lại một lần" in Client().get("/huong-dan/mau/2/").content.decode()


def test_a_faulty_draft_gets_all_its_sentences_by_step_and_stays(draft, author, as_author):
    def spoil(doc):
        doc["steps"][0]["title"] = "Bấm " * 20
        doc["version"]["summary"] = ""

    drafts.change(user=author, version=draft, alter=spoil)
    answer = as_author.post(at(draft, "gui"))
    page = answer.content.decode()
    assert answer.status_code == 422
    assert "Rút còn 36 chữ." in page and "Thiếu “Tóm tắt”" in page and "Trang đầu" in page
    assert state(draft) == State.DRAFT


def test_the_author_who_posts_anyway_gets_the_sentence(sent, as_author):
    page = as_author.post(at(sent, "phat-hanh"), {"saw": sent.revision}, follow=True).content.decode()
    assert "Bản này do anh/chị viết. Nhờ người khác xem rồi phát hành." in page
    assert state(sent) == State.REVIEW


@pytest.mark.parametrize("saw", ["", "0", "x", "٣", "9" * 40])
def test_who_has_not_seen_it_as_it_is_does_not_publish_it(sent, as_other, saw):
    page = as_other.post(at(sent, "phat-hanh"), {"saw": saw}, follow=True).content.decode()
    assert "Bản này vừa được sửa." in page
    assert state(sent) == State.REVIEW


def test_a_day_is_set_in_hanoi_time_and_said_on_the_pages(sent, as_other):
    form = {"saw": sent.revision, "at": "2026-11-25T08:00", "until": "2026-12-01T00:00"}
    assert as_other.post(at(sent, "hen-ngay"), form).headers["Location"] == at(sent)
    assert state(sent) == State.SCHEDULED
    assert sent.publish_at.isoformat() == "2026-11-25T01:00:00+00:00"
    assert "Người dân thấy bài từ 8:00 ngày 25/11/2026." in text(as_other, at(sent))
    assert "Hẹn 25/11 8:00" in text(as_other, f"{BOARD}mau/")
    as_other.post(at(sent, "bo-hen"))
    assert state(sent) == State.REVIEW


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({"at": ""}, "Chưa chọn ngày giờ."),
        ({"at": "mai"}, "Chưa đọc được ngày giờ này."),
        ({"at": "2026-13-41T08:00"}, "Chưa đọc được ngày giờ này."),
        ({"at": "2026-11-21T08:00"}, "Giờ này đã qua."),
        ({"at": "0001-01-01T00:00"}, "Giờ này đã qua."),
        ({"at": "9999-12-31T23:59"}, "Ngày này xa hơn một năm."),
        ({"at": "2026-11-25T08:00", "until": "2026-11-24T08:00"}, "Bài hết hạn trước khi bắt đầu."),
        ({"at": "2026-11-25T08:00", "until": "sau"}, "Chưa đọc được ngày giờ này."),
    ],
)
def test_a_day_that_cannot_be_meant_gets_its_sentence_and_what_was_typed_stays(sent, as_other, said, sentence):
    answer = as_other.post(at(sent, "hen-ngay"), {"saw": sent.revision, **said})
    assert answer.status_code == 422
    page = answer.content.decode()
    assert sentence in page
    assert all(f'value="{value}"' in page for value in said.values() if value)
    assert state(sent) == State.REVIEW


def test_sent_back_with_a_note_that_the_author_reads(sent, as_other, as_author):
    answer = as_other.post(at(sent, "tra-lai"), {"why": " "})
    assert (answer.status_code, "Chưa ghi vì sao." in answer.content.decode()) == (422, True)
    long = "dài " * 100
    answer = as_other.post(at(sent, "tra-lai"), {"why": long})
    assert "Rút còn 300 chữ." in answer.content.decode() and long.strip() in answer.content.decode()
    as_other.post(at(sent, "tra-lai"), {"why": "Bước 2 chưa rõ."})
    assert state(sent) == State.DRAFT
    assert "Bước 2 chưa rõ." in text(as_author, at(sent))
    assert "Bước 2 chưa rõ." in text(as_author, f"{BOARD}mau/")


def test_withdrawing_asks_for_the_reason_and_says_what_readers_get(sent, as_other, as_author, guide, version):
    assert as_author.get(at(sent, "rut")).status_code == 404
    as_other.post(at(sent, "phat-hanh"), {"saw": sent.revision})
    assert "Người dân sẽ xem lại bản 1." in text(as_author, at(sent, "rut"))
    answer = as_author.post(at(sent, "rut"), {"why": "", "earlier": "on"})
    page = answer.content.decode()
    assert (answer.status_code, "Chưa ghi vì sao." in page, "checked" in page) == (422, True, True)
    assert guide.current == sent
    as_author.post(at(sent, "rut"), {"why": "Màn hình đã đổi."})
    assert guide.current == version
    page = text(as_other, f"{BOARD}mau/")
    assert "Đã rút" in page and "Màn hình đã đổi." in page
    assert "không còn bài nào" in text(as_author, at(version, "rut"))


def test_going_back_to_an_old_version_opens_a_draft_of_it(sent, as_author, as_other, guide, version):
    as_other.post(at(sent, "phat-hanh"), {"saw": sent.revision})
    as_author.post(at(version, "quay-lai"))
    draft = drafts.open_draft(guide)
    assert [step["title"] for step in draft.work["steps"]] == [step.title for step in version.steps.all()]
    page = as_author.post(at(version, "quay-lai"), follow=True).content.decode()
    assert "Bài này đang có một bản nháp." in page


def test_a_shipped_version_is_compared_and_left_unused_with_a_reason(sent, as_other, as_author, desk, guide):
    as_other.post(at(sent, "phat-hanh"), {"saw": sent.revision})
    desk.guide["steps"][0]["text"] = "Bác bấm nút màu xanh."
    loading.load(desk.write(), everything=True)
    new = GuideVersion.objects.get(author=None, state=State.REVIEW)
    page = text(as_author, at(new))
    assert "Bộ hướng dẫn có bản mới." in page and "màu xanh" in page and "Bỏ bước này" in page
    assert "Có bản mới, chờ duyệt" in text(as_author, BOARD)
    as_author.post(at(new, "tra-lai"), {"why": "Phường dùng bản riêng."})
    assert (state(new), guide.current) == (State.WITHDRAWN, sent)


# --- the list and the page of one guide -------------------------------------------------------------------------------


def test_the_list_filters_by_what_waits(sent, as_other, guide):
    page = text(as_other, BOARD)
    assert 'Chờ duyệt <span class="num">1</span>' in page and 'Bản nháp <span class="num">0</span>' in page
    assert "Hướng dẫn mẫu" in text(as_other, f"{BOARD}?loc=duyet")
    assert "Không có bài nào như vậy." in text(as_other, f"{BOARD}?loc=nhap")
    assert "Không có bài nào như vậy." in text(as_other, f"{BOARD}?loc=xemlai")
    assert "Hướng dẫn mẫu" in text(as_other, f"{BOARD}?loc=gi-do")


def test_a_guide_past_its_day_of_review_is_flagged(guide, as_other):
    guide.review_by = "2026-11-21"
    guide.save()
    assert "Quá hạn xem lại" in text(as_other, f"{BOARD}?loc=xemlai")
    assert "Quá hạn xem lại" in text(as_other, f"{BOARD}mau/")


def test_a_new_guide_is_listed_before_anybody_can_read_it(author, guide, as_other):
    doc = {"slug": "bai-moi", "code": "MOI", "version": {"title": "Bài mới"}, "steps": []}
    draft = drafts.begin_new(user=author, procedure=guide.procedure, doc=doc)
    assert "Người dân chưa có bài này" in text(as_other, BOARD)
    assert "Bản nháp" in text(as_other, f"{BOARD}bai-moi/")
    assert "Bài mới: chưa có bản nào để so." in text(as_other, at(draft))


def test_a_guide_names_who_wrote_and_who_published_each_version(sent, as_other, guide):
    as_other.post(at(sent, "phat-hanh"), {"saw": sent.revision})
    page = text(as_other, f"{BOARD}mau/")
    for words in ("Người viết: Đỗ Khánh Minh Họa.", "Người duyệt: Đỗ Khánh Minh Họa.", "Đi kèm phần mềm.", "Bản cũ"):
        assert words in page, words


def test_a_shipped_guide_is_listed_when_its_first_pictures_are_drawn(desk, db, as_other):
    loading.load(desk.write())
    assert "Đang vẽ" in text(as_other, f"{BOARD}mau/")
    assert "Chưa có bài nào." in text(as_other, BOARD)
    drawing_room.draw_due(seconds=60)
    assert "Hướng dẫn mẫu" in text(as_other, BOARD)
