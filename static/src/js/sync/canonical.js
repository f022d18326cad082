/**
 * The one byte form of a JSON value, so that phone and server hash the same thing.
 * For: what is hashed, signed or sealed; its twin is canonical() in onboarding/seal.py.
 * Not for: request bodies, which only have to be JSON.
 */
import { utf8 } from "./bytes.js";
import { SyncError } from "./deps.js";

// In u-mode a pair is one character, so only lone halves match. No look-behind: Safari before 16.4 can't parse it.
const LONE_SURROGATE = /[\ud800-\udfff]/u;

/**
 * Sorted keys, no spaces, only what must be escaped is escaped; whole numbers only.
 * @param {unknown} value
 * @returns {string}
 * @throws {SyncError} canonical: a fraction, an unsafe number, a lone surrogate, or something that is not JSON
 */
export function canonical(value) {
  if (value === null || typeof value === "boolean") return String(value);
  if (typeof value === "string") return text(value);
  if (typeof value === "number") return number(value);
  if (Array.isArray(value)) return `[${value.map(canonical).join(",")}]`;
  if (typeof value === "object" && isPlain(value)) return object(/** @type {Record<string, unknown>} */ (value));
  throw new SyncError("canonical");
}

/** @param {unknown} value */
export const canonicalBytes = (value) => utf8(canonical(value));

/** @param {string} value */
function text(value) {
  if (LONE_SURROGATE.test(value)) throw new SyncError("canonical");
  // JSON.stringify escapes exactly what Python's json does with ensure_ascii=False, in the same short forms.
  return JSON.stringify(value);
}

/** @param {number} value */
function number(value) {
  if (!Number.isSafeInteger(value)) throw new SyncError("canonical");
  return String(value); // String(-0) is "0", as in Python, which has no whole -0
}

/** @param {Record<string, unknown>} value */
function object(value) {
  const keys = Object.keys(value).sort(byCodePoint);
  return `{${keys.map((key) => `${text(key)}:${canonical(value[key])}`).join(",")}}`;
}

/** @param {object} value */
function isPlain(value) {
  const proto = Object.getPrototypeOf(value);
  // Not `=== Object.prototype`: values may come from another realm (a worker, a structured clone).
  return proto === null || Object.getPrototypeOf(proto) === null;
}

/**
 * Python sorts by code point, JavaScript by UTF-16 unit; they differ beyond the basic plane.
 * @param {string} a
 * @param {string} b
 */
function byCodePoint(a, b) {
  const left = Array.from(a);
  const right = Array.from(b);
  const shared = Math.min(left.length, right.length);
  for (let at = 0; at < shared; at += 1) {
    const gap = Number(left[at].codePointAt(0)) - Number(right[at].codePointAt(0));
    if (gap) return gap;
  }
  return left.length - right.length;
}
