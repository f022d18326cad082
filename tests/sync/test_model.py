"""The protocol's guarantees against the real server: random captures, faults and repairs, then nothing is missing.

MODEL_RUNS and MODEL_STEPS make it longer; a failure prints the rules that lead to it.
"""

import os

import pytest
from django.db import connection
from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import RULE_MARKER, run_state_machine_as_test

from onboarding.sync import pull
from tests.sync.house import small_world
from tests.sync.model import Wire

pytestmark = [
    pytest.mark.slow,
    pytest.mark.timeout(1800),
    pytest.mark.skipif(connection.vendor != "sqlite", reason="puts database files back; PostgreSQL has its own races"),
]
RUNS, STEPS = int(os.environ.get("MODEL_RUNS", 25)), int(os.environ.get("MODEL_STEPS", 35))


RULES = {name for name in dir(Wire) if hasattr(getattr(Wire, name), RULE_MARKER)}


def without_mark(method):
    """Return a rule as a method that only other rules call."""

    def called(self, *args, **named):
        return method(self, *args, **named)

    return called


@pytest.fixture
def world(transactional_db, tmp_path, monkeypatch):
    """A world of its own."""
    monkeypatch.setattr(pull, "MAX_RECORDS", 3)
    with small_world(tmp_path, monkeypatch) as made:
        yield made


def run(
    world, *, number: int, runs: int = RUNS, steps: int = STEPS, at_once: bool = False, only: tuple[str, ...] = ()
) -> None:
    """Run the machine with a fixed seed.

    at_once: leave at the first broken promise, without a replay. only: names of the rules to draw from; all when
    none is named (the others are still there for rules that call them).
    """
    phases = [Phase.generate, Phase.shrink] if os.environ.get("MODEL_SHRINK") else [Phase.generate]
    others = {name: without_mark(getattr(Wire, name)) for name in (RULES - set(only) if only else ())}
    machine = type("Wire", (Wire,), {"world": world, "failures": [], "stop_at_once": at_once, **others})
    plan = settings(
        max_examples=runs, stateful_step_count=steps, deadline=None, database=None, phases=phases,
        suppress_health_check=list(HealthCheck), report_multiple_bugs=False,
    )  # fmt: skip
    try:
        run_state_machine_as_test(seed(number)(machine), settings=plan)
    except Exception as error:
        raise AssertionError(machine.failures[:1] or repr(error)) from error


@pytest.mark.fault("F19")
@pytest.mark.fault("F22")
@pytest.mark.fault("F28")
@pytest.mark.fault("F37")
@pytest.mark.fault("F45")
@pytest.mark.parametrize("number", [1, 21])
def test_whatever_happens_nothing_is_lost_nothing_is_twice_and_all_agree(world, number):
    run(world, number=number)
