/* The page that asks the ward for a visit, in the worker: one page whatever was being read, and its own script.

   For: having both before anybody needs them; what a release before had stays until all of this one's is here. Not for: what
   is asked, which lies sealed in a database of its own (sync/asks.js). */

import { registerRoute } from "workbox-routing";
import { NetworkFirst } from "workbox-strategies";
import { ASK_TAG, sendAsks } from "./sync/asks.js";
import { isAskPage, mayKeep } from "./sync/cache-rules.js";

/** @type {ServiceWorkerGlobalScope} */
const worker = /** @type {any} */ (self);

const PAGE = "/goi-to/";
const OURS = "gocua-hen-";
const ANY = { ignoreVary: true };

/**
 * Answer for the page, keep it, and send what waits.
 * @param {{files: {url: string}[], version: string, publicOnly: import("workbox-core").WorkboxPlugin}} release what the page
 *   needs, which release this is, and what may be kept at all
 */
export function serveAskPage({ files, version, publicOnly }) {
  const cacheName = OURS + version;
  const keep = () => keepAskPage(cacheName, [...files.map(({ url }) => url), PAGE]);
  const page = new NetworkFirst({
    cacheName, networkTimeoutSeconds: 3, matchOptions: ANY,
    plugins: [publicOnly, { cacheKeyWillBeUsed: async () => PAGE, cachedResponseWillBeUsed: async ({ cachedResponse }) => cachedResponse ?? caches.match(PAGE, ANY) }],
  });
  registerRoute(({ url, request, sameOrigin }) => sameOrigin && request.mode === "navigate" && isAskPage(url.pathname), page);
  worker.addEventListener("install", (event) => {
    if (worker.registration.active) event.waitUntil(keep().catch(() => {}));
  });
  worker.addEventListener("message", (event) => {
    const { type, again } = event.data ?? {};
    // Not on the very first page: that one is paid for by who reads.
    if (type === "opened" && again) event.waitUntil(keep().catch(() => {}));
    if (type === "send-asks") event.waitUntil(sendAsks().catch(() => {}));
  });
  worker.addEventListener("sync", (/** @type {any} */ event) => {
    if (event.tag === ASK_TAG) event.waitUntil(sendAsksInBackground());
  });
}

/** Have page and script before anybody needs them; what is not whole takes nothing's place. @param {string} name @param {string[]} paths */
async function keepAskPage(name, paths) {
  const cache = await caches.open(name);
  for (const path of paths) {
    if (await cache.match(path, ANY)) continue;
    // The page from the server itself: the browser may hold that of the release before, which asks for another script.
    const answer = await fetch(path, { cache: path === PAGE ? "reload" : "default", credentials: "omit" });
    if (!mayKeep(answer)) return;
    await cache.put(path, answer);
  }
  const old = (await caches.keys()).filter((one) => one.startsWith(OURS) && one !== name);
  await Promise.all(old.map((one) => caches.delete(one)));
}

/** Send what a reader asked of the ward. @returns {Promise<void>} rejects when the browser should try again later */
async function sendAsksInBackground() {
  if ((await sendAsks()) === "later") throw new Error("still waiting");
}
