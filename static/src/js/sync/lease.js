/**
 * One tab at a time: a lease on a name, by Web Locks, or by a row in `meta` where those are missing.
 * For: the sending of the outbox, the editing of a draft. Not for: waiting; who comes second is told so.
 */
import { deps } from "./deps.js";
import { strict } from "./db.js";
import { uuid7 } from "./ids.js";

export const LEASE = 30_000; // ms; a dead tab blocks the others no longer than this
const tab = uuid7();

/**
 * Take the lease.
 * @param {string} name
 * @returns {Promise<(() => void) | null>} gives it back; null when another holds it
 */
export function take(name) {
  return deps.locks ? takeLock(deps.locks, name) : takeRow(name);
}

/**
 * @param {LockManager} locks
 * @param {string} name
 * @returns {Promise<(() => void) | null>}
 */
const takeLock = (locks, name) =>
  new Promise((resolve, reject) => {
    locks.request(name, { ifAvailable: true }, (lock) => {
      if (!lock) return void resolve(null);
      return new Promise((free) => resolve(() => free(undefined)));
    }).catch(reject);
  });

/** @param {string} name @returns {Promise<(() => void) | null>} */
async function takeRow(name) {
  const holder = `${tab}:${uuid7()}`;
  if (!(await write(name, holder))) return null;
  let held = true;
  let cancel = () => {};
  const renew = () => {
    cancel = deps.later(LEASE / 3, () => void write(name, holder).then((ok) => ok && held && renew(), () => {}));
  };
  renew();
  return () => {
    held = false;
    cancel();
    void clear(name, holder).catch(() => {});
  };
}

/** @param {string} name @param {string} holder @returns {Promise<boolean>} */
const write = (name, holder) =>
  strict(["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    const row = await meta.get(`lease:${name}`);
    if (row && row.holder !== holder && !over(row.until)) return false;
    await meta.put({ holder, until: deps.now() + LEASE }, `lease:${name}`);
    return true;
  });

/** Over, or further away than a lease lasts: then the clock was set back. @param {number} until */
const over = (until) => until <= deps.now() || until > deps.now() + LEASE;

/** @param {string} name @param {string} holder */
const clear = (name, holder) =>
  strict(["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    if ((await meta.get(`lease:${name}`))?.holder === holder) await meta.delete(`lease:${name}`);
  });
