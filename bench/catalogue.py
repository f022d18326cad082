"""What weighs more the more guides there are: the pages that list them, and the largest pack that a phone keeps.

In a house where all shipped guides are published (drawn.py). Not for: a guide's own pages; first_visit.py has them.
"""

import math

from bench.browser import chromium
from bench.drawn import drawn_house
from bench.figures import Measured
from bench.first_visit import readable
from bench.inside import ask

PAGES = {"home_first_visit_bytes": "/", "list_first_visit_bytes": "/huong-dan/"}
PACKS = {"pack_most_bytes": math.inf, "pack_eight_steps_bytes": 8}


def measure(wanted: list[str]) -> dict[str, Measured]:
    """Weigh the asked pages and all packs."""
    found = {}
    with drawn_house("web") as home, chromium() as browser:
        for name in PAGES.keys() & set(wanted):
            files, _seen = readable(browser, home.url + PAGES[name])
            found[name] = Measured(sum(size for _path, size in files), {"files": files})
        if PACKS.keys() & set(wanted):
            packs: dict[str, list[int]] = ask(home, "packs")
            found |= {name: _weigh(packs, PACKS[name]) for name in PACKS.keys() & set(wanted)}
    return found


def _weigh(packs: dict[str, list[int]], most: float) -> Measured:
    """Return the weight of the largest pack among the guides of at most so many steps."""
    sizes = {slug: size for slug, (size, steps) in packs.items() if steps <= most}
    largest = dict(sorted(sizes.items(), key=lambda one: -one[1])[:3])
    detail = {"guides": len(sizes), "largest": largest, "together": sum(sizes.values())}
    return Measured(max(sizes.values()), detail)
