/**
 * Vietnamese text: one stored form and one searching form; the twin of onboarding/text.py.
 * For: pure functions on strings, wherever text enters the phone. Not for: wording shown to people.
 */

// Controls break PostgreSQL and logs; bidi overrides can turn a name or an address around.
// In u-mode the surrogates here are lone halves only.
const CONTROLS =
  /[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ud800-\udfff]/gu;
// The server drops every mark with a combining class. Variation selectors have none, so they part words there.
const MARKS = /(?![\ufe00-\ufe0f])\p{Mn}/gu;
// Python's casefold spells these out in plain letters; lower-casing does not.
const SPELLED_OUT = /[ßſﬀ-ﬆ]/g;

/**
 * NFC, without control, zero-width and bidi characters; runs of spaces kept.
 * @param {string} value
 * @returns {string}
 */
export const nfc = (value) => value.replace(CONTROLS, "").normalize("NFC");

/**
 * One clean line, for names and addresses: NFC, no controls, single spaces, trimmed.
 * @param {string} value
 * @returns {string}
 */
export const tidy = (value) => nfc(value).replace(/\s+/g, " ").trim();

/**
 * The searching form: no marks, đ as d, lower case, only letters, digits and single spaces.
 * @param {string} value
 * @returns {string}
 */
export function fold(value) {
  return unmarked(value).replace(/[^0-9a-z]+/g, " ").trim();
}

/**
 * Without marks, đ as d, in lower case; everything else as it stands.
 * @param {string} value
 * @returns {string}
 */
export function unmarked(value) {
  const bare = value.normalize("NFD").replace(MARKS, "").replace(/[đĐ]/g, "d");
  return bare.toLowerCase().replace(SPELLED_OUT, (char) => char.toUpperCase().toLowerCase());
}
