"""What a thief or the next user of a phone finds: the raw folder of a killed browser, its stores and its caches.

For: planted names, numbers, answers and a photo, looked for byte by byte, and the exact list of what is cached.
Not for: what is readable with the PIN; tests/js/vault.test.js has that.
"""

import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.browser.ground import (
    GUEST,
    NUMBER,
    ROOM,
    Ground,
    agree_and_sign,
    fill_form,
    finish,
    go,
    nobody_home,
    open_form,
)

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

NOTE = "chó mực tên Hoàng Yến"
JPEG = bytes.fromhex("ffd8ffe000104a464946")  # how every picture that the app draws begins; three bytes occur by chance
CACHED = """async () => {
  const found = {};
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    found[name] = {};
    for (const request of await cache.keys()) {
      const answer = await cache.match(request);
      const url = new URL(request.url);
      found[name][url.pathname] = { text: await answer.text(), rule: answer.headers.get("Cache-Control") };
    }
  }
  return found;
}"""
GUIDES_KEPT = """async (slugs) => {
  const kept = async () => {
    const whole = [];
    for (const name of await caches.keys())
      if (await (await caches.open(name)).match("/huong-dan/.da-luu")) whole.push(name);
    return slugs.every((slug) => whole.some((name) => name.startsWith(`guide-${slug}-v`)));
  };
  for (const end = Date.now() + 40000; Date.now() < end; await new Promise((next) => setTimeout(next, 100)))
    if (await kept()) return true;
  return false;
}"""
SLUGS = "() => JSON.parse(document.getElementById('catalogue').textContent).guides.map(({ slug }) => slug)"
# Every value of every store, as bytes: what structured clone would hide from a search.
DUMP = """async () => {
  const db = await new Promise((resolve) => {
    const ask = indexedDB.open("gocua");
    ask.onsuccess = () => resolve(ask.result);
  });
  const parts = [];
  const hex = (bytes) => Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, "0")).join("");
  const show = (value) => {
    if (value instanceof ArrayBuffer) parts.push(hex(value));
    else if (ArrayBuffer.isView(value)) parts.push(hex(value.buffer));
    else if (value instanceof Blob) parts.push("BLOB");
    else if (value === null || typeof value !== "object") parts.push(String(value));
    else if (!(value instanceof CryptoKey)) Object.entries(value).flat().forEach(show);
  };
  for (const store of db.objectStoreNames) {
    const rows = await new Promise((resolve) => {
      const all = db.transaction(store).objectStore(store).getAll();
      all.onsuccess = () => resolve(all.result);
    });
    rows.forEach(show);
  }
  db.close();
  return parts.join("\\n");
}"""


def in_any_writing(*words: str) -> list[bytes]:
    """Each word as text may lie on a disk: UTF-8, UTF-16, and escaped in JSON."""
    return [f for word in words for f in (word.encode(), word.encode("utf-16-le"), json.dumps(word)[1:-1].encode())]


def hits(folder: Path, needles: list[bytes]) -> Iterator[tuple[str, bytes]]:
    """Yield where in a folder a needle lies."""
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            data = path.read_bytes()
            yield from ((str(path.relative_to(folder)), needle) for needle in needles if needle in data)


# A browser writes what stands in a text field into its own session file, to put it back after a crash; what is typed
# about people must not lie there in clear. Only autocomplete="off" keeps it out: of the form, or of a single input.
REMEMBERED = """() => [...document.querySelectorAll("input, textarea, select")].filter((field) =>
  !["checkbox", "radio", "file"].includes(field.type) && field.form?.autocomplete !== "off" &&
  !(field.tagName === "INPUT" && field.autocomplete === "off")).map((field) => field.outerHTML)"""


@pytest.mark.fault("T01")
def test_a_thief_finds_nothing_that_was_captured_in_the_killed_browsers_folder(ground: Ground):
    phone = ground.ready()
    page = phone.page
    agree_and_sign(page)
    finish(page)
    person = ground.people()[1]
    open_form(page, person)
    fill_form(page)
    agree_and_sign(page)
    finish(page)
    nobody_home(page, ground.people()[2], NOTE)
    assert len(phone.stored("file")) == 2
    assert page.evaluate(REMEMBERED) == []
    dump = page.evaluate(DUMP)
    folder = phone.profile
    phone.kill()

    people = ground.people()
    secret = [GUEST, NUMBER, ROOM, NOTE, *(one[key] for one in people for key in ("name", "number"))]
    assert list(hits(folder, in_any_writing(*secret))) == []
    stores = [path for path in folder.rglob("IndexedDB") if path.is_dir()]
    assert stores and [hit for store in stores for hit in hits(store, [JPEG])] == []
    assert [word for word in secret if word in dump or word.encode().hex() in dump] == []
    assert JPEG.hex() not in dump and "BLOB" not in dump
    assert list(hits(folder, in_any_writing("luu-tru@1")))  # the search does find what lies there in clear


def addresses(ground: Ground, page: Page) -> dict[str, set[str]]:
    """What may be cached, by the kind of cache: the lists built into the worker, and each guide's own list."""
    worker = page.request.get(ground.line.url + "/serviceworker.js").text()
    lists = [{one["url"] for one in json.loads(found)} for found in re.findall(r'\[\{"url".*?\}\]', worker)]
    ask, citizen, team = sorted(lists, key=len)  # the script of one page, then what everybody has, then a whole app
    packs = {}
    for slug in page.evaluate(SLUGS):
        pack = page.request.get(f"{ground.line.url}/huong-dan/{slug}/goi.json").json()["manifest"]
        name = f"guide-{slug}-v{pack['version']}.{pack['mark']}"
        own = {one["url"] for one in pack["files"] if "instead" not in one}
        packs[name] = own | {"/huong-dan/.da-luu"}
    # The citizens' home, which this phone opened on its way to the app: the same bytes for everybody. When this phone
    # asked last what was withdrawn. No file of an earlier release yet.
    more = {"gocua-pages": {"/"}, "gocua-news": {"/huong-dan/.da-kiem"}, "gocua-before": set()}
    return {"citizen": citizen, "team": team, "ask": {"/goi-to/", *ask}, **more, **packs}


@pytest.mark.fault("T08")
def test_the_caches_hold_what_the_manifests_name_and_nobodys_name(ground: Ground):
    phone = ground.phone()
    page = phone.page
    people = ground.people()
    go(page, f"/nha/{people[0]['home']}", "nha")
    go(page, f"/nguoi/{people[0]['id']}", "nguoi")
    go(page, "/hop-gui", "hop-gui")
    allowed = addresses(ground, page)
    assert page.evaluate(GUIDES_KEPT, page.evaluate(SLUGS))
    kept = page.evaluate(CACHED)
    named = {"gocua-citizen": "citizen", "gocua-team": "team", "gocua-hen": "ask"}
    assert {named.get("-".join(name.split("-")[:2]), name): set(urls) for name, urls in kept.items()} == allowed
    names = ground.clerk.ask("""
from onboarding.fieldwork.models import Household, Resident
words = {word for row in Resident.objects.all() for word in (row.name, row.number, row.phone)}
words |= {word for row in Household.objects.all() for word in (row.note, row.phone)}
answer = sorted(word for word in words if len(word) > 7)
""")
    assert len(names) > 200
    pages = [(url, one["text"]) for urls in kept.values() for url, one in urls.items()]
    assert [(url, word) for url, text in pages for word in names if word in text] == []
    assert page.evaluate("() => [localStorage.length, sessionStorage.length]") in ([0, 0], [1, 0])
    expect(page.locator("[data-screen=hop-gui]")).to_be_visible()
