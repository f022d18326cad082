/* The steps of a guide inside the team app: of what is saved now, else of the network, which is asked once. */

import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import { setDeps } from "../../static/src/js/sync/deps.js";
import { stepsOf } from "../../static/src/js/sync/guide-steps.js";
import { trust } from "../../static/src/js/sync/pack-keys.js";
import { drop, saveGuide, TOOLS } from "../../static/src/js/sync/pack.js";
import { fakeCaches, fakeFetch } from "./fake-caches.mjs";
import { answers, newKey } from "./pack-signer.mjs";

const STEPS = "/huong-dan/vneid/buoc.json";
const told = (caption) => JSON.stringify({ slug: "vneid", steps: [{ caption }] });
const caption = async () => (await stepsOf("vneid"))?.steps[0].caption;
const key = await newKey();
trust([key.point]);

beforeEach(() => { globalThis.caches = fakeCaches(); });

/** The line from now on; notes what is asked. */
function line(given) {
  const asked = [];
  setDeps({ fetch: fakeFetch(given, asked) });
  return asked;
}

const save = async (version, text) => saveGuide({ slug: "vneid" }, { ...TOOLS, caches, fetch: fakeFetch(await answers(key, version, { [STEPS]: text })) });

test("a guide that is renewed while the app is open shows its new steps at once", async () => {
  const asked = line({});
  await save(1, told("cũ"));
  assert.equal(await caption(), "cũ");
  await save(2, told("mới"));
  assert.equal(await caption(), "mới");
  assert.deepEqual(asked, []);
});

test("what is not saved is asked for once, and is gone when it was taken back", async () => {
  const asked = line({ [STEPS]: told("từ mạng") });
  assert.deepEqual([await caption(), await caption()], ["từ mạng", "từ mạng"]);
  assert.deepEqual(asked, [STEPS]);
  await save(1, told("đã lưu"));
  assert.equal(await caption(), "đã lưu");
  await drop("vneid");
  line({});
  assert.equal(await stepsOf("vneid"), null);
});
