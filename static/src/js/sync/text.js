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
  const bare = value.normalize("NFD").replace(MARKS, "").replace(/[đĐ]/g, "d");
  const spelled = bare.toLowerCase().replace(SPELLED_OUT, (char) => char.toUpperCase().toLowerCase());
  return spelled.replace(/[^0-9a-z]+/g, " ").trim();
}

const SIX_DIGITS = /^\p{Nd}{3}[ .-]?\p{Nd}{3}$/u;
const SECRET_WORDS = /\b(mat khau|otp|passcode|ma pin|ma xac thuc|cau hoi bao mat)\b/;
const SECRET_VALUE = /(?:^|\D)\d{4,8}(?!\d)/;
const SECRET_SAID = /(khẩu|otp|passcode|pin|thực)\s*(là|:|=)\s*\S/iu;

/**
 * Say whether free text seems to hold a citizen's password, passcode or OTP: a secret's name beside a value
 * ("OTP 428190"), or six digits and nothing else. "Bác quên mật khẩu" is fine.
 * @param {string} value
 * @returns {boolean}
 */
export function looksLikeASecret(value) {
  const text = value.normalize("NFC").trim();
  if (SIX_DIGITS.test(text)) return true;
  const folded = fold(text);
  if (!SECRET_WORDS.test(folded)) return false;
  return SECRET_VALUE.test(folded) || SECRET_SAID.test(text);
}
