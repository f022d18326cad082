/**
 * The fields of a form as Django drew them: reading, filling, checking, saying what is wrong above the field.
 * For: elements with data-rule-* and data-say-* inside one form. Not for: drafts or moving between sections.
 */
import { across, read } from "./answer-rules.js";
import { fill, h, icon, one, show } from "./dom.js";
import { describe } from "./fields.js";
import { dayOf } from "./format.js";
import { knows, t } from "./words.js";

/** @typedef {{name: string, box: HTMLElement, inputs: HTMLInputElement[], rules: import("./answer-rules.js").Rules, label: string, section: string}} Field */
/** @typedef {{name: string, label: string, text: string, section: string}} Mistake */

/** @param {HTMLElement} root @returns {Field[]} in order */
export function fieldsOf(root) {
  return [...root.querySelectorAll("[data-field]")].map((node) => {
    const box = /** @type {HTMLElement} */ (node);
    const inputs = /** @type {HTMLInputElement[]} */ ([...box.querySelectorAll("[data-rule-type]")]);
    const section = box.closest("[data-form-section]")?.getAttribute("data-form-section") ?? "";
    const label = box.querySelector("label:not(.pick), legend")?.firstChild?.textContent?.trim() ?? "";
    return { name: box.dataset.field ?? "", box, inputs, section, label, rules: rulesOf(inputs) };
  });
}

/** @param {HTMLInputElement[]} inputs @returns {import("./answer-rules.js").Rules} */
function rulesOf(inputs) {
  const [{ dataset }] = inputs;
  const numberOf = (/** @type {string | undefined} */ text) => (text === undefined ? undefined : Number(text));
  return {
    type: dataset.ruleType ?? "text", required: dataset.ruleRequired === "1", max: numberOf(dataset.ruleMax), days: numberOf(dataset.ruleDays),
    after: dataset.ruleAfter, by: dataset.ruleBy, numbers: dataset.ruleNumbers ? JSON.parse(dataset.ruleNumbers) : undefined,
    choices: choicesOf(inputs),
  };
}

/** @param {HTMLInputElement[]} inputs */
function choicesOf(inputs) {
  const [first] = inputs;
  if (first.type === "radio") return inputs.map(({ value }) => value);
  if (first instanceof HTMLSelectElement) return [...first.options].map(({ value }) => value).filter(Boolean);
  return undefined;
}

/** @param {Field} field @returns {string} as it stands on the screen */
export function rawOf({ inputs }) {
  if (inputs[0].type === "radio") return inputs.find(({ checked }) => checked)?.value ?? "";
  return inputs[0].value;
}

/** @param {Field} field @param {string} value */
export function put({ inputs }, value) {
  if (inputs[0].type === "radio") for (const input of inputs) input.checked = input.value === value;
  else inputs[0].value = value;
}

/** Say where a value came from; a person's correction takes the word away. @param {Field} field @param {boolean} fromCard */
export function markCard({ box, inputs }, fromCard) {
  const chip = box.querySelector("[data-from-chip]");
  if (chip) show(chip, fromCard);
  for (const input of inputs) input.classList.toggle("from-card", fromCard);
}

/**
 * Check fields and the rules between them.
 * @param {Field[]} fields all of the form: rules look across
 * @param {(field: Field) => boolean} [which] whose mistakes count
 * @returns {{answers: Record<string, string>, mistakes: Mistake[]}} answers in their kept form, empty ones left out
 */
export function check(fields, which = () => true) {
  /** @type {Record<string, string>} */
  const answers = {};
  /** @type {Mistake[]} */
  const mistakes = [];
  const note = (/** @type {Field} */ field, /** @type {import("./answer-rules.js").Wrong} */ wrong) =>
    which(field) && mistakes.push({ name: field.name, label: field.label, section: field.section, text: sentence(field, wrong) });
  for (const field of fields) {
    const result = read(field.rules, rawOf(field));
    if ("wrong" in result) note(field, result.wrong);
    else if (result.value) answers[field.name] = result.value;
  }
  for (const field of fields.filter(({ name }) => answers[name])) {
    const wrong = across(field.rules, answers[field.name], answers, dayOf(Date.now()));
    if (wrong) note(field, wrong);
  }
  return { answers, mistakes };
}

/** @param {Field} field @param {import("./answer-rules.js").Wrong} wrong */
function sentence({ inputs }, { rule, values = {} }) {
  const said = inputs[0].getAttribute(`data-say-${rule.replaceAll("_", "-")}`) ?? t(knows(`field.${rule}`) ? `field.${rule}` : "field.wrong");
  return said.replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole));
}

/** @param {Field} field @param {string} text "" clears */
export function say({ name, box, inputs }, text) {
  const place = /** @type {HTMLElement} */ (box.querySelector(`[data-error-for="${name}"]`));
  const words = place.querySelector("span") ?? place;
  words.textContent = text;
  show(place, text !== "");
  for (const input of inputs) describe(input, place.id, text !== "");
}

/**
 * Say all mistakes above their fields, and together when there are several; go to the first.
 * @param {HTMLElement} root the screen, with [data-summary]
 * @param {Field[]} fields
 * @param {Mistake[]} mistakes
 */
export function sayAll(root, fields, mistakes) {
  for (const field of fields) say(field, mistakes.find(({ name }) => name === field.name)?.text ?? "");
  fill(one(root, "[data-summary]"), mistakes.length > 1 && summary(mistakes.length));
  const first = fields.find(({ name }) => name === mistakes[0]?.name);
  if (!first) return;
  first.inputs[0].focus({ preventScroll: true });
  first.box.scrollIntoView({ block: "center" });
}

/** @param {number} n */
const summary = (n) => h("p", { class: "banner", "data-s": "fix" }, icon("alert-triangle"), h("b", { class: "grow" }, t("form.mistakes", { n })));
