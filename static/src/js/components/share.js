/* 'Chia sẻ': hands a guide's address on, with its pictures when the guide is saved here; copies the address where the
   browser has no sharing, and is not shown where it has neither. The element: data-slug, data-title; [data-copied] says that
   the address was copied. */

import { picturesOf } from "../sync/guide-files.js";

const PATIENCE = 2500; // ms; a browser forgets the tap after some seconds, and then shares nothing

/** @param {HTMLElement} element hidden; holds a button */
export function share(element) {
  const { slug = "", title = "" } = element.dataset;
  const address = `${location.origin}/huong-dan/${slug}/`;
  const can = typeof navigator.share === "function";
  if (!can && !navigator.clipboard) return;
  element.hidden = false;
  element.querySelector("button")?.addEventListener("click", () => {
    void (can ? give({ title, text: title, url: address }, slug) : copy(address, element)).catch(() => {});
  });
}

/** @param {ShareData} what @param {string} slug */
async function give(what, slug) {
  const late = new Promise((resolve) => void setTimeout(() => resolve([]), PATIENCE));
  const files = /** @type {File[]} */ (await Promise.race([picturesOf(slug).catch(() => []), late]));
  const whole = { ...what, files };
  await navigator.share(files.length > 0 && navigator.canShare?.(whole) ? whole : what);
}

/** @param {string} address @param {HTMLElement} element */
async function copy(address, element) {
  await navigator.clipboard.writeText(address);
  element.querySelector("[data-copied]")?.removeAttribute("hidden");
}
