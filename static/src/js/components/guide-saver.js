/* 'Lưu về máy': keeps a guide on the phone, says how far it is, and brings a kept one up to date by itself.

   The element (components/guide_saver.html) holds data-slug, data-title, data-version and one child a state:
   [data-state=offer|saving|saved|failed]; [data-percent] shows the progress. Fetching is sync/pack.js. */

import { savedGuides, saveGuide } from "../sync/pack.js";
import { keepPages } from "./register.js";

/** @param {HTMLElement} element hidden until it is known that this browser can keep a guide */
export function guideSaver(element) {
  if (!("caches" in window)) return;
  const { slug = "", title = "", version = "0" } = element.dataset;
  const show = (/** @type {string} */ state) => {
    for (const part of element.querySelectorAll("[data-state]")) part.toggleAttribute("hidden", part.getAttribute("data-state") !== state);
    element.hidden = false;
  };
  const percent = (/** @type {number} */ done, /** @type {number} */ all) => {
    for (const place of element.querySelectorAll("[data-percent]")) place.textContent = `${Math.min(100, Math.round((100 * done) / all))}%`;
  };
  const save = async (/** @type {string} */ otherwise) => {
    try {
      await saveGuide({ slug, title, onProgress: percent });
      // Ask that the browser does not clear it to make room; a refusal changes nothing.
      void navigator.storage?.persist?.();
      // The way back into the guide when there is no network: home offers to go on with it.
      void keepPages(["/"]);
      show("saved");
    } catch {
      show(otherwise);
    }
  };
  for (const button of element.querySelectorAll("button")) button.addEventListener("click", () => { show("saving"); void save("failed"); });
  void savedGuides().then((all) => {
    const held = all.find((one) => one.slug === slug);
    show(held ? "saved" : "offer");
    if (held && held.version < Number(version)) void save("saved");
  });
}
