"""A team's phone: a real Chromium with a profile on disk and a camera that sees what the test holds before it.

For: journeys and fault tests; kill() is a battery pulled out. Not for: pages that need no state; site.py has those.
"""

import json
import os
import signal
from contextlib import suppress
from io import BytesIO
from pathlib import Path

import segno
from PIL import Image
from playwright.sync_api import BrowserContext, Page, Playwright, expect

PIN = "251936"
SCREEN = {"width": 360, "height": 740}
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--use-fake-ui-for-media-stream",
    "--use-fake-device-for-media-stream",
]


def card_before_camera(path: Path, text: str) -> Path:
    """Write what the camera will see: a card's QR, held still, as motion JPEG."""
    code = BytesIO()
    segno.make(text, error="m").save(code, kind="png", scale=10, border=4)
    frame = Image.new("RGB", (1280, 720), "#e9e4d8")
    picture = Image.open(code).convert("RGB").resize((560, 560), Image.Resampling.NEAREST)
    frame.paste(picture, (360, 80))
    still = BytesIO()
    frame.save(still, "JPEG", quality=90)
    path.write_bytes(still.getvalue() * 10)
    return path


class Handset:
    """One phone of one member."""

    def __init__(self, playwright: Playwright, folder: Path, url: str, card: str = "") -> None:
        """Lay a phone that will open url; card is the QR text that its camera sees."""
        self.playwright, self.profile, self.url = playwright, folder / "profile", url
        self.profile.mkdir(parents=True, exist_ok=True)
        self.camera = card_before_camera(folder / "camera.mjpeg", card) if card else None
        self.context: BrowserContext | None = None
        self.page: Page | None = None

    def switch_on(self, path: str = "/doi/") -> Page:
        """Start the browser with its profile and open path."""
        flags = [*FLAGS, *([f"--use-file-for-fake-video-capture={self.camera}"] if self.camera else [])]
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile), executable_path="/usr/bin/chromium", args=flags, viewport=SCREEN, locale="vi-VN",
            timezone_id="Asia/Ho_Chi_Minh", permissions=["camera"],
        )  # fmt: skip
        self.context.set_default_timeout(20_000)
        self.page = self.context.pages[0] if self.context.pages else self.context.new_page()
        self.page.goto(self.url + path)
        return self.page

    def kill(self) -> None:
        """Kill every process of this browser with -9."""
        mark = f"--user-data-dir={self.profile}".encode()
        for entry in Path("/proc").glob("[0-9]*"):
            with suppress(OSError):
                if mark in (entry / "cmdline").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)
        with suppress(Exception):
            self.context.close()
        for lock in self.profile.glob("Singleton*"):
            lock.unlink(missing_ok=True)
        self.context = self.page = None

    def switch_off(self) -> None:
        """Close the browser as a person would."""
        if self.context:
            self.context.close()
        self.context = self.page = None

    # --- what a member does ------------------------------------------------------------------------------------------

    def enrol(self, address: str, name: str = "Máy mẫu") -> Page:
        """Open an invitation's address, name the phone, choose the PIN, and wait for the first pull."""
        page = self.page or self.switch_on("/doi/")
        page.goto(address)
        page.reload()
        page.get_by_label("Đặt tên cho máy này").fill(name)
        page.get_by_role("button", name="Ghi danh máy").click()
        self.type_pin()
        expect(page.locator("[data-screen=dat-pin] [data-title]")).to_contain_text("lại")
        self.type_pin()
        expect(page.locator("[data-screen=hom-nay] .doors li").first).to_be_attached(timeout=40_000)
        return page

    def type_pin(self, pin: str = PIN) -> None:
        """Press the six keys on the pad that is shown."""
        pad = self.page.locator("[data-screen]:not([hidden]) .keys")
        expect(pad).to_be_visible()
        for digit in pin:
            pad.get_by_role("button", name=digit, exact=True).click()

    def unlock(self, pin: str = PIN) -> None:
        """Open the app with the PIN."""
        expect(self.page.locator("[data-screen=mo-khoa]")).to_be_visible()
        self.type_pin(pin)
        expect(self.page.locator("[data-screen=mo-khoa]")).to_be_hidden()

    def kept_for_offline(self) -> None:
        """Wait until the worker holds the team's shell."""
        self.page.wait_for_function(
            """() => {
              const team = async () => {
                const names = (await caches.keys()).filter((name) => name.startsWith("gocua-team"));
                for (const name of names) if ((await (await caches.open(name)).keys()).length > 5) window.__kept = true;
              };
              void team();
              return window.__kept === true;
            }""",
            polling=300,
        )

    def stored(self, store: str) -> list[dict]:
        """Return what lies in a store of the phone's database, as far as JSON can tell it."""
        return json.loads(self.page.evaluate(READ_STORE, store))


READ_STORE = """(store) => new Promise((resolve, reject) => {
  const ask = indexedDB.open("gocua");
  ask.onerror = () => reject(ask.error);
  ask.onsuccess = () => {
    const all = ask.result.transaction(store).objectStore(store).getAll();
    all.onsuccess = () => { ask.result.close(); resolve(JSON.stringify(all.result)); };
  };
})"""
