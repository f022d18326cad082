/**
 * Brings an area's changes to the phone, page by page, each with its cursor.
 * For: areas that hello named. Not for: captures on their way (outbox.js), which no reset touches.
 * Needs the unlocked vault: what is pulled is readable only with the PIN.
 */
import { applyPage, areasHeld, cursorOf, dropArea } from "./records.js";
import { SyncError } from "./deps.js";
import { isUnlocked } from "./session.js";
import { request } from "./wire.js";

/** @typedef {import("./types.js").Identity} Identity */
/** @typedef {import("./types.js").AreaLine} AreaLine */
/** @typedef {import("./types.js").Page} Page */
/** @typedef {import("./wire.js").Outcome} Outcome */

const RESETS = 2; // of one area in one run; a server that asks for more is asked again later

/**
 * @param {Identity} identity
 * @param {AreaLine[]} areas that this member may see
 * @returns {Promise<{changed: boolean, stop: Outcome | null}>}
 */
export async function pullAll(identity, areas) {
  let changed = await dropUnseen(areas);
  for (const area of areas) {
    const pulled = await pullArea(identity, area);
    changed ||= pulled.changed;
    if (pulled.stop) return { changed, stop: pulled.stop };
  }
  return { changed, stop: null };
}

/** What is no longer this team's leaves the phone. @param {AreaLine[]} areas */
async function dropUnseen(areas) {
  const seen = new Set(areas.map(({ id }) => id));
  const lost = (await areasHeld()).filter((area) => !seen.has(area));
  for (const area of lost) await dropArea(area);
  return lost.length > 0;
}

/** @param {Identity} identity @param {AreaLine} area @returns {Promise<{changed: boolean, stop: Outcome | null}>} */
async function pullArea(identity, { id, epoch, last }) {
  const known = await cursorOf(id);
  if (known?.epoch === epoch && known.to >= last) return { changed: false, stop: null };
  let changed = false;
  let cursor = known ?? { epoch, to: 0 };
  for (let resets = 0, more = true; more && isUnlocked(); ) {
    const outcome = await ask(identity, id, cursor);
    if (isReset(outcome) && (resets += 1) <= RESETS) cursor = await reset(id, outcome.body.epoch);
    else if (outcome.kind === "refused" && outcome.status === 404) return dropArea(id).then(() => ({ changed: true, stop: null }));
    else if (outcome.kind !== "ok") return { changed, stop: outcome };
    else ({ cursor, more } = await apply(outcome.body, cursor));
    changed = true;
  }
  return { changed, stop: null };
}

/** @param {Outcome} outcome @returns {outcome is import("./wire.js").Refused} */
const isReset = (outcome) => outcome.kind === "refused" && outcome.status === 410 && typeof outcome.body.epoch === "string";

/** @param {string} area @param {string} epoch */
async function reset(area, epoch) {
  await dropArea(area);
  return { epoch, to: 0 };
}

/**
 * A phone that locks in the middle keeps what it has and goes on after the PIN.
 * @param {Page} page
 * @param {{epoch: string, to: number}} cursor
 */
async function apply(page, cursor) {
  try {
    await applyPage(page);
  } catch (error) {
    if (error instanceof SyncError && error.code === "locked") return { cursor, more: false };
    throw error;
  }
  return { cursor: { epoch: page.epoch, to: page.to }, more: page.more === true };
}

/** @param {Identity} identity @param {string} area @param {{epoch: string, to: number}} cursor @returns {Promise<Outcome>} */
function ask(identity, area, { epoch, to }) {
  const query = new URLSearchParams({ area, after: String(to), epoch });
  return request({
    identity, method: "GET", path: `/sync/pull/?${query}`,
    check: (body) => isPage(body, area, epoch, to),
  });
}

/**
 * A page must go forward, in the same epoch, or the pull would turn in a circle.
 * @param {any} body
 * @param {string} area
 * @param {string} epoch
 * @param {number} after
 */
function isPage(body, area, epoch, after) {
  if (body.area !== area || body.epoch !== epoch || !Number.isSafeInteger(body.to)) return false;
  if (body.to < after || (body.more === true && body.to === after)) return false;
  return Array.isArray(body.records) && body.records.every(isLine);
}

/** @param {any} line */
const isLine = (line) =>
  typeof line?.kind === "string" && typeof line.id === "string" && typeof line.data === "object" && !Array.isArray(line.data);
