/**
 * Bytes, and the text forms in which they travel: UTF-8, hexadecimal, base64url without padding.
 * For: pure conversions and SHA-256. Not for: keys or sealing (seal.js).
 */
import { SyncError } from "./deps.js";

/** @typedef {Uint8Array<ArrayBuffer>} Bytes */

/** @param {string} text @returns {Bytes} */
export const utf8 = (text) => new TextEncoder().encode(text);

/** @param {Bytes | ArrayBuffer} bytes @returns {string} */
export const fromUtf8 = (bytes) => new TextDecoder("utf-8", { fatal: true }).decode(bytes);

/**
 * Look at a buffer as bytes, without copying.
 * @param {Bytes | ArrayBuffer} value
 * @returns {Bytes}
 */
export const asBytes = (value) => (value instanceof Uint8Array ? value : new Uint8Array(value));

/**
 * The bytes as a buffer of exactly their length. Stores keep buffers, never Blobs: Safari lost Blobs.
 * @param {Bytes} bytes
 * @returns {ArrayBuffer}
 */
export const asBuffer = (bytes) =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;

/** @param {...Bytes} parts @returns {Bytes} */
export function concat(...parts) {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.byteLength, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.byteLength;
  }
  return whole;
}

/** @param {Bytes | ArrayBuffer} value @returns {string} lower-case hexadecimal */
export const hex = (value) => Array.from(asBytes(value), (byte) => byte.toString(16).padStart(2, "0")).join("");

const CHUNK = 0x2000; // String.fromCharCode takes its bytes as arguments; engines limit how many.

/** @param {Bytes | ArrayBuffer} value @returns {string} base64, padded */
export function b64(value) {
  const bytes = asBytes(value);
  let text = "";
  for (let at = 0; at < bytes.length; at += CHUNK) text += String.fromCharCode(...bytes.subarray(at, at + CHUNK));
  return btoa(text);
}

/** @param {Bytes | ArrayBuffer} value @returns {string} base64url without padding */
export const b64u = (value) => b64(value).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");

/**
 * @param {string} text base64url without padding
 * @returns {Bytes}
 * @throws {SyncError} base64
 */
export function unb64u(text) {
  if (typeof text !== "string" || !/^[A-Za-z0-9_-]*$/.test(text) || text.length % 4 === 1) throw new SyncError("base64");
  const plain = atob(text.replaceAll("-", "+").replaceAll("_", "/"));
  return Uint8Array.from(plain, (char) => char.charCodeAt(0));
}

/** @param {Bytes | ArrayBuffer} value @returns {Promise<string>} SHA-256 in hexadecimal */
export const sha256 = async (value) => hex(await crypto.subtle.digest("SHA-256", value));
