"""A cropped picture shows its rings whole, wherever they are and however little of it is left."""

import pytest

from onboarding.guides.content import Shelf
from onboarding.guides.drawing import rings
from onboarding.guides.framing import LINE, Frame, frame_of

HIGH = 900
SHOWN = [[*rings(step["picture"])] for file in Shelf().guides for step in file.steps]


def crop(frame: Frame, share: float) -> tuple[float, float]:
    """Return the upper and lower edge of what is seen when that share of a picture is left."""
    top = (1 - share) * frame.at / 100 * HIGH
    return top, top + share * HIGH


def cut(boxes: list[list[int]], frame: Frame, share: float) -> float:
    """Return by how many pixels of their lines the rings are cut."""
    top, foot = crop(frame, share)
    low, high = min(y for _x, y, _w, _h in boxes) - LINE, max(y + h for _x, y, _w, h in boxes) + LINE
    return max(0.0, top - low, high - foot)


@pytest.mark.parametrize("more", [0, 0.05, 0.2])
def test_every_shipped_ring_is_whole_in_the_smallest_crop_and_in_larger_ones(more: float):
    frames = [(boxes, frame_of(boxes, HIGH)) for boxes in SHOWN]
    assert [(b, f) for b, f in frames if cut(b, f, min(1, f.tall / 100 + more)) > 0.01] == []
    assert len(frames) > 400


def test_a_crop_that_keeps_less_than_it_says_cuts_a_ring():
    boxes = [[100, 500, 520, 140]]
    frame = frame_of(boxes, HIGH)
    assert cut(boxes, frame, frame.tall / 100) == 0
    assert cut(boxes, frame, frame.tall / 100 - 0.1) > 0
    assert cut(boxes, Frame(0, frame.tall), frame.tall / 100) > 0


@pytest.mark.parametrize(
    ("boxes", "frame"),
    [
        ([], Frame(0, 100)),
        ([[0, 0, 720, 900]], Frame(0, 100)),
        ([[0, -40, 720, 100]], Frame(0, 10)),
        ([[0, 840, 720, 100]], Frame(100, 10)),
        ([[100, 400, 520, 100]], Frame(50, 15)),
        ([[100, 100, 520, 100], [100, 700, 520, 100]], Frame(50, 80)),
    ],
)
def test_the_crop_stands_where_the_rings_are(boxes: list[list[int]], frame: Frame):
    assert frame_of(boxes, HIGH) == frame
