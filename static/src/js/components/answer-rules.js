/**
 * What an answer may be, and the one shape that is kept: the twin of onboarding/submissions/answers.py and forms.py.
 * For: pure functions over rules read from data-rule-* attributes; tests/wire/answers.json binds both sides.
 * Not for: the page (offline-form.js), nor wording: the sentences come with the field.
 */
import { looksLikeASecret } from "../sync/secrets.js";
import { tidy } from "../sync/text.js";
import { readPhone } from "./phone-number.js";

/**
 * @typedef {object} Rules
 * @property {string} type
 * @property {boolean} [required]
 * @property {number} [max]
 * @property {string} [after]  another field's name
 * @property {number} [days]
 * @property {string} [by]
 * @property {Record<string, any>} [numbers]
 * @property {string[]} [choices]
 */
/** @typedef {{rule: string, values?: Record<string, string | number>}} Wrong */
/** @typedef {{value: string} | {wrong: Wrong}} Read */

const CONTROLS = /[\x00-\x1f\x7f-\x9f]/;
const OLDEST = 130; // years
const JOINTS = /[\s.-]+/g;

/** @param {string} rule @param {Record<string, string | number>} [values] @returns {{wrong: Wrong}} */
const wrong = (rule, values = {}) => ({ wrong: { rule, values } });

/** @type {Record<string, (rules: Rules, value: string) => Read>} */
const READERS = { name, text, choice, phone, birth, date, document };

/**
 * Read one answer.
 * @param {Rules} rules
 * @param {string} raw as typed
 * @returns {Read} value "" for none
 */
export function read(rules, raw) {
  if (CONTROLS.test(raw)) return wrong("control");
  const value = tidy(raw);
  if (!value) return rules.required ? wrong("required") : { value: "" };
  return READERS[rules.type](rules, value);
}

/** @param {Rules} rules @param {string} value @returns {Read} */
function name({ max = 120 }, value) {
  return [...value].length > max ? wrong("max", { max }) : { value };
}

/** @param {Rules} rules @param {string} value @returns {Read} */
function text(rules, value) {
  return looksLikeASecret(value) ? wrong("secret") : name({ ...rules, max: rules.max ?? 500 }, value);
}

/** @param {Rules} rules @param {string} value @returns {Read} */
function choice({ choices = [] }, value) {
  return choices.includes(value) ? { value } : wrong("choice");
}

/** @param {Rules} _ @param {string} raw @returns {Read} */
function phone(_, raw) {
  const { value, rule = "", have } = readPhone(raw);
  return value ? { value } : wrong(rule, { have });
}

/** @param {Rules} _ @param {string} raw @returns {Read} */
function birth(_, raw) {
  const parts = birthParts(raw);
  if (!parts) return wrong("birth");
  const value = real(parts);
  return value === null ? wrong("calendar") : { value };
}

/** @param {Rules} _ @param {string} raw @returns {Read} */
function date(_, raw) {
  // A month of one digit only after a sign. Not said with a lookbehind: Safari before 16.4 has none.
  const day = /^(\d{1,2})(?:[/.\- ]?(\d{2})|[/.\- ](\d))[/.\- ]?(\d{4})$/.exec(raw);
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(raw);
  const value = day ? real([day[4], day[2] ?? day[3], day[1]]) : iso && real([iso[1], iso[2], iso[3]]);
  return value ? { value } : wrong("date");
}

/** @param {Rules} _ @param {string} raw @returns {Read} */
function document(_, raw) {
  return { value: raw.replace(JOINTS, "").toUpperCase() };
}

/**
 * A birth date as people know it: 14/2/1958, 14021958, 2/1958, 1958 or ISO.
 * @param {string} value
 * @returns {string | null} YYYY-MM-DD, YYYY-MM or YYYY; null: not a day
 */
export function parseBirth(value) {
  const parts = birthParts(value.trim());
  return parts && real(parts);
}

/** @param {string} value @returns {string[] | null} year, month, day; "" where unknown */
function birthParts(value) {
  const iso = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?$/.exec(value);
  if (iso) return [iso[1], iso[2] ?? "", iso[3] ?? ""];
  const run = /^(?:(\d{2})??(\d{2}))?(\d{4})$/.exec(value.replaceAll(" ", ""));
  const parts = run ?? /^(?:(?:(\d{1,2})[/.\- ])?(\d{1,2})[/.\- ])?(\d{4})$/.exec(value);
  return parts && [parts[3], parts[2] ?? "", parts[1] ?? ""];
}

/** Noughts stand for unknown. @param {string[]} parts year, month, day @returns {string | null} null: the calendar has no such day */
function real([year, month, day]) {
  const [y, m, d] = [Number(year), Number(month), Number(month) && Number(day)];
  const there = new Date(0);
  there.setUTCFullYear(y, (m || 1) - 1, d || 1);
  if (y < 1 || m > 12 || there.getUTCDate() !== (d || 1)) return null;
  return [year, m && String(m).padStart(2, "0"), d && String(d).padStart(2, "0")].filter(Boolean).join("-");
}

/**
 * The rules between fields, once each is read.
 * @param {Rules} rules
 * @param {string} value kept form, not ""
 * @param {Record<string, string>} others kept forms by name
 * @param {string} today YYYY-MM-DD
 * @returns {Wrong | null}
 */
export function across(rules, value, others, today) {
  if (rules.type === "birth" && value > today.slice(0, value.length)) return { rule: "future" };
  if (rules.type === "birth" && Number(value.slice(0, 4)) < Number(today.slice(0, 4)) - OLDEST) return { rule: "past" };
  if (rules.type === "date") return after(rules, value, others[rules.after ?? ""]);
  if (rules.type === "document") return number(rules.numbers?.[others[rules.by ?? ""]], value);
  return null;
}

/** @param {Rules} rules @param {string} value @param {string | undefined} start @returns {Wrong | null} */
function after({ days }, value, start) {
  if (!start) return null;
  if (value < start) return { rule: "after" };
  const length = (Date.parse(value) - Date.parse(start)) / 86_400_000;
  return days && length > days ? { rule: "days", values: { days } } : null;
}

/** @param {any} rule of the document's type @param {string} value @returns {Wrong | null} */
function number(rule, value) {
  if (!rule) return null;
  const { name: named, digits, max } = rule;
  if (rule.or && new RegExp(`^(?:${rule.or})$`).test(value)) return null;
  if (!digits) {
    if (!/^[0-9A-Z/]+$/.test(value)) return { rule: "letters", values: { name: named } };
    return value.length > max ? { rule: "too_long", values: { name: named, max } } : null;
  }
  if (!/^[0-9]+$/.test(value)) return { rule: "digits", values: { name: named } };
  return digits.includes(value.length) ? null : length(named, digits, value.length);
}

/** @param {string} named @param {number[]} digits @param {number} have @returns {Wrong} */
function length(named, digits, have) {
  const values = { name: named, want: digits.join(" hoặc "), have };
  if (digits.length > 1) return { rule: "several", values };
  const [want] = digits;
  return have < want ? { rule: "less", values: { ...values, less: want - have } } : { rule: "over", values: { ...values, over: have - want } };
}
