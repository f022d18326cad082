"""Loading is safe to repeat, draws only what changed, and never touches what is published."""

import pytest

from onboarding.guides import pictures, publishing, tasks
from onboarding.guides.models import Blocker, GuideVersion, Picture, ProcedureFact, Step
from onboarding.refusal import Refused
from tests import build

pytestmark = pytest.mark.django_db


def rows_of(version):
    """Everything that readers of a version see."""
    steps = list(version.steps.values_list("number", "title", "text", "safety", "spec", "scene"))
    return steps, set(Picture.objects.filter(step__version=version).values_list("step__number", "variant", "sha256"))


def test_loading_publishes_the_shipped_version_by_nobody(version):
    assert version.state == GuideVersion.State.PUBLISHED
    assert version.author is None and version.publisher is None
    assert version.steps.get(number=1).title == "Bấm Gửi yêu\u00a0cầu"


def test_loading_again_changes_nothing(desk, version):
    before = rows_of(version)
    done = desk.load()
    assert (done.versions, done.drawn) == (0, 0)
    assert GuideVersion.objects.count() == 1
    assert rows_of(version) == before


def test_a_changed_step_draws_only_itself_and_leaves_the_old_version_as_it_was(desk, version, monkeypatch):
    before, drawn = rows_of(version), []
    real = pictures._draw_all
    monkeypatch.setattr(pictures, "_draw_all", lambda scene: drawn.append(scene.number) or real(scene))
    desk.guide["steps"][1]["picture"]["screen"][1]["text"] = "Gửi lại"
    assert desk.load().versions == 1
    newest = GuideVersion.objects.get(number=2)
    assert drawn == [2]
    assert rows_of(version) == before
    assert newest.guide.current == newest
    shared = {row[2] for row in rows_of(newest)[1]} & {row[2] for row in before[1]}
    assert len(shared) == len(pictures.VARIANTS)


def test_changed_words_alone_draw_nothing(desk, version, monkeypatch):
    monkeypatch.setattr(pictures, "_draw_all", lambda scene: pytest.fail("nothing in the picture changed"))
    desk.guide["steps"][0]["text"] = "Bác bấm nút màu xanh."
    assert desk.load().versions == 1
    assert GuideVersion.objects.get(number=2).steps.get(number=1).text == "Bác bấm nút màu xanh."


def test_a_lost_picture_row_is_drawn_again(desk, version):
    version.steps.get(number=1).pictures.all().delete()
    assert desk.load().drawn == 1
    assert version.steps.get(number=1).pictures.count() == len(pictures.VARIANTS)


def test_a_published_version_is_frozen(version):
    before = rows_of(version)
    with pytest.raises(Refused) as no:
        publishing.rewrite_steps(version=version, steps=[])
    assert no.value.code == "frozen"
    with pytest.raises(Refused):
        publishing.publish(user=None, version=version)
    assert rows_of(version) == before


def test_nobody_publishes_what_they_wrote_themselves(guide, altered, ward):
    author, other = build.editor(ward.area, "viet"), build.editor(ward.area, "duyet")
    draft = draft_by(author, guide, altered())
    with pytest.raises(Refused) as no:
        publishing.publish(user=author, version=draft)
    assert no.value.code == "own_version"
    published = publishing.publish(user=other, version=draft)
    assert (published.state, published.publisher) == (GuideVersion.State.PUBLISHED, other)


def test_a_picture_that_cannot_be_drawn_stops_publishing_with_the_step_and_the_reason(guide, altered, ward):
    draft = draft_by(build.user("viet"), guide, altered(screen=[{"t": "logo"}]))
    with pytest.raises(Refused) as no:
        publishing.publish(user=build.editor(ward.area, "duyet"), version=draft)
    assert no.value.code == "bad_picture"
    assert no.value.message.startswith("Bước 1: ")
    draft.refresh_from_db()
    assert draft.state == GuideVersion.State.REVIEW


def test_the_task_draws_one_step_and_a_vanished_one_is_no_error(guide, altered):
    draft = draft_by(build.user("viet"), guide, altered(view=-20))
    step = draft.steps.get()
    tasks.draw(step.pk)
    assert step.pictures.count() == len(pictures.VARIANTS)
    tasks.draw(step.pk + 1000)


def test_facts_and_blockers_are_dated_rows_and_load_once(desk, guide):
    desk.procedure["facts"] = [
        {"key": "fee", "value": {"dong": 0}, "valid_from": "2026-01-01", "source": "thử", "checked_on": "2026-11-21"}
    ]
    desk.load()
    desk.load()
    fact = ProcedureFact.objects.get()
    assert (fact.value, fact.source, fact.verified) == ({"dong": 0}, "thử", False)
    assert Blocker.objects.get().source == "bài thử"


def test_topic_and_words_follow_the_file_without_a_new_version(desk, guide):
    assert (guide.topic, guide.words) == ("thu", ["mẫu đơn", "TTX"])
    desk.guide["words"] = ["đơn mẫu", 1414]
    assert desk.load().versions == 0
    guide.refresh_from_db()
    assert (guide.topic, guide.words) == ("thu", ["đơn mẫu", "1414"])


def draft_by(author, guide, spec):
    """A version of one step that waits for review."""
    face = {
        "title": "Bản sửa",
        "checked_on": "2026-11-21",
        "checked_by": "cán bộ phường",
        "source": "bài thử",
        "spec_hash": "",
        "state": GuideVersion.State.REVIEW,
    }
    step = {"title": "Bấm Gửi", "text": "Bác bấm Gửi.", "spec": spec}
    version = publishing.write_draft(user=author, guide=guide, face=face, steps=[step])
    assert Step.objects.filter(version=version).count() == 1
    return version
