/**
 * Who this phone is to the server: device, member, keys; the counters of its entries; its measured clock.
 * For: rows in `meta` under identity:, count:, clock. Not for: becoming someone (enrol.js), nor the PIN.
 * A phone re-enrolled as another device keeps the earlier identity until that one's entries are gone.
 */
import { deps, SyncError } from "./deps.js";
import { openDb, prefixed, readMeta, strict } from "./db.js";

/** @typedef {import("./types.js").Identity} Identity */

/** @returns {Promise<Identity | undefined>} the identity in use */
export async function currentIdentity() {
  const id = await readMeta("current");
  return id && readMeta(`identity:${id}`);
}

/** @returns {Promise<Identity>} @throws {SyncError} not_enrolled */
export async function requireIdentity() {
  const identity = await currentIdentity();
  if (!identity) throw new SyncError("not_enrolled");
  return identity;
}

/** @returns {Promise<Identity[]>} every identity this phone has had, the one in use first */
export async function identities() {
  const all = /** @type {Identity[]} */ (await (await openDb()).getAll("meta", prefixed("identity:")));
  const current = await readMeta("current");
  return all.sort((a, b) => Number(b.id === current) - Number(a.id === current));
}

/** @param {string} id of a device @returns {Promise<Identity | undefined>} */
export const identityOf = (id) => readMeta(`identity:${id}`);

/**
 * Change some of an identity.
 * @param {string} id
 * @param {Partial<Identity>} change
 */
export const amendIdentity = (id, change) =>
  strict(["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    const identity = await meta.get(`identity:${id}`);
    if (identity) await meta.put({ ...identity, ...change }, `identity:${id}`);
  });

/** @typedef {{epoch: number, seq: number}} Count  The device's epoch, and the last number used in it. */

/** @param {string} device @returns {Promise<Count>} */
export const countOf = async (device) => (await readMeta(`count:${device}`)) ?? { epoch: 1, seq: 0 };

/**
 * The server knows higher numbers than this phone: it was put back from a copy. Go on in a new epoch, so that
 * no number is used twice; what waits keeps its own number and id.
 * @param {string} device
 * @param {Count} seen the count that was too low
 * @returns {Promise<Count>}
 */
export const rotateEpoch = (device, seen) =>
  strict(["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    const count = (await meta.get(`count:${device}`)) ?? seen;
    const next = count.epoch > seen.epoch ? count : { epoch: seen.epoch + 1, seq: 0 };
    await meta.put(next, `count:${device}`);
    return next;
  });

// A server clock outside these years is broken; believing it would lock the phone out (F43).
const EARLIEST = Date.UTC(2026, 0, 1);
const LATEST = Date.UTC(2046, 0, 1);

/** @param {unknown} now server's ms @returns {now is number} */
export const plausible = (now) => Number.isSafeInteger(now) && Number(now) >= EARLIEST && Number(now) < LATEST;

/**
 * Remember how far the device's clock is off.
 * @param {number} serverNow ms
 * @param {number} deviceNow ms, when the server said so
 */
export async function setClock(serverNow, deviceNow) {
  const clock = { offset: Math.round(serverNow - deviceNow), at: deviceNow };
  await strict(["meta"], async (tx) => void (await tx.objectStore("meta").put(clock, "clock")));
}

/** @returns {Promise<{offset: number, age: number}>} offset in ms, 0 if unknown; age in seconds, -1 if unknown */
export async function clock() {
  const known = await readMeta("clock");
  if (!known) return { offset: 0, age: -1 };
  const age = Math.floor((deps.now() - known.at) / 1000);
  return { offset: known.offset, age: age >= 0 ? age : -1 };
}
