"""The service worker in a real browser: what is there without network, what must never be, and who may replace it.

The server is really stopped: a browser's own offline switch does not reach the worker's requests.
"""

import re
import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.core.servers.basehttp import ThreadedWSGIServer
from django.test import override_settings
from django.test.testcases import LiveServerThread
from playwright.sync_api import Browser, Page, Playwright, expect

pytestmark = pytest.mark.browser

CACHED = """async () => {
  const urls = [];
  for (const name of await caches.keys())
    for (const request of await (await caches.open(name)).keys()) urls.push(new URL(request.url).pathname);
  return urls;
}"""
UNTIL = """async (given) => {
  for (const end = Date.now() + 20000; !(await (SCRIPT)(given)); await new Promise((next) => setTimeout(next, 20)))
    if (Date.now() > end) throw new Error("not within 20 seconds");
}"""
KEPT = """async (path) => {
  while (!(await caches.match(path))) await new Promise((resolve) => setTimeout(resolve, 20));
}"""
CONTROLLED = """() => navigator.serviceWorker.controller || new Promise((resolve) =>
  navigator.serviceWorker.addEventListener("controllerchange", resolve, { once: true }))"""
KEEP_TEAM = """() => new Promise(async (resolve) => {
  const { active } = await navigator.serviceWorker.ready;
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }) => resolve(data.ok);
  active.postMessage({ type: "precache-team" }, [port2]);
})"""
# Where a page lets the new worker in. When the browser then changes them is its own affair.
TOLD = """(() => {
  const post = ServiceWorker.prototype.postMessage;
  ServiceWorker.prototype.postMessage = function (said, ...more) {
    if (said?.type === "apply-update") sessionStorage.setItem("told", location.pathname);
    return post.call(this, said, ...more);
  };
})()"""
WAITS = "async () => Boolean((await navigator.serviceWorker.ready).waiting)"
UPDATE = """async () => {
  const registration = await navigator.serviceWorker.ready;
  await registration.update();
  while (!registration.waiting) await new Promise((resolve) => setTimeout(resolve, 20));
}"""


@pytest.fixture(scope="module")
def browser(playwright_once: Playwright) -> Iterator[Browser]:
    """Debian's chromium."""
    browser = playwright_once.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    yield browser
    browser.close()


@pytest.fixture(scope="module")
def collected(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The site as it is installed: hashed and compressed files, the worker built from them."""
    folder = tmp_path_factory.mktemp("site")
    storages = {
        "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
        "staticfiles": {"BACKEND": "whitenoise.storage.CompressedManifestStaticFilesStorage"},
    }
    worker = str(folder / "worker.js")
    here = {"STATIC_ROOT": str(folder / "static"), "STORAGES": storages, "PWA_SERVICE_WORKER_PATH": worker}
    with override_settings(ROOT_URLCONF="tests.browser.site", **here):
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("build_sw", to=worker, stdout=(folder / "out").open("w"))
        yield folder


class Hangable(ThreadedWSGIServer):
    """A server that can hang up on browsers that keep their connections open."""

    def __init__(self, *args, **kwargs) -> None:
        """Take a port that a server before this one has just left."""
        super().__init__(*args, **{**kwargs, "allow_reuse_address": True})

    def get_request(self):
        """Note every connection."""
        connection, address = super().get_request()
        self.__dict__.setdefault("connections", []).append(connection)
        return connection, address

    def hang_up(self) -> None:
        """Cut every connection."""
        for connection in self.__dict__.get("connections", []):
            with suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)


class Site:
    """A running server that can be stopped for good."""

    def __init__(self, port: int = 0) -> None:
        self.sent: list[tuple[str, int]] = []
        self.thread = LiveServerThread("localhost", self.counting, connections_override={}, port=port)
        self.thread.server_class = Hangable
        self.thread.daemon = True
        self.thread.start()
        self.thread.is_ready.wait()
        if self.thread.error:
            raise self.thread.error

    def counting(self, handler):
        """Return handler with a note of every answer: its path and the bytes of its body as sent."""

        def app(environ, start_response):
            body = b"".join(handler(environ, start_response))
            self.sent.append((environ["PATH_INFO"], len(body)))
            return [body]

        # The server asks its application for this one attribute of Django's handlers.
        app.get_response = handler.get_response
        return app

    @property
    def url(self) -> str:
        """The address of the home page without its slash."""
        return f"http://localhost:{self.thread.port}"

    def stop(self) -> None:
        """Close the port and every connection."""
        self.thread.terminate()
        self.thread.httpd.hang_up()


@pytest.fixture
def site(collected: Path) -> Iterator[Site]:
    """The small site, stopped at the latest after the test."""
    running = Site()
    yield running
    if running.thread.is_alive():
        running.stop()


@pytest.fixture
def page(browser: Browser, site: Site) -> Iterator[Page]:
    """A fresh phone."""
    context = browser.new_context(base_url=site.url, viewport={"width": 360, "height": 740}, locale="vi-VN")
    yield context.new_page()
    context.close()


def until(page: Page, script: str, given: object = None) -> None:
    """Return when an asynchronous script says true; for wait_for_function a promise is true before it is kept."""
    page.evaluate(UNTIL.replace("SCRIPT", script), given)


def visit(page: Page, path: str) -> None:
    page.goto(path)
    page.evaluate(CONTROLLED)


def wait_until_cached(page: Page, path: str) -> None:
    # Not wait_for_function: there a promise is true before it is kept.
    page.evaluate(KEPT, path)


def save(page: Page) -> None:
    page.get_by_role("button", name="Lưu về máy").click()
    expect(page.get_by_text("Xem được khi không có mạng")).to_be_visible()


def test_the_first_page_opened_is_there_again_without_network(page: Page, site: Site):
    visit(page, "/huong-dan/vneid/1/")
    wait_until_cached(page, "/huong-dan/vneid/1/")
    wait_until_cached(page, "/huong-dan/tranh/1.svg")
    site.stop()
    assert page.reload().status == 200
    expect(page.get_by_role("heading", level=1)).to_have_text("Bước 1 của vneid")
    assert page.evaluate("document.querySelector('main img').naturalWidth") == 720
    assert page.evaluate("document.fonts.check('700 20px \"Be Vietnam Pro\"')")


def test_a_saved_guide_is_whole_without_network_though_only_one_step_was_opened(page: Page, site: Site):
    visit(page, "/huong-dan/vneid/1/")
    save(page)
    site.stop()
    for n in (2, 3):
        assert page.goto(f"/huong-dan/vneid/{n}/").status == 200
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Bước {n} của vneid")
    expect(page.get_by_text("Xem được khi không có mạng")).to_be_visible()


def test_a_page_that_is_not_kept_gives_way_to_the_saved_guides_and_not_as_a_success(page: Page, site: Site):
    visit(page, "/huong-dan/vneid/1/")
    save(page)
    site.stop()
    for path in ("/huong-dan/khac/1/", "/phuong/ho-so/"):
        answer = page.goto(path)
        assert answer.status == 503
        expect(page.get_by_role("heading", level=1)).to_have_text("Đang không có mạng")
    expect(page.get_by_text("Mở ứng dụng của đội")).to_be_hidden()
    page.get_by_role("link", name="Kích hoạt VNeID").click()
    page.wait_for_url("**/huong-dan/vneid/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Kích hoạt VNeID")


def test_a_personal_page_is_never_kept(page: Page, site: Site):
    visit(page, "/huong-dan/vneid/1/")
    page.goto("/phuong/ho-so/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Hồ sơ của bà Nhạn")
    page.goto("/huong-dan/vneid/2/")
    wait_until_cached(page, "/huong-dan/vneid/2/")
    assert [path for path in page.evaluate(CACHED) if path.startswith(("/phuong", "/sync", "/dang-nhap"))] == []


def test_citizens_do_not_carry_the_team_app_and_an_enrolled_phone_has_it_without_network(page: Page, site: Site):
    visit(page, "/")
    assert not any(re.search("team|scan|zxing|/doi/", path) for path in page.evaluate(CACHED))
    assert page.evaluate(KEEP_TEAM) is True
    site.stop()
    assert page.goto("/doi/").status == 200
    expect(page.get_by_role("heading", level=1)).to_have_text("Hôm nay")
    assert page.evaluate("async () => (await fetch(document.body.dataset.wasm)).ok")
    page.goto("/offline/")
    expect(page.get_by_role("link", name="Mở ứng dụng của đội")).to_be_visible()


def test_a_new_worker_waits_while_a_draft_is_open_and_is_let_in_from_the_next_page(
    page: Page, site: Site, collected: Path
):
    page.add_init_script(TOLD)
    visit(page, "/")
    worker = collected / "worker.js"
    worker.write_text(worker.read_text() + "\n// newer")
    page.evaluate("document.body.setAttribute('data-draft-open', '')")
    page.evaluate(UPDATE)
    expect(page.locator("body[data-update-waits]")).to_be_attached()
    page.get_by_role("link", name="Kích hoạt VNeID").click()
    page.wait_for_url("**/huong-dan/vneid/1/")
    assert page.evaluate(WAITS)
    expect(page.locator("body[data-update-waits]")).to_be_attached()
    assert page.evaluate("() => sessionStorage.getItem('told')") is None
    page.get_by_role("link", name="Bước tiếp").click()
    page.wait_for_url("**/huong-dan/vneid/2/")
    assert page.evaluate("() => sessionStorage.getItem('told')") == "/huong-dan/vneid/1/"


ASK = "/goi-to/"
ASK_CACHES = "async () => (await caches.keys()).filter((name) => name.startsWith('gocua-hen-'))"
STYLES = "() => [...document.styleSheets].map((sheet) => [new URL(sheet.href).pathname, sheet.cssRules.length > 0])"
SCRIPTED = "() => !document.querySelector('[data-module=guide-saver]').hidden"
APPLY = """async () => {
  const taken = new Promise((resolve) => navigator.serviceWorker.addEventListener("controllerchange", resolve));
  (await navigator.serviceWorker.ready).waiting.postMessage({ type: "apply-update" });
  await taken;
}"""
LISTED = "async (name) => (await (await caches.open(name)).keys()).map(({ url }) => new URL(url).pathname)"


@contextmanager
def release(collected: Path, folder: Path) -> Iterator[None]:
    """Install a newer release over the one that is there: another style and script, and the old ones gone."""
    sources = folder / "dist"
    shutil.copytree(settings.BASE_DIR / "static/dist", sources)
    for name, more in (
        ("app.css", f"\nhtml{{color-scheme:light}}/* {folder.name} */"),
        ("app.js", f"\n/* {folder.name} */"),
    ):
        (sources / name).write_text((sources / name).read_text() + more)
        for old in (collected / "static").glob(name.replace(".", ".*.") + "*"):
            old.unlink()
    with override_settings(STATICFILES_DIRS=[sources]):
        call_command("collectstatic", interactive=False, verbosity=0)
        call_command("build_sw", to=str(collected / "worker.js"), stdout=(collected / "out").open("w"))
        yield


def test_a_saved_guide_keeps_its_style_and_script_when_a_new_release_has_come(
    page: Page, site: Site, collected: Path, tmp_path: Path
):
    visit(page, "/huong-dan/vneid/1/")
    save(page)
    dressed = page.evaluate(STYLES)
    site.stop()
    with release(collected, tmp_path):
        newer = Site(site.thread.port)
        visit(page, "/")
        assert page.evaluate(STYLES) != dressed
        page.evaluate(UPDATE)
        page.evaluate(APPLY)
        until(page, f"async (path) => !(await ({LISTED})('gocua-citizen')).includes(path)", dressed[0][0])
        newer.stop()
    page.context.new_cdp_session(page).send("Network.clearBrowserCache")
    page.goto("/huong-dan/vneid/2/")
    assert page.evaluate(STYLES) == dressed and dressed[0][1]
    page.wait_for_function(SCRIPTED)
    # What was kept of the release before is not for ever: then the new style and script stand in.
    page.evaluate("caches.delete('gocua-before')")
    page.goto("/huong-dan/vneid/3/")
    assert page.evaluate(STYLES) == dressed
    page.wait_for_function(SCRIPTED)


def test_the_page_that_asks_for_a_visit_stays_until_a_new_release_has_brought_its_own(
    page: Page, site: Site, collected: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    visit(page, "/")
    page.reload()
    wait_until_cached(page, ASK)
    before = page.evaluate(ASK_CACHES)
    site.stop()
    monkeypatch.setattr("tests.browser.site.ASK_STATUS", 503)
    with release(collected, tmp_path):
        newer = Site(site.thread.port)
        visit(page, "/")
        page.evaluate(UPDATE)
        page.evaluate(APPLY)
        newer.stop()
        assert page.goto(ASK).status == 200
        expect(page.get_by_role("heading", level=1)).to_have_text("Gọi tổ hỗ trợ")

        monkeypatch.setattr("tests.browser.site.ASK_STATUS", 200)
        newer = Site(site.thread.port)
        visit(page, "/")
        until(page, f"async (before) => !(await ({ASK_CACHES})()).includes(before)", before[0])
        newer.stop()
        assert page.goto(ASK).status == 200


def test_the_guide_left_half_way_is_offered_at_home(page: Page):
    page.goto("/huong-dan/vneid/2/")
    page.goto("/")
    expect(page.get_by_role("heading", name="Kích hoạt VNeID")).to_be_visible()
    expect(page.get_by_text("Đang làm dở, bước 2 trên 3")).to_be_visible()
    assert page.get_by_role("link", name="Làm tiếp").get_attribute("href") == "/huong-dan/vneid/2/"


def test_larger_text_and_a_theme_stay_for_the_next_page(page: Page):
    page.goto("/")
    page.get_by_role("button", name="Chữ to").click()
    page.goto("/huong-dan/vneid/1/")
    assert page.evaluate("document.documentElement.dataset.text") == "115"
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "18.4px"


def test_nothing_on_a_first_visit_breaks_the_content_security_policy(page: Page):
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text) if message.type == "error" else None)
    visit(page, "/huong-dan/vneid/1/")
    page.goto("/doi/")
    page.goto("/offline/")
    assert said == []


def test_a_first_visit_of_a_guide_stays_inside_its_budget(page: Page, site: Site):
    visit(page, "/huong-dan/vneid/1/")
    wait_until_cached(page, "/huong-dan/tranh/1.svg")
    page.wait_for_load_state("networkidle")
    # All of it: the page, the worker, and what the worker keeps. A real picture weighs about 25 KB, a header 300 bytes.
    assert len(site.sent) <= 12, site.sent
    assert sum(size + 300 for _, size in site.sent) + 25_000 <= 130_000, site.sent
