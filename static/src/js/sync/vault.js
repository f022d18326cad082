/**
 * The PIN: six digits that let this page read drafts, pulled records and the readable copies.
 * For: setting, checking and counting PINs; after five wrong ones everything readable is wiped.
 * Not for: what is finalised. The sealed outbox needs no PIN and no wipe touches it.
 * Limit: the device secret can't be copied out by script, but a dump of the phone's storage may hold it;
 * against that only sealing (seal.js) and keeping little help.
 */
import { asBytes } from "./bytes.js";
import { deps, SyncError } from "./deps.js";
import { readMeta, strict } from "./db.js";
import { uuid7 } from "./ids.js";
import { stretch, stretchNew } from "./kdf.js";
import { hold } from "./session.js";
import { wipeReadable } from "./wipe.js";

export { decrypt, encrypt, exempt, isUnlocked, lock, onLock, setHidden, touch } from "./session.js";

/** @typedef {import("./bytes.js").Bytes} Bytes */

/**
 * @typedef {object} Vault
 * @property {string} id
 * @property {Bytes} salt
 * @property {import("./kdf.js").Recipe} recipe
 * @property {CryptoKey} secret  HMAC key of this phone, not extractable.
 * @property {Bytes} iv
 * @property {ArrayBuffer} wrapped  The data key under the key made of PIN and secret.
 * @property {number} wrong  PINs tried since the last right one.
 */

export const TRIES = 5;
const HMAC = { name: "HMAC", hash: "SHA-256" };

/** Say whether a PIN is set on this phone. @returns {Promise<boolean>} */
export const hasPin = async () => (await readMeta("vault")) !== undefined;

/**
 * Set the PIN of an empty vault and unlock it.
 * @param {string} pin six digits
 * @throws {SyncError} pin: not six digits; pin_set: there is one; not_enrolled: enrol first (also after a wipe,
 *   or whoever tried five PINs would just choose a sixth and pull everything again)
 */
export async function setPin(pin) {
  if (!/^\d{6}$/.test(pin)) throw new SyncError("pin");
  const { vault, key } = await newVault(pin);
  await strict(["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    if (await meta.get("vault")) throw new SyncError("pin_set");
    const identity = await meta.get(`identity:${await meta.get("current")}`);
    if (!identity || identity.wiped) throw new SyncError("not_enrolled");
    await meta.put(vault, "vault");
  });
  hold(vault.id, key);
}

/**
 * Try a PIN. The try is counted on the disk before it is checked, so that neither a reload nor a killed app
 * gives it back; no clock takes part.
 * @param {string} pin
 * @returns {Promise<{ok: true} | {ok: false, left: number, wiped: boolean}>}
 */
export async function unlock(pin) {
  const vault = await countTry();
  if (!vault) return { ok: false, left: 0, wiped: true };
  await deps.reached("pin-counted");
  if (vault.wrong > TRIES) return wiped();
  try {
    hold(vault.id, await unwrap(pin, vault));
  } catch {
    return vault.wrong >= TRIES ? wiped() : { ok: false, left: TRIES - vault.wrong, wiped: false };
  }
  await forgetTries(vault.id);
  return { ok: true };
}

/** @returns {Promise<Vault | undefined>} the vault, with this try counted; undefined when there is none */
const countTry = () =>
  strict(["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    const vault = /** @type {Vault | undefined} */ (await meta.get("vault"));
    if (vault) await meta.put({ ...vault, wrong: vault.wrong + 1 }, "vault");
    return vault && { ...vault, wrong: vault.wrong + 1 };
  });

/** @param {string} id */
const forgetTries = (id) =>
  strict(["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    const vault = await meta.get("vault");
    if (vault?.id === id) await meta.put({ ...vault, wrong: 0 }, "vault");
  });

/** @returns {Promise<{ok: false, left: number, wiped: boolean}>} */
async function wiped() {
  await wipeReadable();
  return { ok: false, left: 0, wiped: true };
}

const DATA_KEY = { name: "AES-GCM", length: 256 };
/** @type {KeyUsage[]} */
const USES = ["encrypt", "decrypt"];

/** @param {string} pin @returns {Promise<{vault: Vault, key: CryptoKey}>} with the data key, not extractable */
async function newVault(pin) {
  const secret = /** @type {CryptoKey} */ (await crypto.subtle.generateKey(HMAC, false, ["sign"]));
  const salt = deps.random(16);
  const iv = deps.random(12);
  const { recipe, bytes } = await stretchNew(pin, salt);
  const wrapping = await wrappingKey(secret, bytes);
  // Extractable only until it is wrapped; what is held is a copy that is not.
  const fresh = /** @type {CryptoKey} */ (await crypto.subtle.generateKey(DATA_KEY, true, USES));
  const wrapped = await crypto.subtle.wrapKey("raw", fresh, wrapping, { name: "AES-GCM", iv });
  const vault = { id: uuid7(), salt, recipe, secret, iv, wrapped, wrong: 0 };
  return { vault, key: await open(vault, wrapping) };
}

/**
 * @param {string} pin
 * @param {Vault} vault
 * @returns {Promise<CryptoKey>} the data key, not extractable; throws when the PIN is wrong
 */
async function unwrap(pin, vault) {
  return open(vault, await wrappingKey(vault.secret, await stretch(vault.recipe, pin, vault.salt)));
}

/** @param {Vault} vault @param {CryptoKey} wrapping @returns {Promise<CryptoKey>} */
async function open({ wrapped, iv }, wrapping) {
  const key = await crypto.subtle.unwrapKey("raw", wrapped, wrapping, { name: "AES-GCM", iv }, DATA_KEY, false, USES);
  return /** @type {CryptoKey} */ (key);
}

/** @param {CryptoKey} secret @param {Bytes} stretched */
async function wrappingKey(secret, stretched) {
  const mixed = asBytes(await crypto.subtle.sign("HMAC", secret, stretched));
  return crypto.subtle.importKey("raw", mixed, "AES-GCM", false, ["wrapKey", "unwrapKey"]);
}
