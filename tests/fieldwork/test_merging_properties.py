"""Whatever the order in which edits arrive: the same values stand, and none disappears that nobody saw."""

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from onboarding.fieldwork import feed, merging, register
from onboarding.fieldwork.models import Conflict
from onboarding.ids import new_id
from tests import build
from tests.fieldwork.test_merging import AT

pytestmark = pytest.mark.django_db
VALUES = ("một", "hai", "ba")


@st.composite
def histories(draw):
    """Writes of several phones: each value with the places of the earlier writes that its writer looked at."""
    count = draw(st.integers(1, 6))
    return [
        (draw(st.sampled_from(VALUES)), sorted(draw(st.sets(st.integers(0, i - 1)))) if i else []) for i in range(count)
    ]


def play(ward, history, order):
    """Apply a history in an order, some writes twice; return (household, entry ids by place)."""
    home = build.household(ward.groups[0], note="")
    entries = [new_id() for _ in history]
    for place in [*order, order[0]]:
        value, seen = history[place]
        merging.edit_record(
            user=ward.member, entry=entries[place], record="household", subject=home.pk, fields={"note": value},
            seen={"note": [entries[i] for i in seen]}, at=AT,
        )  # fmt: skip
    home.refresh_from_db()
    return home, entries


def standing(home, entries) -> set[int]:
    return {entries.index(head.entry) for head in register.heads_of(home.pk, "note")}


ordinary = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow]
)


@ordinary
@given(history=histories(), data=st.data())
def test_the_heads_are_those_that_nobody_looked_at_whatever_the_order(ward, history, data):
    order = data.draw(st.permutations(range(len(history))))

    home, entries = play(ward, history, order)

    looked_at = {place for _value, seen in history for place in seen}
    assert standing(home, entries) == set(range(len(history))) - looked_at


@ordinary
@given(history=histories(), data=st.data())
def test_every_head_is_shown_or_stands_in_an_open_conflict(ward, history, data):
    order = data.draw(st.permutations(range(len(history))))

    home, entries = play(ward, history, order)

    rows = Conflict.objects.filter(subject=home.pk, closed_at=None)
    in_conflict = {register.unseal(row.value_sealed, row.subject, row.field, row.entry) for row in rows}
    values = {history[place][0] for place in standing(home, entries)}
    assert home.note in values
    assert {home.note} | in_conflict == values
    assert home.note not in in_conflict
    assert {row.entry for row in rows} <= {entries[place] for place in standing(home, entries)}


@ordinary
@given(history=histories(), data=st.data())
def test_a_phone_that_pulled_and_writes_on_top_ends_all_conflicts_that_it_saw(ward, history, data):
    home, _entries = play(ward, history, data.draw(st.permutations(range(len(history)))))
    seen = [head.entry for head in register.heads_of(home.pk, "note")]

    merging.edit_record(
        user=ward.member, entry=new_id(), record="household", subject=home.pk, fields={"note": "đã rõ"},
        seen={"note": seen}, at=AT,
    )  # fmt: skip

    home.refresh_from_db()
    assert home.note == "đã rõ"
    assert not Conflict.objects.filter(subject=home.pk, closed_at=None).exists()
    told = feed.describe("household", [home.pk], user=ward.member)[home.pk]
    assert len(told["writers"]["note"]) == 1
