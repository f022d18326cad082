/**
 * A short word that something was saved. Four seconds, never an error.
 * Not for: anything a person must read or act on; that stays on the screen as a banner.
 */
import { h, icon } from "./dom.js";

/** @type {number | undefined} */
let timer;

/**
 * @param {string} text
 * @param {string} [name] icon
 */
export function toast(text, name = "device-mobile-check") {
  document.querySelector(".toast")?.remove();
  clearTimeout(timer);
  const node = h("div", { class: "toast", role: "status" }, icon(name), text);
  document.body.append(node);
  timer = window.setTimeout(() => node.remove(), 4000);
}
