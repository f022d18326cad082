"""The phone dies, fills up or is opened twice while somebody works: nothing is halved, nothing said too early.

Browsers are killed with -9; where the moment matters, the page is made to stand still at it first. What is sent then,
and what a thief finds, are in test_faults_sync.py and test_left_behind.py.
"""

import random
import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.ground import (
    GUEST,
    NUMBER,
    Ground,
    agree_and_sign,
    big_photo,
    choose_photo,
    finish,
    go,
    next_section,
    nobody_home,
    open_form,
)
from tests.browser.handset import Handset
from tests.house import ROOT

pytestmark = [pytest.mark.browser, pytest.mark.timeout(240)]

# The page stands still at the nth step of a name: in the middle of a transaction when the step is a write. There it
# stays until the browser dies or window.__go is set; asking again and again keeps the transaction open.
STAND_STILL = """([name, nth]) => {
  window.__stands = false;
  window.__go = false;
  let left = nth;
  const due = (step) => step === name && (left -= 1) === 0 && (window.__stands = true);
  for (const verb of ["encrypt", "sign"]) {
    const real = SubtleCrypto.prototype[verb];
    SubtleCrypto.prototype[verb] = function (...given) {
      return due(verb) ? new Promise(() => {}) : real.apply(this, given);
    };
  }
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    const done = put.apply(this, given);
    if (!due(`put ${this.name}`)) return done;
    const held = this.get("-");
    const turn = () => {
      if (window.__go) held.dispatchEvent(new Event("success"));
      else this.get("-").onsuccess = turn;
    };
    held.addEventListener("success", (event) => {
      if (!event.isTrusted) return;
      event.stopImmediatePropagation();
      turn();
    });
    return held;
  };
}"""
# When what was captured is safe, how safe, and when the page says so.
LISTEN = """() => {
  window.__order = [];
  const begin = IDBDatabase.prototype.transaction;
  IDBDatabase.prototype.transaction = function (...given) {
    const tx = begin.apply(this, given);
    const names = [...tx.objectStoreNames];
    const what = names.includes("file") ? "form" : "row";
    if (given[1] === "readwrite" && names.some((name) => ["outbox", "file"].includes(name)))
      tx.addEventListener("complete", () => window.__order.push(`${what} ${tx.durability}`));
    return tx;
  };
  new MutationObserver(() => document.querySelector(".toast") && window.__order.push("said"))
    .observe(document.body, { childList: true });
}"""
NO_ROOM = """(store) => {
  const put = IDBObjectStore.prototype.put;
  IDBObjectStore.prototype.put = function (...given) {
    if (this.name === store && !window.__room) throw new DOMException("full", "QuotaExceededError");
    return put.apply(this, given);
  };
}"""
KEPT_SINCE = """async (since) => {
  const read = () => new Promise((resolve) => {
    const ask = indexedDB.open("gocua");
    ask.onsuccess = () => {
      const all = ask.result.transaction("draft").objectStore("draft").getAll();
      all.onsuccess = () => { ask.result.close(); resolve(all.result); };
    };
  });
  for (const end = since + 5000; Date.now() < end; await new Promise((next) => setTimeout(next, 50)))
    if ((await read()).some(({ at }) => at >= since)) return true;
  return false;
}"""
USED = "async () => (await navigator.storage.estimate()).usage"
SENTENCE = "Đã lưu trên máy"


def stand_still(page: Page, step: str, nth: int = 1) -> None:
    """Have the page stand still at the nth such step from now."""
    page.evaluate(STAND_STILL, [step, nth])


def stands(page: Page) -> None:
    """Wait until it does."""
    page.wait_for_function("() => window.__stands === true")


def killed(phone: Handset) -> Page:
    """Pull the battery, start again, unlock."""
    phone.kill()
    page = phone.switch_on()
    phone.unlock()
    return page


def draft_of(page: Page) -> str:
    """The id of the form whose address the page shows."""
    return re.search(r"[0-9a-f-]{36}", page.evaluate("() => location.hash"))[0]


@pytest.mark.fault("F01")
def test_a_form_comes_back_with_its_last_field_when_the_browser_was_killed(ground: Ground):
    phone = ground.phone()
    person = ground.people()[1]
    ground.line.fail("down", "/sync/")
    open_form(phone.page, person)
    form = phone.page.locator("[data-screen=to-khai]")
    form.locator("[name=guest_name]").fill(GUEST)
    typed = phone.page.evaluate("() => Date.now()")
    form.locator("[name=document_number]").fill(NUMBER[:7])  # half of it: a form is never only whole
    assert phone.page.evaluate(KEPT_SINCE, typed)  # within five seconds, though nobody pressed anything

    page = killed(phone)
    go(page, f"/nha/{person['home']}", "nha")
    page.locator("[data-papers] a", has_text="Thông báo lưu trú").click()
    form = page.locator("[data-screen=to-khai]")
    expect(form.locator("[data-notice]")).to_contain_text("Đã lấy lại tờ khai dở lúc")
    expect(form.locator("[name=guest_name]")).to_have_value(GUEST)
    expect(form.locator("[name=document_number]")).to_have_value(NUMBER[:7])


@pytest.mark.fault("F01")
def test_what_is_typed_without_a_pause_is_kept_too(ground: Ground):
    phone = ground.phone()
    person = ground.people()[1]
    ground.line.fail("down", "/sync/")
    open_form(phone.page, person)
    field = phone.page.locator("[data-screen=to-khai] [name=guest_name]")
    field.fill("")
    field.press_sequentially("Nguyen Thi Rat Dai Dong Hai", delay=100)  # killed at once: the last pause is long ago

    page = killed(phone)
    open_form(page, person)
    kept = page.locator("[data-screen=to-khai] [name=guest_name]").input_value()
    assert len(kept) >= 10 and "Nguyen Thi Rat Dai Dong Hai".startswith(kept)


@pytest.mark.fault("F02")
def test_killed_around_finishing_there_is_a_draft_or_an_entry_never_both_never_half(ground: Ground):
    phone = ground.ready()
    page, draft = phone.page, ground.draft
    between = random.randint(1, 5)  # of the encryptions from the button to the entry
    moments = [("put draft", 1), ("put outbox", 1), ("put outbox", 2), ("encrypt", between), ("put file", 1)]
    seen = []
    for step, nth in moments:
        go(page, f"/ky/{draft}", "ky")
        agree_and_sign(page)
        stand_still(page, step, nth)
        page.get_by_role("button", name="Hoàn tất và lưu").click()
        stands(page)
        page = killed(phone)
        kinds = [row["entry"]["kind"] for row in phone.stored("outbox")]
        drafts = [row["id"] for row in phone.stored("draft") if row["id"] == draft]
        assert kinds.count("submission") == 0 and drafts == [draft], (step, nth, kinds)
        assert kinds.count("consent") <= 1
        assert phone.stored("file") == []
        seen.append(len(kinds))
    assert 0 in seen and 1 in seen  # the moments lie before and behind the consent

    go(page, f"/ky/{draft}", "ky")
    agree_and_sign(page)
    finish(page)
    page = killed(phone)  # at once after the word
    rows = sorted(phone.stored("outbox"), key=lambda row: row["seq"])
    assert [(row["entry"]["kind"], row["seq"]) for row in rows] == [("consent", 1), ("submission", 2)]
    assert phone.stored("draft") == [] and len(phone.stored("file")) == 1


@pytest.mark.fault("F03")
def test_killed_while_a_photo_is_saved_it_is_absent_or_whole_and_the_form_says_which(ground: Ground):
    phone = ground.phone()
    person = ground.people()[1]
    ground.line.fail("down", "/sync/")
    page = phone.page
    open_form(page, person)
    form_up_to_papers(page)
    draft = draft_of(page)
    for nth in (1, 2):  # the photo itself, then the form that names it
        stand_still(page, "put draft", nth)
        choose_photo(page, big_photo())
        stands(page)
        page = killed(phone)
        go(page, f"/to-khai/{draft}/phan/4", "to-khai")
        expect(page.locator("[data-screen=to-khai] [data-shot]").first).to_be_visible()
        expect(page.locator("[data-screen=to-khai] .shot img")).to_have_count(0)
        page.locator("[data-screen=to-khai] [data-next]").click()
        review = page.locator("[data-form-section=review]")
        expect(review).to_contain_text("Chưa chụp")
        go(page, f"/to-khai/{draft}/phan/4", "to-khai")
        expect(page.locator("[data-form-section=papers]")).to_be_visible()
    choose_photo(page, big_photo())
    expect(page.locator("[data-screen=to-khai] .shot img")).to_be_visible()
    page = killed(phone)
    go(page, f"/to-khai/{draft}/phan/4", "to-khai")
    image = page.locator("[data-screen=to-khai] .shot img")
    expect(image).to_have_js_property("complete", True)
    assert image.evaluate("(image) => [image.naturalWidth, image.naturalHeight]") == [900, 700]


def form_up_to_papers(page: Page) -> None:
    """Fill the form until its papers are asked for."""
    form = page.locator("[data-screen=to-khai]")
    form.locator("[name=document_type]").select_option("8")
    form.locator("[name=document_number]").fill(NUMBER)
    next_section(form, "guest")
    next_section(form, "place")
    form.locator("[name=departure]").fill(form.locator("[name=arrival]").input_value())
    form.locator("[name=reason]").select_option("tham")
    next_section(form, "time")
    expect(form.locator("[data-form-section=papers]")).to_be_visible()


@pytest.mark.fault("F04")
def test_saved_on_this_phone_is_said_only_after_the_disk_has_it(ground: Ground):
    phone = ground.ready()
    page = phone.page
    agree_and_sign(page)
    page.evaluate(LISTEN)
    stand_still(page, "put outbox", 2)  # the form; the consent before it is safe already
    page.get_by_role("button", name="Hoàn tất và lưu").click()
    stands(page)
    expect(page.locator("[data-screen=ky]")).to_be_visible()
    expect(page.get_by_text(SENTENCE).locator("visible=true")).to_have_count(0)
    assert "said" not in page.evaluate("() => window.__order")
    page.evaluate("() => { window.__go = true }")
    expect(page.locator(".toast")).to_have_text(SENTENCE)
    order = page.evaluate("() => window.__order")
    assert order.count("form strict") == 2 and order.index("said") > len(order) - 1 - order[::-1].index("form strict")
    assert not [event for event in order if event.endswith(("relaxed", "default"))]


@pytest.mark.fault("F04")
def test_a_form_says_saved_only_while_all_that_stands_in_it_is_saved(ground: Ground):
    phone = ground.phone()
    ground.line.fail("down", "/sync/")
    page = phone.page
    open_form(page, ground.people()[1])
    chip = page.locator("[data-screen=to-khai] [data-saved]")
    expect(chip).to_have_text(SENTENCE)
    stand_still(page, "put draft")
    page.locator("[data-screen=to-khai] [name=guest_name]").fill(GUEST)
    stands(page)
    expect(chip).to_have_text("")
    page.evaluate("() => { window.__go = true }")
    expect(chip).to_have_text(SENTENCE)


@pytest.mark.fault("F04")
def test_no_write_to_drafts_outbox_or_files_is_less_than_strict():
    sources = {path.name: path.read_text() for path in (ROOT / "static/src/js").rglob("*.js")}
    for name, source in sources.items():
        for stores in re.findall(r"relaxed\((\[[^\]]*\]|\w+)", source.replace("function relaxed(stores", "")):
            assert set(re.findall(r'"(\w+)"', stores)) <= {"meta", "record"} and stores.startswith("["), (name, stores)
        # The two stores of this phone: the team's, and the one of what a reader asks of the ward.
        if name not in ("db.js", "asks.js"):
            assert "readwrite" not in source and not re.search(
                r"\b(db|openDb\(\)\)?)\)?\.(put|add|delete|clear)\(", source
            ), name
    assert sources["db.js"].count('"readwrite"') == 2  # the type, and the one place that begins such a transaction
    for store in ("db.js", "asks.js"):
        assert '{ durability: "strict" }' in sources[store]
    assert sources["asks.js"].count("transaction(") == 1


@pytest.mark.fault("F05")
def test_a_full_phone_refuses_the_photo_with_a_sentence_and_keeps_form_and_outbox(ground: Ground):
    phone = nearly_full(ground, room=500_000)
    people = ground.people()
    page = phone.page
    nobody_home(page, people[2])
    open_form(page, people[1])
    form_up_to_papers(page)
    before = phone.stored("outbox")
    choose_photo(page, big_photo(1500, 1200))
    error = page.locator("[data-slot] [data-error-for]").first
    expect(error).to_have_text("Máy hết chỗ, chưa lưu được ảnh. Gửi bớt mục rồi chụp lại. Phần đã khai vẫn còn.")
    expect(page.locator("[data-screen=to-khai] .shot img")).to_have_count(0)
    page.locator("[data-screen=to-khai] [data-prev]").click()
    expect(page.locator("[name=reason]")).to_have_value("tham")
    assert phone.stored("outbox") == before and len(before) == 1

    leave_room(page, None)
    page.locator("[data-screen=to-khai] [data-next]").click()
    choose_photo(page, big_photo())
    expect(page.locator("[data-screen=to-khai] .shot img")).to_be_visible()
    page = killed(phone)
    assert phone.stored("outbox") == before


@pytest.mark.fault("F05")
def test_a_phone_full_at_the_last_button_keeps_the_signed_form(ground: Ground):
    phone = ground.ready()
    page = phone.page
    agree_and_sign(page)
    page.evaluate(NO_ROOM, "file")
    page.get_by_role("button", name="Hoàn tất và lưu").click()
    expect(page.locator("[data-screen=ky] [data-message]")).to_contain_text("Máy hết chỗ, chưa lưu được.")
    expect(page.locator("[data-screen=ky]")).to_be_visible()
    assert "submission" not in [row["entry"]["kind"] for row in phone.stored("outbox")]
    assert ground.draft in [row["id"] for row in phone.stored("draft")]
    page.evaluate("() => { window.__room = true }")
    finish(page)
    assert sorted(row["entry"]["kind"] for row in phone.stored("outbox")) == ["consent", "submission"]


@pytest.mark.fault("F05")
def test_a_phone_full_at_the_end_of_a_visit_says_so_and_the_same_button_saves_it_later(ground: Ground):
    phone = ground.phone()
    ground.line.fail("down", "/sync/")
    page = phone.page
    go(page, f"/nha/{ground.people()[0]['home']}/xong/away", "ket-thuc")
    page.locator("#visit-note").fill("Hẹn chiều quay lại")
    page.evaluate(NO_ROOM, "outbox")
    page.get_by_role("button", name="Lưu lượt thăm").click()
    said = page.locator("[data-screen=ket-thuc]").get_by_role("alert")
    expect(said).to_contain_text("Máy hết chỗ, chưa lưu được.")
    expect(said).to_contain_text("Mọi thứ đã nhập vẫn còn trên màn hình.")
    expect(page.locator("#visit-note")).to_have_value("Hẹn chiều quay lại")
    assert phone.stored("outbox") == []
    page.evaluate("() => { window.__room = true }")
    page.get_by_role("button", name="Lưu lượt thăm").click()
    expect(page.locator("[data-screen=hom-nay]")).to_be_visible()
    assert [row["entry"]["kind"] for row in phone.stored("outbox")] == ["visit"]
    expect(page.locator("[data-unkept]")).to_have_count(0)


def nearly_full(ground: Ground, *, room: int) -> Handset:
    """An unlocked phone without network and with so many bytes left: said before its database opens, or too late."""
    phone = ground.new_phone(ground.stage("enrolled"))
    page = phone.switch_on()
    phone.unlock()
    expect(page.locator("[data-screen=hom-nay]")).to_be_visible()
    used = page.evaluate(USED)  # the database counts only once it was opened
    phone.switch_off()
    page = phone.switch_on("/suc-khoe/")
    ground.line.fail("down", "/sync/")
    leave_room(page, used + room)
    page.goto(ground.line.url + "/doi/")
    phone.unlock()
    expect(page.locator("[data-screen=hom-nay]")).to_be_visible()
    return phone


def leave_room(page: Page, quota: int | None) -> None:
    """Allow this site so many bytes; None: as many as there are."""
    said = {"origin": page.evaluate("() => location.origin")}
    page.context.new_cdp_session(page).send(
        "Storage.overrideQuotaForOrigin", said if quota is None else {**said, "quotaSize": quota}
    )


@pytest.mark.fault("F09")
def test_a_draft_open_in_two_tabs_can_be_written_in_one_and_becomes_one_entry(ground: Ground):
    phone = ground.ready()
    first, draft = phone.page, ground.draft
    second = phone.context.new_page()
    second.goto(ground.line.url + "/doi/")
    phone.page = second
    phone.unlock()
    go(second, f"/to-khai/{draft}/phan/1", "to-khai")
    form = second.locator("[data-screen=to-khai]")
    expect(form.locator("[data-notice]")).to_contain_text("Tờ khai này đang mở ở một thẻ khác.")
    expect(form.locator("[name=guest_name]")).to_have_value(GUEST)
    expect(form.locator("[name=guest_name]")).to_be_disabled()
    go(second, f"/ky/{draft}", "ky")
    expect(second.get_by_role("button", name="Hoàn tất và lưu")).to_be_disabled()

    phone.page = first
    first.bring_to_front()  # a page behind another one draws no frames, and clicks wait for frames
    agree_and_sign(first)
    finish(first)
    rows = phone.stored("outbox")
    assert sorted(row["entry"]["kind"] for row in rows) == ["consent", "submission"]
    second.bring_to_front()
    go(second, "/hom-nay", "hom-nay")
    go(second, f"/ky/{draft}", "hom-nay")  # the draft is gone for the other tab as well
    assert phone.stored("draft") == []
