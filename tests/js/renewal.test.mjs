/* Withdrawals come first: what is listed is dropped before anything else is fetched, and its name stays to say so. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { trust, Untrusted } from "../../static/src/js/sync/pack-keys.js";
import { matchSaved, saveGuide, savedGuides } from "../../static/src/js/sync/pack.js";
import { askNews, followNews, keepGuide, keepGuides, shelf, standing } from "../../static/src/js/sync/renewal.js";
import { fakeCaches, fakeFetch } from "./fake-caches.mjs";
import { answers, hash, newKey } from "./pack-signer.mjs";

const PAGE = "/huong-dan/vneid/1/";
const NEWS = "/huong-dan/rut.json";
const PACK = "/huong-dan/vneid/goi.json";
const DAY = 86_400_000;
const digest = async (bytes) => hash(Buffer.from(bytes));
const tools = (caches, given, now = DAY, asked = []) => ({ caches, fetch: fakeFetch(given, asked), digest, shows: async () => true, now: () => now });
const key = await newKey();
const guide = { slug: "vneid" };
const roomy = async () => true;

beforeEach(() => trust([key.point]));

/** A phone that has saved a version. */
async function phone(version = 2, files = { [PAGE]: "nguy hiểm" }) {
  const caches = fakeCaches();
  await keepGuide(guide, tools(caches, await answers(key, version, files)));
  return caches;
}

const versions = async (given) => (await savedGuides(given)).map((one) => one.version);

test("a withdrawn version is dropped at once, though nothing else can be fetched", async () => {
  const caches = await phone();
  const asked = [];
  const made = await answers(key, 1, { [PAGE]: "lành" }, { withdrawn: [["vneid", 2]] });
  const given = tools(caches, { [NEWS]: made[NEWS], [PACK]: 503 }, 2 * DAY, asked);
  await assert.rejects(keepGuide(guide, given), /503/);
  assert.deepEqual(asked, [NEWS, PACK]);
  assert.deepEqual(await versions(given), []);
  assert.equal(await matchSaved(PAGE, given), undefined);
  assert.deepEqual((await standing("vneid", given)).gone, true);
  assert.deepEqual((await shelf(given)).gone, ["Kích hoạt VNeID"]);
});

test("the older version that is current again comes next, and its name is no longer among the withdrawn", async () => {
  const caches = await phone();
  const asked = [];
  const given = tools(caches, await answers(key, 1, { [PAGE]: "lành" }, { withdrawn: [["vneid", 2]] }), 2 * DAY, asked);
  await followNews(given);
  assert.deepEqual(asked, [NEWS, PACK, PAGE]);
  assert.deepEqual([await versions(given), (await shelf(given)).gone], [[1], []]);
  assert.equal(await (await matchSaved(PAGE, given)).text(), "lành");
});

test("what takes its place is fetched at the next chance when the line broke", async () => {
  const caches = await phone();
  const made = await answers(key, 1, { [PAGE]: "lành" }, { withdrawn: [["vneid", 2]] });
  await followNews(tools(caches, { ...made, [PAGE]: 503 }));
  assert.deepEqual(await versions(tools(caches, {})), []);
  await followNews(tools(caches, made));
  assert.deepEqual(await versions(tools(caches, {})), [1]);
});

test("a guide with no version left is gone for good, and says so", async () => {
  const caches = await phone();
  const given = tools(caches, await answers(key, 1, {}, { withdrawn: [["vneid", 2], ["vneid", 1]], current: {} }));
  assert.equal(await keepGuide(guide, given), null);
  const { held, gone } = await standing("vneid", given);
  assert.deepEqual([held, gone], [undefined, true]);
});

test("a version that was only half here when it was withdrawn goes, too", async () => {
  const caches = await phone(1, { [PAGE]: "lành" });
  const second = await answers(key, 2, { [PAGE]: "nguy hiểm", "/x": "y" });
  await assert.rejects(saveGuide(guide, tools(caches, { ...second, "/x": 503 })));
  assert.equal((await caches.keys()).filter((name) => name.startsWith("guide-")).length, 2);
  await askNews(tools(caches, await answers(key, 1, { [PAGE]: "lành" }, { withdrawn: [["vneid", 2]] })));
  assert.match((await caches.keys()).filter((name) => name.startsWith("guide-")).join(), /^guide-vneid-v1\./);
  assert.deepEqual((await shelf(tools(caches, {}))).gone, []);
});

test("pages of a withdrawn guide that were only opened are forgotten once, others stay", async () => {
  const caches = fakeCaches();
  const pages = await caches.open("gocua-pages");
  for (const path of [PAGE, "/huong-dan/khac/", "/"]) await pages.put(path, new Response("x"));
  const given = tools(caches, await answers(key, 1, {}, { withdrawn: [["vneid", 2]] }));
  await askNews(given);
  const left = async () => (await pages.keys()).map(({ url }) => new URL(url).pathname);
  assert.deepEqual(await left(), ["/huong-dan/khac/", "/"]);
  await pages.put(PAGE, new Response("bản một, vừa mở"));
  await askNews(given);
  assert.equal((await left()).length, 3);
});

test("news that nobody signed whom this phone knows change nothing", async () => {
  const caches = await phone();
  const stranger = await newKey();
  const given = tools(caches, await answers(stranger, 1, {}, { withdrawn: [["vneid", 2]] }));
  await assert.rejects(askNews(given), Untrusted);
  assert.deepEqual(await versions(given), [2]);
});

test("a phone without saved guides asks for no news, one with them asks before it fetches", async () => {
  const asked = [];
  await followNews(tools(fakeCaches(), {}, DAY, asked));
  assert.deepEqual(asked, []);
  const given = tools(await phone(), await answers(key, 3, { [PAGE]: "mới" }), DAY, asked);
  await keepGuide(guide, given);
  assert.deepEqual(asked, [NEWS, PACK, PAGE]);
});

test("the team's phone asks once for all guides and fetches those that changed", async () => {
  const caches = await phone(2, { [PAGE]: "bước 1" });
  const asked = [];
  const same = await answers(key, 2, { [PAGE]: "bước 1" });
  const other = await answers(key, 1, { "/huong-dan/khac/": "khác" }, { slug: "khac" });
  const current = { ...JSON.parse(same[NEWS]).manifest.current, ...JSON.parse(other[NEWS]).manifest.current };
  const news = (await answers(key, 1, {}, { current }))[NEWS];
  const given = tools(caches, { ...same, ...other, [NEWS]: news }, DAY, asked);
  await keepGuides(["vneid", "khac", "khong-co"], given, roomy);
  assert.deepEqual(asked, [NEWS, "/huong-dan/khac/goi.json", "/huong-dan/khac/"]);
  assert.equal((await savedGuides(given)).length, 2);
});

test("a phone that is nearly full drops what was withdrawn and fetches nothing that nobody waits for", async () => {
  const caches = await phone();
  const asked = [];
  const made = await answers(key, 3, { [PAGE]: "lành" }, { withdrawn: [["vneid", 2]] });
  const given = tools(caches, made, 2 * DAY, asked);
  await keepGuides(["vneid"], given, async () => false);
  assert.deepEqual(asked, [NEWS]);
  assert.deepEqual(await versions(given), []);
  await keepGuides(["vneid"], given, roomy);
  assert.deepEqual(await versions(given), [3]);
});

test("after fourteen days without a question a saved guide says so, and a question ends it", async () => {
  const caches = await phone();
  const at = (day) => tools(caches, {}, day * DAY);
  assert.equal((await standing("vneid", at(14))).days, 0);
  assert.equal((await standing("vneid", at(15))).days, 14);
  assert.deepEqual((await shelf(at(31))).held.map((one) => one.days), [30]);
  await askNews(tools(caches, await answers(key, 2, { [PAGE]: "nguy hiểm" }), 31 * DAY));
  assert.equal((await standing("vneid", at(32))).days, 0);
});
