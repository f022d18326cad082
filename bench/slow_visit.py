"""How long a guide's first step takes on a poor line and a cheap phone; and the same page with the server dead.

The line is ours (slow_line.py): 400 kbit/s and a round trip of 400 ms for all that passes, handshakes included, over
plain HTTP/1.1 as `serve` answers it; once more with the round trip that TLS adds to each connection. The page's own
processor is slowed four times by the browser; server and browser share the machine. Times are the browser's own, from
the start of the navigation: "readable" when text and picture are painted, "usable" when the load event is over, the
fonts are there and the page's components answer a tap. Median of five. Not for: bytes; first_visit.py has them.
"""

import statistics
from typing import Any

from playwright.sync_api import Browser, CDPSession, Page

from bench.browser import Log, chromium, phone
from bench.figures import Measured
from bench.first_visit import IN_CHARGE, PAGES, READABLE
from bench.inside import fresh_house
from bench.slow_line import slow_line
from tests.house import House

KILOBITS, TRIP, SLOWER, RUNS = 400, 0.4, 4, 5
MOST = 60_000  # ms
STEP = PAGES["guide"]
WATCH = """(() => {
  const seen = (window.seen = { picture: 0, fonts: 0 });
  new PerformanceObserver((list) => {
    const pictures = list.getEntries().filter((one) => one.element?.tagName === "IMG");
    for (const one of pictures) seen.picture = one.renderTime || one.startTime;
  }).observe({ type: "largest-contentful-paint", buffered: true });
  addEventListener("load", () => document.fonts.ready.then(() => { seen.fonts = performance.now(); }));
})()"""
PAINTED = "() => window.seen.picture > 0 && window.seen.fonts > 0"
TIMES = """() => {
  const [visit] = performance.getEntriesByType("navigation");
  const [text] = performance.getEntriesByName("first-contentful-paint");
  const root = document.documentElement, before = root.dataset.text;
  document.querySelector("[data-module=text-size]").click();
  return {
    page: visit.responseEnd, text: text.startTime, picture: window.seen.picture, load: visit.loadEventEnd,
    fonts: window.seen.fonts, alive: root.dataset.text !== before, next: Boolean(document.querySelector("a[rel=next]")),
  };
}"""
KEPT = """async () => {
  const wanted = [location.pathname, ...[...document.images].map((one) => new URL(one.currentSrc).pathname)];
  const there = async () => (await Promise.all(wanted.map((path) => caches.match(path)))).every(Boolean);
  while (!(await there())) await new Promise((done) => setTimeout(done, 50));
}"""


def measure(wanted: list[str]) -> dict[str, Measured]:
    """Visit on a slow line, with and without TLS's round trip, then once more without a server."""
    found: dict[str, Measured] = {}
    with fresh_house("web") as home, chromium() as browser:
        if {"guide_slow_readable_seconds", "guide_slow_usable_seconds"} & set(wanted):
            found |= _slow(browser, home)
        if "guide_slow_tls_seconds" in wanted:
            visits = [_visit(browser, home, tls=True) for _run in range(RUNS)]
            found["guide_slow_tls_seconds"] = _median(visits, readable)
        if "guide_offline_ms" in wanted:
            found["guide_offline_ms"] = _without_server(browser, home)
    return found


def readable(visit: dict[str, Any]) -> float:
    """Return when text and picture stood on the screen, in ms."""
    return max(visit["text"], visit["picture"])


def usable(visit: dict[str, Any]) -> float:
    """Return when all was there and answered, in ms."""
    return max(readable(visit), visit["load"], visit["fonts"])


def _slow(browser: Browser, home: House) -> dict[str, Measured]:
    visits = [_visit(browser, home, tls=False) for _run in range(RUNS)]
    return {
        "guide_slow_readable_seconds": _median(visits, readable),
        "guide_slow_usable_seconds": _median(visits, usable),
    }


def _median(visits: list[dict[str, Any]], when: Any) -> Measured:
    times = [when(visit) / 1000 for visit in visits]
    middle = sorted(visits, key=when)[len(visits) // 2]
    parts = {name: round(value) for name, value in middle.items()}
    return Measured(round(statistics.median(times), 2), {"runs": [round(time, 2) for time in times], "middle": parts})


def _visit(browser: Browser, home: House, *, tls: bool) -> dict[str, Any]:
    with slow_line(home.port, kilobits=KILOBITS, trip=TRIP, tls=tls) as line, phone(browser) as (page, devtools):
        log = Log()
        log.listen(devtools)
        seen = _open(page, devtools, line.url + STEP)
        return {**seen, "bytes": sum(size for _path, size in log.taken())}


def _open(page: Page, devtools: CDPSession, url: str) -> dict[str, Any]:
    devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.add_init_script(WATCH)
    page.goto(url, wait_until="load", timeout=MOST)
    page.wait_for_function(PAINTED, timeout=MOST)
    seen: dict[str, Any] = page.evaluate(TIMES)
    assert seen.pop("alive") and seen.pop("next"), "the page does not answer"
    return seen


def _without_server(browser: Browser, home: House) -> Measured:
    """Open the step once, end the server, and open it anew; each time in a new tab."""
    with phone(browser) as (page, _devtools):
        page.goto(f"http://localhost:{home.port}{STEP}", wait_until="load")
        page.evaluate(READABLE)
        page.evaluate(IN_CHARGE)
        page.evaluate(KEPT)
        home.kill("web")
        visits = [_anew(page) for _run in range(RUNS)]
    found = _median(visits, readable)
    return Measured(round(1000 * (found.value or 0)), found.detail)


def _anew(first: Page) -> dict[str, Any]:
    page = first.context.new_page()
    try:
        return _open(page, first.context.new_cdp_session(page), first.url)
    finally:
        page.close()
