/* Whose word a phone takes for what it keeps of guides: the keys that came with the app, and those they introduce.

   For: opening what the server signed (onboarding/guides/signing.py); tests/wire/packs.json binds both ends. Not for:
   deciding what to do with it (pack.js, renewal.js), nor the keys of entries (seal.js). */

import { asBytes, sha256, unb64u } from "./bytes.js";
import { canonicalBytes } from "./canonical.js";

/** @typedef {{id: string, public: string, by: string, sig: string}} Introduction */
/** @typedef {{manifest: any, key: string, sig: string, keys?: Introduction[]}} Signed */

const KEY = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };

/** @type {string[]} */
let pinned = [];

/** Name the keys that came with the app. @param {string[]} points public points, base64url */
export const trust = (points) => { pinned = points.filter(Boolean); };

/** Something that nobody signed whom this phone knows. */
export class Untrusted extends Error {}

/**
 * Take a signed statement at its word, or refuse it.
 * @param {Signed} signed
 * @param {string} kind what it must be a statement of
 * @param {string[]} known further points that this phone trusted before
 * @returns {Promise<{manifest: any, point: string}>} and the point of the key that signed it
 * @throws {Untrusted}
 */
export async function opened(signed, kind, known = []) {
  const points = await chain(signed?.keys ?? [], [...pinned, ...known]);
  const point = points.get(signed?.key);
  if (!point || signed.manifest?.kind !== kind || !(await signedBy(point, signed.manifest, signed.sig))) throw new Untrusted(kind);
  return { manifest: signed.manifest, point };
}

/** The trusted points by their names, and every key that one of them introduces. @param {Introduction[]} given @param {string[]} start */
async function chain(given, start) {
  /** @type {Map<string, string>} */
  const points = new Map();
  for (const point of start) points.set(await nameOf(point), point);
  for (const { public: point, by, sig } of given) {
    const before = points.get(by);
    if (before && (await signedBy(before, { kind: "key", public: point }, sig))) points.set(await nameOf(point), point);
  }
  return points;
}

/** @param {string} point */
const nameOf = async (point) => (await sha256(unb64u(point))).slice(0, 16);

/** @param {string} point @param {unknown} value @param {string} sig */
async function signedBy(point, value, sig) {
  try {
    const key = await crypto.subtle.importKey("raw", unb64u(point), KEY, false, ["verify"]);
    return await crypto.subtle.verify(SIGNATURE, key, unb64u(sig), asBytes(canonicalBytes(value)));
  } catch {
    return false; // not even in the form of a key, a signature or a statement
  }
}
