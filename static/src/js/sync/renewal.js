/* What is new about the guides on this phone: first what was withdrawn, then what changed.

   For: asking /huong-dan/rut.json, dropping what is listed there at once, and only then fetching; remembering when this
   phone asked last. No DOM. Not for: fetching and checking a pack (pack.js). */

import { opened } from "./pack-keys.js";
import { isRoomy } from "./room.js";
import { drop, parsed, savedGuide, savedGuides, saveGuide, TOOLS } from "./pack.js";

/** @typedef {import("./pack.js").Tools} Tools */
/** @typedef {import("./pack.js").Saved} Saved */
/** @typedef {{withdrawn: [string, number][], current: Record<string, [number, string]>}} News */
/** @typedef {{at: number, gone: Record<string, string>, known: string[]}} Note when this phone asked last; titles of withdrawn guides; withdrawals dealt with */

const CACHE = "gocua-news";
const PLACE = "/huong-dan/.da-kiem";
const PAGES = "gocua-pages";
const DAY = 86_400_000;
/** Days after which a reader is told that nobody has looked for news. */
export const STALE = 14;

/**
 * Ask what was withdrawn and drop it, before anything else is fetched.
 * @param {Tools} tools
 * @returns {Promise<{news: News, dropped: string[]}>} dropped: the saved guides that are gone now; throws without network, and
 *   when the answer is not signed by a known key
 */
export async function askNews(tools = TOOLS) {
  const answer = await tools.fetch("/huong-dan/rut.json", { cache: "no-cache", credentials: "omit" });
  if (!answer.ok) throw new Error(`rut.json ${answer.status}`);
  const known = (await savedGuides(tools)).flatMap(({ key }) => key ?? []);
  const { manifest } = await opened(await answer.json(), "news", known);
  const dropped = await obey(manifest, tools);
  return { news: manifest, dropped };
}

/**
 * Keep a guide, or bring a kept one up to date.
 * @param {{slug: string, onProgress?: (done: number, all: number) => void}} guide
 * @param {Tools} tools
 * @returns {Promise<Saved | null>} null: it was withdrawn and there is no other; throws as askNews and saveGuide do
 */
export async function keepGuide(guide, tools = TOOLS) {
  const { news } = await askNews(tools);
  if (!(guide.slug in news.current)) return null;
  return save(guide, tools);
}

/**
 * Bring these guides, and those that are here already, up to date; what fails is tried at the next chance. Nobody waits for
 * them: a phone that is nearly full keeps its last room for the day's work.
 * @param {string[]} slugs
 * @param {Tools} tools
 * @param {() => Promise<boolean>} roomy
 */
export async function keepGuides(slugs, tools = TOOLS, roomy = isRoomy) {
  const { news } = await askNews(tools);
  const held = new Map((await savedGuides(tools)).map((one) => [one.slug, one]));
  for (const slug of new Set([...slugs, ...held.keys()])) {
    const [version, mark] = news.current[slug] ?? [];
    const here = held.get(slug);
    // Fifty guides that are asked for one by one cost more than they are worth on a slow line.
    if (!version || (here && here.version === version && here.mark === mark)) continue;
    if (!(await roomy())) return;
    await save({ slug }, tools).catch(() => null);
  }
}

/** For the worker: drop what was withdrawn and fetch what takes its place. @param {Tools} tools */
export async function followNews(tools = TOOLS) {
  if ((await savedGuides(tools)).length === 0 && Object.keys((await read(tools)).gone).length === 0) return;
  const { news } = await askNews(tools);
  const lost = Object.keys((await read(tools)).gone).filter((slug) => slug in news.current);
  for (const slug of lost) await save({ slug }, tools).catch(() => null);
}

/** @param {{slug: string, onProgress?: (done: number, all: number) => void}} guide @param {Tools} tools */
async function save(guide, tools) {
  const saved = await saveGuide(guide, tools);
  await note(tools, ({ gone }) => void delete gone[guide.slug]);
  return saved;
}

/**
 * How a guide stands on this phone.
 * @param {string} slug
 * @param {Tools} tools
 * @returns {Promise<{held: Saved | undefined, gone: boolean, days: number}>} gone: it was here and is withdrawn; days: how long
 *   nobody has asked for news of it, 0 while that is short
 */
export async function standing(slug, tools = TOOLS) {
  const [held, { at, gone }] = await Promise.all([savedGuide(slug, tools), read(tools)]);
  return { held, gone: slug in gone, days: held ? age(held, at, tools) : 0 };
}

/** Everything for a list: what is here, and the titles of what was withdrawn. @param {Tools} tools */
export async function shelf(tools = TOOLS) {
  const [all, { at, gone }] = await Promise.all([savedGuides(tools), read(tools)]);
  return { held: all.map((one) => ({ ...one, days: age(one, at, tools) })), gone: Object.values(gone) };
}

/** @param {Saved} held @param {number} asked @param {Tools} tools */
function age(held, asked, tools) {
  const days = Math.floor((tools.now() - Math.max(held.at, asked)) / DAY);
  return days >= STALE ? days : 0;
}

/** Drop every listed version. @param {News} news @param {Tools} tools @returns {Promise<string[]>} the guides that were saved */
async function obey({ withdrawn }, tools) {
  const listed = new Set(withdrawn.map(([slug, version]) => `${slug}.${version}`));
  const hit = (/** @type {{slug: string, version: number}} */ one) => listed.has(`${one.slug}.${one.version}`);
  const saved = (await savedGuides(tools)).filter(hit);
  for (const { slug } of saved) await drop(slug, tools);
  // And what was about to become one.
  for (const name of await tools.caches.keys()) {
    const one = parsed(name);
    if (one && hit(one)) await tools.caches.delete(name);
  }
  const { known } = await read(tools);
  await forgetPages(withdrawn.filter(([slug, version]) => !known.includes(`${slug}.${version}`)).map(([slug]) => slug), tools);
  await note(tools, (kept) => {
    for (const { slug, title } of saved) kept.gone[slug] = title;
    kept.at = tools.now();
    kept.known = [...listed];
  });
  return saved.map(({ slug }) => slug);
}

/** Forget the opened pages of guides. @param {string[]} slugs @param {Tools} tools */
async function forgetPages(slugs, tools) {
  if (slugs.length === 0 || !(await tools.caches.keys()).includes(PAGES)) return;
  const cache = await tools.caches.open(PAGES);
  const of = (/** @type {Request} */ { url }) => new URL(url).pathname.match(/^\/huong-dan\/([^/]+)\//)?.[1] ?? "";
  for (const request of await cache.keys()) if (slugs.includes(of(request))) await cache.delete(request);
}

/** @param {Tools} tools @returns {Promise<Note>} */
async function read(tools) {
  const answer = await (await tools.caches.open(CACHE)).match(PLACE);
  return { at: 0, gone: {}, known: [], ...(answer ? await answer.json() : {}) };
}

/** @param {Tools} tools @param {(note: Note) => void} change */
async function note(tools, change) {
  const kept = await read(tools);
  change(kept);
  await (await tools.caches.open(CACHE)).put(PLACE, new Response(JSON.stringify(kept), { headers: { "Content-Type": "application/json" } }));
}
