/* What this phone has asked of the ward: 'Đang chờ mạng', 'Đã gửi' with its code, 'Cần xem lại' with the reason.

   Says what for and when, never who: whoever picks the phone up sees this list. Keeping and sending is sync/asks.js. */

import { asks, dropAsk, onAsks, sendAsks } from "../sync/asks.js";
import { button, fill, h, one, show, syncChip, two } from "./dom.js";
import { t } from "./words.js";

const WAITS = "gocua-hen"; // read by ask-waiting.js: the other pages need not open a database to know

/** @typedef {import("../sync/asks.js").Ask} Ask */

/** @param {HTMLElement} section [data-asks] @returns {{draw: () => Promise<void>, send: (now?: boolean) => Promise<void>}} */
export function askList(section) {
  const list = one(section, "[data-asks-list]");
  let moving = false;
  const draw = async () => {
    const all = await asks().catch(() => /** @type {Ask[]} */ ([]));
    fill(list, ...all.map((ask) => row(ask, moving, () => void dropAsk(ask.id).then(draw))));
    note(all.some(({ state }) => state === "wait"));
    show(section, all.length > 0);
  };
  const send = async (now = false) => {
    moving = navigator.onLine;
    await draw();
    await sendAsks(now).catch(() => {});
    moving = false;
    await draw();
  };
  onAsks(() => void draw());
  return { draw, send };
}

/** @param {Ask} ask @param {boolean} moving @param {() => void} drop */
function row(ask, moving, drop) {
  const state = ask.state === "wait" && moving ? "move" : ask.state;
  const at = new Intl.DateTimeFormat("vi", { hour: "numeric", minute: "2-digit", day: "numeric", month: "numeric" }).format(ask.at);
  const says = ask.state === "ok" ? t("ok", { code: ask.code ?? "" }) : ask.state === "fix" ? `${ask.reason} ${t("fix")}` : t("wait");
  return h("div", { class: "row out", "data-state": state }, two(ask.what, t("made", { at })), syncChip(state), h("p", { class: "sub full" }, ask.when && t("suits", { times: ask.when }), ask.when && h("br"), says), button("sm", "trash", t("drop"), drop));
}

/** @param {boolean} waits */
function note(waits) {
  try {
    if (waits) localStorage.setItem(WAITS, "1");
    else localStorage.removeItem(WAITS);
  } catch { /* storage is off: what waits goes when this page or the worker is there */ }
}
