/* 'Lưu về máy': keeps a guide on the phone, says how far it is, and brings a kept one up to date by itself.

   The element (components/guide_saver.html) holds data-slug, data-keys (whose signature counts) and one child a state:
   [data-state=offer|saving|saved|failed|full|withdrawn]; [data-percent] shows the progress, [data-unchecked] that what is newer
   could not be checked, [data-old] how long nobody has looked for news. Fetching is sync/renewal.js. */

import { isQuota } from "../sync/deps.js";
import { trust, Untrusted } from "../sync/pack-keys.js";
import { keepGuide, standing } from "../sync/renewal.js";
import { keepPages } from "./register.js";
import { tellAge } from "./saved-list.js";

/** @param {HTMLElement} element hidden until it is known that this browser can keep a guide */
export function guideSaver(element) {
  if (!("caches" in window)) return;
  const { slug = "", keys = "" } = element.dataset;
  trust(keys.split(" "));
  const show = (/** @type {string} */ state) => {
    for (const part of element.querySelectorAll("[data-state]")) part.toggleAttribute("hidden", part.getAttribute("data-state") !== state);
    element.hidden = false;
  };
  const percent = (/** @type {number} */ done, /** @type {number} */ all) => {
    for (const place of element.querySelectorAll("[data-percent]")) place.textContent = `${Math.min(100, Math.round((100 * done) / all))}%`;
  };
  const keep = async (/** @type {string} */ otherwise) => {
    let unchecked = false;
    try {
      const saved = await keepGuide({ slug, onProgress: percent });
      // Ask that the browser does not clear it to make room; a refusal changes nothing.
      void navigator.storage?.persist?.();
      // The way back into the guide when there is no network: home offers to go on with it.
      void keepPages(["/"]);
      tellAge(element, saved?.at ?? 0, 0);
      show(saved ? "saved" : "withdrawn");
    } catch (error) {
      unchecked = error instanceof Untrusted;
      // It may have been withdrawn before what follows it could be fetched.
      const gone = otherwise === "saved" && (await standing(slug)).gone;
      show(gone ? "withdrawn" : otherwise === "failed" && isQuota(error) ? "full" : otherwise);
    }
    for (const place of element.querySelectorAll("[data-unchecked]")) place.toggleAttribute("hidden", !unchecked);
  };
  for (const button of element.querySelectorAll("button")) button.addEventListener("click", () => { show("saving"); void keep("failed"); });
  void standing(slug).then(({ held, gone, days }) => {
    const state = held ? "saved" : gone ? "withdrawn" : "offer";
    tellAge(element, held?.at ?? 0, days);
    show(state);
    if (held || gone) void keep(state);
  });
}
