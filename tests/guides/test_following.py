"""Who reads the English guide is told when the Vietnamese one has moved on, and so is who keeps both."""

import json
import re
from datetime import date, timedelta

import pytest
import time_machine
from django.test import Client
from django.utils import timezone

from onboarding.guides import (
    drafts,
    following,
    loading,
    publishing,
    reviewing,
    timetable,
    withdrawals,
    worklist,
)
from onboarding.guides.models import Guide, GuideVersion
from tests import build

pytestmark = pytest.mark.django_db
DAY = date(2026, 11, 22)
BOARD = "/phuong/huong-dan/"
TOLD = "The Vietnamese guide changed on 22/11/2026"
GONE = "The Vietnamese guide was taken back"


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False) as clock:
        yield clock


@pytest.fixture
def english(db, desk, clock) -> Guide:
    """The English guide, published beside the Vietnamese one an hour ago."""
    desk.in_english()
    desk.load()
    clock.shift(timedelta(hours=1))
    return Guide.objects.get(slug="mau-en")


@pytest.fixture
def guide(english) -> Guide:
    assert english.original is not None
    return english.original


@pytest.fixture
def people(ward):
    return build.editor(ward.area, "viet"), build.editor(ward.area, "duyet")


@pytest.fixture
def rewrite(people, clock, django_capture_on_commit_callbacks):
    """A function by which the one writes a new version of a guide and the other publishes it, an hour later each."""

    def do(guide, alter) -> GuideVersion:
        author, other = people
        draft = drafts.change(user=author, version=drafts.begin(user=author, guide=guide), alter=alter)
        clock.shift(timedelta(hours=1))
        return publish(draft)

    def publish(draft) -> GuideVersion:
        author, other = people
        with django_capture_on_commit_callbacks(execute=True):
            done = publishing.publish(user=other, version=reviewing.send_for_review(user=author, version=draft))
        clock.shift(timedelta(hours=1))
        return done

    do.publish = publish
    return do


def reworded(doc) -> None:
    doc["steps"][1]["text"] = "Bác chờ một phút."


def checked_again(doc) -> None:
    doc["version"]["checked_on"] = "2026-11-22"


def page(path: str, who=None) -> str:
    client = Client()
    if who:
        client.force_login(who)
    answer = client.get(path)
    assert answer.status_code == 200, answer.status_code
    return re.sub(r"\s+", " ", answer.content.decode())


def how_far(english) -> tuple[int, int] | None:
    """Which version the English guide follows and which readers have, None when they are the same."""
    found = following.behind(english.current)
    return found and (found.follows.number, found.now.number)


# --- what follows what ------------------------------------------------------------------------------------------------


def test_what_is_shipped_together_follows(english, desk):
    assert how_far(english) is None
    desk.guide["steps"][1]["text"] = "Bác đợi máy báo."  # the English words were read with it and stay
    desk.load()
    assert (english.original.current.number, english.current.number, how_far(english)) == (2, 1, None)


def test_a_newer_version_of_the_ward_leaves_the_shipped_english_behind(english, guide, rewrite):
    rewrite(guide, reworded)
    assert how_far(english) == (1, 2)


def test_it_is_not_behind_before_readers_have_the_newer_version(english, guide, people, clock, rewrite):
    author, other = people
    draft = drafts.change(user=author, version=drafts.begin(user=author, guide=guide), alter=reworded)
    sent = reviewing.send_for_review(user=author, version=draft)
    timetable.schedule(user=other, version=sent, at=timezone.now() + timedelta(days=1))
    assert how_far(english) is None
    clock.shift(timedelta(days=1))
    assert following.behind(english.current).since == sent.guide.current.publish_at  # by the clock, before any beat


def test_an_english_version_written_since_then_follows_again(english, guide, rewrite):
    rewrite(guide, reworded)
    rewrite(english, checked_again)
    assert how_far(english) is None
    rewrite(guide, checked_again)
    assert how_far(english) == (2, 3)


def test_an_english_version_written_before_and_published_after_is_behind(english, guide, people, rewrite):
    author, _other = people
    draft = drafts.change(user=author, version=drafts.begin(user=author, guide=english), alter=checked_again)
    rewrite(guide, reworded)
    rewrite.publish(draft)
    assert how_far(english) == (1, 2)


def test_where_nobody_noted_the_change_the_day_of_publication_counts(english, guide, people, rewrite):
    rewrite(guide, reworded)
    mine = english.versions.filter(pk=english.current.pk)
    mine.update(author=people[0], changed_at=None)
    assert how_far(english) == (1, 2)
    mine.update(published_at=None, state="scheduled", publish_at="2026-11-01T00:00Z", publisher=people[1])
    assert following.behind(english.current).follows is None
    assert "Tiếng Anh chưa theo kịp" in page(BOARD, people[0])


def test_what_was_taken_back_is_not_followed(english, guide, people, rewrite, clock):
    wrong = rewrite(guide, reworded)
    publishing.withdraw(user=people[0], version=wrong, why="Sai.")
    assert how_far(english) is None
    clock.shift(timedelta(hours=1))
    rewrite(english, checked_again)
    assert how_far(english) is None


def test_going_back_to_what_the_english_one_says_is_following_it(english, guide, people, rewrite):
    first = guide.current
    rewrite(guide, reworded)
    back = rewrite.publish(drafts.begin(user=people[0], guide=guide, source=first))
    assert (guide.current, how_far(english)) == (back, None)


def test_a_shipped_version_that_people_let_in_later_is_what_the_shipped_english_one_follows(
    english, guide, desk, people, rewrite
):
    rewrite(guide, reworded)
    desk.guide["version"]["minutes"] = 7
    loading.load(desk.write(), everything=True)
    assert (english.current.number, how_far(english)) == (2, (3, 2))  # the English one came out, the other waits
    publishing.publish(user=people[0], version=guide.versions.get(author=None, state="review"))
    assert how_far(english) is None


# --- what readers are told --------------------------------------------------------------------------------------------


def test_readers_of_the_english_guide_are_told_and_led_to_the_vietnamese_one(english, guide, rewrite):
    assert TOLD not in page("/huong-dan/mau-en/") and TOLD not in page("/huong-dan/mau-en/1/vuong/")
    rewrite(guide, reworded)
    for path in ("", "1/vuong/"):
        told = page(f"/huong-dan/mau-en/{path}")
        assert TOLD in told
        assert 'looks different, open</span> <a href="/huong-dan/mau/" lang="vi"' in told
        assert "out of date" not in page(f"/huong-dan/mau/{path}")
    rewrite(english, checked_again)
    assert TOLD not in page("/huong-dan/mau-en/") and TOLD not in page("/huong-dan/mau-en/1/vuong/")


def test_when_the_vietnamese_guide_is_gone_its_english_readers_are_told_to_ask(english, guide, people):
    publishing.withdraw(user=people[0], version=guide.current, why="Sai.")
    assert GONE in page("/huong-dan/mau-en/")
    assert "Ask your ward before you follow it." in page("/huong-dan/mau-en/1/vuong/")


def test_phones_that_saved_the_english_guide_hear_that_its_pages_changed(english, guide, people, rewrite):
    def mark() -> str:
        return withdrawals.news()["manifest"]["current"]["mau-en"][1]

    before = mark()
    rewrite(guide, reworded)
    assert mark() != before
    files = json.loads(Client().get("/huong-dan/mau-en/goi.json").content)["manifest"]
    assert files["mark"] == mark()


# --- what keepers are told --------------------------------------------------------------------------------------------


def test_keepers_read_on_the_list_and_on_both_pages_which_version_the_english_one_follows(
    english, guide, people, rewrite
):
    author, _other = people
    assert "Tiếng Anh còn theo" not in page(BOARD, author)
    assert "chưa theo kịp" not in page(f"{BOARD}mau/", author) + page(f"{BOARD}mau-en/", author)
    new = rewrite(guide, reworded)
    assert "Tiếng Anh còn theo bản 1" in page(f"{BOARD}?loc=xemlai", author)
    assert [(entry.guide.slug, entry.to_look_at) for entry in worklist.entries(DAY)] == [("mau", True)]
    for slug in ("mau", "mau-en"):
        told = page(f"{BOARD}{slug}/", author)
        assert "Bản tiếng Anh theo bản tiếng Việt số 1." in told
        assert "Bản tiếng Việt đang dùng là số 2, từ 22/11/2026." in told
    assert f'href="{BOARD}mau-en/"' in page(f"{BOARD}mau/", author)
    assert f'href="{BOARD}duyet/{new.pk}/"' in page(f"{BOARD}mau-en/", author)


def test_who_writes_the_english_one_is_told_in_the_editor_until_readers_have_it(english, guide, people, rewrite):
    author, _other = people
    rewrite(guide, reworded)
    draft = drafts.begin(user=author, guide=english)
    for path in ("soan/", "soan/1/"):
        assert "Bản tiếng Anh chưa theo kịp" in page(f"{BOARD}mau-en/{path}", author)
    assert 'alt="Drawing of a phone' in page(f"{BOARD}mau-en/soan/xem/", author)  # as its readers will hear it
    drafts.begin(user=author, guide=guide)
    assert "chưa theo kịp" not in page(f"{BOARD}mau/soan/1/", author)  # there it is not what one is writing
    rewrite.publish(drafts.change(user=author, version=draft, alter=checked_again))
    drafts.begin(user=author, guide=english)
    assert "chưa theo kịp" not in page(f"{BOARD}mau-en/soan/1/", author)


def test_who_takes_the_vietnamese_guide_back_is_told_that_the_english_one_stays(english, guide, people):
    vietnamese, other = (f"{BOARD}duyet/{row.current.pk}/rut/" for row in (guide, english))
    assert f'vẫn còn cho người dân. <a href="{other}">' in page(vietnamese, people[0])
    assert "vẫn còn" not in page(other, people[0])
    publishing.withdraw(user=people[0], version=english.current, why="Sai.")
    assert "vẫn còn" not in page(vietnamese, people[0])


def test_keepers_are_told_when_only_the_english_one_is_left(english, guide, people):
    publishing.withdraw(user=people[0], version=guide.current, why="Sai.")
    assert "Bản tiếng Việt đã rút hoặc hết hạn." in page(f"{BOARD}mau/", people[0])


def test_a_guide_that_readers_do_not_have_in_english_stays_behind_nothing(english, guide, people, rewrite):
    publishing.withdraw(user=people[0], version=english.current, why="Sai.")
    rewrite(guide, reworded)
    assert following.all_behind() == {}
    assert following.of_guide(guide) is None
