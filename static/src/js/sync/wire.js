/**
 * The only fetch of the device side: every request signed, every answer turned into one of five outcomes.
 * For: deciding whether an answer is really our server's. Not for: what to do about it.
 * A captive portal, a log-in page, a worker's offline page and a proxy's error all look like answers; none counts.
 */
import { utf8 } from "./bytes.js";
import { deps } from "./deps.js";
import { clock, plausible, setClock } from "./identity.js";
import { requestMessage, sign } from "./seal.js";

/** @typedef {import("./types.js").Identity} Identity */
/** @typedef {import("./bytes.js").Bytes} Bytes */

/**
 * @typedef {object} Ok  Ours, expected, and the caller's check held.
 * @property {"ok"} kind
 * @property {number} status
 * @property {any} body
 * @property {Headers} headers
 */
/**
 * @typedef {object} Retry  Nothing is known; everything is kept and tried again.
 * @property {"retry"} kind
 * @property {"offline" | "deadline" | "foreign" | "busy" | "error" | "clock"} why
 * @property {number | null} after  Seconds the server asked for.
 * @property {number} [status]  Of a "busy": 429 limits this address, 503 is the whole server.
 */
/** @typedef {{kind: "smaller"}} Smaller  Send less at once. */
/** @typedef {{kind: "update", message: string}} Update  This app is too old to be understood. */
/**
 * @typedef {object} Refused  Our server says no, with a code.
 * @property {"refused"} kind
 * @property {number} status
 * @property {string} code
 * @property {string} message
 * @property {any} body
 * @property {Headers} headers
 */
/** @typedef {Ok | Retry | Smaller | Update | Refused} Outcome */

/**
 * @typedef {object} Ask
 * @property {Identity | null} identity  null only for the first enrolment.
 * @property {string} method
 * @property {string} path  With its query.
 * @property {object} [json]
 * @property {Bytes} [bytes]
 * @property {Record<string, string>} [headers]
 * @property {boolean} [bodyless]  The answer may come without JSON (files).
 * @property {(body: any) => boolean | Promise<boolean>} [check]  What else makes the answer ours: hash, MAC.
 */

const DEADLINE = 15_000; // ms
const FREE = 64 * 1024; // bytes within the deadline; above, one second more for every 4 KB (a slow 2G line)
const MAX_AFTER = 3600; // seconds

/**
 * Ask the server. Never throws for anything that a network or a server can do.
 * @param {Ask} ask
 * @returns {Promise<Outcome>}
 */
export async function request(ask) {
  const first = await once(ask);
  if (first.kind !== "refused" || first.code !== "clock") return first;
  if (!plausible(first.body.now)) return retry("clock");
  await setClock(first.body.now, deps.now());
  const second = await once(ask);
  return second.kind === "refused" && second.code === "clock" ? retry("clock") : second;
}

/** @param {Retry["why"]} why @param {number | null} [after] @returns {Retry} */
export const retry = (why, after = null) => ({ kind: "retry", why, after });

/** @param {Ask} ask @returns {Promise<Outcome>} */
async function once(ask) {
  const body = ask.json ? utf8(JSON.stringify(ask.json)) : (ask.bytes ?? new Uint8Array(0));
  const headers = {
    ...(ask.json ? { "Content-Type": "application/json" } : {}),
    ...ask.headers,
    ...(ask.identity ? await signature(ask.identity, ask, body) : {}),
  };
  const got = await send(ask, headers, body);
  return "kind" in got ? got : judge(ask, got.response, got.text);
}

/** @param {Identity} identity @param {Ask} ask @param {Bytes} body */
async function signature(identity, { method, path }, body) {
  const time = deps.now() + (await clock()).offset;
  const message = await requestMessage(method, path, time, body);
  return {
    "X-Device": identity.id,
    "X-Device-Time": String(time),
    "X-Device-Signature": await sign(identity.pair.privateKey, message),
  };
}

/**
 * One exchange, the reading of the answer included, under one deadline.
 * @param {Ask} ask
 * @param {Record<string, string>} headers
 * @param {Bytes} body
 * @returns {Promise<{response: Response, text: string} | Retry>}
 */
async function send({ method, path }, headers, body) {
  const control = new AbortController();
  let late = false;
  const cancel = deps.later(deadline(body.length), () => { late = true; control.abort(); });
  try {
    const response = await deps.fetch(path, {
      method, headers, signal: control.signal,
      body: method === "GET" || method === "HEAD" ? undefined : body,
      redirect: "error", credentials: "omit", cache: "no-store",
    });
    return { response, text: await response.text() };
  } catch {
    return retry(late ? "deadline" : "offline");
  } finally {
    cancel();
  }
}

/** @param {number} size */
const deadline = (size) => DEADLINE + Math.max(0, size - FREE) / 4;

/**
 * @param {Ask} ask
 * @param {Response} response
 * @param {string} text
 * @returns {Promise<Outcome>}
 */
async function judge(ask, response, text) {
  const { status, headers } = response;
  if (status === 413) return { kind: "smaller" }; // a proxy's 413 is as good as ours: sending less harms nothing
  const ours = headers.get("X-Gocua-Proto") === "1";
  if (status === 429 || status === 503) return ({ ...retry("busy", ours ? retryAfter(headers) : null), status });
  if (status >= 500) return retry("error");
  if (!ours || response.redirected) return retry("foreign");
  const body = parse(headers, text);
  if (status === 426) return { kind: "update", message: String(body?.message ?? "") };
  if (body === undefined && !ask.bodyless) return retry("foreign");
  if (status >= 400) return refused(status, headers, body);
  if (status >= 300 || (await ask.check?.(body)) === false) return retry("foreign");
  return { kind: "ok", status, body, headers };
}

/** @param {number} status @param {Headers} headers @param {any} body @returns {Refused} */
const refused = (status, headers, body) => ({
  kind: "refused", status, headers, body: body ?? {},
  code: String(body?.code ?? ""), message: String(body?.message ?? ""),
});

/** @param {Headers} headers @param {string} text @returns {any} undefined when it is no JSON object */
function parse(headers, text) {
  if (!/^application\/json\b/i.test(headers.get("Content-Type") ?? "")) return undefined;
  try {
    const body = JSON.parse(text);
    return body !== null && typeof body === "object" && !Array.isArray(body) ? body : undefined;
  } catch {
    return undefined;
  }
}

/** @param {Headers} headers @returns {number | null} seconds, as a number or a date may say */
function retryAfter(headers) {
  const value = headers.get("Retry-After");
  if (!value) return null;
  const seconds = /^\d+$/.test(value) ? Number(value) : (Date.parse(value) - deps.now()) / 1000;
  return Number.isFinite(seconds) ? Math.min(Math.max(Math.ceil(seconds), 1), MAX_AFTER) : null;
}
