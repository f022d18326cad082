/* A phone number as typed and as kept: the twin of clean_phone in onboarding/fieldwork/numbers.py. Pure. */

const JOINTS = /[\s.-]+/g;
// Prefixes of eleven-digit numbers until 2018, and what each became.
const OLD = { 120: 70, 121: 79, 122: 77, 126: 76, 128: 78, 123: 83, 124: 84, 125: 85, 127: 81, 129: 82, 162: 32, 163: 33, 164: 34, 165: 35, 166: 36, 167: 37, 168: 38, 169: 39, 186: 56, 188: 58, 199: 59 };

/**
 * @param {string} raw
 * @returns {{value?: string, rule?: "short" | "long" | "phone", have: number}} value: digits beginning with 0; have: how many
 *   digits were typed
 */
export function readPhone(raw) {
  const have = raw.replace(/\D/g, "").length;
  const value = national(raw.replace(JOINTS, "").replace(/[()+]/g, ""));
  if (/^(0[35789]\d{8}|02\d{9})$/.test(value)) return { value, have };
  return { rule: have > 0 && have < 10 ? "short" : have > 10 ? "long" : "phone", have };
}

/** @param {string} digits */
function national(digits) {
  const bare = digits.replace(/^00(?=84)/, "");
  const home = /^84\d{9,10}$/.test(bare) ? `0${bare.slice(2).replace(/^0/, "")}` : bare;
  const prefix = /** @type {Record<string, number>} */ (OLD)[home.slice(1, 4)];
  return home.length === 11 && home[0] === "0" && prefix ? `0${prefix}${home.slice(4)}` : home;
}
