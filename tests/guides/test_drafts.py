"""A draft begins with what readers have, is changed part by part, and loses nothing that was typed."""

from datetime import date

import pytest

from onboarding.guides import documents, drafts
from onboarding.guides.models import Blocker, Guide, GuideVersion
from onboarding.refusal import Refused
from tests import build

pytestmark = pytest.mark.django_db

TODAY = date(2026, 11, 22)


@pytest.fixture
def author(ward):
    return build.editor(ward.area, "viet")


@pytest.fixture
def draft(author, guide):
    return drafts.begin(user=author, guide=guide)


def say(title):
    """An alteration: the first step is called so."""
    return lambda doc: documents.put_step(doc, 1, {**doc["steps"][0], "title": title})


def test_a_draft_says_what_the_published_version_says(draft, version):
    assert (draft.number, draft.state, draft.author.username) == (2, GuideVersion.State.DRAFT, "viet")
    assert [step["title"] for step in draft.work["steps"]] == [step.title for step in version.steps.all()]
    assert draft.work["version"]["title"] == version.title
    assert draft.work["steps"][0]["picture"] == version.steps.get(number=1).spec
    assert drafts.faults(draft.work, today=TODAY) == []


def test_there_is_one_draft_of_a_guide_whoever_asks(draft, guide, ward):
    assert drafts.begin(user=build.editor(ward.area, "khac"), guide=guide) == draft
    with pytest.raises(Refused) as no:
        drafts.begin(user=build.editor(ward.area, "nua"), guide=guide, source=guide.current)
    assert no.value.code == "open"


def test_a_change_is_kept_and_its_writer_noted(draft, version, ward):
    other = build.editor(ward.area, "khac")
    kept = drafts.change(user=other, version=draft, alter=say("Bấm nút khác"))
    assert kept.work["steps"][0]["title"] == "Bấm nút khác"
    assert {writer.username for writer in kept.writers.all()} == {"viet", "khac"}
    assert kept.revision == 1
    version.refresh_from_db()
    assert version.steps.get(number=1).title != "Bấm nút khác"


def test_a_step_that_somebody_else_changed_is_not_written_over(draft, author, ward):
    saw = documents.mark(draft.work["steps"][0])
    drafts.change(user=build.editor(ward.area, "khac"), version=draft, alter=say("Của người khác"))
    with pytest.raises(Refused) as no:
        drafts.change(user=author, version=draft, alter=say("Của tôi"), saw=saw, step=1)
    assert no.value.code == "stale"
    draft.refresh_from_db()
    assert draft.work["steps"][0]["title"] == "Của người khác"


def test_a_change_of_another_step_does_not_stand_in_the_way(draft, author, ward):
    saw = documents.mark(draft.work["steps"][0])
    drafts.change(user=build.editor(ward.area, "khac"), version=draft, alter=lambda doc: documents.copy_step(doc, 2))
    kept = drafts.change(user=author, version=draft, alter=say("Của tôi"), saw=saw, step=1)
    assert [len(kept.work["steps"]), kept.work["steps"][0]["title"]] == [3, "Của tôi"]


def test_a_faulty_text_is_kept_and_named(draft, author):
    long = "Bấm " * 1250
    kept = drafts.change(user=author, version=draft, alter=say(long))
    assert kept.work["steps"][0]["title"] == long
    assert (1, "tên bước dài 5000 chữ. Rút còn 36 chữ.") in drafts.faults(kept.work, today=TODAY)


def test_what_is_too_large_is_refused_and_the_draft_stays(draft, author):
    with pytest.raises(Refused) as no:
        drafts.change(user=author, version=draft, alter=say("a" * 300_000))
    assert no.value.code == "too_large"
    draft.refresh_from_db()
    assert draft.revision == 0


def test_steps_are_added_copied_moved_and_dropped(draft, author):
    def titles(alter):
        return [s["title"] for s in drafts.change(user=author, version=draft, alter=alter).work["steps"]]

    first, second = (step["title"] for step in draft.work["steps"])
    assert titles(lambda doc: documents.copy_step(doc, 1)) == [first, first, second]
    assert titles(lambda doc: documents.move_step(doc, 3, 1)) == [second, first, first]
    assert titles(lambda doc: documents.drop_step(doc, 2)) == [second, first]
    assert titles(lambda doc: documents.add_step(doc, 0)) == ["", second, first]
    with pytest.raises(Refused) as no:
        titles(lambda doc: documents.drop_step(doc, 9))
    assert no.value.code == "no_step"


def test_a_step_that_an_author_added_or_copied_can_go_out_though_no_form_names_its_work(draft, author):
    def add(doc):
        documents.copy_step(doc, 1)
        documents.add_step(doc, 3)
        said = {**doc["steps"][0], "item": doc["steps"][3]["item"], "title": "Bấm nút mới"}
        documents.put_step(doc, 4, said)

    assert drafts.faults(drafts.change(user=author, version=draft, alter=add).work, today=TODAY) == []


def test_only_a_draft_is_changed(version, author):
    with pytest.raises(Refused) as no:
        drafts.change(user=author, version=version, alter=say("Bấm"))
    assert no.value.code == "frozen"


def test_settling_writes_the_rows_that_the_document_says(draft, author):
    draft = drafts.change(user=author, version=draft, alter=say("Bấm Gửi_yêu cầu"))
    drafts.settle(draft)
    assert [step.title for step in draft.steps.all()] == ["Bấm Gửi\u00a0yêu cầu", "Đợi máy báo xong"]
    assert draft.steps.get(number=2).spec == draft.work["steps"][1]["picture"]
    assert draft.title == "Hướng dẫn mẫu"


def test_a_new_guide_begins_empty_and_goes_with_its_draft(author, guide):
    doc = {"slug": "moi", "code": "MOI", "topic": "thu", "words": ["mới"], "version": {"title": "Bài mới"}, "steps": []}
    draft = drafts.begin_new(user=author, procedure=guide.procedure, doc=doc)
    assert (draft.number, draft.title, draft.guide.slug) == (1, "Bài mới", "moi")
    assert (0, "chưa có bước nào. Viết ít nhất một bước.") in drafts.faults(draft.work, today=TODAY)
    with pytest.raises(Refused) as no:
        drafts.begin_new(user=author, procedure=guide.procedure, doc={**doc, "code": "KHAC"})
    assert no.value.code == "taken"
    drafts.discard(user=author, version=draft)
    assert not Guide.objects.filter(slug="moi").exists()


def test_discarding_a_draft_leaves_the_guide_and_its_readers_alone(draft, guide, version, author):
    drafts.discard(user=author, version=draft)
    assert guide.current == version
    with pytest.raises(Refused):
        drafts.discard(user=author, version=version)


def test_an_unknown_blocker_is_named(draft, author):
    Blocker.objects.all().delete()
    assert any("NO_INTERNET" in text for step, text in drafts.faults(draft.work, today=TODAY) if step == 1)


def test_only_who_keeps_guides_writes_them(draft, author, guide, ward, version):
    doc = {"slug": "moi", "code": "MOI", "version": {}, "steps": []}
    verbs = [
        lambda who: drafts.begin(user=who, guide=guide),
        lambda who: drafts.begin(user=who, guide=guide, source=version),
        lambda who: drafts.begin_new(user=who, procedure=guide.procedure, doc=doc),
        lambda who: drafts.begin_from(user=who, guide=guide, doc=doc),
        lambda who: drafts.change(user=who, version=draft, alter=say("Của người lạ")),
        lambda who: drafts.discard(user=who, version=draft),
    ]
    for verb in verbs:
        for stranger in (ward.member, build.user(f"la-{verbs.index(verb)}")):
            with pytest.raises(Refused) as no:
                verb(stranger)
            assert no.value.code == "not_assigned"
    draft.refresh_from_db()
    assert (draft.revision, list(draft.writers.all()), Guide.objects.count()) == (0, [author], 1)
