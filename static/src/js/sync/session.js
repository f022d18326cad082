/**
 * The unlocked data key, in this page's memory only, and when it is forgotten.
 * For: reading and writing boxes (AES-GCM bound to kind and id); locking after 5 idle minutes or 30 hidden
 * seconds. Not for: the PIN (vault.js), so that the service worker needs no password hashing.
 */
import { asBuffer, asBytes, concat, fromUtf8, utf8 } from "./bytes.js";
import { deps, SyncError } from "./deps.js";
import { emitHere, on } from "./events.js";

/** @typedef {import("./types.js").Box} Box */
/** @typedef {import("./bytes.js").Bytes} Bytes */

export const IDLE = 5 * 60_000;
export const HIDDEN = 30_000;
export const EXEMPT = 3 * 60_000; // a camera or file picker hides the page; the lock must not eat the form

/** @type {{id: string, key: CryptoKey} | null} */
let held = null;
/** @typedef {{wall: number, steady: number}} Moment */
/** @type {Moment} */
let touched = moment();
/** @type {Moment | null} */
let hiddenSince = null;
/** @type {{since: Moment, ms: number} | null} */
let exemption = null;
let cancelCheck = () => {};

/** @returns {Moment} */
function moment() {
  return { wall: deps.now(), steady: deps.monotonic() };
}

/**
 * Time passed, by whichever clock saw more: the wall clock may be set back, the steady one stops in sleep.
 * @param {Moment} since
 */
const elapsed = (since) => Math.max(deps.now() - since.wall, deps.monotonic() - since.steady);

/**
 * Hold an unlocked key.
 * @param {string} id which vault it belongs to
 * @param {CryptoKey} key not extractable
 */
export function hold(id, key) {
  held = { id, key };
  hiddenSince = null;
  exemption = null;
  touched = moment();
  watch();
}

/**
 * Forget the key now.
 * @param {string} [why] "asked", "idle", "hidden" or "wiped"
 */
export function lock(why = "asked") {
  cancelCheck();
  if (!held) return;
  held = null;
  exemption = null;
  emitHere("lock", { why });
}

// A wipe in one tab must not leave the old key in another.
on("lock", (detail, { here }) => {
  if (!here && detail.why === "wiped") lock("wiped");
});

/** Say whether boxes can be read now; locks first when the time is over. */
export function isUnlocked() {
  expire();
  return held !== null;
}

/** The person did something: the idle time starts again. */
export function touch() {
  expire();
  touched = moment();
  watch();
}

/**
 * The page became hidden or visible. A page tells this; the sync code knows no page.
 * @param {boolean} hidden
 */
export function setHidden(hidden) {
  expire();
  hiddenSince = hidden ? (hiddenSince ?? moment()) : null;
  if (!hidden) exemption = null;
  watch();
}

/**
 * Do not lock for a while: the camera is open. Three minutes at most; ends when the page is seen again.
 * @param {number} [ms]
 */
export function exempt(ms = EXEMPT) {
  expire();
  exemption = { since: moment(), ms: Math.min(ms, EXEMPT) };
  touched = moment(); // or four idle minutes before the camera would lock the form behind it
  watch();
}

/** Call fn with the reason at each lock. @param {(why: string) => void} fn @returns {() => void} */
export const onLock = (fn) => on("lock", (detail, { here }) => { if (here) fn(detail.why); });

function expire() {
  if (!held || exempted()) return;
  if (hiddenSince && elapsed(hiddenSince) >= HIDDEN) lock("hidden");
  else if (elapsed(touched) >= IDLE) lock("idle");
}

const exempted = () => exemption !== null && elapsed(exemption.since) < exemption.ms;

/** Check again when the nearest limit is due. Timers sleep with the phone, so every use checks as well. */
function watch() {
  cancelCheck();
  if (!held) return;
  const left = [IDLE - elapsed(touched)];
  if (hiddenSince) left.push(HIDDEN - elapsed(hiddenSince));
  if (exempted() && exemption) left.push(exemption.ms - elapsed(exemption.since));
  const due = left.filter((ms) => ms > 0);
  cancelCheck = deps.later(due.length ? Math.min(...due) : 1000, () => { expire(); watch(); });
}

/** Which vault is unlocked. @returns {string} @throws {SyncError} locked */
export const vaultId = () => unlocked().id;

function unlocked() {
  expire();
  if (!held) throw new SyncError("locked");
  return held;
}

/** @param {string} kind @param {string} id */
const context = (kind, id) => utf8(`gocua-box-v1|${kind}|${id}`);

/**
 * Put a value in a box that opens only with the PIN, and only as this kind and id.
 * @param {string} kind
 * @param {string} id
 * @param {unknown} value JSON, in which ArrayBuffers may stand
 * @returns {Promise<Box>}
 * @throws {SyncError} locked
 */
export async function encrypt(kind, id, value) {
  const { id: vault, key } = unlocked();
  const iv = deps.random(12);
  const how = { name: "AES-GCM", iv, additionalData: context(kind, id) };
  return { vault, iv: asBuffer(iv), ct: await crypto.subtle.encrypt(how, key, pack(value)) };
}

/**
 * @param {string} kind
 * @param {string} id
 * @param {Pick<Box, "iv" | "ct">} box
 * @returns {Promise<any>} what was put in
 * @throws {SyncError} locked; damaged: another vault's, or not this kind and id
 */
export async function decrypt(kind, id, box) {
  const { key } = unlocked();
  const how = { name: "AES-GCM", iv: box.iv, additionalData: context(kind, id) };
  try {
    return unpack(asBytes(await crypto.subtle.decrypt(how, key, box.ct)));
  } catch (error) {
    throw new SyncError("damaged", error);
  }
}

const MARK = "$bytes"; // stands in the JSON where a buffer was: [offset, length] behind the JSON

/** @param {unknown} value @returns {Bytes} length of the JSON (4), the JSON, the buffers */
function pack(value) {
  /** @type {Bytes[]} */
  const parts = [];
  let end = 0;
  const json = utf8(JSON.stringify(value, (_, item) => {
    if (!(item instanceof ArrayBuffer)) return item;
    parts.push(asBytes(item));
    end += item.byteLength;
    return { [MARK]: [end - item.byteLength, item.byteLength] };
  }));
  const size = new Uint8Array(4);
  new DataView(size.buffer).setUint32(0, json.length);
  return concat(size, json, ...parts);
}

/** @param {Bytes} bytes */
function unpack(bytes) {
  const start = 4 + new DataView(bytes.buffer, bytes.byteOffset).getUint32(0);
  return JSON.parse(fromUtf8(bytes.slice(4, start)), (_, item) => {
    const at = item?.[MARK];
    return at ? bytes.slice(start + at[0], start + at[0] + at[1]).buffer : item;
  });
}
