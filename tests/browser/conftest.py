"""A house with real processes and a phone of the team in a real browser, for journeys and for bad input.

One house and one enrolled phone a session: drawing the guides and stretching a PIN take time. Tests share the phone as
people do; each gets a page of its own and leaves the server running. Not for: the worker's own tests (test_worker.py).
"""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Playwright, sync_playwright

from tests.browser.ground import ground, whole_ground  # noqa: F401  copies of phones on a faulty line
from tests.browser.phone import TeamPhone
from tests.browser.reader import reader  # noqa: F401  a citizen's phone on it
from tests.house import House, house


@pytest.fixture(scope="session")
def playwright_once() -> Iterator[Playwright]:
    """One driver a session: a second one in the same process is refused."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def chromium(playwright_once: Playwright) -> Iterator[Browser]:
    """Debian's chromium with a camera that shows a test picture. Missing: a failure under CI, skipped elsewhere."""
    path = shutil.which("chromium")
    if path is None:
        (pytest.fail if os.environ.get("CI") else pytest.skip)("chromium is not installed")
    args = ["--no-sandbox", "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream"]
    browser = playwright_once.chromium.launch(executable_path=path, args=args)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def team_house(tmp_path_factory: pytest.TempPathFactory) -> Iterator[House]:
    """The demo ward behind a real web server."""
    with house(tmp_path_factory.mktemp("team-house"), "web") as running:
        yield running


def fresh_context(browser: Browser, running: House, **options: object) -> BrowserContext:
    """A phone that has never seen us, with small screen and finger."""
    return browser.new_context(
        base_url=f"http://localhost:{running.port}", viewport={"width": 360, "height": 740}, locale="vi-VN",
        timezone_id="Asia/Ho_Chi_Minh", has_touch=True, **{"permissions": ["camera"], **options},
    )  # fmt: skip


@pytest.fixture(scope="session")
def enrolled(chromium: Browser, team_house: House) -> Iterator[BrowserContext]:
    """A phone of team 1 with a PIN, its round pulled and the app kept for when there is no network."""
    context = fresh_context(chromium, team_house)
    phone = TeamPhone(context.new_page(), team_house)
    phone.enrol("mau")
    phone.wait_until_kept()
    phone.page.close()
    yield context
    context.close()


@pytest.fixture
def page(enrolled: BrowserContext, team_house: House) -> Iterator[Page]:
    """A new tab of the enrolled phone; the server runs again afterwards."""
    tab = enrolled.new_page()
    tab.set_default_timeout(15_000)
    yield tab
    tab.close()
    if "web" not in team_house.processes:
        team_house.start("web")


@pytest.fixture
def phone(page: Page, team_house: House) -> TeamPhone:
    """The enrolled phone, unlocked, at today's round."""
    own = TeamPhone(page, team_house)
    own.open("/hom-nay")
    return own


@pytest.fixture
def papers(tmp_path: Path) -> Path:
    """A folder for pictures of papers."""
    return tmp_path
