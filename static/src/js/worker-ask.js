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
// `manage.py build_sw` writes the values below; `self.` keeps the bundler from looking into them.
// @ts-ignore
const CACHE = `${OURS}${self.__CITIZEN_VERSION__}`;
// @ts-ignore
const FILES = self.__ASK_FILES__;

/**
 * Answer for the page, keep it, and send what waits.
 * @param {import("workbox-core").WorkboxPlugin} publicOnly what may be kept at all
 */
export function serveAskPage(publicOnly) {
  const page = new NetworkFirst({
    cacheName: CACHE, networkTimeoutSeconds: 3, matchOptions: ANY,
    plugins: [publicOnly, { cacheKeyWillBeUsed: async () => PAGE, cachedResponseWillBeUsed: async ({ cachedResponse }) => cachedResponse ?? caches.match(PAGE, ANY) }],
  });
  registerRoute(({ url, request, sameOrigin }) => sameOrigin && request.mode === "navigate" && isAskPage(url.pathname), page);
  worker.addEventListener("install", (event) => {
    if (worker.registration.active) event.waitUntil(keepAskPage().catch(() => {}));
  });
  worker.addEventListener("message", (event) => {
    const { type, again } = event.data ?? {};
    // Not on the very first page: that one is paid for by who reads.
    if (type === "opened" && again) event.waitUntil(keepAskPage().catch(() => {}));
    if (type === "send-asks") event.waitUntil(sendAsks().catch(() => {}));
  });
  worker.addEventListener("sync", (/** @type {any} */ event) => {
    if (event.tag === ASK_TAG) event.waitUntil(sendAsksInBackground());
  });
}

/** Have page and script before anybody needs them; what is not whole takes nothing's place. */
async function keepAskPage() {
  const cache = await caches.open(CACHE);
  for (const path of [...FILES.map((/** @type {{url: string}} */ { url }) => url), PAGE]) {
    if (await cache.match(path, ANY)) continue;
    // The page from the server itself: the browser may hold that of the release before, which asks for another script.
    const answer = await fetch(path, { cache: path === PAGE ? "reload" : "default", credentials: "omit" });
    if (!mayKeep(answer)) return;
    await cache.put(path, answer);
  }
  const old = (await caches.keys()).filter((name) => name.startsWith(OURS) && name !== CACHE);
  await Promise.all(old.map((name) => caches.delete(name)));
}

/** Send what a reader asked of the ward. @returns {Promise<void>} rejects when the browser should try again later */
async function sendAsksInBackground() {
  if ((await sendAsks()) === "later") throw new Error("still waiting");
}
