/**
 * The pulled copies of the areas this team may see, and the captures laid over them.
 * For: what field screens read; pages of a pull with their cursor in one transaction.
 * Not for: changing anything: a change is an entry (finalise.js). Readable with the PIN only.
 */
import { openDb, prefixed, readMeta, relaxed } from "./db.js";
import { SyncError } from "./deps.js";
import { on } from "./events.js";
import { lay } from "./overlay.js";
import { decrypt, encrypt, vaultId } from "./session.js";

/** @typedef {import("./overlay.js").Patch} Patch */
/** @typedef {import("./types.js").RecordRow} RecordRow */
/** @typedef {import("./types.js").Page} Page */
/** @typedef {Record<string, any> | ((data: any) => boolean)} Filter  Equal fields, or a test. */
/** @typedef {{epoch: string, to: number}} Cursor */

/** @type {Map<string, Promise<Map<string, any>>>} */
const cache = new Map();
/** @type {Promise<Patch[]> | null} */
let pending = null;

function forget() {
  cache.clear();
  pending = null;
}
on("records", forget);
on("lock", forget);
on("outbox", () => { pending = null; });

/**
 * One record as the screens should show it, with this phone's own captures on it.
 * @param {string} kind
 * @param {string} id
 * @returns {Promise<any | undefined>}
 * @throws {SyncError} locked
 */
export async function get(kind, id) {
  return (await overlay(kind)).get(kind, id);
}

/**
 * @param {string} kind
 * @param {Filter} [filter]
 * @returns {Promise<any[]>} in no particular order
 * @throws {SyncError} locked
 */
export async function list(kind, filter) {
  return (await overlay(kind)).list(kind, filter);
}

/** @typedef {{get: (kind: string, id: string) => any, list: (kind: string, filter?: Filter) => any[]}} View */

/**
 * A snapshot for a screen that reads many records at once.
 * @param {...string} kinds that the screen will read
 * @returns {Promise<View>}
 * @throws {SyncError} locked
 */
export async function overlay(...kinds) {
  vaultId(); // a locked page gets nothing, not even what is still in memory
  const patches = await (pending ??= readPatches());
  const maps = new Map();
  for (const kind of kinds.length ? kinds : KINDS) maps.set(kind, lay(await base(kind), patches.filter((p) => p.kind === kind)));
  return {
    get: (kind, id) => maps.get(kind)?.get(id),
    list: (kind, filter) => [...(maps.get(kind)?.values() ?? [])].filter(tester(filter)),
  };
}

const KINDS = ["household", "resident", "round", "visit", "mark", "consent", "submission", "conflict"];

/** @param {Filter} [filter] @returns {(data: any) => boolean} */
function tester(filter) {
  if (typeof filter === "function") return /** @type {(data: any) => boolean} */ (filter);
  const fields = Object.entries(filter ?? {});
  return (data) => fields.every(([field, value]) => data[field] === value);
}

/** @param {string} kind @returns {Promise<Map<string, any>>} id to data, without captures */
function base(kind) {
  const known = cache.get(kind);
  if (known) return known;
  const reading = readKind(kind);
  cache.set(kind, reading);
  reading.catch(() => cache.delete(kind));
  return reading;
}

/** @param {string} kind */
async function readKind(kind) {
  const rows = /** @type {RecordRow[]} */ (await (await openDb()).getAllFromIndex("record", "kind", kind));
  const mine = rows.filter((row) => row.vault === vaultId());
  return new Map(await Promise.all(mine.map(async (row) => /** @type {[string, any]} */ ([row.id, await open(row)]))));
}

/** @param {RecordRow} row */
const open = (row) => decrypt(row.kind, row.id, row);

/** Captures still on their way count; those set aside do not. */
const SHOWN = new Set(["ready", "held", "accepted"]);

/** @returns {Promise<Patch[]>} oldest first */
async function readPatches() {
  const rows = await (await openDb()).getAllFromIndex("outbox", "order");
  const shown = rows.filter((row) => SHOWN.has(row.state) && row.view?.vault === vaultId());
  return (await Promise.all(shown.map((row) => decrypt("view", row.id, row.view)))).flat();
}

/** @param {string} area @returns {Promise<Cursor | undefined>} up to where the area is pulled */
export const cursorOf = (area) => readMeta(`cursor:${area}`);

/** @returns {Promise<string[]>} areas of which this phone holds something */
export async function areasHeld() {
  const keys = await (await openDb()).getAllKeys("meta", prefixed("cursor:"));
  return keys.map((key) => String(key).slice("cursor:".length));
}

/**
 * Save a page and the cursor behind it together: an app killed in between has neither.
 * @param {Page} page
 * @returns {Promise<void>}
 * @throws {SyncError} locked: also when the vault changed meanwhile; nothing is saved
 */
export async function applyPage(page) {
  const vault = vaultId();
  const lines = await Promise.all(page.records.map(({ kind, id, data }) => boxed(page.area, kind, id, data)));
  await relaxed(["meta", "record"], async (tx) => {
    const meta = tx.objectStore("meta");
    if ((await meta.get("vault"))?.id !== vault) throw new SyncError("locked");
    const records = tx.objectStore("record");
    for (const line of lines) await (line.row ? records.put(line.row) : removeFrom(records, page.area, line.key));
    await meta.put({ epoch: page.epoch, to: page.to }, `cursor:${page.area}`);
  });
  forget();
}

/** @param {string} area @param {string} kind @param {string} id @param {any} data */
async function boxed(area, kind, id, data) {
  if (data === null) return { key: [kind, id], row: null };
  return { key: [kind, id], row: { kind, id, area, ...(await encrypt(kind, id, data)) } };
}

/**
 * A tombstone of one area must not take what moved to another.
 * @param {any} records the store
 * @param {string} area
 * @param {string[]} key
 */
async function removeFrom(records, area, key) {
  if ((await records.get(key))?.area === area) await records.delete(key);
}

/**
 * Drop an area's copies and its cursor: no longer visible, or to be pulled anew. The outbox is not touched.
 * @param {string} area
 */
export async function dropArea(area) {
  await relaxed(["meta", "record"], async (tx) => {
    let cursor = await tx.objectStore("record").index("area").openKeyCursor(area);
    const keys = [];
    for (; cursor; cursor = await cursor.continue()) keys.push(cursor.primaryKey);
    for (const key of keys) await tx.objectStore("record").delete(key);
    await tx.objectStore("meta").delete(`cursor:${area}`);
  });
  forget();
}
