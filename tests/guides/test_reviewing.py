"""A draft goes to review, back, and to its readers; never by the hand that wrote it, never unseen."""

from datetime import date

import pytest
import time_machine
from django.core.cache import cache

from onboarding.guides import documents, drafts, drawing_room, loading, publishing, reviewing, tasks
from onboarding.guides.models import GuideVersion, Step
from onboarding.guides.reviewing import Faulty
from onboarding.journal.models import AuditEntry
from onboarding.refusal import Refused
from tests import build

pytestmark = pytest.mark.django_db
State = GuideVersion.State


@pytest.fixture(autouse=True)
def that_day():
    """The day on which the small guide is in order, and nobody drawing."""
    cache.delete(drawing_room.BUSY)
    with time_machine.travel("2026-11-22T03:00:00Z", tick=False):
        yield


@pytest.fixture
def author(ward):
    return build.editor(ward.area, "viet")


@pytest.fixture
def other(ward):
    return build.editor(ward.area, "duyet")


@pytest.fixture
def draft(author, guide):
    """A draft whose second step says something else."""
    return reworded(author, drafts.begin(user=author, guide=guide))


@pytest.fixture
def sent(author, draft):
    return reviewing.send_for_review(user=author, version=draft, note="Đổi lời bước 2.")


def reworded(who, draft, text="Bác chờ một phút.", step=2):
    """The draft with one step saying text."""

    def alter(doc):
        doc["steps"][step - 1]["text"] = text

    return drafts.change(user=who, version=draft, alter=alter)


def deeds():
    """What stands in the audit, in order."""
    return list(AuditEntry.objects.order_by("number").values_list("user__username", "action", "detail__number"))


def refused(verb, **said):
    """The code with which a verb says no."""
    with pytest.raises(Refused) as no:
        verb(**said)
    assert no.value.message
    return no.value.code


def test_sending_writes_the_rows_and_the_note_and_the_deed(sent, author):
    assert (sent.state, sent.change_note) == (State.REVIEW, "Đổi lời bước 2.")
    assert [step.text for step in sent.steps.all()] == ["Bác bấm nút Gửi yêu cầu.", "Bác chờ một phút."]
    assert deeds() == [("viet", "guide.send", 2)]


def test_what_is_faulty_is_said_all_of_it_and_stays_a_draft(author, draft):
    reworded(author, draft, text="", step=1)
    draft = drafts.change(user=author, version=draft, alter=lambda doc: doc["steps"][1].update(title="Bấm " * 20))
    with pytest.raises(Faulty) as no:
        reviewing.send_for_review(user=author, version=draft)
    assert {step for step, _sentence in no.value.faults} == {1, 2}
    draft.refresh_from_db()
    assert (draft.state, draft.steps.count(), deeds()) == (State.DRAFT, 0, [])


def test_a_draft_that_says_what_readers_have_is_not_sent(author, guide):
    draft = drafts.begin(user=author, guide=guide)
    assert refused(reviewing.send_for_review, user=author, version=draft) == "unchanged"


def test_a_changed_day_of_checking_is_a_change(author, guide):
    draft = drafts.begin(user=author, guide=guide)
    draft = drafts.change(
        user=author, version=draft, alter=lambda doc: documents.put_face(doc, {"checked_on": "2026-11-22"}, {})
    )
    assert reviewing.send_for_review(user=author, version=draft).checked_on == date(2026, 11, 22)


def test_only_who_keeps_guides_may_send_or_publish(draft, sent, member):
    assert refused(reviewing.send_for_review, user=member, version=draft) == "not_assigned"
    assert refused(publishing.publish, user=member, version=sent) == "not_assigned"
    assert refused(publishing.withdraw, user=member, version=sent, why="Sai.") == "not_assigned"


def test_a_second_person_publishes_and_readers_have_it(sent, other, guide, version):
    publishing.publish(user=other, version=sent, saw=sent.revision)
    assert guide.current == sent
    sent.refresh_from_db()
    assert (sent.publisher, sent.author.username) == (other, "viet")
    assert not sent.steps.filter(scene="").exists()
    version.refresh_from_db()
    assert version.state == State.PUBLISHED
    assert deeds()[-1] == ("duyet", "guide.publish", 2)


def test_nobody_who_wrote_a_word_of_it_publishes_it(author, other, draft, ward):
    sent = reviewing.send_for_review(user=author, version=reworded(other, draft, "Bác đợi."))
    assert refused(publishing.publish, user=author, version=sent) == "own_version"
    assert refused(publishing.publish, user=other, version=sent) == "own_version"
    publishing.publish(user=ward.supervisor, version=sent)
    assert sent.guide.current == sent


def test_who_sends_it_stands_for_it(draft, other):
    sent = reviewing.send_for_review(user=other, version=draft)
    assert refused(publishing.publish, user=other, version=sent) == "own_version"


def test_what_was_changed_after_it_was_compared_is_not_published(author, other, sent):
    draft = reviewing.take_back(user=author, version=sent)
    again = reviewing.send_for_review(user=author, version=reworded(author, draft, "Bác làm khác hẳn."))
    assert refused(publishing.publish, user=other, version=again, saw=sent.revision) == "stale"
    assert publishing.publish(user=other, version=again, saw=again.revision).state == State.PUBLISHED


def test_a_draft_that_nobody_sent_is_not_published(draft, other):
    assert refused(publishing.publish, user=other, version=draft) == "frozen"


def test_sent_back_it_is_a_draft_with_the_reason_until_it_is_sent_again(author, other, sent):
    assert refused(reviewing.send_back, user=other, version=sent, why="  ") == "no_reason"
    assert refused(reviewing.send_back, user=other, version=sent, why="a" * 301) == "too_large"
    back = reviewing.send_back(user=other, version=sent, why="Bước 2 nói chưa rõ.")
    assert (back.state, back.review_note) == (State.DRAFT, "Bước 2 nói chưa rõ.")
    assert deeds()[-1] == ("duyet", "guide.send_back", 2)
    assert reviewing.send_for_review(user=author, version=back).review_note == ""


def test_only_a_writer_takes_a_version_back(author, other, sent):
    assert refused(reviewing.take_back, user=other, version=sent) == "not_own"
    assert reviewing.take_back(user=author, version=sent).state == State.DRAFT
    assert refused(reviewing.take_back, user=author, version=sent) == "frozen"


def test_what_the_document_says_of_the_guide_counts_from_publication(author, other, guide, draft):
    head = {"words": ["đơn mẫu"], "review_by": "2027-11-01", "topic": "thu"}
    draft = drafts.change(user=author, version=draft, alter=lambda doc: documents.put_face(doc, {}, head))
    sent = reviewing.send_for_review(user=author, version=draft)
    guide.refresh_from_db()
    assert guide.words == ["mẫu đơn", "TTX"]
    publishing.publish(user=other, version=sent)
    guide.refresh_from_db()
    assert (guide.words, guide.review_by) == (["đơn mẫu"], date(2027, 11, 1))


# --- withdrawing ------------------------------------------------------------------------------------------------------


def test_one_person_withdraws_at_once_and_the_version_before_is_current_again(author, other, guide, sent, version):
    published = publishing.publish(user=other, version=sent)
    assert refused(publishing.withdraw, user=author, version=published, why="") == "no_reason"
    publishing.withdraw(user=author, version=published, why="Bước 2 sai trên máy mới.")
    assert guide.current == version
    published.refresh_from_db()
    assert (published.state, published.review_note) == (State.WITHDRAWN, "Bước 2 sai trên máy mới.")
    entry = AuditEntry.objects.order_by("-number").first()
    assert (entry.action, entry.detail["why"]) == ("guide.withdraw", "Bước 2 sai trên máy mới.")


def test_what_came_before_is_withdrawn_too_when_asked(author, other, guide, sent):
    published = publishing.publish(user=other, version=sent)
    assert len(publishing.withdraw(user=author, version=published, why="Sai cả.", earlier=True)) == 2
    assert guide.current is None


def test_going_back_is_a_new_draft_of_an_old_version_seen_by_a_second_person(author, other, guide, sent, version):
    publishing.publish(user=other, version=sent)
    again = drafts.begin(user=author, guide=guide, source=version)
    reviewing.send_for_review(user=author, version=again)
    publishing.publish(user=other, version=again)
    assert guide.current.number == 3
    assert guide.current.steps.get(number=2).text == version.steps.get(number=2).text


# --- the drawing room -------------------------------------------------------------------------------------------------


def test_the_worker_draws_what_waits_for_a_person_first(sent, desk):
    desk.guide["steps"][1]["picture"]["screen"][1]["text"] = "Gửi lại"
    loading.load(desk.write())
    assert drawing_room.progress(sent) == (0, 2)
    assert drawing_room.due_steps().first().version == sent
    drawing_room.draw_due(seconds=0)
    assert drawing_room.progress(sent) == (1, 2)


def test_a_draft_is_not_drawn_and_whoever_looks_on_gets_a_review_drawn_without_a_worker(draft, author, settings):
    settings.DRAW_SECONDS = 0
    drawing_room.help_along(draft)
    assert Step.objects.filter(version=draft).count() == 0
    sent = reviewing.send_for_review(user=author, version=draft)
    tasks.draw_due()
    assert drawing_room.progress(sent) == (0, 2)
    for drawn in (1, 2, 2):
        drawing_room.help_along(sent)
        assert drawing_room.progress(sent) == (drawn, 2)


def test_a_step_that_vanished_while_it_was_drawn_is_no_error(sent, author, monkeypatch):
    from onboarding.guides import pictures

    step = sent.steps.get(number=1)
    monkeypatch.setattr(pictures, "_drawn_before", lambda _key: Step.objects.filter(pk=step.pk).delete() and [])
    assert pictures.draw(step) is False


# --- shipped content meets what the ward wrote ------------------------------------------------------------------------


@pytest.fixture
def ours(sent, other):
    """The ward's own version, published."""
    return publishing.publish(user=other, version=sent)


def shipped_anew(desk, text="Bác bấm nút màu xanh."):
    """Load a new shipped version and return it, drawn."""
    desk.guide["steps"][0]["text"] = text
    desk.guide["words"] = ["mới đến"]
    loading.load(desk.write(), everything=True)
    return GuideVersion.objects.filter(author=None).order_by("-number").first()


def test_a_shipped_version_does_not_replace_what_the_ward_wrote_but_waits_for_a_person(ours, desk, guide):
    new = shipped_anew(desk)
    assert (new.number, new.state) == (3, State.REVIEW)
    assert drawing_room.progress(new) == (2, 2)
    assert guide.current == ours
    guide.refresh_from_db()
    assert guide.words == ["mẫu đơn", "TTX"]


def test_a_person_publishes_the_shipped_version_with_what_it_says_of_the_guide(ours, desk, guide, author):
    new = shipped_anew(desk)
    publishing.publish(user=author, version=new)
    guide.refresh_from_db()
    assert (guide.current, guide.words) == (new, ["mới đến"])


def test_a_declined_shipped_version_does_not_come_back_by_loading_again(ours, desk, guide, author):
    new = shipped_anew(desk)
    assert refused(reviewing.send_back, user=author, version=new, why="Không hợp.") == "frozen"
    reviewing.decline(user=author, version=new, why="Phường dùng bản riêng.")
    assert loading.load(desk.write(), everything=True).versions == 0
    new.refresh_from_db()
    assert (new.state, new.published_at, guide.current) == (State.WITHDRAWN, None, ours)


def test_the_next_shipped_version_takes_the_place_of_one_that_still_waits(ours, desk, guide):
    shipped_anew(desk)
    shipped_anew(desk, "Bác bấm nút màu đỏ.")
    assert GuideVersion.objects.filter(author=None, state=State.REVIEW).count() == 1


def test_what_people_withdrew_is_not_published_again_by_the_house(desk, guide, version, author):
    publishing.withdraw(user=author, version=version, why="Màn hình đã đổi.")
    assert shipped_anew(desk).state == State.REVIEW
    assert guide.current is None


def test_a_shipped_version_on_its_way_when_the_ward_publishes_waits_too(sent, other, desk, guide):
    desk.guide["steps"][0]["text"] = "Bác bấm nút màu xanh."
    loading.load(desk.write())
    ours = publishing.publish(user=other, version=sent)
    drawing_room.draw_due(seconds=60)
    assert GuideVersion.objects.get(number=3).state == State.REVIEW
    assert guide.current == ours


def test_what_somebody_is_writing_in_the_same_words_is_not_published_by_loading(author, guide, desk):
    draft = drafts.begin(user=author, guide=guide)
    GuideVersion.objects.filter(pk=draft.pk).update(spec_hash=desk.write().guides[0].spec_hash())
    guide.versions.filter(number=1).update(spec_hash="old")
    loading.load(desk.write(), everything=True)
    draft.refresh_from_db()
    assert draft.state == State.DRAFT


def test_a_version_that_comes_out_after_a_later_number_gets_the_next_one_so_that_readers_get_it(
    ours, desk, guide, author, other
):
    again = drafts.begin(user=author, guide=guide)
    new = shipped_anew(desk)
    assert (again.number, new.number) == (3, 4)
    publishing.publish(user=other, version=new)
    sent = reviewing.send_for_review(user=author, version=reworded(author, again, "Bác chờ hai phút."))
    publishing.publish(user=other, version=sent)
    assert (guide.current, guide.current.number) == (sent, 5)
