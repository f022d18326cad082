"""How many waiting dossiers a second reach the real sandbox: by a real worker, on both kinds of installation.

By the rows' own times: from the first claim to the last "sent", the proof of arrival in between included, except for
the last. Not for: the portal's own slowness; the sandbox answers at once.
"""

import json
import urllib.request

from bench.figures import Measured
from bench.inside import ask, fresh_house
from bench.servers import servers
from tests.house import House

DOSSIERS, MOST = 60, 180


def measure(wanted: list[str]) -> dict[str, Measured]:
    """Deliver on the asked installations."""
    found = {}
    if "deliveries_per_second" in wanted:
        with servers() as running:
            found["deliveries_per_second"] = _deliver(running.environment)
    if "deliveries_per_second_embedded" in wanted:
        found["deliveries_per_second_embedded"] = _deliver({})
    return found


def _deliver(environment: dict[str, str]) -> Measured:
    with fresh_house("sandbox", **environment) as home:
        waiting = ask(home, "dossiers", str(DOSSIERS))
        assert waiting == DOSSIERS, f"{waiting} of {DOSSIERS} dossiers wait"
        home.start("worker")
        home.start("beat")
        done = ask(home, "delivered", str(MOST))
        there = _ledger(home)
        assert done["sent"] == there == DOSSIERS, f"{done}, the portal has {there}"
    return Measured(round(DOSSIERS / done["seconds"], 2), done)


def _ledger(home: House) -> int:
    """Return how many dossiers the sandbox says it accepted."""
    with urllib.request.urlopen(f"{home.sandbox_url}/so-cai", timeout=10) as answer:  # noqa: S310  our own process
        return len(json.load(answer)["rows"])
