/* Guide pictures and what dresses their pages, for the worker: never the wrong picture, never a page without its style.

   A picture's address is the hash of its bytes. Files of the release before stay for saved guides that still point at them.
   Not for: whole packs (pack.js) or which addresses these are (cache-rules.js). */

import { isThe } from "./pack.js";

const KEPT = "gocua-before"; // hashed files of earlier releases
const MOST = 20;
const HASHED = /\.[0-9a-f]{12}\.(\w+)$/;

/** Whether an answer is what its address promises; an address that promises nothing is believed. @param {string} url @param {Response} answer */
export async function isOwn(url, answer) {
  const hash = new URL(url).pathname.match(/^\/tranh\/([0-9a-f]{64})\./)?.[1];
  return hash === undefined || isThe(hash, answer);
}

/**
 * Keep the files of the release that goes, before its cache is cleared of them.
 * @param {string} from the cache they lie in @param {Set<string>} stay paths that the new release has too
 */
export async function keepBefore(from, stay) {
  const [old, kept] = [await caches.open(from), await caches.open(KEPT)];
  for (const request of await old.keys()) {
    const path = new URL(request.url).pathname;
    const answer = HASHED.test(request.url) && !stay.has(path) && (await old.match(request));
    if (answer) await kept.put(path, answer);
  }
  const all = await kept.keys();
  await Promise.all(all.slice(0, Math.max(0, all.length - MOST)).map((request) => kept.delete(request)));
}

/**
 * A file that a page is dressed with: the one it was made with, else the one of that name which is here.
 * @param {Request} request @param {string[]} here paths of this release @param {(path: string) => Promise<Response | undefined>} take
 */
export async function dress(request, here, take) {
  const held = await caches.match(request, { ignoreVary: true });
  if (held) return held;
  const answer = await fetch(request).catch(() => null);
  if (answer?.ok) return answer;
  const plain = (/** @type {string} */ path) => path.replace(HASHED, ".$1");
  const twin = here.find((path) => plain(path) === plain(new URL(request.url).pathname));
  return (twin && (await take(twin))) || answer || Response.error();
}
