/**
 * What the device side takes from its surroundings: network, clocks, chance, storage, locks.
 * For: one place where a test swaps any of them. Not for: settings, nor anything about the page.
 */

/**
 * @typedef {object} Deps
 * @property {(input: string, init: RequestInit) => Promise<Response>} fetch
 * @property {() => number} now  Wall clock of the device, ms. Never trusted for order.
 * @property {() => number} monotonic  ms that never run backwards while the page lives.
 * @property {(size: number) => Uint8Array<ArrayBuffer>} random  Cryptographic random bytes.
 * @property {() => number} chance  0 ≤ x < 1, for jitter only.
 * @property {IDBFactory} indexedDB
 * @property {LockManager | null} locks  null where the browser has no Web Locks.
 * @property {(name: string) => BroadcastChannel | null} channel
 * @property {(ms: number, work: () => void) => () => void} later  A timer; returns its cancel.
 * @property {() => Promise<{usage?: number, quota?: number}>} estimate  Storage used and allowed, bytes.
 * @property {number} argonMemory  KB; 19 MiB as OWASP asks. Tests use less, nothing else may.
 * @property {string} build  Which build of the app this is; told to the server in hello.
 * @property {(point: string) => Promise<void>} reached  Failpoint; tests throw or stop here.
 */

/** @type {Deps} */
export const deps = {
  fetch: (input, init) => globalThis.fetch(input, init),
  now: () => Date.now(),
  monotonic: () => performance.now(),
  random: (size) => crypto.getRandomValues(new Uint8Array(size)),
  chance: () => Math.random(),
  indexedDB: globalThis.indexedDB,
  locks: globalThis.navigator?.locks ?? null,
  channel: (name) => (globalThis.BroadcastChannel ? new BroadcastChannel(name) : null),
  later: (ms, work) => {
    const timer = setTimeout(work, ms);
    return () => clearTimeout(timer);
  },
  estimate: async () => (await globalThis.navigator?.storage?.estimate?.()) ?? {},
  argonMemory: 19 * 1024,
  build: "",
  reached: async () => {},
};

/**
 * Replace some of what the device side takes from outside.
 * @param {Partial<Deps>} given
 */
export function setDeps(given) {
  Object.assign(deps, given);
}

/** Whether something failed because this phone has no room for it. @param {any} error */
export const isQuota = (error) => error?.name === "QuotaExceededError";

/**
 * A failure that a screen can name. Codes: quota, locked, not_enrolled, newer, damaged, canonical, base64.
 */
export class SyncError extends Error {
  /**
   * @param {string} code
   * @param {unknown} [cause]
   */
  constructor(code, cause) {
    super(code, { cause });
    this.name = "SyncError";
    this.code = code;
  }
}
