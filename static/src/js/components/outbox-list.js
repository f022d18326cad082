/**
 * The outbox: what needs a person, what goes by itself, what has gone. In that order, in the five words.
 * For: #/hop-gui, trying again, correcting and sending again. Not for: sending (sync.js) or versions (conflict.js).
 */
import { current } from "../sync/enrol.js";
import { on } from "../sync/events.js";
import { copy, dismiss, list } from "../sync/outbox.js";
import * as records from "../sync/records.js";
import { syncNow } from "../sync/sync.js";
import { banner, button, fill, h, icon, one, show, syncChip } from "./dom.js";
import { newForm } from "./form-draft.js";
import { clock, size, titled, when } from "./format.js";
import { notice, noteOutcome } from "./notice.js";
import { go } from "./router.js";
import { capital, line, t } from "./words.js";

/** @typedef {import("../sync/outbox.js").Item} Item */

const SHOWN_SENT = 30;
let offline = false;
let running = false;

/** @type {import("./router.js").Screen} */
export const outboxScreen = {
  name: "hop-gui",
  paths: ["/hop-gui"],
  async show({ root, still }) {
    const device = await current();
    one(root, "[data-sub]").textContent = device ? t("outbox.of", { who: device.user.name }) : "";
    one(root, "[data-retry]").onclick = () => void retry(root);
    const again = () => still() && void paint(root);
    const stops = [on("outbox", again), on("records", again), on("sync", (news) => { hear(news); again(); })];
    await paint(root);
    return () => stops.forEach((stop) => stop());
  },
};

/** What sending came to, wherever it was started. @param {{running?: boolean, outcome?: string}} news */
export function hear({ running: now = false, outcome }) {
  running = now;
  if (outcome) offline = outcome === "offline";
}

/** @param {HTMLElement} root */
async function retry(root) {
  const { outcome } = await syncNow("button");
  noteOutcome(outcome);
  hear({ outcome });
  await paint(root);
}

/** @param {HTMLElement} root */
async function paint(root) {
  const items = await list();
  const conflicts = await records.list("conflict").catch(() => []);
  const group = (/** @type {string[]} */ ...states) => items.filter(({ state }) => states.includes(state));
  const waiting = group("move", "wait");
  await paintNotice(root, items, waiting);
  const homes = await records.overlay("household");
  put(root, "fix", [...conflicts.map((one) => conflictRow(one, homes)), ...group("fix").map(fixRow)]);
  put(root, "local", together(group("local")).map(row));
  put(root, "wait", together(waiting).map(row));
  put(root, "ok", together(group("ok")).slice(0, SHOWN_SENT).map(row));
}

/** @param {HTMLElement} root @param {Item[]} items @param {Item[]} waiting */
async function paintNotice(root, items, waiting) {
  const place = one(root, "[data-notice]");
  await notice(place);
  const moving = waiting.filter(({ state }) => state === "move").length;
  if (running && moving && navigator.onLine) place.append(sending(moving, waiting.length));
  else if (offline || !navigator.onLine) place.append(banner("wait", "cloud-off", t("offline.fact"), waiting.length ? t("offline.do", { n: waiting.length }) : t("offline.none")));
  else if (!waiting.length && !place.childElementCount) place.append(allSent(items));
}

/** @param {number} moving @param {number} all */
function sending(moving, all) {
  const node = banner("info", "refresh", t("outbox.sending", { n: moving, all }), t("outbox.sending_do"));
  node.querySelector("svg")?.classList.add("spin");
  return node;
}

/** @param {Item[]} items */
function allSent(items) {
  const last = items.find(({ state }) => state === "ok");
  return banner("ok", "checks", t("outbox.empty"), last ? t("outbox.last", { time: clock(last.at) }) : t("outbox.nothing"));
}

/** @param {HTMLElement} root @param {string} name @param {HTMLElement[]} rows */
function put(root, name, rows) {
  const section = one(root, `[data-group=${name}]`);
  show(section, rows.length > 0);
  const n = section.querySelector("[data-n]");
  if (n) n.textContent = String(rows.length);
  fill(one(section, "[data-rows]"), rows);
}

/** @type {Record<string, [string, string]>} icon and colour of what it is */
const KIND = {
  submission: ["file-text", "ochre"], mark: ["list-check", ""], visit: ["door", "blue"], consent: ["writing-sign", ""],
  edit: ["pencil", ""], delete: ["trash", "slate"], withdrawal: ["arrow-back-up", "slate"],
};

/**
 * Ticks of one person in one state are one row: what counts is whether all of them have gone.
 * @param {Item[]} items newest first
 * @returns {(Item & {steps?: number})[]}
 */
export function together(items) {
  /** @type {Map<string, Item & {steps?: number}>} */
  const rows = new Map();
  for (const item of items) {
    const key = item.kind === "mark" ? `${item.subject} ${item.state}` : item.id;
    const known = rows.get(key);
    rows.set(key, known ? { ...known, steps: (known.steps ?? 1) + 1 } : { ...item, steps: item.kind === "mark" ? 1 : undefined });
  }
  return [...rows.values()];
}

/** @param {Item} item */
const titleOf = ({ label, kind }) => (label ? line(label.title, label.who) : t(`label.kind_${kind}`));

/** @param {Item & {steps?: number}} item */
function detailOf({ label, at, filesTotal, bytes, kind, steps }) {
  const where = label?.house && t("house.short", { number: label.house });
  return line(where, when(at), !!steps && t("outbox.steps", { n: steps }), kind === "submission" && filesTotal > 0 && t("outbox.photos", { n: filesTotal }), kind === "submission" && size(bytes));
}

/** @param {Item & {steps?: number}} item @returns {HTMLElement} */
function row(item) {
  const [name, colour] = KIND[item.kind] ?? KIND.edit;
  const files = item.state !== "ok" && item.filesDone > 0 && item.filesDone < item.filesTotal;
  return h("li", { class: "row out" }, h("span", { class: "tile-i", "data-s": item.state === "ok" ? "slate" : colour }, icon(name)),
    h("div", {}, h("b", {}, capital(titleOf(item))), h("small", {}, detailOf(item)),
      h("div", { class: "wrap oc" }, syncChip(item.state),
        files && h("span", { class: "sub" }, t("outbox.files", { n: item.filesDone, all: item.filesTotal })),
        item.portalCode && h("span", { class: "sub num" }, t("outbox.code", { code: item.portalCode })),
        item.portalText && h("span", { class: "sub" }, item.portalText),
        item.receipt && h("a", { class: "btn sm", href: item.receipt }, icon("qrcode"), t("outbox.receipt")))));
}

/** @param {Item} item @returns {HTMLElement} */
function fixRow(item) {
  const again = item.kind === "submission" ? button("warn full", "", t("outbox.again"), () => void correct(item)) : null;
  const seen = button("full", "", t("outbox.seen"), () => void dismiss(item.id));
  const base = row(item);
  return h("ul", { class: "rows alert" }, base, h("li", { class: "pad" }, h("p", { class: "sm" }, item.message || t("outbox.no_reason")), again ?? seen));
}

/** @param {any} conflict @param {import("../sync/records.js").View} homes @returns {HTMLElement} */
function conflictRow(conflict, homes) {
  const home = homes.get("household", conflict.subject);
  return h("ul", { class: "rows alert" },
    h("li", { class: "row out" }, h("span", { class: "tile-i", "data-s": "brick" }, icon("file-text")),
      h("div", {}, h("b", {}, home ? line(t("house.short", { number: home.number }), home.head) : t("conflict.person")), h("small", {}, line(conflict.by, when(conflict.at))), h("div", { class: "wrap oc" }, syncChip("fix")))),
    h("li", { class: "pad" }, h("p", { class: "sm" }, t("conflict.title", { time: when(conflict.at) })), h("a", { class: "btn warn full", href: `#/hai-ban/${conflict.id}` }, t("conflict.action"))));
}

/**
 * A refused form again, corrected: a new draft with the old answers, which replaces the old one when it is sent.
 * @param {Item} item
 */
async function correct(item) {
  const kept = await copy(item.id);
  const body = kept?.body;
  const [home, person] = [await records.get("household", item.chain), body && (await records.get("resident", body.resident))];
  if (!body || !home || !person) return go(home ? `/nha/${home.id}` : "/hom-nay");
  const id = await newForm({
    form: kept.form, title: kept.label.title, household: home.id, resident: person.id, who: kept.label.who, name: titled(person), house: home.number,
    area: kept.area, parts: 1, answers: body.answers, card: [], replaces: item.subject,
  });
  go(`/to-khai/${id}`);
}
