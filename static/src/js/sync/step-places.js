/* Where a code on paper leads when there is no network: to the saved guide's step of that name.

   No DOM. Not for: what a name means while there is network; the server knows the newest version. */

import { matchSaved, TOOLS } from "./pack.js";

const SHORT = /^\/b\/([a-z0-9-]+)\/([\w-]+)\/$/;

/** True for the address of a step by its name. @param {string} path */
export const isShort = (path) => SHORT.test(path);

/**
 * @param {string} path as isShort() knows it
 * @param {import("./pack.js").Tools} tools
 * @returns {Promise<string | null>} the step's page, or the guide's face when no step is called so; null: the guide is not here
 */
export async function placeOf(path, tools = TOOLS) {
  const [, slug, item] = path.match(SHORT) ?? [];
  const face = `/huong-dan/${slug}/`;
  const saved = slug && (await matchSaved(`${face}buoc.json`, tools));
  if (!saved) return null;
  const { steps } = await saved.json();
  const at = steps.findIndex((/** @type {{item?: string}} */ step) => step.item === item);
  return at < 0 ? face : `${face}${at + 1}/`;
}
