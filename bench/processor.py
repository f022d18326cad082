"""Processor time of processes and all their children: what a rate costs, however busy the machine is otherwise.

Not for: wall-clock time.
"""

import os
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


def seconds(*roots: int) -> float:
    """Return the processor seconds that these processes and their descendants, ended ones included, have used."""
    table = {int(entry.name): _facts(entry) for entry in Path("/proc").glob("[0-9]*")}
    wanted, turn = set(roots), list(roots)
    while turn:
        parent = turn.pop()
        born = [pid for pid, (above, _ticks) in table.items() if above == parent and pid not in wanted]
        wanted |= set(born)
        turn += born
    return sum(table[pid][1] for pid in wanted if pid in table) / TICK


def _facts(entry: Path) -> tuple[int, int]:
    """Return parent and ticks of a process: its own and those of children that it has waited for."""
    try:
        fields = (entry / "stat").read_text().rsplit(")", 1)[1].split()
    except OSError:  # it has ended meanwhile
        return -1, 0
    return int(fields[1]), sum(map(int, fields[11:15]))
