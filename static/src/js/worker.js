/* The service worker: public guides and an EMPTY team shell when there is no network. GET only.

   For: answering from what is kept when the network cannot. Not for: personal data (it lives encrypted in IndexedDB),
   for anything under the addresses of cache-rules.js NEVER, for asking for a visit (worker-ask.js) or for sending (sync/).
   It never takes over by itself: a phone may hold an open draft, so a new version waits until a page says
   {type: "apply-update"}. */

import { ExpirationPlugin } from "workbox-expiration";
import { cacheNames, setCacheNameDetails } from "workbox-core";
import { matchPrecache, precacheAndRoute } from "workbox-precaching";
import { registerRoute, setCatchHandler } from "workbox-routing";
import { CacheFirst, NetworkFirst, NetworkOnly, StaleWhileRevalidate } from "workbox-strategies";
import { isGuideIndex, isGuidePage, isGuidePicture, isGuideSound, isNever, isSearchPage, isStyle, isTeamShell, mayKeep } from "./sync/cache-rules.js";
import { dress, isOwn, keepBefore } from "./sync/guide-pictures.js";
import { matchSaved } from "./sync/pack.js";
import { trust } from "./sync/pack-keys.js";
import { partOf } from "./sync/ranges.js";
import { followNews } from "./sync/renewal.js";
import { isShort, placeOf } from "./sync/step-places.js";
import { serveAskPage } from "./worker-ask.js";
import { SYNC_TAG, sendInBackground } from "./worker-sync.js";

/** @typedef {{url: string, revision: string | null}} Kept */
/** @type {ServiceWorkerGlobalScope & {__CITIZEN_FILES__: Kept[], __TEAM_FILES__: Kept[], __TEAM_VERSION__: string, __GUIDE_KEYS__: string[]}} */
const worker = /** @type {any} */ (self);

setCacheNameDetails({ prefix: "gocua", precache: "citizen", suffix: "" });
const PAGES = "gocua-pages";
const PICTURES = "gocua-pictures";
const OFFLINE = "/offline/";
const NEWS = 10 * 60_000; // between two questions for withdrawn guides, while somebody reads
// `manage.py build_sw` writes the values below; `self.` keeps the bundler from looking into them.
// @ts-ignore
const CITIZEN_FILES = self.__CITIZEN_FILES__;
// @ts-ignore
const TEAM_FILES = self.__TEAM_FILES__;
// @ts-ignore
const TEAM_CACHE = `gocua-team-${self.__TEAM_VERSION__}`;
// @ts-ignore
trust(self.__GUIDE_KEYS__);

const citizenPaths = new Set(CITIZEN_FILES.map((/** @type {Kept} */ file) => file.url));

precacheAndRoute(CITIZEN_FILES, { cleanURLs: false, directoryIndex: "", ignoreURLParametersMatching: [] });

// --- The team app ------------------------------------------------------------------------------------------------------

const teamCaches = async () => (await caches.keys()).filter((name) => name.startsWith("gocua-team-"));

/** Fetch the shell and its files whole, taking from the caches what has the same address (which holds its hash). */
async function keepTeam() {
  const cache = await caches.open(TEAM_CACHE);
  for (const { url, revision } of TEAM_FILES) {
    if (await cache.match(url)) continue;
    const held = revision === null ? await caches.match(url) : undefined;
    // Without cookies: the shell must be the one for everybody.
    const answer = held ?? (await fetch(url, { cache: revision === null ? "default" : "reload", credentials: "omit" }));
    if (!answer.ok || answer.redirected) throw new Error(`${url} ${answer.status}`);
    await cache.put(url, answer);
  }
}

worker.addEventListener("install", (event) => {
  // A phone that has the team app gets the new shell with the new worker, or keeps both old.
  event.waitUntil(teamCaches().then((names) => (names.length > 0 ? keepTeam() : undefined)));
  event.waitUntil(keepBefore(cacheNames.precache, citizenPaths));
});

worker.addEventListener("activate", (event) => {
  const dropOld = async () => {
    const old = (await teamCaches()).filter((name) => name !== TEAM_CACHE);
    await Promise.all(old.map((name) => caches.delete(name)));
    await worker.clients.claim();
  };
  event.waitUntil(dropOld());
});

/** @param {string} path */
async function fromTeam(path) {
  const cache = await caches.open(TEAM_CACHE);
  return cache.match(isTeamShell(path) ? "/doi/" : path, { ignoreVary: true });
}

const teamPaths = new Set(TEAM_FILES.map((/** @type {Kept} */ file) => file.url));
registerRoute(
  ({ url, sameOrigin }) => sameOrigin && (isTeamShell(url.pathname) || teamPaths.has(url.pathname)),
  async ({ url, request }) => (await fromTeam(url.pathname)) ?? fetch(request),
);

// --- Guides ------------------------------------------------------------------------------------------------------------

registerRoute(({ url, sameOrigin }) => sameOrigin && isStyle(url.pathname), ({ request }) => dress(request, [...citizenPaths], matchPrecache));

/** @type {import("workbox-core").WorkboxPlugin} */
const publicOnly = {
  cacheWillUpdate: async ({ response }) => (mayKeep(response) ? response : null),
  // A saved guide is of one piece: its pages come before single ones that were opened.
  cachedResponseWillBeUsed: async ({ cachedResponse, request }) => (await matchSaved(request)) ?? cachedResponse,
  // A guide that is no longer there may have been withdrawn.
  fetchDidSucceed: async ({ response, event }) => {
    if (response.status === 404) /** @type {ExtendableEvent} */ (event).waitUntil(followNews().catch(() => {}));
    return response;
  },
};

/** @type {import("workbox-core").WorkboxPlugin} */
const onlyOwn = {
  cacheWillUpdate: async ({ request, response }) => (mayKeep(response) && (await isOwn(request.url, response)) ? response : null),
  cachedResponseWillBeUsed: async ({ cachedResponse, cacheName, request }) => {
    if (!cachedResponse) return matchSaved(request);
    if (await isOwn(request.url, cachedResponse)) return cachedResponse;
    await (await caches.open(cacheName)).delete(request, { ignoreVary: true });
    return matchSaved(request);
  },
  fetchDidSucceed: async ({ request, response }) => {
    if (!response.ok || (await isOwn(request.url, response))) return response;
    const again = await fetch(request.url, { cache: "reload", credentials: "omit" });
    if (await isOwn(request.url, again)) return again;
    throw new Error(`${request.url} is not what its address says`);
  },
};

const guidePages = new NetworkFirst({
  cacheName: PAGES, networkTimeoutSeconds: 3, matchOptions: { ignoreVary: true },
  plugins: [publicOnly, new ExpirationPlugin({ maxEntries: 60 })],
});
// Pictures are named by what they show: an address never changes its picture.
const guidePictures = new CacheFirst({ cacheName: PICTURES, matchOptions: { ignoreVary: true }, plugins: [onlyOwn, new ExpirationPlugin({ maxEntries: 80, purgeOnQuotaError: true })] });

registerRoute(({ url, request, sameOrigin }) => sameOrigin && request.destination === "image" && isGuidePicture(url.pathname), guidePictures);
// A step that was read aloud comes with the saved guide; otherwise it is heard from the network and not kept.
registerRoute(({ url, sameOrigin }) => sameOrigin && isGuideSound(url.pathname), async ({ request }) => {
  const kept = await matchSaved(request.url);
  return kept ? partOf(kept, request.headers.get("Range")) : fetch(request);
});
// One page for all questions: without network it finds the answer by itself. An answer to a question is never public.
const searchPage = new NetworkFirst({
  cacheName: PAGES, networkTimeoutSeconds: 3, matchOptions: { ignoreVary: true },
  plugins: [publicOnly, { cacheKeyWillBeUsed: async ({ request }) => new URL(request.url).pathname }],
});
// At once what is kept, for the keystroke that waits; what is newer is there for the next page.
const guideIndex = new StaleWhileRevalidate({ cacheName: PAGES, matchOptions: { ignoreVary: true }, plugins: [publicOnly] });

registerRoute(({ url, sameOrigin }) => sameOrigin && isGuideIndex(url.pathname), guideIndex);
registerRoute(({ url, request, sameOrigin }) => sameOrigin && request.mode === "navigate" && isSearchPage(url.pathname), searchPage);
registerRoute(({ url, request, sameOrigin }) => sameOrigin && request.mode === "navigate" && isGuidePage(url.pathname), guidePages);

// A code on paper: the server knows which step is called so now; without it the saved guide does.
registerRoute(({ url, request, sameOrigin }) => sameOrigin && request.mode === "navigate" && isShort(url.pathname), async ({ url }) => {
  try {
    return await fetch(url.href, { redirect: "manual", signal: AbortSignal.timeout(3000) });
  } catch {
    const place = await placeOf(url.pathname);
    return place ? Response.redirect(place, 302) : noNetwork();
  }
});

let asked = 0;
worker.addEventListener("fetch", (event) => {
  const { mode, url } = event.request;
  if (mode !== "navigate" || !isGuidePage(new URL(url).pathname) || Date.now() - asked < NEWS) return;
  asked = Date.now();
  event.waitUntil(followNews().catch(() => { asked = 0; }));
});

// @ts-ignore
serveAskPage({ files: self.__ASK_FILES__, version: self.__CITIZEN_VERSION__, publicOnly });

// --- Everything else ---------------------------------------------------------------------------------------------------

registerRoute(({ request }) => request.mode === "navigate", new NetworkOnly());

setCatchHandler(async ({ request }) => (request.mode === "navigate" ? noNetwork() : Response.error()));

/** The offline page under its true status: nobody may take it for the page that was asked for. */
async function noNetwork() {
  const page = await matchPrecache(OFFLINE);
  return page ? new Response(page.body, { status: 503, statusText: "No network", headers: page.headers }) : Response.error();
}

/** Keep pages that were opened before the worker was there. @param {string[]} addresses */
async function keepOpened(addresses) {
  for (const address of addresses) {
    const url = new URL(address, worker.location.origin);
    if (url.origin !== worker.location.origin || isNever(url.pathname) || ![isGuidePage, isGuidePicture, isGuideIndex].some((is) => is(url.pathname))) continue;
    // The browser has it from a moment ago; asking the network again would be paid for twice.
    const answer = await fetch(url.href, { cache: "force-cache" });
    const name = (answer.headers.get("Content-Type") ?? "").startsWith("image/") ? PICTURES : PAGES;
    if (mayKeep(answer) && (await isOwn(url.href, answer))) await (await caches.open(name)).put(url.href, answer);
  }
}

/** Take the place of the worker before, unless some tab holds a draft open by a lock. */
async function takeOver() {
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  if (!held.some(({ name }) => name?.startsWith("draft"))) await worker.skipWaiting();
}

worker.addEventListener("message", (event) => {
  const { type, addresses } = event.data ?? {};
  if (type === "apply-update") event.waitUntil(takeOver());
  if (type === "precache-team") event.waitUntil(keepTeam().then(() => event.ports[0]?.postMessage({ ok: true }), () => event.ports[0]?.postMessage({ ok: false })));
  if (type === "opened") event.waitUntil(keepOpened(addresses).catch(() => {}));
});

worker.addEventListener("sync", (/** @type {any} */ event) => {
  if (event.tag === SYNC_TAG) event.waitUntil(sendInBackground("background"));
});

