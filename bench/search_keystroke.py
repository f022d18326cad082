"""How long a keystroke of the citizens' search takes on a slow processor, with a hundred guides to search.

On the real home page, with an index of made-up guides in the place of the shipped ones: from the keystroke until what
was found is in the page and laid out. Whole questions are typed letter by letter. Not for: painting, which waits for
the screen; nor fetching the index, which happens when the field is entered (its time is in the detail).
"""

import json
import random
import statistics
from typing import Any

from bench.browser import chromium, phone
from bench.figures import Measured
from bench.inside import fresh_house
from tests.house import ROOT, House

GUIDES, SLOWER, ROUNDS = 100, 6, 3
# With and without diacritics, with a slip, run together, and words that no guide has.
QUESTIONS = ("dang ky tam tru cho chau", "tạm chú", "thuognw tru", "giaykhaisinh", "máy bay trực thăng", "bhyt", "k")
SHARED = ROOT / "tests" / "wire" / "finding.json"
TYPE = """async ({ questions, rounds }) => {
  const input = document.querySelector("#tim");
  const section = input.closest("[data-module]");
  const list = section.querySelector("[data-list]"), none = section.querySelector("[data-none]");
  const frame = () => new Promise((done) => requestAnimationFrame(() => setTimeout(done)));
  const key = async (text) => {
    await frame();
    const began = performance.now();
    input.value = text;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    // The answer waits for promises that are there already: a few turns, and no task of the browser in between.
    for (let turn = 0; turn < 16; turn += 1) await null;
    section.getBoundingClientRect();
    return performance.now() - began;
  };
  const began = performance.now();
  input.focus();
  await key("a");
  while (list.hidden && none.hidden) await new Promise((done) => setTimeout(done, 1));
  const ready = performance.now() - began;
  const times = [];
  let seen = 0;
  for (let round = 0; round < rounds; round += 1)
    for (const question of questions)
      for (let end = 1; end <= question.length; end += 1) {
        times.push(await key(question.slice(0, end)));
        seen += list.childElementCount;
      }
  return { ready, times, seen };
}"""


def measure(wanted: list[str]) -> dict[str, Measured]:
    """Type the questions three times, take the median of each keystroke, and of those the 95th percentile."""
    with fresh_house("web") as home:
        typed = _type(home)
    keys = len(typed["times"]) // ROUNDS
    times = sorted(statistics.median(typed["times"][key::keys]) for key in range(keys))
    detail = {
        "keystrokes": keys, "median": round(statistics.median(times), 1), "most": round(times[-1], 1),
        "index_ready": round(typed["ready"]),
    }  # fmt: skip
    return {"search_keystroke_ms": Measured(round(times[int(len(times) * 0.95)], 1), detail)}


def _type(home: House) -> dict[str, Any]:
    index = json.dumps(made_up(), ensure_ascii=False)
    with chromium() as browser, phone(browser) as (page, devtools):
        page.route("**/tim/muc-luc.json", lambda route: route.fulfill(body=index, content_type="application/json"))
        page.goto(home.url, wait_until="load")
        devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        typed = page.evaluate(TYPE, {"questions": QUESTIONS, "rounds": ROUNDS})
        assert typed["seen"], "nothing was found"
        return typed


def made_up() -> dict[str, Any]:
    """Return an index of guides as long as real ones, from the words of the shared examples, the same every time."""
    shared, chance = json.loads(SHARED.read_text(encoding="utf-8"))["index"], random.Random(GUIDES)
    texts = [
        " ".join([doc["title"], doc["name"], doc["summary"], *doc["words"], *doc["steps"]]) for doc in shared["docs"]
    ]
    known = sorted(set(" ".join(texts).lower().split()))

    def words(least: int, most: int) -> str:
        return " ".join(chance.choice(known) for _ in range(chance.randint(least, most)))

    docs = [
        {
            "slug": f"bai-{number}", "title": words(4, 7), "small": "8 bước, 15 phút", "icon": "book-2",
            "words": [words(1, 4) for _ in range(8)], "plain": words(4, 7), "name": words(6, 14),
            "also": [words(1, 3) for _ in range(4)], "summary": words(8, 14), "steps": [words(4, 7) for _ in range(9)],
        }
        for number in range(GUIDES)
    ]  # fmt: skip
    docs[0] |= {"title": "đăng ký tạm trú", "words": ["KT3", "BHYT", "giấy khai sinh"]}
    return {**shared, "docs": docs}
