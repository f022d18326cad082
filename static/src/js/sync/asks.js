/**
 * What a reader asked of the ward, kept on the phone until the server's receipt: the citizens' small outbox.
 * For: a database of its own (not the team's: there is no PIN here), where each request lies sealed to the server's key, and
 * the sending of what waits, in the page and in the worker. Not for: the form (components/ask-form.js) or its list.
 */
import { b64u, utf8 } from "./bytes.js";
import { deps } from "./deps.js";
import { askContext, seal } from "./seal.js";

/**
 * @typedef {object} Ask
 * @property {string} id
 * @property {string} what  In clear, for the list: what help is for.
 * @property {string} when  In clear: which parts of the day.
 * @property {number} at  ms
 * @property {"wait" | "ok" | "fix"} state
 * @property {string} key  Which server key it is sealed to.
 * @property {string} sealed  b64u; "" once there is an answer.
 * @property {string} [code]  The receipt.
 * @property {string} [reason]  Why it was refused.
 * @property {Record<string, string>} [errors]  By field.
 * @property {number} [after]  ms; the server asked not to come before.
 */
/** @typedef {"sent" | "later"} Outcome */

export const ASK_TAG = "gocua-hen";
const NAME = "gocua-hen";
const STORE = "ask";
const ADDRESS = "/goi-to/";
const PATIENCE = 20_000; // ms for one answer
const LONGEST = 3_600_000; // ms; what the server may ask us to wait, whatever the clock says
const REFUSALS = new Set([400, 409, 422]);

/**
 * Seal what was typed and keep it.
 * @param {{id: string, key: string, point: string, what: string, when: string, fields: Record<string, string | string[]>}} said
 */
export async function keepAsk({ id, key, point, what, when, fields }) {
  const sealed = b64u(await seal(point, key, utf8(JSON.stringify(fields)), askContext(id, key)));
  await put({ id, what, when, at: deps.now(), state: "wait", key, sealed });
}

/** What is on this phone, newest first. @returns {Promise<Ask[]>} */
export const asks = async () => (await within("readonly", (store) => of(store.getAll()))).sort((/** @type {Ask} */ a, /** @type {Ask} */ b) => b.at - a.at);

/** Forget one. @param {string} id */
export async function dropAsk(id) {
  await within("readwrite", (store) => of(store.delete(id)));
  tell();
}

/**
 * Send what waits, one after the other, each until it has an answer. Two at once, in tabs or the worker, go in turn.
 * @param {boolean} [now] a person asks: also what the server told to come later
 * @returns {Promise<Outcome>} "later" when something still waits
 */
export function sendAsks(now = false) {
  return deps.locks ? deps.locks.request(NAME, () => sendAll(now)) : sendAll(now);
}

/** Be told when something changed. @param {() => void} work */
export function onAsks(work) {
  const channel = deps.channel(NAME);
  if (channel) channel.onmessage = work;
}

/** @param {boolean} now @returns {Promise<Outcome>} */
async function sendAll(now) {
  const waiting = (await asks()).filter(({ state }) => state === "wait").reverse();
  for (const ask of waiting) if (now || !held(ask)) await sendOne(ask);
  return (await asks()).some(({ state }) => state === "wait") ? "later" : "sent";
}

/** @param {Ask} ask */
const held = ({ after = 0 }) => after > deps.now() && after - deps.now() <= LONGEST;

/** @param {Ask} ask */
async function sendOne(ask) {
  const answer = await post(ask);
  if (!answer) return;
  const { status, told, after } = answer;
  const done = { ...ask, sealed: "" };
  if (status === 200 && typeof told.code === "string") await settle({ ...done, state: "ok", code: told.code });
  else if (REFUSALS.has(status) && (told.message || told.errors)) await settle({ ...done, state: "fix", ...reasons(told) });
  // Anything else is no word of ours: a hotel's sign-in page, a server that starts again.
  else if (after) await settle({ ...ask, after: deps.now() + Math.min(after * 1000, LONGEST) });
}

/** @param {any} told */
function reasons({ message, errors }) {
  const known = errors && typeof errors === "object" ? /** @type {Record<string, string>} */ (errors) : undefined;
  return { reason: String(message ?? Object.values(known ?? {})[0] ?? ""), errors: known };
}

/** @param {Ask} ask @returns {Promise<{status: number, told: any, after: number} | null>} null: nobody answered */
async function post({ id, key, sealed }) {
  const stop = new AbortController();
  const timer = setTimeout(() => stop.abort(), PATIENCE);
  try {
    const body = new URLSearchParams({ id, key, sealed });
    const answer = await deps.fetch(ADDRESS, { method: "POST", body, credentials: "omit", redirect: "error", cache: "no-store", headers: { Accept: "application/json" }, signal: stop.signal });
    return { status: answer.status, told: await answer.json().catch(() => ({})), after: Number(answer.headers.get("Retry-After")) || 0 };
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
}

/** Write an answer down, unless the reader dropped the request meanwhile. @param {Ask} ask */
async function settle(ask) {
  await within("readwrite", async (store) => {
    if (await of(store.get(ask.id))) await of(store.put(ask));
  });
  tell();
}

/** @param {Ask} ask */
async function put(ask) {
  await within("readwrite", (store) => of(store.put(ask)));
  tell();
}

function tell() {
  const channel = deps.channel(NAME);
  channel?.postMessage("changed");
  channel?.close();
}

/**
 * What a request of the database brings. By hand: a library for three verbs would weigh more than they do.
 * @param {IDBRequest} request @returns {Promise<any>}
 */
const of = (request) => new Promise((resolve, reject) => {
  request.onsuccess = () => resolve(request.result);
  request.onerror = () => reject(request.error);
});

/**
 * One transaction, whole or not at all.
 * @template T
 * @param {IDBTransactionMode} mode
 * @param {(store: IDBObjectStore) => Promise<T>} work
 * @returns {Promise<T>}
 */
async function within(mode, work) {
  const request = deps.indexedDB.open(NAME, 1);
  request.onupgradeneeded = () => request.result.createObjectStore(STORE, { keyPath: "id" });
  /** @type {IDBDatabase} */
  const db = await of(request);
  try {
    // Strict: what is kept must survive a battery that is pulled out.
    const tx = db.transaction(STORE, mode, { durability: "strict" });
    const whole = new Promise((resolve, reject) => {
      tx.oncomplete = resolve;
      tx.onabort = () => reject(tx.error);
    });
    const [found] = await Promise.all([work(tx.objectStore(STORE)), whole]);
    return found;
  } finally {
    db.close();
  }
}
