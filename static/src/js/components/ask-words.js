/* What may be wrong with a request before it is sealed: once sealed, not even we can mend it on the phone.

   The same rules and sentences as onboarding/fieldwork/asking_form.py. Pure; not for: the page (ask-form.js). */

import { looksLikeASecret } from "../sync/secrets.js";
import { tidy } from "../sync/text.js";
import { readPhone } from "./phone-number.js";

/** @typedef {Record<string, string | string[]>} Fields */
/** @typedef {{key: string, values?: Record<string, string | number>}} Wrong */

const LIMITS = { name: 120, address: 200, note: 300, time_note: 100 };
// Whom else to call is no secret, even beside the words "quên mật khẩu".
const PHONE = /(^|\D)0\d(?:[ .-]?\d){8,9}(?!\d)/g; // no look-behind: Safari has it since 16.4 only
const TWELVE = /(?:^|\D)\d(?:[ .-]?\d){11}(?!\d)/;

/**
 * @param {Fields} fields as typed
 * @param {string[]} asked names of the fields that the form has
 * @returns {Record<string, Wrong>} by field, empty when nothing is wrong
 */
export function wrongIn(fields, asked) {
  const found = asked.map((name) => [name, wrong(name, fields[name] ?? "")]).filter(([, why]) => why !== null);
  return Object.fromEntries(found);
}

/** @param {string} name @param {string | string[]} typed @returns {Wrong | null} */
function wrong(name, typed) {
  const line = tidy(String(typed));
  if (["name", "phone", "what", "area", "consent"].includes(name) && !line) return { key: name };
  if (name === "phone") return phone(line);
  const max = /** @type {Record<string, number>} */ (LIMITS)[name];
  if (!max) return null;
  if (looksLikeASecret(line.replace(PHONE, "$1 "))) return { key: "secret" };
  if (TWELVE.test(line)) return { key: "number" };
  return [...line].length > max ? { key: "long", values: { max } } : null;
}

/** @param {string} line @returns {Wrong | null} */
function phone(line) {
  if (TWELVE.test(line)) return { key: "number" };
  const { value, rule, have } = readPhone(line);
  if (value) return null;
  return rule === "short" ? { key: "short", values: { have } } : { key: "wrong" };
}
