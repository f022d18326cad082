/**
 * The envelope: sealing to the server's public key, the device's signatures, the checking of receipts' MACs.
 * For: WebCrypto only, no state; its twin is onboarding/seal.py and tests/wire/examples.json binds both.
 * Not for: what an entry means (finalise.js), nor what the PIN protects (vault.js). Never await any of this
 * inside an IndexedDB transaction: the transaction would end.
 */
import { asBytes, b64u, concat, sha256, unb64u, utf8 } from "./bytes.js";
import { canonical, canonicalBytes } from "./canonical.js";
import { deps } from "./deps.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {import("./types.js").Entry} Entry */

const CURVE = { name: "ECDH", namedCurve: "P-256" };
const SIGNING = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };
const HMAC = { name: "HMAC", hash: "SHA-256" };
const NONCE = 12; // bytes, as AES-GCM wants

/**
 * Seal bytes so that only the server's private key opens them; 93 bytes longer than what went in.
 * @param {string} serverPublic b64u of a 65-byte point
 * @param {string} key which server key that is
 * @param {Bytes | ArrayBuffer} plain
 * @param {Bytes} context binds the result to its entry; opening with another fails
 * @returns {Promise<Bytes>} ephemeral point (65), nonce (12), ciphertext and tag
 */
export async function seal(serverPublic, key, plain, context) {
  const server = await crypto.subtle.importKey("raw", unb64u(serverPublic), CURVE, false, []);
  const own = await crypto.subtle.generateKey(CURVE, false, ["deriveBits"]);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: server }, own.privateKey, 256);
  const secret = await derive(shared, key);
  const iv = deps.random(NONCE);
  const body = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData: context }, secret, asBytes(plain));
  const point = await crypto.subtle.exportKey("raw", own.publicKey);
  return concat(asBytes(point), iv, asBytes(body));
}

/**
 * @param {ArrayBuffer} shared
 * @param {string} key
 */
async function derive(shared, key) {
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8(`gocua-seal-v1|${key}`) };
  return crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["encrypt", "decrypt"]);
}

/** @param {string} entry @param {string} form @param {string} key */
export const entryContext = (entry, form, key) => utf8(`gocua-entry-v1|${entry}|${form}|${key}`);

/** @param {string} entry @param {string} slot @param {string} key */
export const fileContext = (entry, slot, key) => utf8(`gocua-file-v1|${entry}|${slot}|${key}`);

/** @param {string} ask @param {string} key */
export const askContext = (ask, key) => utf8(`gocua-ask-v1|${ask}|${key}`);

/**
 * The device's own signing keys. The private one can't be read out, not even by us.
 * @returns {Promise<{pair: CryptoKeyPair, public: string}>} with the public point in b64u
 */
export async function newDeviceKeys() {
  const pair = await crypto.subtle.generateKey(SIGNING, false, ["sign", "verify"]);
  return { pair, public: b64u(await crypto.subtle.exportKey("raw", pair.publicKey)) };
}

/**
 * @param {CryptoKey} privateKey
 * @param {string} message
 * @returns {Promise<string>} b64u of r and s, 64 bytes
 */
export const sign = async (privateKey, message) => b64u(await crypto.subtle.sign(SIGNATURE, privateKey, utf8(message)));

/**
 * @param {Omit<Entry, "hash" | "sig"> & {hash?: string, sig?: string}} entry
 * @returns {Promise<string>} sha256 of the entry without its hash and signature
 */
export function entryHash(entry) {
  const { hash, sig, ...header } = entry;
  return sha256(canonicalBytes(header));
}

/**
 * Complete an entry with its hash and the device's signature over it.
 * @param {CryptoKey} privateKey
 * @param {Omit<Entry, "hash" | "sig">} header
 * @returns {Promise<Entry>}
 */
export async function signEntry(privateKey, header) {
  const hash = await entryHash(header);
  return { ...header, hash, sig: await sign(privateKey, `gocua-entry-v1\n${hash}`) };
}

/**
 * What a device signs to show that a request is its own.
 * @param {string} method
 * @param {string} path with its query
 * @param {number} time ms, the device's clock put right by the measured offset
 * @param {Bytes} body
 */
export const requestMessage = async (method, path, time, body) =>
  `gocua-request-v1\n${method}\n${path}\n${time}\n${await sha256(body)}`;

/**
 * The key that proves an answer is the server's, kept so that it can't be read out again.
 * @param {string} key b64u of 32 bytes
 */
export const importMacKey = (key) => crypto.subtle.importKey("raw", unb64u(key), HMAC, false, ["verify"]);

/**
 * Say whether value.mac is the server's MAC over the rest of value. Never throws: a strange answer is a false one.
 * @param {CryptoKey} macKey
 * @param {unknown} value
 * @returns {Promise<boolean>}
 */
export async function macHolds(macKey, value) {
  try {
    const { mac, ...rest } = /** @type {Record<string, unknown>} */ (value);
    return await crypto.subtle.verify("HMAC", macKey, unb64u(String(mac)), utf8(canonical(rest)));
  } catch {
    return false;
  }
}
