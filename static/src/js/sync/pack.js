/* Guides kept on the phone: each version is one cache named guide-<slug>-v<version>, whole or not at all.

   For: saving, listing, dropping and answering from saved guides, in pages and in the worker. No DOM.
   Not for: personal data; what is kept here are public pages and pictures, fetched without cookies. */

/** @typedef {{url: string, sha256: string, bytes: number, instead?: string}} PackFile instead: the picture it stands in for, which comes before it */
/** @typedef {{slug: string, version: number, bytes: number, title?: string, urls: PackFile[]}} Pack */
/** @typedef {{slug: string, version: number, bytes: number, title: string, url: string, at: number}} Saved */
/** @typedef {{fetch: typeof fetch, caches: CacheStorage, digest: (bytes: ArrayBuffer) => Promise<string>, shows: (picture: Blob) => Promise<boolean>, now: () => number}} Tools */

const NAME = /^guide-([a-z0-9-]+)-v(\d+)$/;
// Written last: a cache without it was cut short and is not a saved guide.
const SEAL = "/huong-dan/.da-luu";

/** @type {Tools} */
const TOOLS = {
  fetch: (...given) => fetch(...given),
  get caches() { return caches; },
  digest: sha256,
  shows,
  now: () => Date.now(),
};

/** @param {string} slug @param {number} version */
export const cacheName = (slug, version) => `guide-${slug}-v${version}`;

/**
 * Fetch a guide whole, check every file, and only then drop the version before it.
 * @param {{slug: string, title: string, onProgress?: (done: number, all: number) => void}} guide done and all are bytes
 * @param {Tools} tools
 * @returns {Promise<Saved>} throws when a file is missing or is not the one the pack promised; what was saved before stays
 */
export async function saveGuide({ slug, title, onProgress = () => {} }, tools = TOOLS) {
  const pack = await readPack(slug, tools);
  const held = (await savedGuides(tools)).find((one) => one.slug === slug);
  if (held && held.version >= pack.version) return held;
  const name = cacheName(slug, pack.version);
  try {
    await fill(name, pack, onProgress, tools);
    const saved = { slug, version: pack.version, bytes: pack.bytes, title: pack.title ?? title, url: `/huong-dan/${slug}/`, at: tools.now() };
    await seal(name, saved, tools);
    await drop(slug, tools, pack.version);
    return saved;
  } catch (error) {
    await tools.caches.delete(name);
    throw error;
  }
}

/** The guides that are whole on this phone, newest saved first. @param {Tools} tools @returns {Promise<Saved[]>} */
export async function savedGuides(tools = TOOLS) {
  const names = (await tools.caches.keys()).filter((name) => NAME.test(name));
  const found = await Promise.all(names.map((name) => read(name, tools)));
  return found.filter((one) => one !== null).sort((a, b) => b.at - a.at);
}

/** Forget a guide. @param {string} slug @param {Tools} tools @param {number} [except] the version to keep */
export async function drop(slug, tools = TOOLS, except) {
  const names = (await tools.caches.keys()).filter((name) => name.match(NAME)?.[1] === slug);
  await Promise.all(names.filter((name) => name !== cacheName(slug, except ?? -1)).map((name) => tools.caches.delete(name)));
}

/** Answer a request from the saved guides. @param {Request | string} request @param {Tools} tools @returns {Promise<Response | undefined>} */
export async function matchSaved(request, tools = TOOLS) {
  for (const { slug, version } of await savedGuides(tools)) {
    const cache = await tools.caches.open(cacheName(slug, version));
    // Vary names cookies and language; the saved copy is the one for everybody.
    const hit = await cache.match(request, { ignoreVary: true });
    if (hit) return hit;
  }
  return undefined;
}

/** @param {string} slug @param {Tools} tools @returns {Promise<Pack>} */
async function readPack(slug, tools) {
  const answer = await tools.fetch(`/huong-dan/${slug}/goi.json`, { cache: "no-store", credentials: "omit" });
  if (!answer.ok) throw new Error(`goi.json ${answer.status}`);
  return answer.json();
}

/** @param {string} name @param {Pack} pack @param {(done: number, all: number) => void} onProgress @param {Tools} tools */
async function fill(name, pack, onProgress, tools) {
  const cache = await tools.caches.open(name);
  const first = new Set(pack.urls.map((file) => file.instead).filter(Boolean));
  /** @type {boolean | null} whether this browser shows the better pictures; the first of them tells */
  let better = null;
  let done = 0;
  for (const file of pack.urls) {
    if (file.instead ? better : better === false && first.has(file.url)) continue;
    // One after the other: on a slow line six at once only make all of them late.
    const answer = await tools.fetch(file.url, { cache: "no-cache", credentials: "omit" });
    if (!answer.ok || answer.redirected) throw new Error(`${file.url} ${answer.status}`);
    const bytes = await answer.clone().arrayBuffer();
    if ((await tools.digest(bytes)) !== file.sha256) throw new Error(`${file.url} is not the promised one`);
    if (better === null && first.has(file.url)) better = await tools.shows(new Blob([bytes], { type: answer.headers.get("Content-Type") ?? "" }));
    await cache.put(file.url, answer);
    done += file.bytes;
    onProgress(Math.min(done, pack.bytes), pack.bytes);
  }
}

/** @param {string} name @param {Saved} saved @param {Tools} tools */
async function seal(name, saved, tools) {
  const cache = await tools.caches.open(name);
  await cache.put(SEAL, new Response(JSON.stringify(saved), { headers: { "Content-Type": "application/json" } }));
}

/** @param {string} name @param {Tools} tools @returns {Promise<Saved | null>} */
async function read(name, tools) {
  const cache = await tools.caches.open(name);
  const answer = await cache.match(SEAL);
  return answer ? answer.json() : null;
}

/** Whether this browser can show a picture; one that cannot say takes the others. @param {Blob} picture */
async function shows(picture) {
  try {
    (await createImageBitmap(picture)).close();
    return true;
  } catch {
    return false;
  }
}

/** @param {ArrayBuffer} bytes */
async function sha256(bytes) {
  const hash = new Uint8Array(await crypto.subtle.digest("SHA-256", bytes));
  return Array.from(hash, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
