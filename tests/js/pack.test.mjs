/* A guide is on the phone whole or not at all, and the version before it stays until the new one is whole. */

import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { test } from "node:test";
import { drop, matchSaved, saveGuide, savedGuides } from "../../static/src/js/sync/pack.js";
import { fakeCaches, fakeFetch } from "./fake-caches.mjs";

const sha256 = (text) => createHash("sha256").update(text).digest("hex");
const digest = async (bytes) => sha256(Buffer.from(bytes));
const PAGE = "/huong-dan/vneid/1/";

function packOf(version, files) {
  const urls = Object.entries(files).map(([url, text]) => ({ url, sha256: sha256(text), bytes: text.length }));
  const bytes = urls.reduce((sum, one) => sum + one.bytes, 0);
  return { "/huong-dan/vneid/goi.json": JSON.stringify({ slug: "vneid", version, bytes, urls }), ...files };
}

const tools = (caches, answers, now = 1, shows = true) => ({ caches, fetch: fakeFetch(answers), digest, shows: async () => shows, now: () => now });
const guide = { slug: "vneid", title: "Kích hoạt VNeID" };

test("a saved guide is listed and answers for its pages", async () => {
  const caches = fakeCaches();
  const given = tools(caches, packOf(1, { [PAGE]: "bước 1", "/huong-dan/vneid/2/": "bước 2" }));
  const saved = await saveGuide(guide, given);
  assert.equal(saved.title, "Kích hoạt VNeID");
  assert.deepEqual((await savedGuides(given)).map((one) => [one.slug, one.version]), [["vneid", 1]]);
  assert.equal(await (await matchSaved(PAGE, given)).text(), "bước 1");
  assert.equal(await matchSaved("/huong-dan/khac/", given), undefined);
});

test("progress ends at all the bytes the pack named", async () => {
  const seen = [];
  await saveGuide({ ...guide, onProgress: (done, all) => seen.push([done, all]) }, tools(fakeCaches(), packOf(1, { [PAGE]: "abcd", "/b": "ef" })));
  assert.deepEqual(seen, [[4, 6], [6, 6]]);
});

for (const [shows, kept] of [[true, ["/1.avif", "/2.avif"]], [false, ["/1.avif", "/1.webp", "/2.webp"]]]) {
  test(`a picture is kept in one format when the browser ${shows ? "shows" : "does not show"} the better one`, async () => {
    const caches = fakeCaches();
    const answers = packOf(1, { [PAGE]: "bước 1", "/1.avif": "một", "/1.webp": "một nhỏ", "/2.avif": "hai", "/2.webp": "hai nhỏ" });
    const pack = JSON.parse(answers["/huong-dan/vneid/goi.json"]);
    for (const file of pack.urls) if (file.url.endsWith("webp")) file.instead = file.url.replace("webp", "avif");
    pack.bytes = pack.urls.filter((file) => !file.instead).reduce((sum, file) => sum + file.bytes, 0);
    const seen = [];
    const given = tools(caches, { ...answers, "/huong-dan/vneid/goi.json": JSON.stringify(pack) }, 1, shows);
    await saveGuide({ ...guide, onProgress: (done, all) => seen.push(done / all) }, given);
    const held = await Promise.all(pack.urls.map(async ({ url }) => (await matchSaved(url, given)) && url));
    assert.deepEqual(held.filter(Boolean), [PAGE, ...kept]);
    assert.ok(Math.max(...seen) <= 1);
  });
}

test("a newer version replaces the one before it once it is whole", async () => {
  const caches = fakeCaches();
  await saveGuide(guide, tools(caches, packOf(1, { [PAGE]: "cũ" })));
  const given = tools(caches, packOf(2, { [PAGE]: "mới" }));
  await saveGuide(guide, given);
  assert.deepEqual(await caches.keys(), ["guide-vneid-v2"]);
  assert.equal(await (await matchSaved(PAGE, given)).text(), "mới");
});

test("a version cut short leaves the one before it in place", async () => {
  const caches = fakeCaches();
  await saveGuide(guide, tools(caches, packOf(1, { [PAGE]: "cũ" })));
  const broken = { ...packOf(2, { [PAGE]: "mới", "/huong-dan/vneid/2/": "bước 2" }), "/huong-dan/vneid/2/": 503 };
  const given = tools(caches, broken);
  await assert.rejects(saveGuide(guide, given), /503/);
  assert.deepEqual(await caches.keys(), ["guide-vneid-v1"]);
  assert.equal(await (await matchSaved(PAGE, given)).text(), "cũ");
});

test("a file that is not the promised one is refused", async () => {
  const caches = fakeCaches();
  const answers = { ...packOf(1, { [PAGE]: "bước 1" }), [PAGE]: "đăng nhập mạng khách sạn" };
  await assert.rejects(saveGuide(guide, tools(caches, answers)), /promised/);
  assert.deepEqual(await caches.keys(), []);
});

test("a cache without its seal answers nothing: the phone died while it was filled", async () => {
  const caches = fakeCaches();
  const half = await caches.open("guide-vneid-v3");
  await half.put(PAGE, new Response("dở dang"));
  const given = tools(caches, {});
  assert.deepEqual(await savedGuides(given), []);
  assert.equal(await matchSaved(PAGE, given), undefined);
});

test("the version that is already here is not fetched again", async () => {
  const caches = fakeCaches();
  await saveGuide(guide, tools(caches, packOf(1, { [PAGE]: "cũ" }), 5));
  const again = await saveGuide(guide, tools(caches, { "/huong-dan/vneid/goi.json": packOf(1, {})["/huong-dan/vneid/goi.json"] }, 9));
  assert.equal(again.at, 5);
});

test("a dropped guide is gone, another stays, and other caches are not touched", async () => {
  const caches = fakeCaches();
  const given = tools(caches, packOf(1, { [PAGE]: "cũ" }));
  await saveGuide(guide, given);
  await caches.open("gocua-pages");
  await drop("khac", given);
  assert.equal((await savedGuides(given)).length, 1);
  await drop("vneid", given);
  assert.deepEqual(await caches.keys(), ["gocua-pages"]);
});
