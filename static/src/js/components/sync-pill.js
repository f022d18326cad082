/**
 * The unsent count in the bar and on the tab of every screen.
 * For: saying, wherever one is, how much is still on this phone and whether something needs a person.
 * Not for: sending; it only reads counts and listens.
 */
import { counts } from "../sync/outbox.js";
import { on } from "../sync/events.js";
import { all, fill, h, icon, one, show } from "./dom.js";
import { t } from "./words.js";

let busy = false;

/** Begin to keep all pills and badges right. */
export function startPills() {
  on("outbox", refresh);
  on("lock", refresh);
  on("sync", ({ running = false } = {}) => {
    busy = running;
    refresh();
  });
  addEventListener("online", refresh);
  addEventListener("offline", refresh);
  return refresh();
}

/** Read the counts and write them everywhere. */
export async function refresh() {
  const { unsent, fix } = await counts();
  for (const pill of all(document, "[data-pill]")) paint(pill, unsent, fix);
  one(document, "[data-live]").textContent = look(unsent, fix)[1]; // said once, not by every pill
  for (const badge of all(document, "[data-unsent]")) {
    show(badge, unsent + fix > 0);
    fill(badge, String(unsent + fix), h("span", { class: "sr" }, ` ${t("pill.unsent_words")}`));
  }
}

/**
 * @param {HTMLElement} pill
 * @param {number} unsent
 * @param {number} fix
 */
function paint(pill, unsent, fix) {
  const [name, word] = look(unsent, fix);
  const long = pill.dataset.pill === "long";
  const short = unsent + fix > 0 ? String(unsent + fix) : "";
  fill(pill, icon(name, busy && name === "refresh" ? "spin" : ""), long ? word : short);
  pill.setAttribute("aria-label", word);
}

/**
 * @param {number} unsent
 * @param {number} fix
 * @returns {[string, string]} icon and words
 */
function look(unsent, fix) {
  if (fix > 0) return ["alert-triangle", t("pill.fix", { n: fix })];
  if (unsent === 0) return [navigator.onLine ? "checks" : "cloud-off", t(navigator.onLine ? "pill.none" : "pill.none_offline")];
  if (busy && navigator.onLine) return ["refresh", t("pill.sending", { n: unsent })];
  return [navigator.onLine ? "cloud-upload" : "cloud-off", t("pill.wait", { n: unsent })];
}
