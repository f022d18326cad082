/**
 * Sends sealed files in chunks that survive any interruption (tus core: HEAD tells where, PATCH goes on).
 * For: files of entries that the server has. Not for: entries, which never wait behind a photo.
 * Only an answer with a MAC makes a file "arrived"; the bytes stay here until the entry is purged.
 */
import { b64, utf8 } from "./bytes.js";
import { openDb } from "./db.js";
import { deps } from "./deps.js";
import { lackingFiles, setMoving } from "./outbox.js";
import { noteFile } from "./receipts.js";
import { macHolds } from "./seal.js";
import { request, retry } from "./wire.js";

/** @typedef {import("./types.js").Identity} Identity */
/** @typedef {import("./wire.js").Outcome} Outcome */
/** @typedef {{sha256: string, entry: string, slot: string, size: number, bytes: ArrayBuffer}} FileRow */
/** @typedef {{offset: number} | {stop: Outcome} | {done: true}} Step  Where to go on, why not, or arrived. */

export const CHUNK = 64 * 1024;
const SMALL = 16 * 1024;
const SLOW = 100_000 / 8 / 1000; // bytes a ms: below 100 kbit/s chunks are small
const MISSTEPS = 5; // answers in a row that bring no byte further
const TUS = { "Tus-Resumable": "1.0.0" };

let chunk = CHUNK;
let notBefore = 0; // steady clock, ms: the server has had enough files of this phone for now

/**
 * Send every file that the server lacks, one after the other.
 * @param {Identity} identity
 * @param {() => Promise<Outcome | null>} between runs before each file: new entries go first
 * @returns {Promise<{arrived: number, kept: number, stop: Outcome | null}>} kept: refused by itself, tried again later
 */
export async function sendFiles(identity, between) {
  const sum = { arrived: 0, kept: 0, stop: /** @type {Outcome | null} */ (null) };
  for (const { id, sha256 } of await missing(identity)) {
    if (deps.monotonic() < notBefore) return { ...sum, kept: sum.kept + 1 };
    sum.stop = await between();
    if (sum.stop) break;
    setMoving([id]);
    const outcome = await sendFile(identity, sha256);
    if (!outcome) sum.arrived += 1;
    else if (isThisFileOnly(outcome)) sum.kept += 1;
    else if (isQuota(outcome)) return { ...sum, kept: sum.kept + 1 };
    else return { ...sum, stop: outcome };
  }
  return sum;
}

/**
 * The share of files for now is used up: files wait as long as asked, while entries and records go on.
 * @param {Outcome} outcome
 */
function isQuota(outcome) {
  if (outcome.kind !== "retry" || outcome.status !== 429) return false;
  notBefore = deps.monotonic() + (outcome.after ?? 60) * 1000;
  return true;
}

/** @param {Identity} identity @returns {Promise<{id: string, sha256: string}[]>} */
async function missing(identity) {
  const rows = await lackingFiles(identity.id);
  return rows.flatMap(({ id, files }) => files.filter(({ done }) => !done).map(({ sha256 }) => ({ id, sha256 })));
}

/** The server refuses one file for a reason of its own: the others go on. @param {Outcome} stop */
const isThisFileOnly = (stop) =>
  stop.kind === "smaller" || (stop.kind === "refused" && stop.status !== 401 && stop.status !== 403);

/**
 * @param {Identity} identity
 * @param {string} sha256
 * @returns {Promise<Outcome | null>} null when it arrived
 */
export async function sendFile(identity, sha256) {
  const file = /** @type {FileRow | undefined} */ (await (await openDb()).get("file", sha256));
  if (!file) return stuck("file_lost");
  let missteps = 0;
  let step = await where(identity, file);
  while ("offset" in step && missteps < MISSTEPS) {
    const before = step.offset;
    step = await sendChunk(identity, file, before);
    missteps = "offset" in step && step.offset <= before ? missteps + 1 : 0;
  }
  if ("stop" in step) return step.stop;
  if ("offset" in step) return stuck("no_progress");
  await noteFile(file.entry, sha256, { sent: true, done: true });
  return null;
}

/** This file can't go on now; the others may. @param {string} code @returns {Outcome} */
const stuck = (code) => ({ kind: "refused", status: 409, code, message: "", body: {}, headers: new Headers() });

/** @param {FileRow} file */
const pathOf = ({ sha256 }) => `/sync/files/${sha256}/`;

/** @param {Identity} identity @param {FileRow} file @returns {Promise<Step>} how much the server has */
async function where(identity, file) {
  const outcome = await request({ identity, method: "HEAD", path: pathOf(file), headers: TUS, bodyless: true });
  return isUnknown(outcome) ? create(identity, file) : offsetOf(outcome, file);
}

/** @param {Outcome} outcome */
const isUnknown = (outcome) => outcome.kind === "refused" && (outcome.status === 404 || outcome.status === 410);

/** @param {Identity} identity @param {FileRow} file @returns {Promise<Step>} */
async function create(identity, file) {
  const metadata = `sha256 ${b64(utf8(file.sha256))},entry ${b64(utf8(file.entry))}`;
  const headers = { ...TUS, "Upload-Length": String(file.size), "Upload-Metadata": metadata };
  return offsetOf(await request({ identity, method: "POST", path: "/sync/files/", headers, bodyless: true }), file);
}

/** @param {Outcome} outcome @param {FileRow} file @returns {Step} */
function offsetOf(outcome, file) {
  const headers = outcome.kind === "ok" || outcome.kind === "refused" ? outcome.headers : null;
  const said = headers?.get("Upload-Offset");
  const offset = said && /^\d+$/.test(said) ? Number(said) : -1;
  const trusted = outcome.kind === "ok" || (outcome.kind === "refused" && outcome.status === 409);
  if (!trusted) return { stop: outcome };
  return offset >= 0 && offset <= file.size ? { offset } : { stop: retry("foreign") };
}

/**
 * @param {Identity} identity
 * @param {FileRow} file
 * @param {number} offset
 * @returns {Promise<Step>}
 */
async function sendChunk(identity, file, offset) {
  const bytes = new Uint8Array(file.bytes, offset, Math.min(chunk, file.size - offset));
  const last = offset + bytes.length === file.size;
  const started = deps.monotonic();
  // Noted before it goes out: if only the answer is lost, the next hello can still say that the file is whole.
  if (last) await noteFile(file.entry, file.sha256, { sent: true });
  const outcome = await request({
    identity, method: "PATCH", path: pathOf(file), bytes, bodyless: true,
    headers: { ...TUS, "Upload-Offset": String(offset), "Content-Type": "application/offset+octet-stream" },
    check: (body) => body === undefined || (body.sha256 === file.sha256 && macHolds(identity.mac, body)),
  });
  adapt(outcome, bytes.length, deps.monotonic() - started);
  return next(identity, file, outcome);
}

/** @param {Identity} identity @param {FileRow} file @param {Outcome} outcome @returns {Promise<Step> | Step} */
function next(identity, file, outcome) {
  if (isUnknown(outcome)) return create(identity, file); // the server lost its part; ours is whole
  if (outcome.kind === "refused" && outcome.status === 460) return { offset: 0 }; // what arrived hashed wrong: once more
  if (outcome.kind === "smaller" && chunk > SMALL) return where(identity, file);
  if (outcome.kind === "ok" && outcome.body?.complete === true && outcome.body.size === file.size) return { done: true };
  return offsetOf(outcome, file);
}

/**
 * Small chunks on a slow line: what an interruption costs is one chunk.
 * @param {Outcome} outcome
 * @param {number} size bytes
 * @param {number} took ms
 */
function adapt(outcome, size, took) {
  const slow = outcome.kind === "smaller" || (outcome.kind === "retry" && outcome.why === "deadline");
  if (slow || (size >= SMALL && size < took * SLOW)) chunk = SMALL;
  else if (outcome.kind === "ok" && size >= SMALL) chunk = CHUNK;
}
