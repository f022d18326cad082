/* The guides on this phone, on the offline page and on the citizens' home: fills a list from its own <template>. */

import { savedGuides } from "../sync/pack.js";

/** @param {HTMLElement} element hidden; holds a template whose a[href] and [data-title] are filled for each guide */
export function savedList(element) {
  if (!("caches" in window)) return;
  const template = element.querySelector("template");
  void savedGuides().then((all) => {
    if (!template || all.length === 0) return;
    for (const { url, title } of all) {
      const row = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
      row.querySelector("a")?.setAttribute("href", url);
      const place = row.querySelector("[data-title]");
      if (place) place.textContent = title;
      template.before(row);
    }
    for (const place of element.querySelectorAll("[data-count]")) place.textContent = String(all.length);
    element.hidden = false;
  });
}
