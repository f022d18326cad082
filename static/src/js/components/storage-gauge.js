/**
 * How much room is left for this app on the phone.
 * For: the gauge in the menu. Not for: the number itself (sync/room.js) or freeing room; only sending does.
 */
import { fill, h, svg } from "./dom.js";
import { size } from "./format.js";
import { t } from "./words.js";

/** @param {HTMLElement} place */
export async function gauge(place) {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  const kept = (await navigator.storage?.persisted?.()) ?? false;
  const share = quota ? Math.min(100, (100 * usage) / quota) : 0;
  fill(place,
    h("p", { class: "w6" }, t("storage.used", { used: size(usage), quota: quota ? size(quota) : "?" })),
    svg("svg", { class: "meter", role: "img", "aria-label": t("storage.share", { n: Math.round(share) }) },
      svg("rect", { class: share > 90 ? "f-r" : "f-g", width: `${Math.max(1, share).toFixed(1)}%`, height: "100%" })),
    h("p", { class: "sub" }, t(kept ? "storage.kept" : "storage.not_kept")));
}
