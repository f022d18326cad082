"""How fast pictures and papers are made: steps with all their files a second and core, a PDF of eight steps.

Runs in a house without processes, through the room's own functions. Not for: bytes of a pack (first_visit.py).
"""

from typing import Any

from bench.figures import Measured
from bench.inside import ask, fresh_house

STEPS = 8


def measure(wanted: list[str]) -> dict[str, Measured]:
    """Draw the first eight steps of the shipped guide, then print them."""
    with fresh_house() as home:
        found: dict[str, Any] = ask(home, "drawings", str(STEPS))
    pictures = Measured(round(STEPS / found["drawing"], 2), {"steps": STEPS, "seconds": round(found["drawing"], 2)})
    paper = Measured(round(found["printing"], 2), {"bytes": found["bytes"], "runs": found["runs"]})
    return {"pictures_per_second": pictures, "guide_pdf_seconds": paper}
