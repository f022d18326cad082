/* Fetches what phones search in, once a page, and gives a function that answers. The worker has it without network.

   For: the search of the citizens' pages. Not for: how something is found (finding.js). */

import { find, prepare } from "./finding.js";

/** @typedef {import("./finding.js").Doc} Doc */
/** @typedef {(question: string) => Doc[]} Finder */

/** @type {Map<string, Promise<Finder>>} */
const asked = new Map();

/**
 * The function that answers questions. Throws when the index is neither reachable nor kept; the next call tries again.
 * @param {string} address of the index @param {(address: string) => Promise<Response>} ask
 * @returns {Promise<Finder>}
 */
export function finder(address, ask = (url) => fetch(url, { credentials: "omit" })) {
  const held = asked.get(address) ?? load(address, ask);
  asked.set(address, held);
  held.catch(() => asked.delete(address));
  return held;
}

/** @param {string} address @param {(address: string) => Promise<Response>} ask @returns {Promise<Finder>} */
async function load(address, ask) {
  const answer = await ask(address);
  if (!answer.ok) throw new Error(`${address} ${answer.status}`);
  const prepared = prepare(await answer.json());
  return (question) => find(prepared, question);
}
