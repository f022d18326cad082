/**
 * Sends waiting entries in the order of capture and settles them by what comes back.
 * For: batches of 25 or 256 KB, halved when they are too much. Not for: files, which follow (files.js).
 * One entry that the server can't take never stops those behind it.
 */
import { utf8 } from "./bytes.js";
import { setMoving, waiting } from "./outbox.js";
import { settle } from "./receipts.js";
import { request, retry } from "./wire.js";

/** @typedef {import("./types.js").OutboxRow} OutboxRow */
/** @typedef {import("./types.js").Identity} Identity */
/** @typedef {import("./wire.js").Outcome} Outcome */
/** @typedef {{sent: number, kept: number, stop: Outcome | null}} Pushed  kept: asked to come again later. */

const COUNT = 25;
const BYTES = 256 * 1024;

// How much this line and server took lately, so that the next sync does not start with what failed.
let limit = { count: COUNT, bytes: BYTES };

/**
 * @param {Identity} identity whose entries
 * @returns {Promise<Pushed>}
 */
export async function push(identity) {
  const queue = await waiting(identity.id);
  const pushed = { sent: 0, kept: 0, stop: /** @type {Outcome | null} */ (null) };
  while (queue.length && !pushed.stop) {
    const batch = nextBatch(queue);
    setMoving(batch.map(({ id }) => id));
    await handle(batch, await post(identity, batch), queue, pushed);
  }
  setMoving([]);
  return pushed;
}

/** @param {OutboxRow[]} queue */
function nextBatch(queue) {
  let bytes = 0;
  const fits = (/** @type {OutboxRow} */ row) => (bytes += utf8(JSON.stringify(row.entry)).length + 1) <= limit.bytes;
  const end = queue.slice(0, limit.count).findIndex((row) => !fits(row));
  return queue.slice(0, end === -1 ? limit.count : Math.max(end, 1));
}

/** @param {Identity} identity @param {OutboxRow[]} batch */
const post = (identity, batch) =>
  request({
    identity, method: "POST", path: "/sync/push/",
    json: { proto: 1, entries: batch.map(({ entry }) => entry) },
    check: (body) => body.proto === 1 && Array.isArray(body.receipts),
  });

/**
 * @param {OutboxRow[]} batch the head of the queue
 * @param {Outcome} outcome
 * @param {OutboxRow[]} queue
 * @param {Pushed} pushed
 */
async function handle(batch, outcome, queue, pushed) {
  if (outcome.kind === "ok") return take(batch, outcome.body.receipts, queue, pushed);
  if (outcome.kind === "retry" && outcome.why === "deadline") shrink(batch);
  if (!isTooMuch(outcome)) pushed.stop = outcome;
  else if (batch.length > 1) shrink(batch);
  else skip(queue, pushed);
}

/** Too large, or something in it the server can't even read: halving finds which. @param {Outcome} outcome */
const isTooMuch = (outcome) => outcome.kind === "smaller" || (outcome.kind === "refused" && outcome.status === 400);

/** @param {OutboxRow[]} batch */
function shrink(batch) {
  const bytes = utf8(JSON.stringify(batch.map(({ entry }) => entry))).length;
  limit = { count: Math.max(1, Math.floor(batch.length / 2)), bytes: Math.max(1024, Math.floor(bytes / 2)) };
}

/** @param {OutboxRow[]} queue @param {Pushed} pushed */
function skip(queue, pushed) {
  queue.shift();
  pushed.kept += 1;
}

/**
 * @param {OutboxRow[]} batch
 * @param {unknown} receipts
 * @param {OutboxRow[]} queue
 * @param {Pushed} pushed
 */
async function take(batch, receipts, queue, pushed) {
  const { settled, later } = await settle(receipts, { within: new Set(batch.map(({ id }) => id)) });
  queue.splice(0, batch.length);
  pushed.sent += settled.length;
  pushed.kept += later.length;
  // Fewer receipts than entries: this was not, or not wholly, our server's answer. Nothing more is trusted to it now.
  if (new Set([...settled, ...later]).size < batch.length) pushed.stop = retry("foreign");
  else limit = { count: Math.min(limit.count * 2, COUNT), bytes: Math.min(limit.bytes * 2, BYTES) };
}
