/**
 * Says on the screen that a full phone could not keep what was just pressed.
 * For: every screen without a better place of its own for that sentence. Not for: making room, or trying again: the screen
 * stays as it is, with all that was entered, and the same button tries again.
 */
import { all, banner, h } from "./dom.js";
import { t } from "./words.js";

/** Another screen is shown, or the button was pressed again. */
export function forget() {
  for (const said of all(document, "[data-unkept]")) said.remove();
}

/**
 * @param {Promise<unknown>} work that writes to the phone
 * @returns {Promise<boolean>} whether it is on the phone now; anything but a full phone is thrown on
 */
export async function kept(work) {
  forget();
  try {
    await work;
    return true;
  } catch (error) {
    if (/** @type {any} */ (error).code !== "quota") throw error;
    document.querySelector("[data-screen]:not([hidden]) main")?.prepend(
      h("div", { role: "alert", "data-unkept": "" }, banner("fix", "alert-triangle", t("form.full"), t("full.do"))));
    scrollTo(0, 0);
    return false;
  }
}
