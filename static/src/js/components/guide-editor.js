/* The editor of a guide: tabs, tapping the target in the picture, counting signs, listening, and never losing a word.

   htmx saves the form while one types (templates/guides/_edit_step.html) and swaps parts of the page, so everything here
   listens on main. Not for: what is right or wrong (the server says that) or saving (htmx). */

import { sentences, vietnamese } from "./read-aloud.js";

const SYLLABLES_A_SECOND = 2.6; // of a Vietnamese device voice at rate 0.9

/** How long a text is to listen to, in whole seconds. @param {string} text */
export const secondsOf = (text) => Math.ceil(text.split(/\s+/).filter(Boolean).length / SYLLABLES_A_SECOND);

/** Knows whether all that was typed is kept: what is typed while a request is on its way is not in it. */
export function kept() {
  let typed = 0;
  /** @type {WeakMap<object, number>} */
  const asked = new WeakMap();
  return {
    type: () => { typed += 1; },
    /** @param {object} request */
    ask: (request) => { asked.set(request, typed); },
    /** Say whether nothing was typed since this request, which has succeeded, was sent. @param {object} request */
    all: (request) => asked.get(request) === typed,
  };
}

/** @param {HTMLElement} main */
export function guideEditor(main) {
  const book = kept();
  let tab = "loi";
  let aim = "1";
  const form = () => /** @type {HTMLFormElement | null} */ (main.querySelector("#sua"));

  const prepare = () => {
    showTab(main, tab);
    for (const part of main.querySelectorAll("[data-no-script]")) part.toggleAttribute("hidden", true);
    for (const part of main.querySelectorAll("[data-tabs], [data-tap-hint]")) part.toggleAttribute("hidden", false);
    count(main);
    tellSeconds(main);
  };
  prepare();
  speechSynthesisReady(() => tellSeconds(main));

  main.addEventListener("click", (event) => {
    const at = event.target instanceof Element ? event.target : null;
    const chosen = at?.closest("[data-tab]");
    if (chosen instanceof HTMLElement) showTab(main, (tab = chosen.dataset.tab ?? tab));
    const spot = at?.closest("[data-spot]");
    if (spot instanceof SVGElement) tap(main, aim, spot);
    if (at?.closest("[data-listen]")) listen(main);
  });
  main.addEventListener("keydown", (event) => {
    const spot = event.target instanceof Element ? event.target.closest("[data-spot]") : null;
    if (!(spot instanceof SVGElement) || (event.key !== "Enter" && event.key !== " ")) return;
    event.preventDefault();
    tap(main, aim, spot);
  });
  main.addEventListener("focusin", (event) => {
    const target = event.target instanceof Element ? event.target.closest("[data-target]") : null;
    if (target instanceof HTMLElement) aim = target.dataset.target ?? aim;
  });
  main.addEventListener("input", () => {
    main.dataset.unsaved = "1";
    book.type();
    count(main);
    tellSeconds(main);
  });

  document.body.addEventListener("htmx:beforeSend", (event) => book.ask(/** @type {CustomEvent} */ (event).detail.xhr));
  document.body.addEventListener("htmx:afterRequest", (event) => {
    const { successful, xhr } = /** @type {CustomEvent} */ (event).detail;
    if (successful && book.all(xhr)) delete main.dataset.unsaved;
  });
  document.body.addEventListener("htmx:afterSwap", prepare);
  // Without network nothing was kept: as soon as there is one, it is.
  addEventListener("online", () => { if (main.dataset.unsaved) form()?.dispatchEvent(new Event("giu")); });
  addEventListener("beforeunload", (event) => { if (main.dataset.unsaved) event.preventDefault(); });
  addEventListener("submit", () => { delete main.dataset.unsaved; });
}

/** @param {HTMLElement} main @param {string} tab */
function showTab(main, tab) {
  for (const button of main.querySelectorAll("[data-tab]")) button.setAttribute("aria-pressed", String(button.getAttribute("data-tab") === tab));
  for (const part of main.querySelectorAll("[data-part]")) part.toggleAttribute("hidden", part.getAttribute("data-part") !== tab);
  for (const spots of main.querySelectorAll("[data-spots]")) spots.setAttribute("data-tab-open", tab);
}

/** Take the tapped place for the target that is being chosen. @param {HTMLElement} main @param {string} aim @param {SVGElement} spot */
function tap(main, aim, spot) {
  const select = main.querySelector(`select[name="target-${aim}"]`);
  if (!(select instanceof HTMLSelectElement)) return;
  select.value = spot.dataset.spot ?? "";
  select.dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {HTMLElement} main */
function count(main) {
  for (const input of main.querySelectorAll("[data-count]")) {
    const place = input.parentElement?.querySelector("[data-counted]");
    if (place && input instanceof HTMLInputElement) place.textContent = String([...input.value.normalize("NFC")].length);
  }
}

// --- Listening ---------------------------------------------------------------------------------------------------------

/** @param {() => void} then */
function speechSynthesisReady(then) {
  if ("speechSynthesis" in window) speechSynthesis.addEventListener?.("voiceschanged", then);
}

const voice = () => ("speechSynthesis" in window ? /** @type {SpeechSynthesisVoice | null} */ (vietnamese(speechSynthesis.getVoices())) : null);

/** @param {HTMLElement} main */
function wordsOf(main) {
  const value = (/** @type {string} */ name) => main.querySelector(`#sua [name="${name}"]`);
  return ["title", "text", "safety"].map(value).map((input) => (input instanceof HTMLInputElement || input instanceof HTMLTextAreaElement ? input.value : ""));
}

/** @param {HTMLElement} main */
function tellSeconds(main) {
  for (const button of main.querySelectorAll("[data-listen]")) {
    button.toggleAttribute("hidden", !voice());
    const place = button.querySelector("[data-seconds]");
    if (place instanceof HTMLElement) place.textContent = `, ${secondsOf(wordsOf(main).join(" "))} ${place.dataset.word}`;
  }
}

/** @param {HTMLElement} main */
function listen(main) {
  if (speechSynthesis.speaking) return speechSynthesis.cancel();
  for (const sentence of wordsOf(main).flatMap((text) => sentences(text))) {
    const said = new SpeechSynthesisUtterance(sentence);
    said.voice = voice();
    said.lang = "vi-VN";
    said.rate = 0.9;
    speechSynthesis.speak(said);
  }
}
