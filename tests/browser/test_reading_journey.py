"""A guide from the code on paper to its last step with the server dead; and every page of it readable by everybody.

The server is really killed: a browser's own offline switch does not reach the worker's requests. Not for: how the
worker keeps things (test_worker.py), what stands on paper (tests/guides/test_papers.py), other screens (test_looks.py).
"""

import io
import re
from collections.abc import Iterator

import pypdfium2
import pytest
import zxingcpp
from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, CDPSession, Page, expect

from tests.browser import tour
from tests.browser.conftest import fresh_context
from tests.browser.test_looks import AXE, STANDARDS
from tests.browser.test_worker import CONTROLLED, wait_until_cached
from tests.house import House

pytestmark = [pytest.mark.browser, pytest.mark.slow, pytest.mark.timeout(600)]

GUIDE = tour.GUIDE
STEPS = 11
TITLE = "Bước {} trên 11"
PRINTED = re.compile(r"http://localhost:\d+/huong-dan/vneid-muc-2/")
AAA = "color-contrast-enhanced"
READ = {
    name: tour.CITIZEN[name]
    for name in (
        "home", "list", "event", "event-caller", "search", "search-found", "search-none", "overview", "step",
        "step-secret", "step-last", "stuck", "print",
    )
} | {"procedures": "/thu-tuc/", "procedure": "/thu-tuc/kich-hoat-vneid/"}  # fmt: skip
DRAWN = """() => [...document.querySelectorAll("main picture img, main .p-step img")]
  .map((one) => ({ wide: one.naturalWidth, whole: one.complete }))"""

PAINTED = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


@pytest.fixture
def reader(chromium: Browser, team_house: House) -> Iterator[BrowserContext]:
    """A citizen's phone that has never seen us; the server runs again afterwards."""
    context = fresh_context(chromium, team_house, reduced_motion="reduce", permissions=[])
    context.set_default_timeout(20_000)
    yield context
    context.close()
    if "web" not in team_house.processes:
        team_house.start("web")


def codes(pdf: bytes, dpi: int = 110) -> set[str]:
    """What a phone's camera reads on the pages as an office printer leaves them."""
    pages = [page.render(scale=dpi / 72).to_pil() for page in pypdfium2.PdfDocument(pdf)]
    return {code.text for page in pages for code in zxingcpp.read_barcodes(page)}


def printed(reader: BrowserContext) -> str:
    """Fetch the guide's A4 paper as the link on its print page says, and return where its one code leads."""
    answer = reader.request.get(f"{GUIDE}in/a4.pdf")
    assert (answer.status, answer.headers["content-type"]) == (200, "application/pdf")
    (address,) = codes(answer.body())
    assert PRINTED.fullmatch(address), address
    return address


def save(page: Page) -> None:
    """Keep the guide on the phone, and wait until the worker is there that answers from it."""
    page.evaluate(CONTROLLED)
    page.get_by_role("button", name="Lưu về máy").click()
    expect(page.get_by_text("Xem được khi không có mạng")).to_be_visible()
    wait_until_cached(page, "/")


def at_step(page: Page, number: int) -> None:
    """Stand on a step whose picture is really decoded."""
    page.wait_for_url(f"**{GUIDE}{number}/")
    expect(page.get_by_text(TITLE.format(number), exact=True)).to_be_visible()
    page.wait_for_function("() => [...document.querySelectorAll('main img')].every((one) => one.naturalWidth > 0)")
    page.locator("main img").evaluate("(one) => one.decode()")
    assert [drawn["wide"] > 0 for drawn in page.evaluate(DRAWN)] == [True]


def look_where_stuck(page: Page, number: int) -> None:
    """Open what to do when the step does not go on, and come back."""
    page.get_by_role("link", name="Bị vướng").click()
    page.wait_for_url(f"**{GUIDE}{number}/vuong/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Vướng ở đâu?")
    page.locator("summary").first.click()
    expect(page.get_by_text("Việc nên làm").first).to_be_visible()
    page.get_by_role("link", name="Thử lại").click()


def finger(page: Page) -> CDPSession:
    """A finger on the screen."""
    return page.context.new_cdp_session(page)


def swipe(page: Page, *, across: int) -> None:
    """Draw a finger over the picture, to the left when across is negative."""
    page.evaluate(PAINTED)  # nobody touches what is not on the screen yet
    hand, middle = finger(page), 180
    points = [[{"x": middle + across * part / 4, "y": 300}] for part in range(-2, 3)]
    hand.send("Input.dispatchTouchEvent", {"type": "touchStart", "touchPoints": points[0]})
    for point in points[1:]:
        hand.send("Input.dispatchTouchEvent", {"type": "touchMove", "touchPoints": point})
    hand.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def test_a_guide_is_read_from_the_code_on_paper_to_its_last_step_on_a_dead_server(
    reader: BrowserContext, team_house: House
):
    page = reader.new_page()
    page.goto(printed(reader))
    expect(page.get_by_text("11 bước")).to_be_visible()
    save(page)
    page.close()
    team_house.kill("web")

    page = reader.new_page()
    assert page.goto(GUIDE).status == 200
    page.get_by_role("link", name="Bắt đầu").click()
    for number in range(1, STEPS + 1):
        at_step(page, number)
        look_where_stuck(page, number)
        at_step(page, number)
        if number < STEPS:
            page.get_by_role("link", name="Bước tiếp").click()
    expect(page.get_by_text("Bác làm được chưa?")).to_be_visible()
    page.get_by_role("link", name="Xong").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Bác muốn làm gì?")


def test_a_code_of_the_handout_opens_its_step_with_the_server_and_without(reader: BrowserContext, team_house: House):
    page = reader.new_page()
    page.goto(GUIDE)
    save(page)
    handout = codes(page.request.get(f"{GUIDE}in/a5.pdf").body())
    [address] = [code for code in handout if code.endswith("/b/vneid-muc-2/so-dinh-danh/")]
    page.goto(address)
    at_step(page, 4)
    expect(page).to_have_url(re.compile(f"{GUIDE}4/$"))
    team_house.kill("web")
    page.goto("about:blank")
    page.goto(address)
    at_step(page, 4)
    expect(page).to_have_url(re.compile(f"{GUIDE}4/$"))
    assert page.goto(address.replace("vneid-muc-2", "khong-luu")).status == 503


def test_who_stops_half_way_goes_on_from_home_on_a_dead_server(reader: BrowserContext, team_house: House):
    page = reader.new_page()
    page.goto(GUIDE)
    save(page)
    team_house.kill("web")
    page.get_by_role("link", name="Bắt đầu").click()
    at_step(page, 1)
    page.get_by_role("link", name="Bước tiếp").click()
    at_step(page, 2)
    page.close()

    page = reader.new_page()
    assert page.goto("/").status == 200
    expect(page.get_by_text("Đang làm dở, bước 2 trên 11")).to_be_visible()
    page.get_by_role("link", name="Làm tiếp").click()
    at_step(page, 2)


def test_a_page_that_is_not_there_without_network_offers_to_go_on_with_the_guide(
    reader: BrowserContext, team_house: House
):
    page = reader.new_page()
    page.goto(f"{GUIDE}2/")
    page.evaluate(CONTROLLED)
    wait_until_cached(page, f"{GUIDE}2/")
    wait_until_cached(page, page.locator("main img").evaluate("(one) => new URL(one.currentSrc).pathname"))
    team_house.kill("web")
    assert page.goto("/thu-tuc/").status == 503
    page.get_by_role("link", name="Làm tiếp").click()
    at_step(page, 2)


def test_a_swipe_turns_the_page_and_the_way_back_leads_where_one_was(reader: BrowserContext):
    page = reader.new_page()
    page.goto(GUIDE)
    page.get_by_role("link", name="Bắt đầu").click()
    at_step(page, 1)
    swipe(page, across=-200)
    at_step(page, 2)
    swipe(page, across=-40)
    swipe(page, across=200)
    at_step(page, 1)
    page.go_back()
    at_step(page, 2)
    page.get_by_role("link", name="Bước trước").click()
    at_step(page, 1)
    page.get_by_role("link", name="Bị vướng").click()
    page.wait_for_url(f"**{GUIDE}1/vuong/")
    page.go_back()
    at_step(page, 1)
    page.get_by_role("link", name="Về đầu bài").click()
    page.wait_for_url(f"**{GUIDE}")
    expect(page.get_by_role("link", name="Bắt đầu")).to_be_visible()


def test_the_size_of_the_text_stays_from_step_to_step_and_without_a_server(reader: BrowserContext, team_house: House):
    page = reader.new_page()
    page.goto(GUIDE)
    save(page)
    team_house.kill("web")
    page.get_by_role("link", name="Bắt đầu").click()
    at_step(page, 1)
    page.get_by_role("button", name="Chữ to hơn").click()
    page.get_by_role("link", name="Bước tiếp").click()
    at_step(page, 2)
    assert page.evaluate("getComputedStyle(document.documentElement).fontSize") == "18.4px"


def test_the_print_page_as_a_browser_prints_it_has_its_pictures_and_a_code_that_leads_to_the_guide(
    reader: BrowserContext,
):
    page = reader.new_page()
    page.goto(f"{GUIDE}in/", wait_until="networkidle")
    assert [drawn["wide"] > 0 for drawn in page.evaluate(DRAWN)] == [True] * STEPS
    pdf = page.pdf(prefer_css_page_size=True, print_background=True)
    assert len(pypdfium2.PdfDocument(pdf)) == 3
    (address,) = codes(pdf)
    assert PRINTED.fullmatch(address)
    assert reader.request.get(address).status == 200
    assert b"/Image" in pdf and len(pypdfium2.PdfDocument(io.BytesIO(pdf))[0].get_textpage().get_text_range()) > 100


@pytest.mark.parametrize("name", READ)
def test_every_page_of_a_reader_holds_the_strictest_contrast(chromium: Browser, team_house: House, name: str):
    context = fresh_context(chromium, team_house, reduced_motion="reduce", service_workers="block", permissions=[])
    try:
        context.add_init_script(AXE_SCRIPT)
        page = context.new_page()
        page.goto(READ[name])
        page.locator("summary").evaluate_all("(all) => all.forEach((one) => { one.parentElement.open = true })")
        found = []
        for look in ({"theme": "light"}, {"theme": "dark"}, {"theme": "light", "text": "130"}):
            page.evaluate("(look) => void Object.assign(document.documentElement.dataset, look)", look)
            page.set_viewport_size({"width": 360, "height": page.evaluate("document.documentElement.scrollHeight")})
            found += [f"{look}: {one}" for one in page.evaluate(AXE, [STANDARDS, [AAA]])]
        assert found == []
    finally:
        context.close()


@pytest.mark.parametrize("number", [1, 5])
def test_a_step_fits_a_small_phone_without_scrolling(reader: BrowserContext, number: int):
    page = reader.new_page()
    page.goto(f"{GUIDE}{number}/")
    at_step(page, number)
    assert page.evaluate("document.documentElement.scrollHeight") <= 740
    foot = page.locator(".foot").bounding_box()
    for name in ("Bị vướng", "Khác với máy của tôi"):
        said = page.locator(".say-so").get_by_text(name).bounding_box()
        assert said["y"] + said["height"] <= foot["y"], name


def test_the_thanks_for_a_word_stand_above_the_foot(reader: BrowserContext):
    page = reader.new_page()
    page.goto(f"{GUIDE}5/")
    page.get_by_role("button", name="Khác với máy của tôi").click()
    thanks = page.get_by_text("Cảm ơn bác.")
    expect(thanks).to_be_visible()
    said, foot = thanks.bounding_box(), page.locator(".foot").bounding_box()
    assert said["y"] + said["height"] <= foot["y"]
