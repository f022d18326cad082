/**
 * A phone becomes this team's: by the token of a QR code that the ward shows.
 * For: making the device's keys, renewing an enrolment without touching the outbox, handing a phone over.
 * Not for: the PIN (vault.js), nor what follows from being enrolled.
 */
import { readMeta, strict, writeMeta } from "./db.js";
import { deps } from "./deps.js";
import { emit } from "./events.js";
import { currentIdentity, plausible, setClock } from "./identity.js";
import { importMacKey, newDeviceKeys } from "./seal.js";
import { wipeReadable } from "./wipe.js";
import { request } from "./wire.js";

/** @typedef {import("./types.js").Identity} Identity */
/**
 * @typedef {object} Device
 * @property {string} device
 * @property {string} name
 * @property {{id: string, name: string}} user
 * @property {{id: string, name: string}} team
 * @property {{id: string, name: string, phone: string}} ward
 * @property {import("./types.js").ServerKey[]} keys
 * @property {number} validTo ms
 * @property {boolean} reauth  The server asks for a new enrolment; capture goes on.
 */

/**
 * @returns {Promise<Device | null>} null: not enrolled, or wiped; sending what waits goes on either way
 */
export async function current() {
  const identity = await currentIdentity();
  if (!identity || identity.wiped) return null;
  return shown(identity);
}

/** @param {Identity} identity @returns {Device} */
const shown = ({ id, name, user, team, ward, keys, validTo, reauth }) =>
  ({ device: id, name, user, team, ward, keys, validTo, reauth });

/**
 * Enrol this phone, or renew its enrolment: then the old key signs, and the server keeps the same device.
 * @param {{token: string, name: string}} wanted
 * @returns {Promise<{ok: true, device: Device} | {ok: false, code: string, message: string}>} codes:
 *   enrol_expired, unknown, used, offline, busy, update, error
 */
export async function enrol({ token, name }) {
  const before = (await currentIdentity()) ?? null;
  const started = deps.now();
  let { own, outcome } = await ask(token, name, before);
  // The old device was closed: the phone becomes a new one; what the old one left here is still sent as its own.
  if (before && isClosed(outcome)) ({ own, outcome } = await ask(token, name, null));
  if (outcome.kind !== "ok") return { ok: false, ...reason(outcome) };
  const identity = await identityFrom(outcome.body, own, name);
  if (before && before.user.id !== identity.user.id) await wipeReadable();
  await keep(identity, outcome.body.epoch);
  if (plausible(outcome.body.now)) await setClock(outcome.body.now, (started + deps.now()) / 2);
  emit("enrol", { code: "ok" });
  return { ok: true, device: shown(identity) };
}

/** @param {string} token @param {string} name @param {Identity | null} before */
async function ask(token, name, before) {
  const own = before ?? (await firstKeys(token));
  const outcome = await request({
    identity: before, method: "POST", path: "/sync/enrol/",
    json: { token, sign_public: own.public, name, ...(before ? { device: before.id } : {}) },
    check: isEnrolment,
  });
  return { own, outcome };
}

/**
 * Kept until the enrolment is: when only the answer is lost, the same token with the same key gets it again.
 * @param {string} token
 * @returns {Promise<{pair: CryptoKeyPair, public: string}>}
 */
async function firstKeys(token) {
  const begun = await readMeta("enrolling");
  if (begun?.token === token) return begun.keys;
  const keys = await newDeviceKeys();
  await writeMeta("enrolling", { token, keys });
  return keys;
}

/** @param {import("./wire.js").Outcome} outcome */
const isClosed = (outcome) => outcome.kind === "refused" && (outcome.status === 401 || outcome.status === 403);

/** @param {any} body */
const isEnrolment = (body) =>
  typeof body.device === "string" && typeof body.mac_key === "string" && typeof body.user?.id === "string" &&
  Array.isArray(body.keys) && body.keys.length > 0;

/**
 * @param {any} body
 * @param {{pair: CryptoKeyPair, public: string}} own
 * @param {string} name
 * @returns {Promise<Identity>}
 */
async function identityFrom(body, own, name) {
  const { device: id, user, team, ward, keys, valid_to: validTo } = body;
  const mac = await importMacKey(body.mac_key);
  return { id, name, user, team, ward, keys, validTo, mac, pair: own.pair, public: own.public, reauth: false, wiped: false };
}

/** @param {Identity} identity @param {number} epoch the server's; ours counts on when it is further */
const keep = (identity, epoch) =>
  strict(["meta"], async (tx) => {
    const meta = tx.objectStore("meta");
    const count = await meta.get(`count:${identity.id}`);
    if (!count) await meta.put({ epoch: epoch || 1, seq: 0 }, `count:${identity.id}`);
    await meta.put(identity, `identity:${identity.id}`);
    await meta.put(identity.id, "current");
    await meta.delete("enrolling");
  });

/** @param {import("./wire.js").Outcome} outcome */
function reason(outcome) {
  if (outcome.kind === "refused") return { code: CODES[outcome.status] ?? (outcome.code || "error"), message: outcome.message };
  if (outcome.kind === "retry") return { code: outcome.why === "busy" || outcome.why === "error" ? outcome.why : "offline", message: "" };
  return { code: outcome.kind === "update" ? "update" : "error", message: "" };
}

/** @type {Record<number, string>} */
const CODES = { 404: "unknown", 409: "used", 410: "enrol_expired" };
