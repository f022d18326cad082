/* Answers at every keystroke, from what this phone has. Without JavaScript, or while nothing is there, the form asks the
   server; both find the same. On guides/_search.html: data-index is where to find it; [data-list], [data-count] with
   [data-number] and [data-none] show what was found, from the section's own <template>. Fetching is sync/finding-index.js. */

import { finder } from "../sync/finding-index.js";

/** @typedef {import("../sync/finding.js").Doc} Doc */

const MOST = 8;

/** @param {HTMLElement} section */
export function guideSearch(section) {
  const input = section.querySelector("input");
  const list = section.querySelector("[data-list]");
  if (!input || !list) return;
  const address = section.dataset.index ?? "";
  let turn = 0;
  const answer = async () => {
    const mine = ++turn;
    const question = input.value.trim();
    // Without an index the form's button still asks the server.
    const find = await finder(address).catch(() => null);
    if (find && mine === turn) show(section, question, question ? find(question) : []);
  };
  input.addEventListener("input", () => {
    // The keyboard covers the lower half of a phone: what is found has to stand above it.
    if (section.getBoundingClientRect().top > innerHeight / 4) section.scrollIntoView();
    void answer();
  });
  input.addEventListener("focus", () => void finder(address).catch(() => null), { once: true });
  // The kept page was drawn without a question; and a page that one comes back to has the old one in its field.
  if (!input.value && location.pathname === section.querySelector("form")?.getAttribute("action")) {
    input.value = new URLSearchParams(location.search).get("q") ?? "";
  }
  if (input.value && list.childElementCount === 0) void answer();
}

/** @param {HTMLElement} section @param {string} question @param {Doc[]} found */
function show(section, question, found) {
  const place = (/** @type {string} */ name) => /** @type {HTMLElement} */ (section.querySelector(`[data-${name}]`));
  const template = section.querySelector("template");
  const rows = template ? found.slice(0, MOST).map((doc) => rowOf(template, doc)) : [];
  place("list").replaceChildren(...rows);
  place("list").hidden = place("count").hidden = rows.length === 0;
  place("number").textContent = String(rows.length);
  place("none").hidden = !question || rows.length > 0;
}

/** @param {HTMLTemplateElement} template @param {Doc} doc */
function rowOf(template, doc) {
  const row = /** @type {DocumentFragment} */ (template.content.cloneNode(true));
  const link = row.querySelector("a");
  link?.setAttribute("href", `${link.getAttribute("href")}${doc.slug}/`);
  // The page holds the drawings of the guides it knew; a newer guide keeps the book.
  if (document.getElementById(`i-${doc.icon}`)) row.querySelector(".tile-i use")?.setAttribute("href", `#i-${doc.icon}`);
  for (const [name, text] of [["b", doc.title], ["small", doc.small]]) {
    const spot = row.querySelector(name);
    if (spot) spot.textContent = text;
  }
  return row;
}
