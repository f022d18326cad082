"""Every fault that must be survived already has a test that carries its number.

For: nobody removing the last test of a fault unnoticed. Python tests carry @pytest.mark.fault("F19"), JavaScript
tests have the number at the head of their name. Not for: whether those tests are good.
"""

import re
from pathlib import Path

TESTS = Path(__file__).resolve().parent
MARK = re.compile(r"mark\.fault\(\"(F\d\d)\"\)")
NAME = re.compile(r"[\"'`](F\d\d)(?:[:,/ ])")
# 1 to 5: the phone alone; 9: two tabs; 16 to 29: the wire; 33: the cursor; 44, 49: the server; 53 to 63: delivery;
# 73 to 79: input.
MUST = [1, 2, 3, 4, 5, 9, *range(16, 22), 23, 24, 25, 27, 28, 29, 33, 44, 49, *range(53, 61), 62, 63, 73, 77, 78, 79]


def survived() -> set[str]:
    """Return the numbers of all faults that some test names."""
    python = "\n".join(path.read_text() for path in TESTS.rglob("test_*.py"))
    script = "\n".join(path.read_text() for path in (TESTS / "js").glob("*.test.*js"))
    return set(MARK.findall(python)) | set(NAME.findall(script))


def test_each_fault_has_a_test():
    assert sorted({f"F{number:02d}" for number in MUST} - survived()) == []


def test_a_fault_without_a_test_would_be_missed():
    assert "F99" not in survived()
    assert MARK.findall('@pytest.mark.fault("F19")') == ["F19"]
    assert NAME.findall('test("F17: a portal page")') == ["F17"]
