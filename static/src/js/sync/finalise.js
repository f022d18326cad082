/**
 * A finished form becomes one immutable, sealed and signed entry in the outbox.
 * For: reserve id and number in the draft, seal and sign outside any transaction, store strictly while the
 * draft goes. A phone that dies anywhere in between has the draft or the entry, never both, never half, and a
 * second try uses the same id and number. Not for: sending (push.js).
 */
import { asBuffer, b64u, sha256, utf8 } from "./bytes.js";
import { canonicalBytes } from "./canonical.js";
import { readMeta, strict } from "./db.js";
import { deps } from "./deps.js";
import { clear } from "./drafts.js";
import { emit } from "./events.js";
import { clock, countOf, requireIdentity } from "./identity.js";
import { uuid7 } from "./ids.js";
import { preview } from "./overlay.js";
import { entryContext, fileContext, seal, signEntry } from "./seal.js";
import { encrypt, isUnlocked } from "./session.js";
import { nfc } from "./text.js";

/** @typedef {import("./types.js").Identity} Identity */
/** @typedef {import("./types.js").Reservation} Reservation */
/** @typedef {import("./types.js").Entry} Entry */
/** @typedef {import("./types.js").OutboxRow} OutboxRow */

/**
 * @typedef {object} Finished
 * @property {string | null} [draft]  The draft it came from; goes when the entry is stored.
 * @property {import("./types.js").Kind} kind
 * @property {string} subject
 * @property {string} chain  Household.
 * @property {string} area
 * @property {string} [form]
 * @property {Record<string, any>} body
 * @property {{slot: string, bytes: ArrayBuffer, type?: string}[]} [files]
 * @property {Record<string, string[]>} [seen]
 * @property {import("./types.js").Label} label
 */

/** @typedef {import("./types.js").FileLine & {bytes: ArrayBuffer}} SealedFile */

/**
 * Store a finished form for sending. "Saved on this phone" may be said only after this resolves.
 * @param {Finished} finished
 * @returns {Promise<string>} the entry's id; the same one when called again for the same draft
 * @throws {SyncError} not_enrolled; quota: the draft is untouched; canonical: the body holds a fraction or no JSON
 */
export async function finalise(finished) {
  const identity = await requireIdentity();
  const body = clean(finished.body);
  const known = await reserve(identity.id, finished);
  if ("stored" in known) return known.stored;
  await deps.reached("reserved");
  const files = await sealFiles(identity, known.id, finished.files ?? []);
  const header = await sealHeader(identity, known, { ...finished, body }, files);
  await deps.reached("sealed");
  const boxes = await readable(identity, header, finished, body);
  await deps.reached("boxed");
  await signAndStore(identity, finished, header, files, { ...boxes, replaces: body.replaces ?? null });
  emit("outbox", { why: "finalised" });
  return known.id;
}

/**
 * Every text in NFC and without controls, as the server will want it.
 * @param {any} value
 * @returns {any}
 */
function clean(value) {
  if (typeof value === "string") return nfc(value);
  if (Array.isArray(value)) return value.map(clean);
  if (value === null || typeof value !== "object") return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, clean(item)]));
}

/**
 * @param {string} device
 * @param {Finished} finished
 * @returns {Promise<Reservation | {stored: string}>}
 */
async function reserve(device, { draft, kind }) {
  const first = await countOf(device);
  const fresh = { id: uuid7(), device, at: deps.now() };
  const own = draft ?? fresh.id; // a capture without a draft reserves in a row of its own, swept up if it dies here
  return strict(["meta", "draft", "outbox"], async (tx) => {
    const stored = await tx.objectStore("outbox").index("draft").getKey(own);
    if (stored) return { stored: String(stored) };
    const drafts = tx.objectStore("draft");
    const row = (await drafts.get(own)) ?? { id: own, kind, box: null, at: fresh.at, reserved: null };
    if (row.reserved?.device === device) return row.reserved;
    const meta = tx.objectStore("meta");
    const { epoch, seq } = (await meta.get(`count:${device}`)) ?? first;
    const reserved = { ...fresh, epoch, seq: seq + 1 };
    await meta.put({ epoch, seq: seq + 1 }, `count:${device}`);
    await drafts.put({ ...row, reserved });
    return reserved;
  });
}

/**
 * @param {Identity} identity
 * @param {string} entry
 * @param {{slot: string, bytes: ArrayBuffer}[]} files
 * @returns {Promise<SealedFile[]>}
 */
const sealFiles = ({ keys: [key] }, entry, files) =>
  Promise.all(files.map(async ({ slot, bytes }) => {
    const sealed = await seal(key.public, key.id, bytes, fileContext(entry, slot, key.id));
    return { slot, sha256: await sha256(sealed), size: sealed.byteLength, bytes: asBuffer(sealed) };
  }));

/** @typedef {Omit<Entry, "hash" | "sig" | "prev">} Header */

/**
 * @param {Identity} identity
 * @param {Reservation} known
 * @param {Finished} finished
 * @param {SealedFile[]} files
 * @returns {Promise<Header>}
 */
async function sealHeader(identity, known, finished, files) {
  const { id, epoch, seq, at } = known;
  const { kind, subject, chain, area, form = "", seen = {}, body } = finished;
  const [key] = identity.keys;
  const { offset, age } = await clock();
  const sealed = await seal(key.public, key.id, canonicalBytes(body), entryContext(id, form, key.id));
  return {
    v: 1, id, kind, subject, chain, area, device: identity.id, user: identity.user.id, epoch, seq, seen, form,
    files: files.map(({ slot, sha256: hash, size }) => ({ slot, sha256: hash, size })),
    at, offset, offset_age: age, key: key.id, sealed: b64u(sealed),
  };
}

/**
 * The copies that the PIN opens. A phone that locked meanwhile stores the entry without them: the capture counts more.
 * @param {Identity} identity
 * @param {Header} header
 * @param {Finished} finished
 * @param {Record<string, any>} body
 * @returns {Promise<Pick<OutboxRow, "label" | "copy" | "view">>}
 */
async function readable(identity, header, { label }, body) {
  if (!isUnlocked()) return { label: null, copy: null, view: null };
  const { id, kind, subject, chain, area, form, seen } = header;
  const patches = preview(header, body, { by: identity.user.name, title: label.title });
  return {
    label: await encrypt("label", id, label),
    copy: await encrypt("copy", id, { kind, subject, chain, area, form, seen, body, label }),
    view: await encrypt("view", id, patches),
  };
}

/**
 * Sign with the household's last entry as predecessor; when another entry came in between, sign again.
 * @param {Identity} identity
 * @param {Finished} finished
 * @param {Header} header
 * @param {SealedFile[]} files
 * @param {Pick<OutboxRow, "label" | "copy" | "view"> & {replaces: string | null}} extra
 */
async function signAndStore(identity, finished, header, files, extra) {
  for (;;) {
    const prev = await lastOf(header.chain);
    const entry = await signEntry(identity.pair.privateKey, { ...header, prev });
    await deps.reached("signed");
    if (await store(rowOf(entry, finished, extra), files, extra.replaces)) break;
  }
  await deps.reached("stored");
}

/** @param {string} chain @returns {Promise<string | null>} */
const lastOf = async (chain) => (await readMeta(`last:${chain}`)) ?? null;

/**
 * @param {Entry} entry
 * @param {Finished} finished
 * @param {Pick<OutboxRow, "label" | "copy" | "view">} boxes
 * @returns {OutboxRow}
 */
function rowOf(entry, { draft }, { label, copy, view }) {
  const files = entry.files.map((file) => ({ ...file, sent: false, done: false, bad: "" }));
  const bytes = utf8(JSON.stringify(entry)).length + entry.files.reduce((sum, { size }) => sum + size, 0);
  const { id, device, epoch, seq, subject, at } = entry;
  return {
    id, draft: draft ?? id, device, epoch, seq, subject, entry, files, at, bytes, label, copy, view,
    state: "ready", code: "", message: "", receipt: null, closed: false,
  };
}

/**
 * @param {OutboxRow} row
 * @param {SealedFile[]} files
 * @param {string | null} replaces
 * @returns {Promise<boolean>} false: sign again, the household has a newer last entry
 */
const store = (row, files, replaces) =>
  strict(["meta", "draft", "outbox", "file"], async (tx) => {
    const outbox = tx.objectStore("outbox");
    if (await outbox.get(row.id)) return true; // a second call won; what is stored may be sent already, never replace it
    const meta = tx.objectStore("meta");
    if (((await meta.get(`last:${row.entry.chain}`)) ?? null) !== row.entry.prev) return false;
    for (const { bytes, sha256: hash, size, slot } of files) {
      await tx.objectStore("file").put({ sha256: hash, entry: row.id, slot, size, bytes });
    }
    await outbox.put(row);
    await deps.reached("storing");
    await clear(tx.objectStore("draft"), row.draft);
    await meta.put(row.id, `last:${row.entry.chain}`);
    if (replaces) await closeReplaced(outbox, replaces);
    return true;
  });

/** What was set aside and is sent again corrected needs no one's eye any more. @param {any} outbox @param {string} subject */
async function closeReplaced(outbox, subject) {
  for (const old of await outbox.index("subject").getAll(subject)) await outbox.put({ ...old, closed: true });
}
