/**
 * The steps of a guide as data: from the guide that is saved here, else from the network.
 * For: showing a guide inside the team app, which leaving would lock. Not for: saving guides or renewing them (pack.js).
 */
import { deps } from "./deps.js";
import { matchSaved } from "./pack.js";

/** @typedef {{caption: string, note: string, safety: string, avif: string, src: string, alt: string, frame?: {at: number, tall: number}, sound?: Record<string, string>}} GuideStep sound: addresses by form, empty when nobody has read it */
/** @typedef {{slug: string, title: string, version: number, steps: GuideStep[]}} GuideSteps */

/** @type {GuideSteps | null} */
let last = null; // what the network said: going from step to step asks once

/**
 * @param {string} slug
 * @returns {Promise<GuideSteps | null>} null: there is no such guide; throws when it is not here and there is no network
 */
export async function stepsOf(slug) {
  const address = `/huong-dan/${encodeURIComponent(slug)}/buoc.json`;
  const saved = await matchSaved(address);
  // Looked up each time: a guide that was renewed meanwhile has lost the pictures of its version before.
  if (saved) {
    last = null;
    return saved.json();
  }
  if (last?.slug === slug) return last;
  const answer = await deps.fetch(address, { credentials: "omit" });
  last = answer.ok ? await answer.json() : null;
  return last;
}
