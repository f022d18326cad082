/**
 * What may happen to an entry in the outbox because the server said so, and nothing else may.
 * For: settling by verified receipts, starting over after a server was restored, purging what is complete and
 * durable. Not for: fetching any of this (push.js, sync.js).
 */
import { openDb, prefixed, strict } from "./db.js";
import { deps } from "./deps.js";
import { emit } from "./events.js";
import { identityOf } from "./identity.js";
import { macHolds } from "./seal.js";

/** @typedef {import("./types.js").Receipt} Receipt */
/** @typedef {import("./types.js").OutboxRow} OutboxRow */

const VERDICTS = new Set(["accepted", "parked", "held", "quarantined", "conflict", "later"]);
export const COPY_LIFE = 24 * 60 * 60_000;
const RECEIPT_LIFE = 30 * 24 * 60 * 60_000;

/**
 * Settle entries by receipts. A receipt counts when it names an entry of ours, that entry's hash, and carries a
 * MAC that our key confirms; any other is ignored and counted.
 * @param {unknown} receipts as the server sent them
 * @param {{within?: Set<string>}} [options] only these entries may be settled by this answer
 * @returns {Promise<{settled: string[], later: string[], ignored: number}>}
 */
export async function settle(receipts, { within } = {}) {
  const given = Array.isArray(receipts) ? receipts : [];
  const { epochs = {} } = (await (await openDb()).get("meta", "server")) ?? {};
  const checked = await Promise.all(given.map((receipt) => check(receipt, epochs, within)));
  const good = /** @type {Receipt[]} */ (checked.filter(Boolean));
  const final = good.filter(({ verdict }) => verdict !== "later");
  if (final.length) await apply(final);
  if (final.length) emit("outbox", { why: "settled" });
  const later = good.filter(({ verdict }) => verdict === "later").map(({ id }) => id);
  return { settled: final.map(({ id }) => id), later, ignored: given.length - good.length };
}

/**
 * @param {any} receipt
 * @param {Record<string, string>} epochs each area's numbering by the last hello
 * @param {Set<string>} [within]
 * @returns {Promise<Receipt | null>} null: not ours, not for this entry, or not from our server
 */
async function check(receipt, epochs, within) {
  if (typeof receipt?.id !== "string" || !VERDICTS.has(receipt.verdict)) return null;
  if (within && !within.has(receipt.id)) return null;
  if (isOfLostTimes(receipt, epochs)) return null;
  const row = /** @type {OutboxRow | undefined} */ (await (await openDb()).get("outbox", receipt.id));
  const identity = row && (await identityOf(row.device));
  if (!identity || row.entry.hash !== receipt.hash) return null;
  return (await macHolds(identity.mac, receipt)) ? receipt : null;
}

/**
 * Whether an answer was on its way while the server was put back: what it confirms may be gone. The entry is sent again.
 * @param {Receipt} receipt
 * @param {Record<string, string>} epochs
 */
const isOfLostTimes = ({ verdict, area, epoch }, epochs) => verdict !== "later" && (epochs[area] || epoch) !== epoch;

/** @param {Receipt[]} receipts */
const apply = (receipts) =>
  strict(["outbox", "receipt"], async (tx) => {
    const outbox = tx.objectStore("outbox");
    for (const receipt of receipts) {
      const row = /** @type {OutboxRow | undefined} */ (await outbox.get(receipt.id));
      if (!row || isStale(row, receipt)) continue;
      await outbox.put(settled(row, receipt));
      await tx.objectStore("receipt").put({ id: receipt.id, receipt, kept: deps.now() });
    }
  });

/** An older answer that was played again. After a restore any answer of the new numbering is news. @param {OutboxRow} row @param {Receipt} receipt */
const isStale = (row, receipt) => row.state !== "ready" && row.receipt !== null && receipt.at < row.receipt.at;

/** @param {OutboxRow} row @param {Receipt} receipt @returns {OutboxRow} */
function settled(row, receipt) {
  const { verdict, code, message } = receipt;
  const done = verdict === "accepted" || verdict === "quarantined";
  return {
    ...row, receipt, code, message,
    state: /** @type {OutboxRow["state"]} */ (verdict),
    copy: done ? null : row.copy,
    view: verdict === "quarantined" ? null : row.view,
  };
}

/**
 * The server was restored from a backup and may lack what it once confirmed: everything still here is sent
 * again, everything pulled is pulled again.
 * @param {string} serverEpoch
 */
export async function rebase(serverEpoch) {
  await strict(["meta", "record", "outbox"], async (tx) => {
    const meta = tx.objectStore("meta");
    await meta.put({ ...(await meta.get("server")), epoch: serverEpoch }, "server");
    await meta.delete(prefixed("cursor:"));
    await tx.objectStore("record").clear();
    await amend(tx, (row) => ({ ...row, state: "ready", files: row.files.map(unsent) }));
  });
  emit("records", { why: "rebase" });
  emit("outbox", { why: "rebase" });
}

/** @param {import("./types.js").FileState} file */
const unsent = (file) => ({ ...file, sent: false, done: false });

/**
 * Replace rows of the outbox, all in the caller's transaction.
 * @param {import("./db.js").Writing} tx
 * @param {(row: OutboxRow) => OutboxRow | null} change null leaves a row as it is
 */
async function amend(tx, change) {
  let cursor = await tx.objectStore("outbox").openCursor();
  while (cursor) {
    const next = change(cursor.value);
    if (next) await cursor.update(next);
    cursor = await cursor.continue();
  }
}

/**
 * What the server says of this device's files, in an answer whose MAC held. It lists what it lacks, so a file
 * that went out to its last byte and is not listed has arrived, even when the answer to that byte was lost.
 * @param {string} device
 * @param {string[]} missing hashes
 * @param {{sha256: string, message: string}[]} bad
 */
export function noteFiles(device, missing, bad) {
  const lacks = new Set(missing);
  const damaged = new Map(bad.map(({ sha256, message }) => [sha256, message]));
  return strict(["outbox"], (tx) => amend(tx, (row) => {
    if (row.device !== device || row.state === "ready" || !row.files.length) return null;
    const files = row.files.map((file) => ({
      ...file,
      done: !lacks.has(file.sha256) && (file.done || file.sent),
      bad: damaged.get(file.sha256) ?? file.bad,
    }));
    return JSON.stringify(files) === JSON.stringify(row.files) ? null : { ...row, files };
  }));
}

/**
 * Note how far a file came: `sent` when its last byte went out, `done` when an answer with a MAC said it is whole.
 * @param {string} entry
 * @param {string} sha256
 * @param {{sent?: boolean, done?: boolean}} state
 */
export async function noteFile(entry, sha256, state) {
  await strict(["outbox"], async (tx) => {
    const row = /** @type {OutboxRow | undefined} */ (await tx.objectStore("outbox").get(entry));
    if (!row) return;
    const files = row.files.map((file) => (file.sha256 === sha256 ? { ...file, ...state } : file));
    await tx.objectStore("outbox").put({ ...row, files });
  });
  emit("outbox", { why: "file" });
}

/**
 * Remove what is safe elsewhere and what has had its time. An entry goes with its files once it is settled,
 * complete, and its number is covered by a backup the server has proved; never before.
 * @param {Record<string, number>} durable area to number, from a hello whose MAC held
 */
export async function purge(durable) {
  const pulled = await cursors();
  await strict(["outbox", "file", "receipt"], async (tx) => {
    /** @type {string[]} */
    const files = [];
    let cursor = await tx.objectStore("outbox").openCursor();
    for (; cursor; cursor = await cursor.continue()) {
      const row = /** @type {OutboxRow} */ (cursor.value);
      if (isSafe(row, durable)) {
        files.push(...row.files.map(({ sha256 }) => sha256));
        await cursor.delete();
      } else await trim(cursor, row, pulled);
    }
    for (const sha256 of files) await tx.objectStore("file").delete(sha256);
    await dropOldReceipts(tx.objectStore("receipt"));
  });
}

/**
 * A restore makes every row "ready" again, so a receipt seen here is of the server as it is now.
 * @param {OutboxRow} row
 * @param {Record<string, number>} durable
 */
function isSafe(row, durable) {
  const { receipt, state, files, closed } = row;
  if (!receipt || !files.every(({ done, bad }) => done && (closed || !bad))) return false;
  const over = state === "accepted" || state === "quarantined" || (closed && (state === "parked" || state === "conflict"));
  return over && receipt.number > 0 && receipt.number <= (durable[receipt.area] ?? 0);
}

/**
 * Copies that have had their time: the readable one after a day, the shown one once it is pulled.
 * @param {any} cursor
 * @param {OutboxRow} row
 * @param {Map<string, number>} pulled
 */
async function trim(cursor, row, pulled) {
  const old = row.copy && deps.now() - row.at > COPY_LIFE;
  const { receipt } = row;
  const here = row.view && row.state === "accepted" && receipt && receipt.number <= (pulled.get(receipt.area) ?? 0);
  if (old || here) await cursor.update({ ...row, copy: old ? null : row.copy, view: here ? null : row.view });
}

/** @returns {Promise<Map<string, number>>} area to how far it is pulled */
async function cursors() {
  const db = await openDb();
  const keys = await db.getAllKeys("meta", prefixed("cursor:"));
  const found = await Promise.all(keys.map(async (key) => [String(key).slice("cursor:".length), (await db.get("meta", key)).to]));
  return new Map(/** @type {[string, number][]} */ (found));
}

/** @param {any} receipts the store */
async function dropOldReceipts(receipts) {
  for (const { id, kept } of await receipts.getAll()) {
    if (deps.now() - kept > RECEIPT_LIFE) await receipts.delete(id);
  }
}
