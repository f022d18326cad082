"""What a first visit costs on the wire: a guide's first step, and the team's app.

"Readable" is strict: the page's load event has passed, its first text is painted, every picture on the screen is
decoded, the fonts are there. Whatever the page itself asked for by then counts, needed for reading or not.
Not for: time; bytes are the same on every machine.
"""

import re
from typing import Any

from playwright.sync_api import Browser

from bench.browser import Log, chromium, phone
from bench.figures import Measured
from bench.inside import fresh_house
from bench.relay import relay
from tests.house import House

PAGES = {"guide": "/huong-dan/vneid-muc-2/1/", "team_shell": "/doi/"}
READABLE = """async () => {
  if (document.readyState !== "complete") await new Promise((done) => addEventListener("load", done, { once: true }));
  const painted = () => performance.getEntriesByName("first-contentful-paint").length > 0;
  while (!painted()) await new Promise((done) => requestAnimationFrame(done));
  const seen = [...document.images].filter((image) => image.getClientRects().length > 0 && image.loading !== "lazy");
  await Promise.all(seen.map((image) => image.decode()));
  await document.fonts.ready;
  return { text: document.querySelector("h1:not([hidden])")?.innerText ?? "", pictures: seen.length };
}"""
IN_CHARGE = """async () => {
  await navigator.serviceWorker.ready;
  while (!navigator.serviceWorker.controller) await new Promise((done) => setTimeout(done, 50));
}"""
ICON = 500  # ms; the browser asks for the page's icon once it has nothing else to do
SCAN = re.compile(r"/scan\b|zxing", re.IGNORECASE)


def measure(wanted: list[str]) -> dict[str, Measured]:
    """Visit the asked pages in a fresh house."""
    found: dict[str, Measured] = {}
    with fresh_house("web", demo=True) as home, chromium() as browser:
        for name, path in PAGES.items():
            if any(figure.startswith(name) for figure in wanted):
                found |= _visit(browser, home, name, path)
    return found


def _visit(browser: Browser, home: House, name: str, path: str) -> dict[str, Measured]:
    first, seen = readable(browser, home.url + path)
    came = {path for path, size in first if size}
    first = [(path, size) for path, size in first if size or path not in came]  # asked again, answered from memory
    assert all(size for _path, size in first), f"a request did not end: {first}"
    assert seen["pictures"] or name != "guide", "the step's picture is not on the screen"
    total, paths = whole(browser, home.port, path)
    scanning = [one for one in paths if SCAN.search(one)]
    return {
        f"{name}_first_visit_bytes": Measured(sum(size for _path, size in first), {"files": first}),
        f"{name}_first_visit_requests": Measured(len(first)),
        f"{name}_whole_visit_bytes": Measured(total, {"paths": paths}),
        f"{name}_whole_visit_requests": Measured(len(paths)),
        f"{name}_scan_requests": Measured(len(scanning), {"paths": scanning} if scanning else {}),
    }


def readable(browser: Browser, url: str) -> tuple[list[tuple[str, int]], dict[str, Any]]:
    """Open url on a new phone; return path and bytes of all that its page asks for, and what it shows."""
    with phone(browser) as (page, devtools):
        log = Log()
        log.listen(devtools)
        answer = page.goto(url, wait_until="load")
        assert answer and answer.status == 200, f"{url} answers {answer and answer.status}"
        seen = page.evaluate(READABLE)
        page.wait_for_timeout(ICON)
        log.wait(page)
        return log.taken(), seen


def whole(browser: Browser, port: int, path: str) -> tuple[int, list[str]]:
    """Open path on a new phone; return bytes and requests until the worker is in charge and all is quiet."""
    with relay(port) as wire, phone(browser) as (page, _devtools):
        page.goto(wire.url + path, wait_until="load")
        page.evaluate(IN_CHARGE)
        wire.wait_until_quiet()
        return wire.bytes_down, list(wire.paths)
