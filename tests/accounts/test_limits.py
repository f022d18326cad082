"""What an address may do in an hour: counted by address, by what is done, by the clock; nobody is kept in clear."""

from datetime import timedelta

import pytest
import time_machine
from django.core.cache import cache

from onboarding.accounts import limits

pytestmark = pytest.mark.django_db

HOME, SHOP = "203.0.113.7", "203.0.113.8"


@pytest.fixture(autouse=True)
def clock():
    """Ten to ten, with nothing counted."""
    cache.clear()
    with time_machine.travel("2026-11-22T09:50:00Z", tick=False) as clock:
        yield clock


def test_an_address_may_do_so_much_and_no_more_and_others_may_still():
    assert [limits.allow("ask", HOME, most=2) for _time in range(4)] == [True, True, False, False]
    assert limits.allow("ask", SHOP, most=2)
    assert limits.allow("open", HOME, most=2)


def test_what_is_refused_does_not_count():
    assert limits.allow("say", HOME, most=10, count=6)
    assert not limits.allow("say", HOME, most=10, count=6)
    assert limits.allow("say", HOME, most=10, count=4)
    assert not limits.allow("say", HOME, most=10)


def test_the_next_hour_and_the_next_day_begin_anew(clock):
    assert limits.seconds_left() == 600
    assert limits.allow("ask", HOME, most=1) and limits.allow("ask", HOME, most=1, span=limits.DAY)
    clock.shift(timedelta(minutes=10))
    assert limits.seconds_left() == 3600
    assert limits.allow("ask", HOME, most=1) and not limits.allow("ask", HOME, most=1, span=limits.DAY)
    clock.shift(timedelta(hours=14))
    assert limits.allow("ask", HOME, most=1, span=limits.DAY)


def test_the_first_time_in_an_hour_is_told_once(clock):
    assert [limits.is_first("open", HOME) for _time in range(3)] == [True, False, False]
    assert limits.is_first("open", SHOP)
    clock.shift(timedelta(minutes=10))
    assert limits.is_first("open", HOME)


def test_no_address_is_kept_in_clear_and_none_beyond_its_time(monkeypatch):
    kept: list[tuple[object, ...]] = []
    for name in ("add", "set"):
        monkeypatch.setattr(cache, name, lambda *args: kept.append(args))
    limits.allow("ask", HOME, most=1)
    limits.allow("ask", HOME, most=1, span=limits.DAY)
    limits.is_first("open", HOME)
    assert [args[-1] for args in kept] == [3600, 86_400, 3600]
    assert HOME not in str(kept)
