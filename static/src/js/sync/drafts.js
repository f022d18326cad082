/**
 * Forms being filled, readable with the PIN only.
 * For: saving at every step, photos one by one, and the lease that keeps a draft to one tab.
 * Not for: what is finished; finalise.js turns a draft into an entry in one step that can't be halved.
 */
import { deps } from "./deps.js";
import { openDb, strict } from "./db.js";
import { take } from "./lease.js";
import { decrypt, encrypt, isUnlocked } from "./session.js";

/** @typedef {import("./types.js").DraftRow} DraftRow */
/** @typedef {{id: string, kind: string, at: number, value: any}} Draft  value is null while locked. */
/** @typedef {{slot: string, type: string, bytes: ArrayBuffer}} Attachment */

/**
 * Keep what is filled so far.
 * @param {string} id
 * @param {string} kind
 * @param {unknown} value JSON, in which ArrayBuffers may stand
 * @returns {Promise<boolean>} false: this draft is finished already and a late save must not bring it back
 * @throws {SyncError} locked; quota: what was saved before is untouched
 */
export async function save(id, kind, value) {
  const box = await encrypt("draft", id, value);
  return strict(["draft", "outbox"], async (tx) => {
    if (await tx.objectStore("outbox").index("draft").getKey(id)) return false;
    const drafts = tx.objectStore("draft");
    const before = /** @type {DraftRow | undefined} */ (await drafts.get(id));
    await drafts.put({ id, kind, box, at: deps.now(), reserved: before?.reserved ?? null });
    return true;
  });
}

/** @param {string} id @returns {Promise<Draft | null>} */
export async function load(id) {
  const row = await (await openDb()).get("draft", id);
  return row?.box ? open(row) : null;
}

/** @returns {Promise<Draft[]>} newest first */
export async function list() {
  const rows = /** @type {(DraftRow & {of?: string})[]} */ (await (await openDb()).getAll("draft"));
  const real = rows.filter((row) => row.box && !row.of).sort((a, b) => b.at - a.at);
  return Promise.all(real.map(open));
}

/** @param {DraftRow} row @returns {Promise<Draft>} */
async function open({ id, kind, at, box }) {
  return { id, kind, at, value: box && isUnlocked() ? await decrypt("draft", id, box) : null };
}

/**
 * Throw a draft away, with its photos. A number reserved for it and used by nobody is given back.
 * @param {string} id
 */
export const remove = (id) =>
  strict(["draft", "meta"], async (tx) => {
    const row = /** @type {DraftRow | undefined} */ (await tx.objectStore("draft").get(id));
    if (row?.reserved) await giveBack(tx.objectStore("meta"), row.reserved);
    await clear(tx.objectStore("draft"), id);
  });

/**
 * @param {any} meta the store
 * @param {import("./types.js").Reservation} reserved
 */
async function giveBack(meta, reserved) {
  const key = `count:${reserved.device}`;
  const count = await meta.get(key);
  const last = count?.epoch === reserved.epoch && count.seq === reserved.seq;
  if (last) await meta.put({ ...count, seq: count.seq - 1 }, key);
}

const ABANDONED = 60 * 60_000;

/** Remove the reservations of captures without a draft that died before they were stored. */
export async function sweep() {
  const rows = /** @type {DraftRow[]} */ (await (await openDb()).getAll("draft"));
  const dead = rows.filter((row) => !row.box && Math.abs(deps.now() - row.at) > ABANDONED);
  for (const { id } of dead) await remove(id);
}

/** Delete a draft's row and its parts. @param {any} drafts the store @param {string} id */
export async function clear(drafts, id) {
  await drafts.delete(id);
  await drafts.delete(parts(id));
}

/** @param {string} id */
const parts = (id) => IDBKeyRange.bound(`${id}/`, `${id}/\uffff`);

/**
 * Keep one photo of a draft: whole, or not at all.
 * @param {string} id
 * @param {Attachment} file
 * @throws {SyncError} locked; quota: the form and the other photos are untouched
 */
export async function attach(id, { slot, type, bytes }) {
  const key = `${id}/${slot}`;
  const box = await encrypt("draft", key, { type, bytes });
  await deps.reached("photo-encrypted");
  const row = { id: key, of: id, slot, kind: "", box, at: deps.now(), reserved: null };
  await strict(["draft", "outbox"], async (tx) => {
    if (await tx.objectStore("outbox").index("draft").getKey(id)) return;
    await tx.objectStore("draft").put(row);
    await deps.reached("photo-put");
  });
}

/** @param {string} id @param {string} slot */
export const detach = (id, slot) =>
  strict(["draft"], async (tx) => void (await tx.objectStore("draft").delete(`${id}/${slot}`)));

/** @param {string} id @returns {Promise<Attachment[]>} @throws {SyncError} locked */
export async function attachments(id) {
  const rows = await (await openDb()).getAll("draft", parts(id));
  return Promise.all(rows.map(async (row) => ({ slot: row.slot, ...(await decrypt("draft", row.id, row.box)) })));
}

/**
 * Keep other tabs from editing this draft.
 * @param {string} id
 * @returns {Promise<(() => void) | null>} gives it back; null: another tab has it, show it read-only
 */
export const hold = (id) => take(`draft:${id}`);
