/**
 * A PIN made into 32 bytes, slowly on purpose.
 * For: argon2id (19 MiB, 2 passes) by hash-wasm; PBKDF2 where WebAssembly is refused.
 * Not for: secrecy on its own. Six digits fall to anyone who can try them all; vault.js mixes in a device secret.
 */
import { argon2id } from "hash-wasm";
import { asBytes, utf8 } from "./bytes.js";
import { deps } from "./deps.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */
/** @typedef {"argon2id-19-2" | "pbkdf2-600k"} Recipe */

/**
 * @param {string} pin
 * @param {Bytes} salt
 * @returns {Promise<{recipe: Recipe, bytes: Bytes}>} with the recipe that this phone can do
 */
export async function stretchNew(pin, salt) {
  try {
    return { recipe: "argon2id-19-2", bytes: await stretch("argon2id-19-2", pin, salt) };
  } catch {
    return { recipe: "pbkdf2-600k", bytes: await stretch("pbkdf2-600k", pin, salt) };
  }
}

/**
 * @param {Recipe} recipe
 * @param {string} pin
 * @param {Bytes} salt
 * @returns {Promise<Bytes>} 32 bytes
 */
export const stretch = (recipe, pin, salt) => (recipe === "pbkdf2-600k" ? pbkdf2(pin, salt) : argon2(pin, salt));

/** @param {string} pin @param {Bytes} salt */
async function argon2(pin, salt) {
  const cost = { parallelism: 1, iterations: 2, memorySize: deps.argonMemory, hashLength: 32 };
  return /** @type {Bytes} */ (await argon2id({ password: pin, salt, ...cost, outputType: "binary" }));
}

/** @param {string} pin @param {Bytes} salt */
async function pbkdf2(pin, salt) {
  const key = await crypto.subtle.importKey("raw", utf8(pin), "PBKDF2", false, ["deriveBits"]);
  const how = { name: "PBKDF2", hash: "SHA-256", salt, iterations: 600_000 };
  return asBytes(await crypto.subtle.deriveBits(how, key, 256));
}
