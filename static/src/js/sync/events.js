/**
 * News between modules, and between the tabs of one phone.
 * For: "the outbox changed", never the data itself, which stays in the database.
 * Not for: DOM events.
 */
import { deps } from "./deps.js";

/** @typedef {"outbox" | "records" | "lock" | "sync" | "enrol" | "db"} EventType */
/** @typedef {(detail: any, from: {here: boolean}) => void} Listener */

/** @type {Map<string, Set<Listener>>} */
const listeners = new Map();
/** @type {BroadcastChannel | null | undefined} */
let channel;

/**
 * Call fn at each news of this type, from this tab or another one.
 * @param {EventType} type
 * @param {Listener} fn
 * @returns {() => void} stops it
 */
export function on(type, fn) {
  join();
  const group = listeners.get(type) ?? new Set();
  listeners.set(type, group.add(fn));
  return () => group.delete(fn);
}

/**
 * Tell this tab and the others.
 * @param {EventType} type
 * @param {object} [detail] no personal data: other tabs and the worker read it
 */
export function emit(type, detail = {}) {
  join()?.postMessage({ type, detail });
  emitHere(type, detail);
}

/**
 * Tell this tab only.
 * @param {EventType} type
 * @param {object} [detail]
 */
export const emitHere = (type, detail = {}) => tell(type, detail, true);

/** Leave the channel between tabs; a page does it by closing. */
export function leave() {
  channel?.close();
  channel = undefined;
}

function join() {
  if (channel !== undefined) return channel;
  channel = deps.channel("gocua");
  if (channel) channel.onmessage = ({ data }) => tell(data.type, data.detail, false);
  return channel;
}

/**
 * @param {string} type
 * @param {object} detail
 * @param {boolean} here
 */
function tell(type, detail, here) {
  for (const fn of [...(listeners.get(type) ?? [])]) {
    try {
      fn(detail, { here });
    } catch (error) {
      // One screen's mistake must not stop a sync; it is shown to whoever looks, as any uncaught error is.
      queueMicrotask(() => { throw error; });
    }
  }
}
