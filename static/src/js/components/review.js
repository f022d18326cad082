/**
 * The last part of a form: everything that was filled, once more, to be read out and corrected.
 * For: the review section of offline-form.js. Not for: sending or signing.
 */
import { banner, button, fill, h } from "./dom.js";
import { check } from "./form-fields.js";
import { birth, grouped, phone } from "./format.js";
import { t } from "./words.js";

/** @typedef {import("./offline-form.js").Page} Page */

/**
 * @param {HTMLElement} place
 * @param {Page} page
 * @param {(part: number) => Promise<void>} move
 */
export function overview(place, page, move) {
  const { answers, mistakes } = check(page.fields);
  const parts = page.sections.slice(0, -1);
  fill(place,
    h("div", {}, h("h2", {}, t("review.title")), h("p", { class: "sub" }, t("review.hint"))),
    mistakes.length > 0 && banner("fix", "alert-triangle", t("review.missing", { n: mistakes.length })),
    parts.map((section, i) => card(page, section, answers, mistakes, () => void move(i))));
}

/** @param {Page} page @param {HTMLElement} section @param {Record<string, string>} answers @param {{name: string, text: string}[]} mistakes @param {() => void} edit */
function card(page, section, answers, mistakes, edit) {
  const code = section.dataset.formSection ?? "";
  const title = section.querySelector("h2")?.textContent ?? "";
  const rows = code === "papers" ? papers(page) : page.fields.filter((field) => field.section === code).flatMap((field) => row(field, answers, mistakes));
  return h("section", { class: "card stack" },
    h("div", { class: "h" }, h("h3", {}, title), button("sm", "pencil", t("review.edit"), edit, { "aria-label": t("review.edit_part", { title }), disabled: !page.form.writable })),
    h("dl", { class: "dl" }, rows));
}

/** @param {import("./form-fields.js").Field} field @param {Record<string, string>} answers @param {{name: string, text: string}[]} mistakes */
function row(field, answers, mistakes) {
  const wrong = mistakes.find(({ name }) => name === field.name);
  const value = answers[field.name];
  if (!value && !wrong) return [];
  return [h("dt", {}, field.label), h("dd", {}, wrong ? h("span", { class: "err" }, wrong.text) : shown(field, value))];
}

/** @param {import("./form-fields.js").Field} field @param {string} value */
function shown(field, value) {
  const { type } = field.rules;
  if (type === "choice") return choice(field, value);
  if (type === "birth" || type === "date") return birth(value);
  if (type === "phone") return phone(value);
  return type === "document" && /^\d{12}$/.test(value) ? grouped(value) : value;
}

/** @param {import("./form-fields.js").Field} field @param {string} value */
function choice({ inputs }, value) {
  const [first] = inputs;
  if (first instanceof HTMLSelectElement) return first.selectedOptions[0]?.text ?? value;
  return inputs.find((input) => input.value === value)?.closest("label")?.textContent?.trim() ?? value;
}

/** @param {Page} page */
function papers({ form, sections }) {
  const slots = sections.flatMap((section) => [...section.querySelectorAll("[data-slot]")]);
  return slots.flatMap((slot) => {
    const note = form.value.photos[slot.getAttribute("data-slot") ?? ""];
    const word = note ? (note.quality === "ok" ? t("photo.ok") : t(`photo.chip_${note.quality}`)) : t("review.no_photo");
    return [h("dt", {}, slot.querySelector("b")?.textContent ?? ""), h("dd", {}, word)];
  });
}

