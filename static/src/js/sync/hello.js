/**
 * The first words of a sync: what the phone holds, what the server knows, and what follows from both.
 * For: clock, keys, settled entries, a restored server, a phone put back from a copy, an order to wipe.
 * Not for: sending or pulling. Acts only on an answer whose nonce and MAC hold.
 */
import { b64u } from "./bytes.js";
import { readMeta, writeMeta } from "./db.js";
import { deps } from "./deps.js";
import { emit } from "./events.js";
import { amendIdentity, countOf, identityOf, plausible, rotateEpoch, setClock } from "./identity.js";
import { counts } from "./outbox.js";
import { noteFiles, rebase, settle } from "./receipts.js";
import { macHolds } from "./seal.js";
import { isWiped, wipeReadable } from "./wipe.js";
import { request } from "./wire.js";

/** @typedef {import("./types.js").Identity} Identity */
/** @typedef {import("./types.js").Hello} Hello */
/** @typedef {import("./wire.js").Outcome} Outcome */

const ROTATIONS = 5;

/**
 * Greet, and do what the answer asks.
 * @param {Identity} identity
 * @param {boolean} current  The identity in use; an earlier one only empties its outbox.
 * @returns {Promise<Outcome>} ok with a Hello as body
 */
export async function greet(identity, current) {
  for (let turn = 0; ; turn += 1) {
    const count = await countOf(identity.id);
    const outcome = await ask(identity, count);
    if (outcome.kind !== "ok") return outcome;
    const hello = /** @type {Hello} */ (outcome.body);
    const behind = hello.max_seq > count.seq;
    if (behind) await rotateEpoch(identity.id, count);
    if (behind && turn < ROTATIONS) continue; // ask again: the next epoch may be used up as well
    await obey(identity, hello, current);
    return outcome;
  }
}

/** @param {Identity} identity @param {import("./identity.js").Count} count @returns {Promise<Outcome>} */
async function ask(identity, { epoch, seq }) {
  const nonce = b64u(deps.random(16));
  const { unsent, oldest, bytes } = await counts();
  const { usage = 0, quota = 0 } = await deps.estimate().catch(() => ({ usage: 0, quota: 0 }));
  const heard = (await readMeta(`heard:${identity.id}`)) ?? [];
  const started = deps.now();
  const outcome = await request({
    identity, method: "POST", path: "/sync/hello/",
    json: { nonce, build: deps.build, unsent: { count: unsent, oldest, bytes }, storage: { used: usage, quota }, seq, epoch, heard },
    check: (body) => isHello(identity, nonce, body),
  });
  if (outcome.kind === "ok" && plausible(outcome.body.now)) await setClock(outcome.body.now, (started + deps.now()) / 2);
  return outcome;
}

/** @param {Identity} identity @param {string} nonce @param {any} body */
async function isHello(identity, nonce, body) {
  const shaped = body.nonce === nonce && typeof body.server_epoch === "string" && Array.isArray(body.areas);
  return shaped && macHolds(identity.mac, body);
}

/** @param {Identity} identity @param {Hello} hello @param {boolean} current */
async function obey(identity, hello, current) {
  await noteServer(hello, current);
  await settle(hello.settled ?? []);
  // Told back in the next hello, so that the server stops repeating them; also those whose entry is gone from here.
  await writeMeta(`heard:${identity.id}`, (hello.settled ?? []).map(({ id }) => id));
  await noteFiles(identity.id, hello.files_missing ?? [], hello.files_bad ?? []);
  await noteIdentity(identity, hello);
  if (current && hello.wipe && !(await isWiped())) await wipeReadable();
}

/** @param {Hello} hello @param {boolean} current */
async function noteServer(hello, current) {
  const known = await readMeta("server");
  const restored = known?.epoch && known.epoch !== hello.server_epoch;
  if (restored) await rebase(hello.server_epoch);
  const told = Object.fromEntries(hello.areas.map(({ id, epoch }) => [id, epoch]));
  const epochs = { ...(restored ? {} : known?.epochs), ...told }; // which numbering of each area a receipt must be of
  const facts = {
    epoch: hello.server_epoch, epochs, areas: hello.areas, forms: hello.forms ?? [],
    minClient: hello.min_client ?? "", at: deps.now(),
  };
  const kept = current ? facts : { ...known, epoch: hello.server_epoch, epochs };
  await writeMeta("server", kept);
}

/** @param {Identity} identity @param {Hello} hello */
async function noteIdentity(identity, hello) {
  const keys = hello.keys?.length ? hello.keys : identity.keys;
  const changed = JSON.stringify(keys) !== JSON.stringify(identity.keys);
  const back = (await identityOf(identity.id))?.reauth;
  if (changed || back) await amendIdentity(identity.id, { keys, reauth: false });
  if (back) emit("enrol", { code: "ok" });
}

/**
 * What the server said last of itself.
 * @returns {Promise<{epoch: string, areas: import("./types.js").AreaLine[], forms: {code: string, hash: string}[],
 *   minClient: string, at: number} | null>} at: the device's ms
 */
export const lastHello = async () => {
  const known = await readMeta("server");
  return known?.areas ? known : null;
};
