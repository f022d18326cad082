/**
 * What this phone has captured and not yet seen safe at the server.
 * For: what screens show of it, and what push and files read of it. Works while the app is locked.
 * Not for: putting in (finalise.js) and settling (receipts.js), which it hands on under one name.
 */
import { openDb, strict } from "./db.js";
import { deps } from "./deps.js";
import { emit, on } from "./events.js";
import { currentIdentity } from "./identity.js";
import { COPY_LIFE } from "./receipts.js";
import * as records from "./records.js";
import { decrypt, isUnlocked } from "./session.js";

export { finalise } from "./finalise.js";
export { settle } from "./receipts.js";

/** @typedef {import("./types.js").OutboxRow} OutboxRow */
/** @typedef {import("./types.js").Label} Label */
/** @typedef {"local" | "wait" | "move" | "ok" | "fix"} ItemState  local: saved, but sending waits for an enrolment. */

/**
 * @typedef {object} Item
 * @property {string} id
 * @property {string} kind
 * @property {string} subject
 * @property {string} chain
 * @property {ItemState} state
 * @property {Label | null} label  null while locked, or after a wipe.
 * @property {number} at  ms, the device's clock.
 * @property {number} bytes
 * @property {string} code
 * @property {string} message  The server's sentence.
 * @property {number} filesDone
 * @property {number} filesTotal
 * @property {string} portalCode
 * @property {string} portalText
 * @property {string} receipt  Address of the citizen's status page; "" until pulled.
 */

/** @type {{ids: Set<string>, at: number}} */
let moving = { ids: new Set(), at: 0 };
on("outbox", ({ moving: ids }) => {
  if (ids) moving = { ids: new Set(ids), at: deps.monotonic() };
});

/**
 * Say which entries are on the line now; each call replaces the last.
 * @param {string[]} ids
 */
export const setMoving = (ids) => emit("outbox", { moving: ids });

/** A tab that died while sending tells no end; after a minute without news nothing moves. */
const isMoving = (/** @type {string} */ id) => moving.ids.has(id) && deps.monotonic() - moving.at < 60_000;

/** @returns {Promise<OutboxRow[]>} all rows, oldest first */
const rows = async () => {
  const all = /** @type {OutboxRow[]} */ (await (await openDb()).getAll("outbox"));
  return all.sort((a, b) => a.at - b.at || a.epoch - b.epoch || a.seq - b.seq);
};

/** @returns {Promise<Item[]>} newest first; dismissed ones are left out */
export async function list() {
  const open = (await rows()).filter((row) => !row.closed || !isAside(row)).reverse();
  const portal = await portalAnswers(open);
  const stopped = Boolean((await currentIdentity())?.reauth);
  return Promise.all(open.map((row) => item(row, portal.get(row.subject), stopped)));
}

/** @param {OutboxRow} row @param {any} portal @param {boolean} stopped @returns {Promise<Item>} */
async function item(row, portal, stopped) {
  const { id, subject, at, bytes, code, message, files } = row;
  return {
    id, kind: row.entry.kind, subject, chain: row.entry.chain, at, bytes, code,
    state: stateOf(row, stopped),
    label: await labelOf(row),
    message: files.find(({ bad }) => bad)?.bad ?? message,
    filesDone: files.filter(({ done }) => done).length,
    filesTotal: files.length,
    portalCode: portal?.portal_code ?? "",
    portalText: portal?.portal_text ?? "",
    receipt: portal?.receipt ?? "",
  };
}

/** @param {OutboxRow} row */
const isAside = ({ state }) => state === "parked" || state === "conflict";
/** @param {OutboxRow} row */
const hasBadFile = ({ files }) => files.some(({ bad }) => bad);
/** @param {OutboxRow} row */
const needsAPerson = (row) => !row.closed && (isAside(row) || hasBadFile(row));
/** The server has the entry and all its files. @param {OutboxRow} row */
export const isComplete = ({ state, files }) => state !== "ready" && files.every(({ done }) => done);
/** @param {OutboxRow} row */
const isUnsent = (row) => !isComplete(row) && row.state !== "conflict";

/** @param {OutboxRow} row @param {boolean} stopped @returns {ItemState} */
function stateOf(row, stopped) {
  if (needsAPerson(row)) return "fix";
  if (isComplete(row) && row.state !== "held") return "ok";
  if (isMoving(row.id)) return "move";
  return stopped ? "local" : "wait";
}

/** @param {OutboxRow} row @returns {Promise<Label | null>} */
async function labelOf({ id, label }) {
  if (!label || !isUnlocked()) return null;
  return decrypt("label", id, label).catch(() => null);
}

/** @param {OutboxRow[]} open @returns {Promise<Map<string, any>>} pulled dossiers by their id */
async function portalAnswers(open) {
  if (!isUnlocked() || !open.some((row) => row.entry.kind === "submission")) return new Map();
  const known = await records.list("submission").catch(() => []);
  return new Map(known.map((data) => [data.id, data]));
}

/** @returns {Promise<{unsent: number, fix: number, oldest: number | null, bytes: number}>} works while locked */
export async function counts() {
  const all = await rows();
  const unsent = all.filter(isUnsent);
  return {
    unsent: unsent.length,
    fix: all.filter(needsAPerson).length,
    oldest: unsent[0]?.at ?? null,
    bytes: unsent.reduce((sum, row) => sum + left(row), 0),
  };
}

/** Bytes still to be sent. @param {OutboxRow} row */
function left(row) {
  const files = row.files.filter(({ done }) => done).reduce((sum, { size }) => sum + size, 0);
  const all = row.files.reduce((sum, { size }) => sum + size, 0);
  return row.bytes - files - (row.state === "ready" ? 0 : row.bytes - all);
}

/**
 * What was filled in, for "correct and send again".
 * @param {string} id
 * @returns {Promise<any | null>} {kind, subject, chain, area, form, seen, body, label}; null once accepted or after 24 hours
 * @throws {SyncError} locked
 */
export async function copy(id) {
  const row = /** @type {OutboxRow | undefined} */ (await (await openDb()).get("outbox", id));
  if (!row?.copy || deps.now() - row.at > COPY_LIFE) return null;
  return decrypt("copy", id, row.copy);
}

/**
 * A person has seen why it was set aside and leaves it at that; the server keeps what it was sent.
 * @param {string} id
 */
export async function dismiss(id) {
  await strict(["outbox"], async (tx) => {
    const row = await tx.objectStore("outbox").get(id);
    if (row && (isAside(row) || hasBadFile(row))) await tx.objectStore("outbox").put({ ...row, closed: true });
  });
  emit("outbox", { why: "dismissed" });
}

/** @param {string} device @returns {Promise<OutboxRow[]>} to be pushed, in the order of capture */
export const waiting = async (device) => (await ofDevice(device)).filter(({ state }) => state === "ready");

/** @param {string} device @returns {Promise<OutboxRow[]>} at the server, some of their files not */
export const lackingFiles = async (device) =>
  (await ofDevice(device)).filter((row) => row.state !== "ready" && row.state !== "conflict" && !isComplete(row));

/** @param {string} device @returns {Promise<OutboxRow[]>} in the order of capture */
export async function ofDevice(device) {
  const range = IDBKeyRange.bound([device], [device, []]);
  return (await openDb()).getAllFromIndex("outbox", "order", range);
}
