/* Guides kept on the phone: each pack is one cache named guide-<slug>-v<version>.<mark>, whole or not at all.

   For: saving, listing, dropping and answering from saved guides, in pages and in the worker; every byte is compared with
   the hash that was signed, when it comes and when it is read. No DOM. Not for: asking whether there is something newer
   (renewal.js); personal data: what is kept here are public pages and pictures, fetched without cookies. */

import { sha256 } from "./bytes.js";
import { isQuota } from "./deps.js";
import { opened } from "./pack-keys.js";

/** @typedef {{url: string, sha256: string, bytes: number, instead?: string}} PackFile instead: the picture it stands in for, which comes before it */
/** @typedef {{kind: string, slug: string, version: number, title: string, mark: string, bytes: number, files: PackFile[]}} Manifest */
/** @typedef {{slug: string, version: number, mark?: string, bytes: number, title: string, url: string, at: number, key?: string, files?: PackFile[]}} Saved */
/** @typedef {{fetch: typeof fetch, caches: CacheStorage, digest: (bytes: ArrayBuffer) => Promise<string>, shows: (picture: Blob) => Promise<boolean>, now: () => number}} Tools */

const NAME = /^guide-([a-z0-9-]+)-v(\d+)(?:\.([0-9a-f]{16}))?$/;
// Written last: a cache without it was cut short. What it holds is used again, but it is not a saved guide.
const SEAL = "/huong-dan/.da-luu";
// What readers opened: the same files may lie there already.
const OPENED = ["gocua-pictures", "gocua-pages"];
const ADDRESSED = /^\/(?:tranh|static)\//;
const ANY = { ignoreVary: true }; // Vary names cookies and language; the saved copy is the one for everybody.

/** @type {Tools} */
export const TOOLS = {
  fetch: (...given) => fetch(...given),
  get caches() { return caches; },
  digest: sha256,
  shows,
  now: () => Date.now(),
};

/** @param {{slug: string, version: number, mark?: string}} pack */
export const cacheName = ({ slug, version, mark }) => `guide-${slug}-v${version}${mark ? `.${mark}` : ""}`;

/** Which guide and version a cache is of. @param {string} name @returns {{slug: string, version: number} | null} */
export function parsed(name) {
  const found = name.match(NAME);
  return found && { slug: found[1], version: Number(found[2]) };
}

/**
 * Fetch what this phone lacks of a guide, check every file, and only then drop the pack before it. What came before a line
 * broke stays for the next time.
 * @param {{slug: string, onProgress?: (done: number, all: number) => void}} guide done and all are bytes
 * @param {Tools} tools
 * @returns {Promise<Saved>} throws when the pack is not signed by a known key, or a file is missing or is not the one the pack
 *   promised, and when the phone is full (isQuota); what was saved before stays
 */
export async function saveGuide({ slug, onProgress = () => {} }, tools = TOOLS) {
  const held = await savedGuide(slug, tools);
  const { manifest, point } = await readPack(slug, held, tools);
  // An older one than is here is an answer that somebody kept too long: what is withdrawn was dropped before.
  if (held && (held.version > manifest.version || (await isWhole(held, manifest, tools)))) return held;
  const name = cacheName(manifest);
  await fill(name, manifest, onProgress, tools).catch(async (error) => {
    // No room: what cannot be finished would only take what is left of it.
    if (isQuota(error) && !(held && cacheName(held) === name)) await tools.caches.delete(name);
    throw error;
  });
  const { version, mark, bytes, title, files } = manifest;
  const saved = { slug, version, mark, bytes, title, url: `/huong-dan/${slug}/`, at: tools.now(), key: point, files };
  await (await tools.caches.open(name)).put(SEAL, new Response(JSON.stringify(saved), { headers: { "Content-Type": "application/json" } }));
  await drop(slug, tools, name);
  return saved;
}

/** The guides that are whole on this phone, newest saved first. @param {Tools} tools @returns {Promise<Saved[]>} */
export async function savedGuides(tools = TOOLS) {
  const names = (await tools.caches.keys()).filter(parsed);
  const found = await Promise.all(names.map((name) => seal(name, tools)));
  const whole = found.filter((one) => one !== null).sort((a, b) => b.at - a.at);
  // Two of one guide: the phone died between the new one and dropping the old one.
  return whole.filter((one, at) => whole.findIndex(({ slug }) => slug === one.slug) === at);
}

/** @param {string} slug @param {Tools} tools @returns {Promise<Saved | undefined>} */
export const savedGuide = async (slug, tools = TOOLS) => (await savedGuides(tools)).find((one) => one.slug === slug);

/** Forget a guide. @param {string} slug @param {Tools} tools @param {string} [except] the cache to keep */
export async function drop(slug, tools = TOOLS, except) {
  const names = (await tools.caches.keys()).filter((name) => parsed(name)?.slug === slug && name !== except);
  await Promise.all(names.map((name) => tools.caches.delete(name)));
}

/**
 * Answer a request from the saved guides, with the very bytes that were signed: others are thrown away.
 * @param {Request | string} request @param {Tools} tools @returns {Promise<Response | undefined>}
 */
export async function matchSaved(request, tools = TOOLS) {
  const path = new URL(typeof request === "string" ? request : request.url, "http://x").pathname;
  for (const saved of await ownFirst(path, tools)) {
    const cache = await tools.caches.open(cacheName(saved));
    const hit = await cache.match(request, ANY);
    if (!hit) continue;
    const file = saved.files?.find(({ url }) => url === path);
    // A pack of the time before hashes were kept has no list; it is renewed at the next chance.
    if (!saved.files || (file && (await isThe(file.sha256, hit, tools)))) return hit;
    await cache.delete(request, ANY);
  }
  return undefined;
}

/** Whether an answer's bytes have this hash. @param {string} hash @param {Response} answer @param {Tools} tools */
export const isThe = async (hash, answer, tools = TOOLS) => (await tools.digest(await answer.clone().arrayBuffer())) === hash;

/** All saved guides, the one that an address belongs to alone when it names one. @param {string} path @param {Tools} tools */
async function ownFirst(path, tools) {
  const slug = path.match(/^\/huong-dan\/([^/]+)\//)?.[1];
  const names = (await tools.caches.keys()).filter(parsed);
  const own = names.filter((name) => parsed(name)?.slug === slug);
  const found = await Promise.all((own.length > 0 ? own : names).map((name) => seal(name, tools)));
  return found.filter((one) => one !== null).sort((a, b) => b.at - a.at);
}

/** @param {string} slug @param {Saved | undefined} held @param {Tools} tools @returns {Promise<{manifest: Manifest, point: string}>} */
async function readPack(slug, held, tools) {
  const answer = await tools.fetch(`/huong-dan/${slug}/goi.json`, { cache: "no-cache", credentials: "omit" });
  if (!answer.ok) throw new Error(`goi.json ${answer.status}`);
  const found = await opened(await answer.json(), "pack", held?.key ? [held.key] : []);
  if (found.manifest.slug !== slug) throw new Error(`goi.json of ${found.manifest.slug}`);
  return found;
}

/** Whether this pack is here with all its files. @param {Saved} held @param {Manifest} manifest @param {Tools} tools */
async function isWhole(held, manifest, tools) {
  if (held.version !== manifest.version || held.mark !== manifest.mark) return false;
  const cache = await tools.caches.open(cacheName(held));
  const here = new Set();
  for (const { url } of manifest.files) if (await cache.match(url, ANY)) here.add(url);
  // Of two formats of a picture one is enough.
  const twin = new Map(manifest.files.flatMap(({ url, instead }) => (instead ? [[url, instead], [instead, url]] : [])));
  return manifest.files.every(({ url }) => here.has(url) || here.has(twin.get(url)));
}

/** @param {string} name @param {Manifest} manifest @param {(done: number, all: number) => void} onProgress @param {Tools} tools */
async function fill(name, manifest, onProgress, tools) {
  const cache = await tools.caches.open(name);
  const places = [name, ...(await tools.caches.keys()).filter((one) => one !== name && (parsed(one)?.slug === manifest.slug || OPENED.includes(one)))];
  const first = new Set(manifest.files.map((file) => file.instead).filter(Boolean));
  /** @type {boolean | null} whether this browser shows the better pictures; the first of them tells */
  let better = null;
  let done = 0;
  for (const file of manifest.files) {
    if (file.instead ? better : better === false && first.has(file.url)) continue;
    // One after the other: on a slow line six at once only make all of them late.
    const answer = (await fromHere(file, places, tools)) ?? (await fromThere(file, tools));
    if (better === null && first.has(file.url)) better = await tools.shows(await answer.clone().blob());
    await cache.put(file.url, answer);
    done += file.bytes;
    onProgress(Math.min(done, manifest.bytes), manifest.bytes);
  }
}

/** A file that some cache of this phone holds already. @param {PackFile} file @param {string[]} places @param {Tools} tools */
async function fromHere(file, places, tools) {
  for (const place of places) {
    const hit = await (await tools.caches.open(place)).match(file.url, ANY);
    if (hit && (await isThe(file.sha256, hit, tools))) return hit;
  }
  return undefined;
}

/** @param {PackFile} file @param {Tools} tools */
async function fromThere(file, tools) {
  // What is named by its content never changes: the browser may have it from a moment ago. A page must not stay behind in
  // the browser's own store: without network it would stand between the pages of a pack that is not whole yet.
  const cache = ADDRESSED.test(file.url) ? "default" : "no-store";
  const answer = await tools.fetch(file.url, { cache, credentials: "omit" });
  if (!answer.ok || answer.redirected) throw new Error(`${file.url} ${answer.status}`);
  if (!(await isThe(file.sha256, answer, tools))) throw new Error(`${file.url} is not the promised one`);
  return answer;
}

/** What was written when a cache was whole; null as well when that is damaged. @param {string} name @param {Tools} tools @returns {Promise<Saved | null>} */
async function seal(name, tools) {
  const answer = await (await tools.caches.open(name)).match(SEAL);
  const found = await answer?.json().catch(() => null);
  return found && cacheName(found) === name ? found : null;
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
