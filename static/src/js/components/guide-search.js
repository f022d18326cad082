/* Answers at every keystroke, from what this phone has. Without JavaScript, or while nothing is there, the form asks the
   server; both find the same. On guides/_search.html: data-index is where to find it; [data-list], [data-more], [data-count]
   with [data-number] and [data-none] show what was found, from the section's own <template>. Fetching is
   sync/finding-index.js. */

import { finder } from "../sync/finding-index.js";

/** @typedef {import("../sync/finding.js").Doc} Doc */

// While somebody types, what a phone can show at once; the whole list on the page of the question.
const FEW = 5, ALL = 30;

/** @param {HTMLElement} section */
export function guideSearch(section) {
  const input = section.querySelector("input");
  const list = section.querySelector("[data-list]");
  if (!input || !list) return;
  const address = section.dataset.index ?? "";
  let turn = 0;
  const answer = async (/** @type {number} */ most) => {
    const mine = ++turn;
    const question = input.value.trim();
    // Without an index the form's button still asks the server.
    const find = await finder(address).catch(() => null);
    if (find && mine === turn) show(section, question, question ? find(question) : [], most);
  };
  input.addEventListener("input", () => {
    // The keyboard covers the lower half of a phone: what is found has to stand above it.
    if (section.getBoundingClientRect().top > innerHeight / 4) section.scrollIntoView();
    void answer(FEW);
  });
  input.addEventListener("focus", () => void finder(address).catch(() => null), { once: true });
  // The kept page was drawn without a question; and a page that one comes back to has the old one in its field.
  if (!input.value && location.pathname === section.querySelector("form")?.getAttribute("action")) {
    input.value = new URLSearchParams(location.search).get("q") ?? "";
  }
  if (input.value && list.childElementCount === 0) void answer(ALL);
}

/** @param {HTMLElement} section @param {string} question @param {Doc[]} found @param {number} most */
function show(section, question, found, most) {
  const place = (/** @type {string} */ name) => /** @type {HTMLElement} */ (section.querySelector(`[data-${name}]`));
  const list = place("list"), shown = found.slice(0, most);
  const now = shown.map(({ slug }) => slug).join(" ");
  // Most keystrokes find what the one before found: drawing it again is what would cost time.
  if (list.dataset.list !== now) redraw(section, list, shown);
  list.dataset.list = now;
  list.hidden = place("count").hidden = shown.length === 0;
  place("number").textContent = String(found.length);
  place("none").hidden = !question || shown.length > 0;
  place("more").hidden = shown.length === found.length;
  place("more").setAttribute("href", `${section.querySelector("form")?.getAttribute("action")}?q=${encodeURIComponent(question)}`);
}

/** @param {HTMLElement} section @param {HTMLElement} list @param {Doc[]} docs */
function redraw(section, list, docs) {
  const template = section.querySelector("template");
  if (template) list.replaceChildren(...docs.map((doc) => rowOf(template, doc)));
}

/** @param {HTMLTemplateElement} template @param {Doc} doc */
function rowOf(template, doc) {
  const row = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const link = row.querySelector("a");
  // What is no guide says itself where it leads.
  link?.setAttribute("href", doc.href ?? `${link.getAttribute("href")}${doc.slug}/`);
  // The page holds the drawings of the guides it knew; a newer guide keeps the book.
  if (document.getElementById(`i-${doc.icon}`)) row.querySelector(".tile-i use")?.setAttribute("href", `#i-${doc.icon}`);
  for (const [name, text] of [["b", doc.title], ["small", doc.small]]) {
    const spot = row.querySelector(name);
    if (spot) spot.textContent = text;
  }
  return row;
}
