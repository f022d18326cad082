"""What readers say: taken from a plain form, bounded, counted by the day, shown to who keeps guides."""

from datetime import timedelta

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from onboarding.guides import feedback, readership
from onboarding.guides.models import Feedback, GuideVersion, StepCount
from tests import build

pytestmark = pytest.mark.django_db

DOOR = "/y-kien/"
BOARD = "/phuong/huong-dan/"
FORM = "application/x-www-form-urlencoded"
TAP = {"version": "mau.1", "step": "2", "kind": "differs"}


@pytest.fixture(autouse=True)
def nobody_has_spoken_yet():
    """Limits are kept in the cache."""
    cache.clear()


@pytest.fixture
def reader(guide) -> Client:
    """A browser nobody knows, with the small guide published; it would be asked for a token where one is due."""
    return Client(enforce_csrf_checks=True)


@pytest.fixture
def as_editor(ward) -> Client:
    """A browser signed in as the ward's editor."""
    client = Client()
    client.force_login(build.editor(ward.area))
    return client


def say(client: Client, body: str, **headers: str):
    """Post a body as a form."""
    return client.post(DOOR, body, content_type=FORM, headers=headers)


def said(**fields: str) -> str:
    """The tap as a body, with fields replaced."""
    return "&".join(f"{name}={value}" for name, value in {**TAP, **fields}.items())


def happened(version: GuideVersion, kind: str, count: int, days_ago: int = 0, step: int = 1) -> None:
    """Write down that something was counted then."""
    day = timezone.localdate() - timedelta(days=days_ago)
    StepCount.objects.create(version=version, step=step, kind=kind, day=day, count=count)


def rising(version: GuideVersion) -> list[str]:
    """What the list says is rising for the guide."""
    (line,) = [each for each in readership.board(timezone.localdate()) if each.version == version]
    return line.tally.rising


# --- a reader --------------------------------------------------------------------------------------------------------


def test_a_tap_without_a_script_is_kept_and_leads_back_to_the_step(reader, version):
    page = reader.get("/huong-dan/mau/2/").content.decode()
    assert 'action="/y-kien/"' in page and 'name="version" value="mau.' in page and 'value="differs"' in page
    answer = say(reader, said())
    assert (answer.status_code, answer.headers["Location"]) == (303, "/huong-dan/mau/2/#cam-on")
    assert 'id="cam-on"' in page
    assert not answer.cookies
    assert "no-store" in answer.headers["Cache-Control"]
    (row,) = Feedback.objects.all()
    assert (row.version, row.step, row.kind) == (version, 2, "differs")


def test_only_the_last_step_asks_whether_it_was_done(reader):
    faces = ('value="done"', 'value="not-done"', 'value="need-help"')
    first, last = (reader.get(f"/huong-dan/mau/{number}/").content.decode() for number in (1, 2))
    assert all(face in last and face not in first for face in faces)
    assert all(words in last for words in ("Làm được", "Chưa làm được", "Cần người giúp", "Khác với máy của tôi"))


def test_what_is_read_is_counted_by_step_and_day_and_never_kept_singly(reader, version):
    for _time in range(3):
        say(reader, said(kind="opened"))
    say(reader, said(kind="stuck"))
    rows = {(row.step, row.kind): (row.day, row.count) for row in StepCount.objects.filter(version=version)}
    today = timezone.localdate()
    assert rows == {(2, "opened"): (today, 3), (2, "stuck"): (today, 1)}
    assert Feedback.objects.count() == 0


def test_one_form_may_bring_what_a_phone_kept_while_it_had_no_network(reader):
    lines = [said(step="1", kind="opened"), said(step="1", kind="finished"), said(), said()]
    assert say(reader, "&".join(lines)).status_code == 303
    assert (StepCount.objects.count(), Feedback.objects.count()) == (2, 1), "the same thing in one form counts once"


def test_what_was_said_belongs_to_the_version_that_was_seen(reader, guide, version):
    newer = GuideVersion.objects.get(pk=version.pk)
    newer.pk, newer.number = None, 2
    newer.save(force_insert=True)
    say(reader, said())
    assert Feedback.objects.get().version == version


def test_a_step_that_the_guide_no_longer_has_leads_to_the_list(reader, version):
    GuideVersion.objects.filter(pk=version.pk).update(state="withdrawn")
    assert say(reader, said()).headers["Location"] == "/huong-dan/#cam-on"


@pytest.mark.parametrize(
    "body",
    [
        "x=1",
        said(kind="spam"),
        said(kind=""),
        said(version="khac.1"),
        said(version="mau.9"),
        said(version="mau"),
        said(version="../mau.1"),
        said(step="0"),
        said(step="3"),
        said(step="-1"),
        said(step="99999"),
        said(step="٢"),
        said() + "&name=Mau",
        said() + "&kind=done",
        "version=mau.1&step=2",
    ],
)
def test_a_form_that_says_nothing_we_know_is_refused_and_leaves_nothing(reader, body):
    assert say(reader, body).status_code == 400
    assert not Feedback.objects.exists() and not StepCount.objects.exists()


def test_nobody_can_speak_of_a_draft(reader, version):
    GuideVersion.objects.filter(pk=version.pk).update(state="draft")
    assert say(reader, said()).status_code == 400


def test_a_body_too_large_is_not_read(reader):
    assert say(reader, said() + "&" + "x" * 8_000).status_code == 413
    assert say(reader, "&".join([said()] * (feedback.MOST + 1))).status_code == 400
    assert not Feedback.objects.exists()


def test_only_a_plain_form_from_our_own_pages_is_taken(reader):
    assert reader.get(DOOR).status_code == 405
    assert reader.post(DOOR, TAP).status_code == 415, "multipart"
    assert reader.post(DOOR, "{}", content_type="application/json").status_code == 415
    assert say(reader, said(), **{"sec-fetch-site": "cross-site"}).status_code == 403
    assert say(reader, said(), **{"sec-fetch-site": "same-origin"}).status_code == 303


def test_one_address_cannot_flood_and_another_is_not_held_up_by_it(reader, settings):
    settings.FEEDBACK_AN_HOUR = 2
    both = "&".join([said(step="1"), said(step="2")])
    assert say(reader, both).status_code == 303
    answer = say(reader, said())
    assert answer.status_code == 429
    assert 0 < int(answer.headers["Retry-After"]) <= 3600
    assert Feedback.objects.count() == 2
    other = Client(REMOTE_ADDR="203.0.113.9")
    assert say(other, said()).status_code == 303


def test_no_address_is_kept_in_clear(reader, monkeypatch):
    kept = []
    monkeypatch.setattr("onboarding.accounts.limits.cache.set", lambda key, *rest: kept.append(key))
    say(reader, said())
    assert len(kept) == 1 and "127.0.0.1" not in kept[0]


# --- who keeps guides ------------------------------------------------------------------------------------------------


def test_editors_and_supervisors_find_the_pages_a_team_member_does_not_and_a_stranger_signs_in(
    guide, ward, as_editor, as_supervisor
):
    walker = Client()
    walker.force_login(ward.member)
    nobody = Client()
    nobody.force_login(build.user("khong-vai"))
    for path in (BOARD, f"{BOARD}mau/"):
        assert Client().get(path).headers["Location"].startswith("/dang-nhap/")
        assert walker.get(path).status_code == nobody.get(path).status_code == 404
        for client in (as_editor, as_supervisor):
            answer = client.get(path)
            assert answer.status_code == 200
            assert "no-store" in answer.headers["Cache-Control"]
            assert client.post(path).status_code == 405
    assert as_supervisor.get(f"{BOARD}khac/").status_code == 404


def test_the_rail_leads_a_supervisor_there_and_an_editor_gets_no_rail(guide, as_editor, as_supervisor):
    assert f'href="{BOARD}" aria-current="page"' in as_supervisor.get(BOARD).content.decode()
    page = as_editor.get(BOARD).content.decode()
    assert 'href="/phuong/ho-so/"' not in page and 'href="/phuong/thu-tuc/"' in page


def test_the_list_says_how_a_guide_was_read_in_the_last_thirty_days(version, as_supervisor):
    happened(version, "opened", 9, days_ago=29)
    happened(version, "opened", 1000, days_ago=30)
    happened(version, "opened", 7, step=2)
    happened(version, "finished", 4, step=2)
    happened(version, "finished", 8, step=1)
    happened(version, "stuck", 3, step=2)
    Feedback.objects.create(version=version, step=2, kind="differs")
    (line,) = readership.board(timezone.localdate())
    assert (line.opened, line.finished, line.tally.stuck, line.tally.differs) == (9, 4, 3, 1)
    page = as_supervisor.get(BOARD).content.decode()
    for words in ("Hướng dẫn mẫu", "21/11/2026", "01/06/2027", f'href="{BOARD}mau/"'):
        assert words in page, words


def test_a_guides_page_counts_every_step_of_every_version_that_is_read(version, as_editor):
    happened(version, "stuck", 41, step=2)
    Feedback.objects.create(version=version, step=2, kind="need-help")
    page = as_editor.get(f"{BOARD}mau/").content.decode()
    for words in ("Bấm Gửi", "Đợi máy báo xong", "41", "Cần người giúp: 1", 'href="/huong-dan/mau/"', "Bản số 1"):
        assert words in page, words


@pytest.mark.parametrize(
    ("now", "before", "expected"),
    [
        ((1, 10), (0, 10), []),
        ((4, 10), (0, 10), []),
        ((5, 100), (0, 100), ["stuck"]),
        ((10, 100), (10, 100), []),
        ((15, 100), (10, 100), []),
        ((16, 100), (10, 100), ["stuck"]),
        ((50, 1000), (10, 100), []),
        ((5, 0), (0, 0), ["stuck"]),
    ],
)
def test_what_rises_for_every_opened_page_bears_a_flag_but_not_for_one_tap(version, now, before, expected):
    for (stuck, opened), days in ((now, 13), (before, 27)):
        happened(version, "stuck", stuck, days)
        happened(version, "opened", opened, days)
    assert rising(version) == expected


def test_taps_that_it_differs_rise_too_and_stand_first(version, as_supervisor):
    happened(version, "opened", 20)
    Feedback.objects.bulk_create(Feedback(version=version, step=1, kind="differs") for _tap in range(5))
    assert rising(version) == ["differs"]
    assert "Khác máy tăng" in as_supervisor.get(BOARD).content.decode()
    Feedback.objects.update(at=timezone.now() - timedelta(days=20))
    assert rising(version) == []


def test_how_many_questions_the_list_asks_does_not_grow_with_what_is_read(
    version, as_supervisor, django_assert_num_queries
):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    with CaptureQueriesContext(connection) as before:
        as_supervisor.get(BOARD)
    for step in (1, 2):
        happened(version, "opened", 5, step=step)
    with django_assert_num_queries(len(before)):
        as_supervisor.get(BOARD)
