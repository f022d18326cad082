/* What a reader says about a step, and how often steps are read: in the background, and later when there is no network.

   feedback: a form of components/feedback.html. counted: an element with data-kind, data-seen, data-step. Kept in
   localStorage until sent (sync/heard.js): which step of which guide, nothing about a person. */

import { postHeard } from "../sync/heard-post.js";
import { hear, sendHeard } from "../sync/heard.js";

const KEY = "gocua-heard";

/** Storage that is off or full keeps nothing: then a word is only lost when there is no network. */
let held = "";
const store = {
  load() { try { return localStorage.getItem(KEY) ?? held; } catch { return held; } },
  /** @param {string} text */
  save(text) { held = text; try { localStorage.setItem(KEY, text); } catch { /* see above */ } },
};

let last = Promise.resolve(/** @type {import("../sync/heard.js").Outcome} */ ("sent"));
/** One after the other, or two at once would send the same. */
const send = () => (last = last.then(() => sendHeard(store, postHeard)));

/** Send what waits once the page is whole, and when the network is back. */
export function sendSaid() {
  if (document.readyState === "complete") void send();
  else addEventListener("load", () => void send(), { once: true });
  addEventListener("online", () => void send());
}

/** @param {HTMLElement} element of a step's or a stuck page */
export function counted(element) {
  const { seen, step, kind } = element.dataset;
  hear(`${seen} ${step} ${kind}`, store);
  // Sent by the page that it leads to.
  if (kind === "opened") document.querySelector(".foot .go")?.addEventListener("click", () => hear(`${seen} ${step} finished`, store));
}

/** @param {HTMLElement} form */
export function feedback(form) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const button = event.submitter;
    if (!(form instanceof HTMLFormElement) || !(button instanceof HTMLButtonElement) || button.getAttribute("aria-disabled")) return;
    for (const each of form.querySelectorAll("button")) each.setAttribute("aria-disabled", "true");
    const said = new FormData(form);
    hear(`${said.get("version")} ${said.get("step")} ${button.value}`, store);
    void send().then(thank);
  });
}

/** @param {string} outcome */
function thank(outcome) {
  const thanks = document.getElementById("cam-on");
  if (!thanks) return;
  thanks.dataset.s = outcome;
  thanks.querySelector("[data-sent]")?.toggleAttribute("hidden", outcome === "later");
  thanks.querySelector("[data-waits]")?.toggleAttribute("hidden", outcome !== "later");
  thanks.focus();
}
