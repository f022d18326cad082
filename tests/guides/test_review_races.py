"""Real threads against the real database: two people who decide at once are one decision."""

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from onboarding.guides import drafts, publishing, reviewing, timetable
from onboarding.guides.models import GuideVersion
from onboarding.journal.models import AuditEntry
from onboarding.refusal import Refused
from tests import build

pytestmark = pytest.mark.django_db(transaction=True)
State = GuideVersion.State


def at_once(*calls):
    """Run the calls in threads that start together; return for each its result, or the code of its refusal."""
    barrier = threading.Barrier(len(calls))

    def run(call):
        try:
            barrier.wait(timeout=30)
            return call()
        except Refused as no:
            return no.code
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


@pytest.fixture
def people(ward):
    return build.editor(ward.area, "viet"), build.editor(ward.area, "duyet"), ward.supervisor


@pytest.fixture
def sent(people, guide, monkeypatch):
    monkeypatch.setattr(reviewing, "_ring", lambda: None)
    monkeypatch.setattr(drafts, "faults", lambda doc, today: [])

    def alter(doc):
        doc["steps"][1]["text"] = "Bác chờ một phút."

    draft = drafts.change(user=people[0], version=drafts.begin(user=people[0], guide=guide), alter=alter)
    version = reviewing.send_for_review(user=people[0], version=draft)
    publishing.draw_missing(version)
    return version


def test_two_who_publish_at_once_are_one_publication(sent, people, guide):
    found = at_once(*[lambda who=who: publishing.publish(user=who, version=sent).publisher_id for who in people[1:]])
    assert found.count("frozen") == 1
    (publisher,) = [each for each in found if each != "frozen"]
    assert (guide.current, guide.current.publisher_id) == (sent, publisher)
    assert AuditEntry.objects.filter(action="guide.publish").count() == 1


def test_publishing_and_taking_back_at_once_end_as_one_of_them(sent, people, guide):
    author, other, _third = people
    found = at_once(
        lambda: publishing.publish(user=other, version=sent).state,
        lambda: reviewing.take_back(user=author, version=sent).state,
    )
    sent.refresh_from_db()
    assert sorted(found) == sorted(["frozen", sent.state])
    assert (guide.current == sent) == (sent.state == State.PUBLISHED)


def test_a_draft_sent_twice_at_once_is_sent_once(sent, people):
    author = people[0]
    draft = reviewing.take_back(user=author, version=sent)
    found = at_once(*[lambda: reviewing.send_for_review(user=author, version=draft).state] * 3)
    assert sorted(found) == ["frozen", "frozen", "review"]
    assert sent.steps.count() == 2


def test_a_beat_and_a_withdrawal_at_once_leave_it_withdrawn(sent, people):
    author, other, _third = people
    GuideVersion.objects.filter(pk=sent.pk).update(
        state=State.SCHEDULED, publisher=other, publish_at="2026-11-01T00:00Z"
    )
    at_once(timetable.keep_time, lambda: publishing.withdraw(user=author, version=sent, why="Sai.") and "gone")
    sent.refresh_from_db()
    assert sent.state == State.WITHDRAWN
