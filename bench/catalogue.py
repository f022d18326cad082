"""What weighs more the more guides there are: the pages that list them, and the largest pack that a phone keeps.

In a house where all shipped guides are published (drawn.py). Not for: a guide's own pages; first_visit.py has them.
"""

from bench.browser import chromium
from bench.drawn import drawn_house
from bench.figures import Measured
from bench.first_visit import readable
from bench.inside import ask

PAGES = {"home_first_visit_bytes": "/", "list_first_visit_bytes": "/huong-dan/"}


def measure(wanted: list[str]) -> dict[str, Measured]:
    """Weigh the asked pages and all packs."""
    found = {}
    with drawn_house("web") as home, chromium() as browser:
        for name in PAGES.keys() & set(wanted):
            files, _seen = readable(browser, home.url + PAGES[name])
            found[name] = Measured(sum(size for _path, size in files), {"files": files})
        if "pack_most_bytes" in wanted:
            packs: dict[str, int] = ask(home, "packs")
            largest = dict(sorted(packs.items(), key=lambda one: -one[1])[:3])
            together = sum(packs.values())
            detail = {"guides": len(packs), "largest": largest, "together": together}
            found["pack_most_bytes"] = Measured(max(packs.values()), detail)
    return found
