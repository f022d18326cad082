/**
 * The sentences that scripts show, written by Django in the page's language (templates/sync/words.html).
 * For: t("pin.wrong", {n: 1}). Not for: choosing when to say something, nor for holding any sentence itself.
 */

/** @type {Map<string, string> | null} */
let words = null;

/** @returns {Map<string, string>} */
function read() {
  const page = /** @type {HTMLTemplateElement | null} */ (document.getElementById("words"));
  const lines = page ? [...page.content.querySelectorAll("[data-w]")] : [];
  return new Map(lines.map((line) => [line.getAttribute("data-w") ?? "", line.textContent?.trim() ?? ""]));
}

/**
 * One sentence, its {holes} filled.
 * @param {string} key
 * @param {Record<string, string | number>} [values]
 * @returns {string} the key itself when the page has no such sentence, so that a slip shows at once
 */
export function t(key, values = {}) {
  words ??= read();
  const sentence = words.get(key) ?? key;
  return sentence.replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole));
}

/**
 * Whether the page has such a sentence.
 * @param {string} key
 */
export const knows = (key) => (words ??= read()).has(key);

/**
 * Join what is not empty with commas, as one line of a row.
 * @param {...(string | null | undefined | false)} parts
 */
export const line = (...parts) => parts.filter(Boolean).join(", ");

/** @param {string} text */
export const capital = (text) => text.charAt(0).toLocaleUpperCase("vi") + text.slice(1);
