"""A guide saved on a real browser: renewed by exactly what changed, always whole, gone when withdrawn, shared, printed.

The house is a real one behind a line that fails; a clerk publishes at the server's desk. Not for: what is signed
(tests/guides/test_signed_packs.py) or every case of the phone's half (tests/js/pack.test.mjs, renewal.test.mjs).
"""

import json
from datetime import timedelta

import pytest
from django.utils import timezone
from playwright.sync_api import expect

from tests.browser.reader import FACE, SLUG, WHOLE_PICTURES, WRITE, Reader

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

# One word and one target of step 5.
MEND = (
    WRITE
    + """
def change(steps):
    steps[4]["text"] = "Câu này đã sửa. " + steps[4]["text"][:200]
    hand = steps[4]["spec"]["hand"]
    steps[4]["spec"] = {**steps[4]["spec"], "hand": {**hand, "at": [0.31, 0.69]}}
answer = files(copy(newest(), change))
"""
)
WITHDRAW = (
    WRITE
    + """
for row in Guide.objects.get(slug="bai-thu").versions.filter(state="published").order_by("-number")[:COUNT]:
    publishing.withdraw(version=row)
"""
)
POISON = """async (path) => {
  for (const name of await caches.keys()) {
    const cache = await caches.open(name);
    const answer = await cache.match(path, { ignoreVary: true });
    if (!answer) continue;
    const bytes = new Uint8Array(await answer.arrayBuffer());
    bytes[bytes.length >> 1] ^= 1;
    await cache.put(path, new Response(bytes, { headers: answer.headers }));
  }
}"""
STYLED = "() => [...document.styleSheets].every((sheet) => sheet.cssRules.length > 0) && document.styleSheets.length"
WIDTH = "() => document.querySelector('main img').naturalWidth"


@pytest.mark.fault("T12")
def test_a_saved_guide_gets_exactly_the_changed_files_and_is_whole_when_the_line_drops_half_way(reader: Reader):
    page, line = reader.page, reader.ground.line
    reader.save()
    after = reader.ground.clerk.ask(MEND)
    pictures = {url for url in after if url.startswith("/tranh/")} - set(reader.files)
    changed = {url for url in after if after[url] != reader.files.get(url)}
    assert changed == pictures | {FACE, FACE + "buoc.json", FACE + "in/", FACE + "5/"} and len(pictures) == 1

    line.seen.clear()
    line.fail("down", "GET /tranh/")
    page.reload()
    page.wait_for_function("() => true")
    reader.ground.house.wait_until(lambda: reader.asked(failed=True), "the new picture is asked for")
    reader.cut()
    assert reader.version() == 1
    for number in range(1, 9):
        assert page.goto(f"{FACE}{number}/").status == 200
        expect(page.get_by_text("Câu này đã sửa.")).to_be_hidden()
        page.wait_for_function(WHOLE_PICTURES)
        assert page.goto(f"{FACE}{number}/vuong/").status == 200

    first = [url for url in reader.asked() if url in changed]
    line.heal()
    line.seen.clear()
    page.goto(FACE)
    reader.until(2)
    second = [url for url in reader.asked() if url in after]
    own = [url for url in first + second if url != FACE]
    # The face is opened as well and has the first step fetched ahead; the page opened last may still be asked for.
    opened = {FACE + "1/", FACE + "8/vuong/"}
    assert sorted(url for url in own if url not in opened) == sorted(changed - {FACE})
    assert pictures <= set(second) and FACE + "5/" in first
    reader.cut()
    page.goto(FACE + "5/")
    expect(page.get_by_text("Câu này đã sửa.")).to_be_visible()
    page.wait_for_function(WHOLE_PICTURES)


@pytest.mark.fault("T12")
def test_a_picture_with_one_flipped_byte_is_not_shown_but_fetched_again(reader: Reader):
    page = reader.page
    reader.save()
    reader.open(FACE + "2/")
    page.wait_for_function(WHOLE_PICTURES)
    picture = page.evaluate("() => new URL(document.querySelector('main img').currentSrc).pathname")
    page.evaluate(POISON, picture)
    reader.forget()  # the browser has a good copy of its own, which would be shown, and rightly
    reader.cut()
    page.goto(FACE + "3/")
    page.goto(FACE + "2/")
    expect(page.get_by_text("Tranh bị hỏng. Khi có mạng máy tải lại.")).to_be_visible()
    assert page.evaluate(WIDTH) == 0
    assert page.locator("main img").get_attribute("alt")
    reader.ground.line.heal()
    page.evaluate("() => dispatchEvent(new Event('online'))")
    page.wait_for_function(WHOLE_PICTURES)
    expect(page.get_by_text("Tranh bị hỏng. Khi có mạng máy tải lại.")).to_be_hidden()


@pytest.mark.fault("T12")
def test_a_page_with_one_flipped_byte_gives_way_to_the_offline_page(reader: Reader):
    page = reader.page
    reader.save()
    page.evaluate(POISON, FACE + "4/")
    reader.cut()
    assert page.goto(FACE + "4/").status == 503
    assert page.goto(FACE + "3/").status == 200


@pytest.mark.fault("T12")
def test_a_pack_that_nobody_signed_whom_the_phone_knows_is_refused_and_says_so_calmly(reader: Reader):
    page = reader.page
    reader.save()
    reader.ground.clerk.ask(MEND)
    forged = json.loads(page.request.get(reader.ground.line.url + FACE + "goi.json").text())
    forged["manifest"]["title"] = "Gọi số này để được giúp"
    page.context.route("**/goi.json", lambda route: route.fulfill(json=forged))
    page.goto(FACE)
    expect(page.get_by_text("Bản mới chưa kiểm được. Máy giữ bản cũ.")).to_be_visible()
    expect(page.get_by_text("Xem được khi không có mạng")).to_be_visible()
    assert reader.version() == 1


@pytest.mark.fault("T13", "F41")
def test_a_withdrawn_guide_is_off_the_phone_at_the_next_contact_and_its_name_says_why(reader: Reader):
    page = reader.page
    reader.save()
    page.goto(FACE + "2/")
    reader.ground.clerk.ask(WITHDRAW.replace("COUNT", "9"))
    reader.forget()  # pages are fresh for five minutes
    assert page.goto(FACE).status == 404
    expect(page.get_by_role("heading", level=1)).to_have_text("Hướng dẫn này đã được rút")
    reader.until(0)
    reader.cut()
    for path in (FACE, FACE + "2/"):
        assert page.goto(path).status == 503
    expect(page.get_by_text("Hướng dẫn này đã được rút. Gọi tổ hỗ trợ.")).to_be_visible()
    expect(page.get_by_role("navigation").get_by_text("Kích hoạt")).to_be_visible()


@pytest.mark.fault("T13")
def test_of_a_withdrawn_version_the_older_one_is_fetched_next_and_the_list_is_asked_first(reader: Reader):
    reader.ground.clerk.ask(MEND)
    reader.save()
    assert reader.version() == 2
    reader.ground.clerk.ask(WITHDRAW.replace("COUNT", "1"))
    reader.ground.line.seen.clear()
    reader.page.goto(FACE)
    reader.until(1)
    asked = [url for url in reader.asked() if url.endswith(".json")]
    assert asked[0] == "/huong-dan/rut.json" and FACE + "goi.json" in asked
    expect(reader.page.get_by_text("Xem được khi không có mạng")).to_be_visible()


@pytest.mark.fault("F41")
def test_a_guide_that_nobody_checked_for_fifteen_days_says_so(reader: Reader):
    page = reader.page
    reader.save()
    today = timezone.localtime()
    said = f"Lưu ngày {today.day}/{today.month}, chưa kiểm lại 15 ngày"
    reader.open("/")
    reader.cut()
    page.clock.set_fixed_time(timezone.now() + timedelta(days=15, minutes=5))
    page.goto(FACE)
    expect(page.get_by_text(said)).to_be_visible()
    page.goto("/")
    expect(page.get_by_text(said)).to_be_visible()


def test_a_saved_guide_is_printed_and_shared_with_its_pictures_without_network(reader: Reader):
    page = reader.page
    page.add_init_script("""
      navigator.canShare = () => true;
      navigator.share = async (what) => { window.shared = {
        title: what.title, url: what.url, files: await Promise.all((what.files ?? []).map(async (file) =>
          [file.name, file.type, (await createImageBitmap(file)).width]))
      } };
    """)
    reader.save()
    reader.cut()
    page.reload()
    page.get_by_role("button", name="Chia sẻ").click()
    page.wait_for_function("() => window.shared")
    shared = page.evaluate("() => window.shared")
    assert shared["url"] == reader.ground.line.url + FACE and "VNeID" in shared["title"]
    assert shared["files"] == [[f"{SLUG}-{n}.jpg", "image/jpeg", 720] for n in range(1, 9)]
    page.get_by_role("link", name="Bản in").click()
    page.wait_for_url("**/in/")
    assert page.locator(".sheet-p").count() == 2
    page.wait_for_function(WHOLE_PICTURES)
    assert page.evaluate(STYLED) == 2
    expect(page.locator(".p-qr svg").first).to_be_visible()


def test_where_nothing_can_be_shared_the_address_is_copied(reader: Reader):
    page = reader.page
    page.add_init_script("delete Navigator.prototype.share")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(FACE)
    page.get_by_role("button", name="Chia sẻ").click()
    expect(page.get_by_text("Đã chép địa chỉ.")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == reader.ground.line.url + FACE
