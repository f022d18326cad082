/**
 * Forgetting what can be read on this phone.
 * For: five wrong PINs, a member or device that was closed, another person's enrolment.
 * Not for: entries and files that wait to be sent. Those are sealed, nobody here can read them, and they stay.
 */
import { prefixed, readMeta, strict } from "./db.js";
import { emit } from "./events.js";
import { lock } from "./session.js";

/**
 * Delete drafts, pulled records with their cursors, and every readable copy beside the outbox, and forget the
 * PIN. Only sending is left; reading needs a new enrolment.
 * @returns {Promise<void>}
 */
export async function wipeReadable() {
  await strict(["meta", "draft", "record", "outbox"], async (tx) => {
    await tx.objectStore("draft").clear();
    await tx.objectStore("record").clear();
    await blankCopies(tx);
    const meta = tx.objectStore("meta");
    await meta.delete("vault");
    await meta.delete(prefixed("cursor:"));
    await markWiped(meta);
  });
  lock("wiped");
  for (const type of /** @type {const} */ (["lock", "records", "outbox", "enrol"])) emit(type, { why: "wiped" });
}

/** @param {import("./db.js").Writing} tx */
async function blankCopies(tx) {
  let cursor = await tx.objectStore("outbox").openCursor();
  while (cursor) {
    await cursor.update({ ...cursor.value, label: null, copy: null, view: null });
    cursor = await cursor.continue();
  }
}

/** @param {any} meta the store */
async function markWiped(meta) {
  const key = `identity:${await meta.get("current")}`;
  const identity = await meta.get(key);
  if (identity) await meta.put({ ...identity, wiped: true }, key);
}

/** Say whether anything readable is left, so that a repeated order to wipe costs nothing. */
export async function isWiped() {
  const identity = await readMeta(`identity:${await readMeta("current")}`);
  return Boolean(identity?.wiped) && (await readMeta("vault")) === undefined;
}
