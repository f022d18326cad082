"""One search, written twice: both find what the shared cases say, and the same for thousands of questions nobody chose.

For: people without JavaScript and people without network, who must not get different answers. Not for: the pages.
"""

import json
import os
import random
import shutil
import subprocess
import unicodedata
from pathlib import Path

import pytest

from onboarding.guides import finding

HERE = Path(__file__).parent
SHARED = json.loads((HERE / "finding.json").read_text(encoding="utf-8"))
CASES = SHARED["cases"]
PREPARED = finding.prepare(SHARED["index"])
ALPHABET = "abcdđeghiklmnopqrstuvxyáàảãạăắằẳẵặâấầẩẫậéèẻẽẹêếềểễệíìỉĩịóòỏõọôốồổỗộơớờởỡợúùủũụưứừửữựýỳỷỹỵ0123456789 -,.ßﬁİœ"


def slugs(question: str) -> list[str]:
    return [doc["slug"] for doc in finding.find(PREPARED, question)]


@pytest.mark.parametrize("case", CASES, ids=[f"{case['why']}: {case['asked']}" for case in CASES])
def test_the_server_finds_what_the_case_says(case):
    assert slugs(case["asked"]) == case["found"]


def questions() -> list[str]:
    """What people might type: texts of the index cut short, misspelt, without marks, run together; and plain noise."""
    chance = random.Random(20261122)
    index = SHARED["index"]
    texts = [text for doc in index["docs"] for name in index["weights"] for text in finding.texts_of(doc[name])]
    return [mistyped(chance, chance.choice(texts)) for _ in range(2000)]


def mistyped(chance: random.Random, text: str) -> str:
    letters = list(text)
    for _ in range(chance.randrange(3)):
        at = chance.randrange(len(letters) + 1)
        letters[at : at + chance.randrange(2)] = [chance.choice(ALPHABET)] if chance.random() < 0.7 else []
    typed = "".join(letters)[: chance.randrange(1, 30)]
    ways = (str, str.upper, finding.fold, lambda t: t.replace(" ", ""), lambda t: unicodedata.normalize("NFD", t))
    return chance.choice(ways)(typed)


def test_the_browser_finds_the_same_for_questions_nobody_chose():
    node = shutil.which("node")
    if node is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("node is not installed")
    asked = [case["asked"] for case in CASES] + questions()
    lines = "\n".join(json.dumps(one) for one in [SHARED["index"], *asked])
    done = subprocess.run([node, HERE / "finding_twin.mjs"], input=lines, capture_output=True, text=True, check=True)
    found = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(found) == len(asked)
    assert [(q, there) for q, there in zip(asked, found, strict=True) if slugs(q) != there] == []


@pytest.mark.parametrize(
    ("typed", "meant", "said"),
    [
        ("khia", "khai", True), ("kha", "khai", True), ("khaii", "khai", True), ("khoi", "khai", True),
        ("khai", "khai", False), ("ihak", "khai", False), ("kh", "khai", False), ("khaib", "khai", True),
    ],
)  # fmt: skip
def test_one_slip_is_a_letter_wrong_missing_added_or_two_swapped(typed, meant, said):
    assert finding.slipped(typed, meant) is said


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("tru", "chu"), ("so", "xo"), ("giay", "day"), ("ro", "do"), ("lua", "nua"), ("ky", "ki"), ("nghe", "nge"),
        ("ghe", "ge"),
    ],
)  # fmt: skip
def test_what_sounds_alike_in_ha_noi_is_alike(one, other):
    assert finding.sound(one) == finding.sound(other)


def test_what_does_not_sound_alike_is_not():
    bases = ("tru", "khu", "cu", "thu", "tu", "nhu", "phu", "xu", "nu", "du")
    assert len({finding.sound(base) for base in bases}) == len(bases)
