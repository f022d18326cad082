/* A code on paper finds its step in the saved guide, by name: numbers change, paper does not. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { trust } from "../../static/src/js/sync/pack-keys.js";
import { saveGuide } from "../../static/src/js/sync/pack.js";
import { isShort, placeOf } from "../../static/src/js/sync/step-places.js";
import { fakeCaches, fakeFetch } from "./fake-caches.mjs";
import { answers, hash, newKey } from "./pack-signer.mjs";

const key = await newKey();
trust([key.point]);
const steps = JSON.stringify({ steps: [{ item: "cai-dat" }, { item: "ma-otp" }, {}] });
const given = { caches: fakeCaches(), digest: async (bytes) => hash(Buffer.from(bytes)), shows: async () => true, now: () => 1 };
const tools = { ...given, fetch: fakeFetch(await answers(key, 1, { "/huong-dan/vneid/buoc.json": steps })) };
await saveGuide({ slug: "vneid" }, tools);

test("a name leads to its step, a name that is gone to the guide's face", async () => {
  assert.equal(await placeOf("/b/vneid/ma-otp/", tools), "/huong-dan/vneid/2/");
  assert.equal(await placeOf("/b/vneid/cu-roi/", tools), "/huong-dan/vneid/");
});

test("a guide that is not on the phone is left to the network", async () => {
  assert.equal(await placeOf("/b/khac/ma-otp/", tools), null);
});

test("only addresses of steps are taken", () => {
  assert.deepEqual(["/b/vneid/ma-otp/", "/b/vneid/ma-otp/ma.svg", "/b/vneid/", "/huong-dan/b/x/"].map(isShort), [true, false, false, false]);
});
