/**
 * The bar of a screen inside a house: whose house, the plate, the way back up.
 * For: nobody filling the wrong form. Not for: the sync pill; sync-pill.js keeps that.
 */
import { fill, one, plate } from "./dom.js";

/**
 * @param {HTMLElement} root
 * @param {{home?: {number: string} | null, up: string, title?: string, sub?: string}} what
 */
export function bar(root, { home = null, up, title, sub }) {
  one(root, "[data-up]").setAttribute("href", up);
  if (title !== undefined) one(root, "[data-title]").textContent = title;
  if (sub !== undefined) one(root, "[data-sub]").textContent = sub;
  fill(one(root, "[data-plate]"), home && plate(home.number));
}
