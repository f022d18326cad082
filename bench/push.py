"""How many entries a second the server takes from phones, without files, on PostgreSQL.

Everything is real but the phones' screens: signatures, seals, verdicts, numbering, receipts, the commit of each
entry. The load runs in a process of its own on the same two cores. Not for: the first sync or pulls.
"""

import json
import statistics
from typing import Any

from bench.figures import Measured
from bench.inside import ask, fresh_house, run
from bench.processor import seconds
from bench.servers import Servers, servers
from tests.house import House

PHONES, BATCHES, ROUNDS, BATCH = 8, 4, 3, 25


def measure(wanted: list[str]) -> dict[str, Measured]:
    """Push the same load in three rounds after one that warms up."""
    with servers() as running, fresh_house("web", **running.environment) as home:
        rounds = _rounds(home, running)
    rates = [accepted(one) / one["seconds"] for one in rounds]
    batches = sorted(seconds for one in rounds for seconds in one["batches"])
    detail = {"rounds": [round(rate, 1) for rate in rates], "entries": sum(map(accepted, rounds))}
    entries = sum(map(accepted, rounds))
    web, database = (sum(one[part] for one in rounds) / entries * 1000 for part in ("web", "database"))
    p95 = batches[int(len(batches) * 0.95) - 1] * 1000
    cost = {"web_ms": round(web, 2), "database_ms": round(database, 2)}
    return {
        "push_per_second": Measured(round(statistics.median(rates), 1), detail),
        "push_batch_p95_ms": Measured(round(p95), {"median_ms": round(statistics.median(batches) * 1000)}),
        "push_processor_ms": Measured(round(web + database, 2), cost),
    }


def _rounds(home: House, running: Servers) -> list[dict[str, Any]]:
    """Sign everything first; a round is a slice of every phone's queue."""
    whole, part = home.folder / "all.json", home.folder / "round.json"
    ask(home, "pushes", home.url, str(whole), str(PHONES), str(1 + ROUNDS * BATCHES))
    queues = json.loads(whole.read_text())
    found = []
    for first, last in [(0, 1), *((1 + i * BATCHES, 1 + (i + 1) * BATCHES) for i in range(ROUNDS))]:
        part.write_text(json.dumps([queue[first:last] for queue in queues]))
        before = _spent(home, running)
        done = run(home, "bench.load", home.url, str(part))
        web, database = (now - then for now, then in zip(_spent(home, running), before, strict=True))
        found.append({**done, "web": web, "database": database})
        expected = (last - first) * PHONES * BATCH
        assert accepted(found[-1]) == expected, f"{expected} entries, came back: {found[-1]['verdicts']}"
    return found[1:]


def _spent(home: House, running: Servers) -> tuple[float, float]:
    """Return the processor seconds of the web server and of the database so far."""
    return seconds(home.processes["web"].pid), seconds(running.postgres)


def accepted(one: dict[str, Any]) -> int:
    """Return how many entries of a round were accepted."""
    return int(one["verdicts"].get("accepted ok", 0))
