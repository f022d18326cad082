"""A citizen's phone that saves a guide of the tests' own, and what a clerk says at the server to make and drop it.

For: journeys of saved guides; conftest.py passes the fixture on. Not for: what they find out.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.ground import Ground
from tests.browser.test_worker import CONTROLLED

SLUG = "bai-thu"
FACE = f"/huong-dan/{SLUG}/"
# A guide of its own, with the words and pictures of one that is drawn already.
WRITE = """
from onboarding.guides import publishing
from onboarding.guides.models import Guide
def copy(version, change=lambda steps: None):
    names = ("title", "summary", "minutes", "at_hand", "checked_on", "checked_by", "source", "spec_hash")
    steps = [{n: getattr(s, n) for n in publishing.STEP_FIELDS} for s in version.steps.order_by("number")][:8]
    change(steps)
    guide, _new = Guide.objects.get_or_create(
        slug="bai-thu", defaults={"code": "BAITHU", "procedure": version.guide.procedure, "topic": version.guide.topic})
    face = {n: getattr(version, n) for n in names}
    return publishing.publish(user=None, version=publishing.write_draft(user=None, guide=guide, face=face, steps=steps))
def newest():
    return Guide.objects.get(slug="bai-thu").current
def files(version):
    return {f["url"]: f["sha256"] for f in version.sealed["manifest"]["files"] if "instead" not in f}
"""
FIRST = (
    WRITE
    + """
answer = files(copy(Guide.objects.get(slug="vneid-muc-2").current))
"""
)
AWAY = """
from onboarding.guides.models import Guide
Guide.objects.filter(slug="bai-thu").delete()
"""
SAVED = """async () => {
  for (const name of await caches.keys()) {
    const seal = name.startsWith("guide-bai-thu-") && (await (await caches.open(name)).match("/huong-dan/.da-luu"));
    if (seal) return (await seal.json()).version;
  }
  return 0;
}"""
WHOLE_PICTURES = "() => [...document.images].every((image) => image.complete && image.naturalWidth > 0)"


@dataclass
class Reader:
    """A citizen's phone on the faulty line."""

    page: Page
    ground: Ground
    files: dict[str, str]

    def open(self, path: str = FACE) -> None:
        """Open a page and wait for the worker."""
        self.page.goto(path)
        self.page.evaluate(CONTROLLED)

    def save(self) -> None:
        """Save the guide."""
        self.open()
        self.page.get_by_role("button", name="Lưu về máy").click()
        expect(self.page.get_by_text("Xem được khi không có mạng")).to_be_visible()
        self.page.wait_for_load_state("networkidle")

    def version(self) -> int:
        """Return the saved version, 0 for none."""
        return self.page.evaluate(SAVED)

    def until(self, version: int) -> None:
        """Wait until this version is saved."""
        script = f"async () => (await ({SAVED})()) === {version}"
        for _ in range(100):
            if self.page.evaluate(script):
                return
            self.page.wait_for_timeout(100)
        raise AssertionError(f"version {self.version()} is saved, not {version}")

    def asked(self, *, failed: bool = False) -> list[str]:
        """Return the addresses that reached the server, or the faults, in their order."""
        lines = [line.split(" → ") for line in self.ground.line.seen]
        return [line.split()[1] for line, what in lines if (what != "ok") is failed and line.startswith("GET ")]

    def forget(self) -> None:
        """Empty the browser's own store, which is not ours."""
        self.page.context.new_cdp_session(self.page).send("Network.clearBrowserCache")

    def cut(self) -> None:
        """Have no network at all."""
        self.ground.line.fail("down")


@pytest.fixture
def reader(ground: Ground, chromium: Browser) -> Iterator[Reader]:
    """A fresh phone and a guide of eight steps, which is away again afterwards."""
    files = ground.clerk.ask(FIRST)
    context = chromium.new_context(
        base_url=ground.line.url, viewport={"width": 360, "height": 740}, locale="vi-VN", timezone_id="Asia/Ho_Chi_Minh"
    )
    yield Reader(context.new_page(), ground, files)
    context.close()
    ground.clerk.ask(AWAY)
