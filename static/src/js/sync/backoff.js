/**
 * How long to leave the server alone after a failure: 1, 2, 4 … 300 seconds, times 0.5 to 1.5.
 * For: deciding whether a sync may start, and when the next one starts by itself.
 * Not for: deciding whether there is a network; only trying tells.
 */
import { deps } from "./deps.js";

export const LONGEST = 300; // seconds
/** Reasons that do not wait: something changed, or a person asks. A server's Retry-After binds these too. */
const URGENT = new Set(["start", "online", "visible", "button", "finalised", "enrolled", "unlocked"]);

let failures = 0;
let until = 0; // steady clock, ms
let firm = false; // the server named the time

/**
 * @param {number} failed how many times in a row, from 1
 * @param {number} chance 0 ≤ x < 1
 * @returns {number} seconds
 */
export const pause = (failed, chance) => Math.min(2 ** Math.min(failed - 1, 10), LONGEST) * (0.5 + chance);

/**
 * A sync failed.
 * @param {number | null} [after] seconds the server asked for
 * @returns {number} ms until the next try
 */
export function failed(after = null) {
  failures += 1;
  firm = after !== null;
  // Spread what the server asked for too, but only later: all phones coming back at its second is the herd it fears.
  const seconds = after === null ? pause(failures, deps.chance()) : after * (1 + deps.chance() / 2);
  until = deps.monotonic() + seconds * 1000;
  return seconds * 1000;
}

/** A sync went through. */
export function succeeded() {
  failures = 0;
  until = 0;
  firm = false;
}

/** @param {string} reason "retry" is the timer set for this very moment; timers may ring a little early */
export const mustWait = (reason) => reason !== "retry" && deps.monotonic() < until && (firm || !URGENT.has(reason));
