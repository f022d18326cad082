/**
 * One person's way to a working e-ID: done rows shrink, the current one is open, a stuck one keeps its remedy.
 * For: #/nguoi/<id>. Not for: choosing the reason (blocker-sheet.js) or showing the picture (guide-view.js).
 */
import { on } from "../sync/events.js";
import { finalise } from "../sync/outbox.js";
import { get } from "../sync/records.js";
import { bar } from "./bar.js";
import { blockerSheet } from "./blocker-sheet.js";
import { banner, button, catalogue, chip, fill, h, icon, one, show, syncChip } from "./dom.js";
import { address, birthYear, called, clock, titled } from "./format.js";
import { house, presentMarks, progress } from "./houses.js";
import { mainChecklist } from "./household.js";
import { kept } from "./kept.js";
import { go } from "./router.js";
import { capital, line, t } from "./words.js";

/** @typedef {import("./houses.js").Rec} Rec */
/** @typedef {{root: HTMLElement, person: Rec, home: Rec, list: any, present: Map<string, Rec>, open: string}} Page */

/** @type {import("./router.js").Screen} */
export const checklistScreen = {
  name: "nguoi",
  paths: ["/nguoi/:resident"],
  async show({ root, params, still }) {
    const page = await read(root, params.resident);
    if (!page) return void go("/hom-nay", { replace: true });
    show(one(root, "[data-saved]"), false);
    paint(page);
    const again = async () => {
      const fresh = still() && (await read(root, params.resident));
      if (fresh && still()) paint(Object.assign(page, { ...fresh, open: page.open }));
    };
    const stops = [on("records", () => void again()), on("outbox", () => void again())];
    return () => stops.forEach((stop) => stop());
  },
};

/** @param {HTMLElement} root @param {string} id @returns {Promise<Page | null>} */
async function read(root, id) {
  const person = await get("resident", id);
  if (!person) return null;
  const { home, marks } = await house(person.household);
  const list = mainChecklist();
  if (!home || !list) return null;
  const mine = marks.filter((mark) => mark.resident === id && mark.checklist === list.code);
  return { root, person, home, list, present: presentMarks(mine), open: "" };
}

/** @param {Page} page */
function paint(page) {
  const { root, person, home, list, present } = page;
  const who = address(person);
  bar(root, { home, up: `#/nha/${home.id}`, title: list.title, sub: line(titled(person), person.birth && birthYear(person.birth)) });
  one(root, "[data-rule]").textContent = t("check.secret", { who });
  const at = progress(list, present);
  fill(one(root, "[data-done]"), at.proved && banner("ok", "circle-check", t("check.proved", { who: capital(called(person)) }), t("check.proved_do")));
  const lastDone = [...list.items].reverse().find((item) => present.get(item.code)?.state === "done");
  fill(one(root, "[data-items]"), list.items.map((/** @type {Rec} */ item, /** @type {number} */ i) => row(page, item, i + 1, at.next, lastDone)));
  forms(root, person, home);
}

/** @param {Page} page @param {Rec} item @param {number} number @param {Rec | null} next @param {Rec | undefined} lastDone */
function row(page, item, number, next, lastDone) {
  const mark = page.present.get(item.code);
  if (mark?.state === "done") return doneRow(page, item, mark, item === lastDone);
  if (mark?.state === "blocked") return blockedRow(page, item, mark);
  return item === next ? nowRow(page, item, number) : openRow(page, item, number);
}

/** @param {string} state @param {Node | string} sign @param {(Node | string)[]} head @param {Node | null} [more] */
const item = (state, sign, head, more = null) =>
  h("li", { "data-s": state }, h("span", { class: "k" }, sign), h("div", { class: "h" }, head), more);

/** @param {Rec} what @param {string} said */
const name = (what, said) => h("b", {}, what.title, h("span", { class: "sr" }, `, ${said}`));

/** @param {Page} page @param {Rec} what @param {Rec} mark @param {boolean} last */
function doneRow(page, what, mark, last) {
  const open = page.open === what.code;
  const toggle = () => {
    page.open = open ? "" : what.code;
    paint(page);
  };
  const time = h("button", { type: "button", class: "time num", "aria-expanded": String(open), "aria-label": t("check.done_at", { item: what.title, time: clock(mark.at) }), onclick: toggle }, clock(mark.at));
  const undo = button("sm", "arrow-back-up", t("check.undo"), () => void put(page, what, { state: "open" }));
  return item("done", icon("check"), [name(what, t("check.said_done")), time], open || last ? h("div", { class: "more wrap" }, undo) : null);
}

/** @param {Page} page @param {Rec} what @param {Rec} mark */
function blockedRow(page, what, mark) {
  const reason = catalogue().blockers?.[mark.blocker];
  const more = h("div", { class: "more stack x" },
    h("p", { class: "sm" }, reason ? `${reason.title}. ` : "", h("b", { class: "w6" }, reason?.advice ?? "")),
    mark.note && h("p", { class: "sub" }, mark.note),
    h("div", { class: "wrap eq" },
      h("a", { class: "btn sm", href: `#/nha/${page.home.id}/hen` }, icon("calendar-event"), t("visit.again")),
      button("sm", "check", t("check.resolved"), () => void put(page, what, { state: "open" }))));
  return item("block", icon("alert-triangle"), [name(what, t("check.said_stuck")), chip("fix", "alert-triangle", t("check.stuck"))], more);
}

/** @param {Page} page @param {Rec} what @param {number} number */
function nowRow(page, what, number) {
  const more = h("div", { class: "more stack x" }, what.hint && h("p", { class: "sub" }, what.hint),
    page.list.guide && what.guide_step && h("a", { class: "btn tint", href: `#/tranh/${page.list.guide}/${what.guide_step}` }, icon("book-2"), t("check.show", { who: address(page.person) })),
    tick(page, what, true));
  return item("now", String(number), [name(what, t("check.said_now"))], more);
}

/** @param {Page} page @param {Rec} what @param {number} number a later item: opens on a tap, order is not forced */
function openRow(page, what, number) {
  const open = page.open === what.code;
  const toggle = () => {
    page.open = open ? "" : what.code;
    paint(page);
  };
  const head = h("button", { type: "button", class: "later", "aria-expanded": String(open), onclick: toggle }, name(what, t("check.said_open")));
  return item("", String(number), [head], open ? h("div", { class: "more" }, tick(page, what, false)) : null);
}

/** @param {Page} page @param {Rec} what @param {boolean} go whether this is the one thing to do now */
const tick = (page, what, go) => h("div", { class: "wrap eq" },
  button(go ? "go" : "", "check", t("check.done"), () => void put(page, what, { state: "done" })),
  button("warn", "alert-triangle", t("check.block"), () => void stuck(page, what)));

/** @param {Page} page @param {Rec} what */
async function stuck(page, what) {
  const chosen = await blockerSheet(what.blockers ?? []);
  if (chosen) await put(page, what, { state: "blocked", ...chosen });
}

/**
 * Mark an item: one entry, kept on the phone before the screen says so.
 * @param {Page} page
 * @param {Rec} what
 * @param {{state: string, blocker?: string, note?: string}} mark
 */
async function put(page, what, { state, blocker = "", note = "" }) {
  const { root, person, home, list } = page;
  page.open = "";
  const done = await kept(finalise({
    kind: "mark", subject: person.id, chain: home.id, area: home.area,
    body: { checklist: list.code, item: what.code, state, blocker, note },
    label: { title: list.title, who: called(person), house: home.number },
  }));
  if (!done) return;
  const saved = one(root, "[data-saved]");
  fill(saved, syncChip("local"), h("span", { class: "sub" }, t("saved.at", { time: clock(Date.now()) })));
  show(saved, true);
  focusNow(root);
}

/** The buttons of the ticked row are gone: the thumb and the reader go on at the row to do now. @param {HTMLElement} root */
function focusNow(root) {
  const now = /** @type {HTMLElement | null} */ (root.querySelector("[data-items] [data-s=now] .btn"));
  now?.focus({ preventScroll: true });
  now?.closest("li")?.scrollIntoView({ block: "nearest" });
}

/** @param {HTMLElement} root @param {Rec} person @param {Rec} home */
function forms(root, person, home) {
  const all = catalogue().forms ?? [];
  show(one(root, "[data-forms-part]"), all.length > 0);
  fill(one(root, "[data-forms]"), all.map((/** @type {any} */ form) => h("a", { class: "row", href: `#/to-khai/${form.code.split("@")[0]}/${home.id}/${person.id}` },
    h("span", { class: "tile-i" }, icon("file-text")), h("div", {}, h("b", {}, form.title), h("small", {}, t("form.for", { who: called(person) }))), icon("chevron-right"))));
}
