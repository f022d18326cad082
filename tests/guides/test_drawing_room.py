"""Shipped guides are drawn by the worker a slice at a time; readers keep what they have until the new one is whole."""

import copy

import pytest
from django.core.cache import cache

from onboarding.celery import app
from onboarding.guides import drawing_room, loading, pictures, tasks
from onboarding.guides.models import Guide, GuideVersion, Step
from onboarding.guides.specs import BadSpec
from onboarding.refusal import Refused
from tests import build

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def nobody_draws():
    """No mark of another test's drawing."""
    cache.delete(drawing_room.BUSY)


@pytest.fixture
def put_in(desk):
    """Load the desk's guide as it would ship, without drawing: put_in() → Loaded."""
    return lambda: loading.load(desk.write())


def test_loading_leaves_the_pictures_to_the_worker(put_in, desk):
    done = put_in()
    assert (done.versions, done.drawn, done.waiting) == (1, 0, len(desk.guide["steps"]))
    assert Guide.objects.get().current is None


def test_a_guide_that_is_needed_at_once_is_drawn_at_once(put_in, desk):
    desk.guide["at_once"] = True
    done = put_in()
    assert (done.drawn, done.waiting) == (len(desk.guide["steps"]), 0)
    assert Guide.objects.get().current.number == 1


def test_a_slice_draws_one_step_at_least_and_the_last_one_publishes(put_in, desk):
    put_in()
    left = len(desk.guide["steps"])
    while left:
        assert Guide.objects.get().current is None
        left -= 1
        assert drawing_room.draw_due(seconds=0) == left
    version = Guide.objects.get().current
    assert (version.author, version.publisher) == (None, None)
    assert drawing_room.draw_due(seconds=0) == 0


def test_the_task_draws_what_waits_and_the_beat_rings_for_it(put_in):
    put_in()
    tasks.draw_due()
    assert Guide.objects.get().current is not None
    assert "onboarding.guides.tasks.draw_due" in {entry["task"] for entry in app.conf.beat_schedule.values()}


def test_a_worker_that_is_told_to_draw_nothing_leaves_it_to_another(put_in, settings):
    settings.DRAW_SECONDS = 0
    waiting = put_in().waiting
    tasks.draw_due()
    assert drawing_room.due_steps().count() == waiting


def test_readers_keep_the_version_before_until_the_new_one_is_whole(version, put_in, desk):
    desk.guide["steps"][1]["picture"]["screen"][1]["text"] = "Gửi lại"
    assert put_in().waiting == len(desk.guide["steps"])
    assert version.guide.current == version
    drawing_room.draw_due(seconds=60)
    assert version.guide.current.number == 2


def test_a_draft_that_was_overtaken_before_anybody_saw_it_is_dropped(put_in, desk):
    put_in()
    desk.guide["steps"][0]["text"] = "Bác bấm nút màu xanh."
    put_in()
    drawing_room.draw_due(seconds=60)
    assert list(GuideVersion.objects.values_list("number", "state")) == [(1, "published")]
    assert Step.objects.get(number=1).text == "Bác bấm nút màu xanh."


def test_what_a_person_writes_is_left_alone(put_in, desk, version):
    step = {"title": "Bấm nút", "text": "Bác bấm nút.", "spec": copy.deepcopy(desk.guide["steps"][0]["picture"])}
    face = {"title": "Mới", "checked_on": "2026-11-22", "checked_by": "biên tập viên", "source": "thử", "spec_hash": ""}
    draft = loading.write_draft(user=build.user("viet"), guide=version.guide, face=face, steps=[step])
    drawing_room.draw_due(seconds=60)
    put_in()
    draft.refresh_from_db()
    assert (draft.state, draft.steps.get().scene) == ("draft", "")


def test_while_one_draws_another_does_not(put_in, desk):
    put_in()
    cache.add(drawing_room.BUSY, True, 60)
    assert drawing_room.draw_due(seconds=60) == len(desk.guide["steps"])
    assert Guide.objects.get().current is None


def test_a_step_that_cannot_be_drawn_holds_up_no_other(put_in, desk, monkeypatch, caplog):
    put_in()
    real = pictures.check

    def no_first(scene):
        if scene.number == 1:
            raise BadSpec(["Nút nằm ngoài tranh."])
        real(scene)

    monkeypatch.setattr(pictures, "check", no_first)
    assert drawing_room.draw_due(seconds=60) == 1
    assert Guide.objects.get().current is None
    assert "step 1 cannot be drawn" in caplog.text


def test_loading_refuses_a_picture_that_cannot_be_drawn_and_says_where(put_in, desk):
    desk.guide["steps"][1]["picture"]["screen"] = [{"t": "hologram"}]
    with pytest.raises(Refused) as refused:
        put_in()
    assert "bước 2" in refused.value.message
    assert not GuideVersion.objects.exists()


def test_a_picture_row_that_was_lost_is_noticed_when_loading(version, put_in):
    version.steps.get(number=1).pictures.first().delete()
    assert put_in().waiting == 1
    drawing_room.draw_due(seconds=60)
    assert version.steps.get(number=1).pictures.count() == len(pictures.VARIANTS)
