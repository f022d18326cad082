/**
 * "Vướng ở đâu?": at most six reasons that fit this step, and the advice for the chosen one.
 * For: one question as a sheet over the screen. Not for: recording the answer (checklist.js).
 */
import { all, banner, catalogue, errorLine, fill, h, one, show } from "./dom.js";
import { checkText, describe } from "./fields.js";
import { t } from "./words.js";

const MOST = 6;

/**
 * Ask what is in the way.
 * @param {string[]} codes that fit the step
 * @returns {Promise<{blocker: string, note: string} | null>} null: closed without an answer
 */
export function blockerSheet(codes) {
  const sheet = one(document, "[data-sheet=blocker]");
  const note = /** @type {HTMLInputElement} */ (one(sheet, "#blocker-note"));
  note.value = "";
  fill(one(sheet, "[data-advice]"));
  show(one(sheet, "[data-note]"), false);
  for (const place of all(sheet, "[data-error]")) fill(place);
  fill(one(sheet, "[data-reasons]"), codes.slice(0, MOST).map((code) => reason(sheet, code)));
  return new Promise((resolve) => open(sheet, resolve));
}

/** @param {HTMLElement} sheet @param {string} code */
function reason(sheet, code) {
  const { title, advice } = catalogue().blockers?.[code] ?? { title: code, advice: "" };
  const choose = () => {
    fill(one(sheet, "[data-error=blocker]"));
    fill(one(sheet, "[data-advice]"), advice && banner("info", "info-circle", t("block.advice"), advice));
    show(one(sheet, "[data-note]"), true);
    sheet.scrollTo(0, sheet.scrollHeight);
  };
  return h("label", { class: "pick" }, h("input", { type: "radio", name: "blocker", value: code, onchange: choose }), title);
}

/**
 * @param {HTMLElement} sheet
 * @param {(answer: {blocker: string, note: string} | null) => void} resolve
 */
function open(sheet, resolve) {
  const before = /** @type {HTMLElement | null} */ (document.activeElement);
  const scrim = one(document, "[data-scrim]");
  const control = new AbortController();
  const end = (/** @type {{blocker: string, note: string} | null} */ answer) => {
    control.abort();
    show(sheet, false);
    show(scrim, false);
    /** @type {HTMLInputElement} */ (one(sheet, "#blocker-note")).value = "";
    before?.focus();
    resolve(answer);
  };
  const { signal } = control;
  one(sheet, "[data-save]").addEventListener("click", () => save(sheet, end), { signal });
  one(sheet, "[data-close]").addEventListener("click", () => end(null), { signal });
  scrim.addEventListener("click", () => end(null), { signal });
  for (const type of ["hashchange", "gocua-close"]) addEventListener(type, () => end(null), { signal });
  sheet.addEventListener("keydown", (event) => keys(sheet, event, end), { signal });
  show(scrim, true);
  show(sheet, true);
  one(sheet, "h2").focus();
}

/** Escape closes; Tab stays inside. @param {HTMLElement} sheet @param {KeyboardEvent} event @param {(answer: null) => void} end */
function keys(sheet, event, end) {
  if (event.key === "Escape") return end(null);
  if (event.key !== "Tab") return;
  const stops = all(sheet, "button, input");
  const edge = event.shiftKey ? stops[0] : stops.at(-1);
  if (document.activeElement !== edge) return;
  event.preventDefault();
  (event.shiftKey ? stops.at(-1) : stops[0])?.focus();
}

/** @param {HTMLElement} sheet @param {(answer: {blocker: string, note: string}) => void} end */
function save(sheet, end) {
  const chosen = /** @type {HTMLInputElement | null} */ (sheet.querySelector("[name=blocker]:checked"));
  const input = /** @type {HTMLInputElement} */ (one(sheet, "#blocker-note"));
  const secret = checkText(input.value);
  fill(one(sheet, "[data-error=blocker]"), !chosen && errorLine("blocker-e", t("block.none")));
  fill(one(sheet, "[data-error=note]"), secret && errorLine("blocker-note-e", secret));
  describe(input, "blocker-note-e", Boolean(secret));
  if (!chosen) return one(sheet, "[name=blocker]").focus();
  if (secret) return input.focus();
  end({ blocker: chosen.value, note: input.value.trim() });
}
