"""A phone's browser: headless Chromium at 360x740 with nothing kept, and a log of what its page asks for.

Not for: what the service worker asks for; the relay sees that.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, CDPSession, Page, sync_playwright

SCREEN: Any = {"width": 360, "height": 740}
MOST = 20  # seconds


@contextmanager
def chromium() -> Iterator[Browser]:
    """Yield Debian's browser."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def phone(browser: Browser) -> Iterator[tuple[Page, CDPSession]]:
    """Yield a page of a phone that was never here before, and its DevTools session."""
    context = browser.new_context(
        viewport=SCREEN, device_scale_factor=2, is_mobile=True, has_touch=True, locale="vi-VN"
    )
    try:
        page = context.new_page()
        yield page, context.new_cdp_session(page)
    finally:
        context.close()


@dataclass
class Log:
    """What a page asked for: bytes on the wire by path, headers of the answers included."""

    paths: dict[str, str] = field(default_factory=dict)
    sizes: dict[str, int] = field(default_factory=dict)

    def listen(self, devtools: CDPSession) -> None:
        """Note every request of the page from now on."""
        devtools.send("Network.enable")
        devtools.on("Network.requestWillBeSent", lambda e: self._sent(e["requestId"], e["request"]["url"]))
        devtools.on("Network.requestServedFromCache", lambda e: self.paths.pop(e["requestId"], None))
        devtools.on("Network.loadingFailed", lambda e: self.paths.pop(e["requestId"], None))
        devtools.on("Network.loadingFinished", lambda e: self._came(e["requestId"], int(e["encodedDataLength"])))

    def _sent(self, request: str, url: str) -> None:
        if url.startswith("http"):
            self.paths[request] = urlsplit(url).path

    def _came(self, request: str, size: int) -> None:
        self.sizes[request] = size

    def wait(self, page: Page) -> None:
        """Return when every request has ended (a browser asks for the icon whenever it likes)."""
        for _ in range(MOST * 20):
            if not self.paths.keys() - self.sizes.keys():
                return
            page.wait_for_timeout(50)

    def taken(self) -> list[tuple[str, int]]:
        """Return path and bytes of every request that went over the wire so far, in order."""
        return [(path, self.sizes.get(request, 0)) for request, path in self.paths.items()]
