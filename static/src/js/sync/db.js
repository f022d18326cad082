/**
 * The phone's database (IndexedDB) behind a few verbs.
 * For: opening, upgrading without losing a row, strict transactions, small facts in `meta`.
 * Not for: what the rows mean; each store has its own module. Bytes are ArrayBuffers, never Blobs.
 */
import { wrap } from "idb";
import { deps, isQuota, SyncError } from "./deps.js";
import { emitHere } from "./events.js";

/** @typedef {import("idb").IDBPDatabase} Database */
/** @typedef {import("idb").IDBPTransaction<unknown, string[], "readwrite">} Writing */
/** @typedef {(db: IDBDatabase, tx: IDBTransaction) => void} Step */

const NAME = "gocua";

/**
 * One step a version, only ever added to: phones in the field are weeks behind and must keep every row.
 * @type {Step[]}
 */
export const STEPS = [
  (db) => {
    db.createObjectStore("meta");
    db.createObjectStore("draft", { keyPath: "id" });
    const outbox = db.createObjectStore("outbox", { keyPath: "id" });
    outbox.createIndex("order", ["device", "epoch", "seq"]);
    outbox.createIndex("draft", "draft");
    outbox.createIndex("subject", "subject");
    db.createObjectStore("file", { keyPath: "sha256" });
    const record = db.createObjectStore("record", { keyPath: ["kind", "id"] });
    record.createIndex("area", "area");
    record.createIndex("kind", "kind");
    db.createObjectStore("receipt", { keyPath: "id" });
  },
];

/** @type {Promise<Database> | null} */
let connection = null;

/**
 * The open database, opened once a page.
 * @param {Step[]} [steps]
 * @returns {Promise<Database>}
 * @throws {SyncError} newer: another tab runs a newer app; reload
 */
export function openDb(steps = STEPS) {
  connection ??= open(steps).catch((error) => {
    connection = null;
    throw error?.name === "VersionError" ? new SyncError("newer", error) : error;
  });
  return connection;
}

/** Close the database; the next verb opens it again. */
export async function closeDb() {
  const open = connection;
  connection = null;
  (await open)?.close();
}

/** @param {Step[]} steps @returns {Promise<Database>} */
async function open(steps) {
  const request = deps.indexedDB.open(NAME, steps.length);
  request.onupgradeneeded = ({ oldVersion }) => {
    const tx = /** @type {IDBTransaction} */ (request.transaction);
    for (const step of steps.slice(oldVersion)) step(request.result, tx);
  };
  request.onblocked = () => emitHere("db", { why: "blocked" });
  const db = /** @type {Database} */ (/** @type {unknown} */ (await wrap(request)));
  // Without this an open old tab blocks the upgrade of every other tab for ever.
  db.onversionchange = () => drop(db, "newer");
  db.onclose = () => drop(db, "closed");
  return db;
}

/**
 * @param {Database} db
 * @param {string} why
 */
function drop(db, why) {
  db.close();
  connection = null;
  emitHere("db", { why });
}

/**
 * Run work in one read-write transaction that is on the disk when the promise resolves, or did not happen.
 * Await nothing inside but the transaction's own requests.
 * @template T
 * @param {string[]} stores
 * @param {(tx: Writing) => Promise<T>} work
 * @returns {Promise<T>}
 * @throws {SyncError} quota: the phone is full
 */
export async function strict(stores, work) {
  return write(stores, work, { durability: "strict" });
}

/**
 * As strict(), without waiting for the disk. For copies that can be fetched again.
 * @template T
 * @param {string[]} stores
 * @param {(tx: Writing) => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function relaxed(stores, work) {
  return write(stores, work, { durability: "relaxed" });
}

/**
 * @template T
 * @param {string[]} stores
 * @param {(tx: Writing) => Promise<T>} work
 * @param {IDBTransactionOptions} options
 * @returns {Promise<T>}
 */
async function write(stores, work, options) {
  const tx = /** @type {Writing} */ ((await openDb()).transaction(stores, "readwrite", options));
  const done = tx.done;
  done.catch(() => {}); // awaited below; a work that throws first must not leave an unhandled rejection
  try {
    const result = await work(tx);
    await done;
    return result;
  } catch (error) {
    abort(tx);
    const cause = await done.then(() => error, (reason) => (isQuota(reason) ? reason : error));
    throw isQuota(cause) ? new SyncError("quota", cause) : cause;
  }
}

/** @param {Writing} tx */
function abort(tx) {
  try {
    tx.abort();
  } catch {
    // It had ended by itself.
  }
}

/**
 * @param {string} key
 * @returns {Promise<any>} undefined when nothing is kept under it
 */
export const readMeta = async (key) => (await openDb()).get("meta", key);

/**
 * @param {string} key
 * @param {any} value
 */
export const writeMeta = (key, value) => strict(["meta"], async (tx) => void (await tx.objectStore("meta").put(value, key)));

/** A key range of all `meta` keys with a prefix. @param {string} prefix */
export const prefixed = (prefix) => IDBKeyRange.bound(prefix, `${prefix}\uffff`);
