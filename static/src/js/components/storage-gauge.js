/**
 * How much room is left for this app on the phone.
 * For: the gauge in the menu and the warning under 50 MB. Not for: freeing room; only sending does.
 */
import { fill, h, svg } from "./dom.js";
import { size } from "./format.js";
import { t } from "./words.js";

/** @returns {Promise<number | null>} bytes; null when the browser does not say */
export async function roomLeft() {
  const { usage = 0, quota = 0 } = (await navigator.storage?.estimate?.()) ?? {};
  return quota ? Math.max(0, quota - usage) : null;
}

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
