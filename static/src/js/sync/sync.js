/**
 * One sync at a time: hello, push, files, pull, purge, announce.
 * For: syncNow(), the only thing a page or the service worker calls. Sending works while the app is locked.
 * Not for: deciding by navigator.onLine. What fails is kept, and tried again after a growing pause.
 */
import { failed, mustWait, succeeded } from "./backoff.js";
import { deps } from "./deps.js";
import { sweep } from "./drafts.js";
import { emit, on } from "./events.js";
import { sendFiles } from "./files.js";
import { greet } from "./hello.js";
import { amendIdentity, currentIdentity, identities, identityOf } from "./identity.js";
import { take } from "./lease.js";
import { counts, ofDevice, setMoving, waiting } from "./outbox.js";
import { pullAll } from "./pull.js";
import { push } from "./push.js";
import { purge } from "./receipts.js";

export { lastHello } from "./hello.js";

/** @typedef {import("./types.js").Identity} Identity */
/** @typedef {import("./types.js").Hello} Hello */
/** @typedef {import("./wire.js").Outcome} Outcome */
/** @typedef {"ok" | "offline" | "busy" | "reauth" | "inactive" | "update" | "error"} Ending */
/** @typedef {{outcome: Ending, sent: number, left: number, cause?: unknown}} Result  sent: entries and files; left: unsent entries. */
/** @typedef {{sent: number, kept: number, stop: Outcome | null}} Run */

/** @type {Promise<Result> | null} */
let running = null;
let again = false;
/** @type {Ending} */
let last = "ok";
let cancelRetry = () => {};

// A capture in another tab finds the lock taken; the tab that sends must notice it.
on("outbox", ({ why }) => {
  if (why === "finalised" && running) again = true;
});

/**
 * Bring phone and server together now. Calls during a run join it.
 * @param {string} reason "start", "online", "visible", "button", "finalised", "timer", "background" …
 * @returns {Promise<Result>} never rejects; an "error" of the phone's own carries its cause
 */
export function syncNow(reason) {
  if (running) again = true;
  running ??= run(reason).finally(() => { running = null; });
  return running;
}

/** @param {string} reason @returns {Promise<Result>} */
async function run(reason) {
  if (mustWait(reason)) return result(last, 0);
  const release = await take("outbox");
  if (!release) return result("busy", 0);
  cancelRetry();
  emit("sync", { running: true });
  const ending = await rounds().catch(broken).finally(release);
  const { cause, ...told } = ending;
  emit("sync", { running: false, ...told });
  return ending;
}

/**
 * The phone itself failed: storage full, or another version of the app in another tab.
 * @param {unknown} cause
 * @returns {Promise<Result>}
 */
async function broken(cause) {
  last = "error";
  const left = await counts().then(({ unsent }) => unsent, () => 0);
  return { outcome: "error", sent: 0, left, cause };
}

/** @returns {Promise<Result>} */
async function rounds() {
  let sent = 0;
  /** @type {Run} */
  let round;
  do {
    again = false;
    round = await everyIdentity();
    sent += round.sent;
  } while (again && !round.stop);
  last = endingOf(round.stop);
  const left = await result(last, sent);
  planNext(round);
  return left;
}

/** @param {Ending} outcome @param {number} sent @returns {Promise<Result>} */
const result = async (outcome, sent) => ({ outcome, sent, left: (await counts()).unsent });

/** What only a person can end is not tried again by itself. @param {Run} round */
function planNext({ stop, kept }) {
  const after = stop?.kind === "retry" ? stop.after : null;
  if (!stop && !kept) return succeeded();
  const human = stop?.kind === "update" || (stop?.kind === "refused" && (stop.code === "reauth" || stop.code === "inactive"));
  if (!human) cancelRetry = deps.later(failed(after), () => void syncNow("retry"));
}

/** The identity in use, then earlier ones of this phone that still have something here. @returns {Promise<Run>} */
async function everyIdentity() {
  const total = /** @type {Run} */ ({ sent: 0, kept: 0, stop: null });
  const current = await currentIdentity();
  if (!current) return { ...total, stop: reauthNeeded };
  for (const identity of await identities()) {
    const mine = identity.id === current.id;
    if (!mine && !(await ofDevice(identity.id)).length) continue;
    const run = await cycle(identity, mine);
    total.sent += run.sent;
    total.kept += run.kept;
    if (mine || run.stop?.kind === "retry") total.stop ??= run.stop; // an earlier member's end is not this one's
    if (run.stop?.kind === "retry") break; // the network is gone for the next one too
  }
  return total;
}

/** @type {Outcome} */
const reauthNeeded = { kind: "refused", status: 401, code: "reauth", message: "", body: {}, headers: new Headers() };

/** @param {Identity} identity @param {boolean} current @returns {Promise<Run>} */
async function cycle(identity, current) {
  const greeting = await greet(identity, current);
  const closed = greeting.kind === "refused" && greeting.code === "inactive";
  if (greeting.kind !== "ok" && !closed) return stopped(identity, { sent: 0, kept: 0, stop: greeting });
  const hello = greeting.kind === "ok" ? /** @type {Hello} */ (greeting.body) : null;
  const run = await send((await identityOf(identity.id)) ?? identity);
  if (run.stop) return stopped(identity, run);
  if (!hello || hello.wipe) run.stop = current ? inactive(greeting) : null;
  else if (current) run.stop = await receive(identity, hello);
  if (hello) await purge(hello.durable ?? {});
  await sweep();
  emit("outbox", { why: "sync" });
  return stopped(identity, run);
}

/** @param {Outcome} greeting @returns {Outcome} */
const inactive = (greeting) => (greeting.kind === "refused" ? greeting : { ...reauthNeeded, status: 403, code: "inactive" });

/**
 * Entries first, then files; an entry captured meanwhile goes before the next file.
 * @param {Identity} identity
 * @returns {Promise<Run>}
 */
async function send(identity) {
  const run = await push(identity);
  if (run.stop) return run;
  const files = await sendFiles(identity, async () => {
    if ((await waiting(identity.id)).length <= run.kept) return null;
    const more = await push(identity);
    run.sent += more.sent;
    run.kept = more.kept;
    return more.stop;
  });
  setMoving([]);
  return { sent: run.sent + files.arrived, kept: run.kept + files.kept, stop: files.stop };
}

/** @param {Identity} identity @param {Hello} hello @returns {Promise<Outcome | null>} */
async function receive(identity, hello) {
  const fresh = await identityOf(identity.id);
  if (!fresh || fresh.wiped) return null; // wiped after five PINs: reading needs a new enrolment
  const { changed, stop } = await pullAll(fresh, hello.areas);
  if (changed) emit("records", { why: "pulled" });
  return stop;
}

/**
 * An enrolment that ran out is remembered for the screens; nothing else changes and capture goes on.
 * @param {Identity} identity
 * @param {Run} run
 * @returns {Promise<Run>}
 */
async function stopped(identity, run) {
  if (run.stop?.kind !== "refused" || run.stop.code !== "reauth") return run;
  await amendIdentity(identity.id, { reauth: true });
  emit("enrol", { code: "reauth", message: run.stop.message });
  return run;
}

/** @type {Record<import("./wire.js").Retry["why"], Ending>} */
const ENDINGS = { offline: "offline", deadline: "offline", foreign: "offline", busy: "busy", error: "error", clock: "error" };

/** @param {Outcome | null} stop @returns {Ending} */
function endingOf(stop) {
  if (!stop) return "ok";
  if (stop.kind === "update") return "update";
  if (stop.kind === "refused") return stop.code === "reauth" || stop.code === "inactive" ? stop.code : "error";
  return stop.kind === "retry" ? ENDINGS[stop.why] : "error";
}
