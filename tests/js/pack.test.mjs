/* A guide is on the phone whole or not at all, only what changed is fetched, and nothing is kept or shown that was not signed. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { trust, Untrusted } from "../../static/src/js/sync/pack-keys.js";
import { drop, matchSaved, saveGuide, savedGuides } from "../../static/src/js/sync/pack.js";
import { fakeCaches, fakeFetch } from "./fake-caches.mjs";
import { answers, hash, newKey } from "./pack-signer.mjs";

const PAGE = "/huong-dan/vneid/1/";
const TWO = "/huong-dan/vneid/2/";
const PICTURE = `/tranh/${hash("tranh")}.avif`;
const guide = { slug: "vneid" };
const digest = async (bytes) => hash(Buffer.from(bytes));
const tools = (caches, given, now = 1, asked = []) => ({ caches, fetch: fakeFetch(given, asked), digest, shows: async () => true, now: () => now });
const key = await newKey();

beforeEach(() => trust([key.point]));

/** A phone with one saved version. */
async function phone(files = { [PAGE]: "cũ" }, version = 1) {
  const caches = fakeCaches();
  await saveGuide(guide, tools(caches, await answers(key, version, files)));
  return caches;
}

const text = async (address, given) => (await matchSaved(address, given))?.text();

test("a saved guide is listed and answers for its pages", async () => {
  const caches = fakeCaches();
  const given = tools(caches, await answers(key, 1, { [PAGE]: "bước 1", [TWO]: "bước 2" }));
  const saved = await saveGuide(guide, given);
  assert.equal(saved.title, "Kích hoạt VNeID");
  assert.deepEqual((await savedGuides(given)).map((one) => [one.slug, one.version, one.key]), [["vneid", 1, key.point]]);
  assert.equal(await text(PAGE, given), "bước 1");
  assert.equal(await text("/huong-dan/khac/", given), undefined);
});

test("progress ends at all the bytes the pack named", async () => {
  const seen = [];
  await saveGuide({ ...guide, onProgress: (done, all) => seen.push([done, all]) }, tools(fakeCaches(), await answers(key, 1, { [PAGE]: "abcd", "/b": "ef" })));
  assert.deepEqual(seen, [[4, 6], [6, 6]]);
});

for (const [shows, kept] of [[true, ["/1.avif", "/2.avif"]], [false, ["/1.avif", "/1.webp", "/2.webp"]]]) {
  test(`a picture is kept in one format when the browser ${shows ? "shows" : "does not show"} the better one`, async () => {
    const caches = fakeCaches();
    const files = { [PAGE]: "bước 1", "/1.avif": "một", "/1.webp": "một nhỏ", "/2.avif": "hai", "/2.webp": "hai nhỏ" };
    const instead = { "/1.webp": "/1.avif", "/2.webp": "/2.avif" };
    const seen = [];
    const asked = [];
    const given = { ...tools(caches, await answers(key, 1, files, { instead }), 1, asked), shows: async () => shows };
    await saveGuide({ ...guide, onProgress: (done, all) => seen.push(done / all) }, given);
    const held = await Promise.all(Object.keys(files).map(async (url) => (await matchSaved(url, given)) && url));
    assert.deepEqual(held.filter(Boolean), [PAGE, ...kept]);
    assert.ok(Math.max(...seen) <= 1);
    const before = asked.length;
    await saveGuide(guide, given);
    assert.deepEqual(asked.slice(before), ["/huong-dan/vneid/goi.json"]);
  });
}

test("a newer version replaces the one before it, and only what changed is fetched", async () => {
  const caches = await phone({ [PAGE]: "bước 1", [TWO]: "bước 2", [PICTURE]: "tranh" });
  const asked = [];
  const given = tools(caches, await answers(key, 2, { [PAGE]: "bước 1", [TWO]: "bước hai", [PICTURE]: "tranh" }), 2, asked);
  await saveGuide(guide, given);
  assert.deepEqual(asked, ["/huong-dan/vneid/goi.json", TWO]);
  assert.equal((await caches.keys()).length, 1);
  assert.deepEqual([await text(PAGE, given), await text(TWO, given), await text(PICTURE, given)], ["bước 1", "bước hai", "tranh"]);
});

test("a release that changes a page of the same version is taken, too", async () => {
  const caches = await phone({ [PAGE]: "kiểu cũ", [TWO]: "bước 2" });
  const asked = [];
  const given = tools(caches, await answers(key, 1, { [PAGE]: "kiểu mới", [TWO]: "bước 2" }), 2, asked);
  await saveGuide(guide, given);
  assert.deepEqual(asked, ["/huong-dan/vneid/goi.json", PAGE]);
  assert.equal(await text(PAGE, given), "kiểu mới");
});

test("pictures and pages that were opened are not fetched again, unless they are others", async () => {
  const caches = fakeCaches();
  await (await caches.open("gocua-pictures")).put(PICTURE, new Response("tranh"));
  await (await caches.open("gocua-pages")).put(PAGE, new Response("của bản trước"));
  const asked = [];
  await saveGuide(guide, tools(caches, await answers(key, 1, { [PAGE]: "bước 1", [PICTURE]: "tranh" }), 1, asked));
  assert.deepEqual(asked, ["/huong-dan/vneid/goi.json", PAGE]);
});

test("a line that breaks half-way leaves the old one whole, and next time only what is missing is fetched", async () => {
  const caches = await phone({ [PAGE]: "cũ 1", [TWO]: "cũ 2" });
  const whole = await answers(key, 2, { [PAGE]: "mới 1", [TWO]: "mới 2" });
  const given = tools(caches, { ...whole, [TWO]: 503 });
  await assert.rejects(saveGuide(guide, given), /503/);
  assert.deepEqual((await savedGuides(given)).map((one) => one.version), [1]);
  assert.deepEqual([await text(PAGE, given), await text(TWO, given)], ["cũ 1", "cũ 2"]);
  const asked = [];
  await saveGuide(guide, tools(caches, whole, 2, asked));
  assert.deepEqual(asked, ["/huong-dan/vneid/goi.json", TWO]);
  assert.deepEqual([await text(PAGE, given), await text(TWO, given)], ["mới 1", "mới 2"]);
  assert.equal((await caches.keys()).length, 1);
});

test("a phone that is full says so as the browser does, keeps the old one whole and nothing of the new one", async () => {
  const caches = await phone({ [PAGE]: "cũ 1", [TWO]: "cũ 2" });
  const full = { ...caches, open: async (name) => ({ ...(await caches.open(name)), put: async (url, answer) => {
    if (url === TWO) throw new DOMException("no room", "QuotaExceededError");
    await (await caches.open(name)).put(url, answer);
  } }) };
  const given = tools(full, await answers(key, 2, { [PAGE]: "mới 1", [TWO]: "mới 2" }), 2);
  await assert.rejects(saveGuide(guide, given), { name: "QuotaExceededError" });
  assert.equal((await caches.keys()).length, 1, "what cannot be finished would only take the room that is left");
  assert.deepEqual([await text(PAGE, given), await text(TWO, given)], ["cũ 1", "cũ 2"]);
});

test("a full phone that only lacks one file of a pack keeps the rest of it", async () => {
  const caches = await phone({ [PAGE]: "bước 1", [TWO]: "bước 2" });
  await (await caches.open((await caches.keys())[0])).delete(TWO);
  const full = { ...caches, open: async (name) => ({ ...(await caches.open(name)), put: async () => { throw new DOMException("no room", "QuotaExceededError"); } }) };
  const given = tools(full, await answers(key, 1, { [PAGE]: "bước 1", [TWO]: "bước 2" }));
  await assert.rejects(saveGuide(guide, given), { name: "QuotaExceededError" });
  assert.equal(await text(PAGE, given), "bước 1");
});

test("what came of a version that is already replaced serves the next one", async () => {
  const caches = fakeCaches();
  await assert.rejects(saveGuide(guide, tools(caches, { ...(await answers(key, 1, { [PICTURE]: "tranh", [PAGE]: "a" })), [PAGE]: 503 })));
  const asked = [];
  await saveGuide(guide, tools(caches, await answers(key, 2, { [PICTURE]: "tranh", [PAGE]: "b" }), 2, asked));
  assert.deepEqual(asked, ["/huong-dan/vneid/goi.json", PAGE]);
  assert.equal((await caches.keys()).length, 1);
});

test("a file that is not the promised one is refused", async () => {
  const caches = fakeCaches();
  const given = { ...(await answers(key, 1, { [PAGE]: "bước 1" })), [PAGE]: "đăng nhập mạng khách sạn" };
  await assert.rejects(saveGuide(guide, tools(caches, given)), /promised/);
  assert.deepEqual(await savedGuides(tools(caches, {})), []);
  assert.equal(await text(PAGE, tools(caches, {})), undefined);
});

test("a cache without its seal answers nothing: the phone died while it was filled", async () => {
  const caches = fakeCaches();
  const half = await caches.open("guide-vneid-v3");
  await half.put(PAGE, new Response("dở dang"));
  assert.deepEqual(await savedGuides(tools(caches, {})), []);
  assert.equal(await text(PAGE, tools(caches, {})), undefined);
});

test("a seal that cannot be read makes its guide unsaved and harms no other", async () => {
  for (const broken of ["{", JSON.stringify({ slug: "vneid", version: 9, at: 9 })]) {
    const caches = await phone({ [PAGE]: "bước 1" });
    await saveGuide({ slug: "khac" }, tools(caches, await answers(key, 1, { "/huong-dan/khac/1/": "khác" }, { slug: "khac" })));
    const [name] = (await caches.keys()).filter((one) => one.startsWith("guide-vneid-"));
    await (await caches.open(name)).put("/huong-dan/.da-luu", new Response(broken));
    const given = tools(caches, await answers(key, 1, { [PAGE]: "bước 1" }), 2);
    assert.deepEqual((await savedGuides(given)).map((one) => one.slug), ["khac"]);
    assert.deepEqual([await text(PAGE, given), await text("/huong-dan/khac/1/", given)], [undefined, "khác"]);
    await saveGuide(guide, given);
    assert.equal(await text(PAGE, given), "bước 1");
  }
});

test("the pack that is already here is not fetched again, but a file that was lost is", async () => {
  const caches = await phone({ [PAGE]: "bước 1", [TWO]: "bước 2" });
  const same = await answers(key, 1, { [PAGE]: "bước 1", [TWO]: "bước 2" });
  const asked = [];
  assert.equal((await saveGuide(guide, tools(caches, same, 9, asked))).at, 1);
  assert.deepEqual(asked, ["/huong-dan/vneid/goi.json"]);
  await (await caches.open((await caches.keys())[0])).delete(TWO);
  await saveGuide(guide, tools(caches, same, 9, asked));
  assert.deepEqual(asked.slice(2), [TWO]);
});

test("a pack of the time before signatures is read until it is renewed", async () => {
  const caches = fakeCaches();
  const old = await caches.open("guide-vneid-v1");
  await old.put(PAGE, new Response("cũ"));
  await old.put("/huong-dan/.da-luu", new Response(JSON.stringify({ slug: "vneid", version: 1, bytes: 2, title: "Cũ", url: "/huong-dan/vneid/", at: 1 })));
  const given = tools(caches, await answers(key, 1, { [PAGE]: "cũ" }));
  assert.equal(await text(PAGE, given), "cũ");
  await saveGuide(guide, given);
  assert.match((await caches.keys()).join(), /^guide-vneid-v1\.[0-9a-f]{16}$/);
});

// --- whose word counts ------------------------------------------------------------------------------------------------

test("a pack signed by a key that nobody knows is refused and the old pack stays", async () => {
  const caches = await phone();
  const stranger = await newKey();
  const given = tools(caches, await answers(stranger, 2, { [PAGE]: "giả" }));
  await assert.rejects(saveGuide(guide, given), Untrusted);
  assert.equal(await text(PAGE, given), "cũ");
  assert.equal((await caches.keys()).length, 1);
});

test("a changed manifest, another guide's pack and a statement of another kind are refused", async () => {
  const caches = await phone();
  const made = await answers(key, 2, { [PAGE]: "mới" });
  const pack = JSON.parse(made["/huong-dan/vneid/goi.json"]);
  const flipped = { ...pack, manifest: { ...pack.manifest, files: [{ ...pack.manifest.files[0], sha256: hash("giả") }] } };
  const other = (await answers(key, 2, { [PAGE]: "mới" }, { slug: "khac" }))["/huong-dan/khac/goi.json"];
  for (const body of [JSON.stringify(flipped), other, made["/huong-dan/rut.json"], JSON.stringify({ ...pack, sig: "" }), "{}"]) {
    await assert.rejects(saveGuide(guide, tools(caches, { ...made, "/huong-dan/vneid/goi.json": body })));
    assert.equal(await text(PAGE, tools(caches, {})), "cũ");
  }
});

test("an older version than the one that is here is not taken: somebody kept that answer too long", async () => {
  const caches = await phone({ [PAGE]: "bản hai" }, 2);
  const given = tools(caches, await answers(key, 1, { [PAGE]: "bản một" }));
  assert.equal((await saveGuide(guide, given)).version, 2);
  assert.equal(await text(PAGE, given), "bản hai");
});

// --- what is read -----------------------------------------------------------------------------------------------------

test("one flipped byte in a kept picture or page is not shown, and fetched again at the next chance", async () => {
  const files = { [PAGE]: "bước 1", [PICTURE]: "tranh" };
  const caches = await phone(files);
  const cache = await caches.open((await caches.keys())[0]);
  await cache.put(PICTURE, new Response("tranH"));
  await cache.put(PAGE, new Response("bước 9"));
  const asked = [];
  const given = tools(caches, await answers(key, 1, files), 2, asked);
  assert.equal(await text(PICTURE, given), undefined);
  assert.equal(await text(PAGE, given), undefined);
  await saveGuide(guide, given);
  assert.deepEqual(asked.slice(1).sort(), [PAGE, PICTURE].sort());
  assert.deepEqual([await text(PAGE, given), await text(PICTURE, given)], ["bước 1", "tranh"]);
});

test("a file that somebody put into a saved guide is not shown", async () => {
  const caches = await phone();
  await (await caches.open((await caches.keys())[0])).put("/huong-dan/vneid/9/", new Response("gọi số này"));
  assert.equal(await text("/huong-dan/vneid/9/", tools(caches, {})), undefined);
});

test("a dropped guide is gone, another stays, and other caches are not touched", async () => {
  const caches = await phone();
  const given = tools(caches, {});
  await caches.open("gocua-pages");
  await drop("khac", given);
  assert.equal((await savedGuides(given)).length, 1);
  await drop("vneid", given);
  assert.deepEqual(await caches.keys(), ["gocua-pages"]);
});
