/**
 * Building pieces of a page: elements, icons of the sprite, chips, plates, rows.
 * For: every component, so that a chip or a plate looks the same everywhere (the twin of templatetags/ui.py).
 * Not for: state, events of the app, or anything that reads the database. Text is always set as text, never as HTML.
 */
import { t } from "./words.js";

/** @typedef {Node | string | null | undefined | false} Child */

/**
 * An element. Attributes: on* take functions, true is an empty attribute, null and false are left out.
 * @template {keyof HTMLElementTagNameMap} T
 * @param {T} tag
 * @param {Record<string, any>} [attrs]
 * @param {...(Child | Child[])} children
 * @returns {HTMLElementTagNameMap[T]}
 */
export function h(tag, attrs = {}, ...children) {
  const node = document.createElement(tag);
  for (const [name, value] of Object.entries(attrs)) put(node, name, value);
  append(node, children);
  return node;
}

/**
 * @param {Element} node
 * @param {string} name
 * @param {any} value
 */
function put(node, name, value) {
  if (value === null || value === undefined || value === false) return;
  if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
  else node.setAttribute(name, value === true ? "" : String(value));
}

/**
 * @param {Element | DocumentFragment} node
 * @param {(Child | Child[])[]} children
 */
function append(node, children) {
  for (const child of children.flat()) if (child !== null && child !== undefined && child !== false) node.append(child);
}

/**
 * Put new children in place of the old ones.
 * @template {Element} E
 * @param {E} node
 * @param {...(Child | Child[])} children
 * @returns {E}
 */
export function fill(node, ...children) {
  node.replaceChildren();
  append(node, children);
  return node;
}

const SVG = "http://www.w3.org/2000/svg";

/**
 * An SVG element.
 * @param {string} tag
 * @param {Record<string, any>} [attrs]
 * @param {...(Child | Child[])} children
 */
export function svg(tag, attrs = {}, ...children) {
  const node = document.createElementNS(SVG, tag);
  for (const [name, value] of Object.entries(attrs)) put(node, name, value);
  append(node, children);
  return node;
}

/**
 * An icon of the page's sprite. The word beside it carries the meaning.
 * @param {string} name
 * @param {string} [cls]
 */
export function icon(name, cls = "") {
  return svg("svg", { class: `i ${cls}`.trim(), "aria-hidden": "true" }, svg("use", { href: `#i-${name}` }));
}

/**
 * A status chip: icon, then the word.
 * @param {string} state "", ok, wait, move, fix or solid
 * @param {string} name
 * @param {string} text
 */
export const chip = (state, name, text) => h("span", { class: "chip", "data-s": state }, icon(name), text);

/** @type {Record<string, [string, string]>} chip colour and icon of the five sync states */
const SYNC = {
  local: ["", "device-mobile-check"],
  wait: ["wait", "cloud-off"],
  move: ["move", "arrow-up"],
  ok: ["ok", "checks"],
  fix: ["fix", "alert-triangle"],
};

/**
 * The chip of a sync state, with its words.
 * @param {string} state local, wait, move, ok or fix
 */
export const syncChip = (state) => chip(SYNC[state][0], SYNC[state][1], t(`sync.${state}`));

/**
 * A house number as its enamel plate.
 * @param {string} number
 * @param {string} [size] "" or "lg"
 */
export const plate = (number, size = "") =>
  h("span", { class: `plate ${size}`.trim() }, h("span", { class: "sr" }, `${t("house.number")} `), number);

/**
 * A banner: the fact in bold, then what to do.
 * @param {string} state "", ok, wait, fix or info
 * @param {string} name of the icon
 * @param {string} fact
 * @param {string} [action]
 */
export const banner = (state, name, fact, action = "") =>
  h("div", { class: "banner", "data-s": state }, icon(name), h("div", {}, h("b", {}, fact), action));

/**
 * Two lines of a row.
 * @param {string} title
 * @param {string} [sub]
 */
export const two = (title, sub = "") => h("div", {}, h("b", {}, title), sub && h("small", {}, sub));

/**
 * A button.
 * @param {string} cls
 * @param {string} name of its icon, "" for none
 * @param {string} text
 * @param {(event: Event) => void} act
 * @param {Record<string, any>} [attrs]
 */
export const button = (cls, name, text, act, attrs = {}) =>
  h("button", { class: `btn ${cls}`.trim(), type: "button", onclick: act, ...attrs }, name && icon(name), text);

/**
 * A message above a field or a group: icon and sentence.
 * @param {string} id
 * @param {string} text
 */
export const errorLine = (id, text) => h("p", { class: "err", id }, icon("alert-circle"), h("span", {}, text));

/**
 * Find exactly one element.
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement}
 * @throws {Error} nothing there: the template and the script do not fit
 */
export function one(root, selector) {
  const node = root.querySelector(selector);
  if (!node) throw new Error(`Nothing matches ${selector}`);
  return /** @type {HTMLElement} */ (node);
}

/**
 * @param {ParentNode} root
 * @param {string} selector
 * @returns {HTMLElement[]}
 */
export const all = (root, selector) => /** @type {HTMLElement[]} */ ([...root.querySelectorAll(selector)]);

/**
 * Show or hide.
 * @param {Element} node
 * @param {boolean} visible
 */
export const show = (node, visible) => node.toggleAttribute("hidden", !visible);

/**
 * The public data of the page: checklists, blockers, guides, forms. The same for everybody.
 * @returns {any}
 */
export const catalogue = () => JSON.parse(document.getElementById("catalogue")?.textContent ?? "{}");
