/* The guides on this phone, on the offline page and on the citizens' home: fills a list from its own <template>.

   A guide that was withdrawn stays in the list by its name, without a way into it. */

import { shelf } from "../sync/renewal.js";

/** @param {HTMLElement} element hidden; holds a template whose a[href] and [data-title] are filled for each guide, and [data-gone] */
export function savedList(element) {
  if (!("caches" in window)) return;
  const template = element.querySelector("template");
  void shelf().then(({ held, gone }) => {
    if (!template || held.length + gone.length === 0) return;
    for (const { url, title, at, days } of held) {
      const row = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
      row.querySelector("a")?.setAttribute("href", url);
      fill(row, title);
      tellAge(row, at, days);
      template.before(row);
    }
    for (const title of gone) tellGone(element, title);
    element.hidden = false;
  });
}

/**
 * Say "Lưu ngày …, chưa kiểm lại … ngày" where nobody has looked for news for long.
 * @param {ParentNode} place holds [data-old] with [data-day] and [data-days] @param {number} at when it was saved @param {number} days 0 says nothing
 */
export function tellAge(place, at, days) {
  const line = place.querySelector("[data-old]");
  if (!line) return;
  line.toggleAttribute("hidden", days === 0);
  const day = new Date(at);
  for (const [name, text] of [["day", `${day.getDate()}/${day.getMonth() + 1}`], ["days", String(days)]]) {
    const words = line.querySelector(`[data-${name}]`);
    if (words) words.textContent = text;
  }
}

/** @param {HTMLElement} element @param {string} title */
function tellGone(element, title) {
  const template = element.querySelector("template[data-gone]");
  if (!(template instanceof HTMLTemplateElement)) return;
  const row = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  fill(row, title);
  template.before(row);
}

/** @param {DocumentFragment} row @param {string} title */
function fill(row, title) {
  const place = row.querySelector("[data-title]");
  if (place) place.textContent = title;
}
