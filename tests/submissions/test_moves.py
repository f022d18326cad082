"""A submission moves only along MOVES, whoever moves it, and every move leaves its Transition."""

import re
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.submissions.models import MOVES, IllegalMove, Status, Submission
from tests import build

README = Path(__file__).resolve().parents[2] / "onboarding" / "submissions" / "README.md"
calm = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])


@calm
@given(wanted=st.lists(st.sampled_from(Status.values), max_size=12), start=st.sampled_from(Status.values))
def test_any_walk_keeps_to_the_table_and_writes_down_every_step(ward, wanted, start):
    row = Submission.objects.first() or build.filed(ward)
    row.transitions.all().delete()
    Submission.objects.filter(pk=row.pk).update(status=start, lease_until="2026-11-22T00:00Z")
    row.refresh_from_db()
    walked = []
    for to in wanted:
        legal, before = to in MOVES[row.status], row.status
        try:
            row.move(to)
        except IllegalMove:
            assert not legal
            assert Submission.objects.get(pk=row.pk).status == before
        else:
            assert legal
            walked.append((before, to))

    assert [(t.before, t.after) for t in row.transitions.all()] == walked
    assert Submission.objects.get(pk=row.pk).status == (walked[-1][1] if walked else start)


def test_a_row_that_somebody_else_moved_is_not_moved_again(ward):
    row = build.filed(ward)
    stale = Submission.objects.get(pk=row.pk)
    row.move(Status.WITHDRAWN)
    with pytest.raises(IllegalMove):
        stale.move(Status.FAILED)
    assert [t.after for t in row.transitions.all()] == ["queued", "withdrawn"]


def test_nothing_leads_out_of_withdrawn_and_nothing_unknown_is_queued_but_by_a_decision():
    assert MOVES[Status.WITHDRAWN] == ()
    assert Status.QUEUED not in MOVES[Status.SENT] + MOVES[Status.ACCEPTED] + MOVES[Status.DONE]
    assert set(MOVES) == set(Status)


def test_the_readme_states_the_same_moves():
    rows = re.findall(r"^\| `([a-z]+)` \|[^|]*\| (.*?) \|$", README.read_text(encoding="utf-8"), re.MULTILINE)
    stated = {before: tuple(re.findall(r"`(\w+)`", after)) for before, after in rows}
    assert stated == {str(before.value): tuple(str(to.value) for to in after) for before, after in MOVES.items()}
