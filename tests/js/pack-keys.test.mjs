/* Whose word a phone takes: the keys it came with, those they introduce, and nobody else's. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { canonical } from "../../static/src/js/sync/canonical.js";
import { opened, trust, Untrusted } from "../../static/src/js/sync/pack-keys.js";
import { newKey, says } from "./pack-signer.mjs";

const EXAMPLES = JSON.parse(readFileSync(new URL("../wire/packs.json", import.meta.url), "utf8"));
const SAID = { kind: "pack", slug: "mau" };

test("what the server signs has the same bytes here", () => {
  assert.equal(canonical(EXAMPLES.third.manifest), EXAMPLES.canonical);
});

test("the server's example opens with its own key and with any before it, and not with one after it", async () => {
  const [first, second, third] = EXAMPLES.points;
  for (const pinned of [first, second, third]) {
    trust([pinned]);
    assert.equal((await opened(EXAMPLES.third, "pack")).point, third);
  }
  trust([second]);
  await assert.rejects(opened(EXAMPLES.first, "pack"), Untrusted);
});

test("a key that this phone trusted before counts as one it came with", async () => {
  trust([]);
  const [first, , third] = EXAMPLES.points;
  await assert.rejects(opened(EXAMPLES.third, "pack"), Untrusted);
  assert.equal((await opened(EXAMPLES.third, "pack", [first])).point, third);
});

test("a chain with a link that is missing or forged leads nowhere", async () => {
  trust([EXAMPLES.points[0]]);
  const [one, two] = EXAMPLES.third.keys;
  const stranger = await newKey();
  for (const keys of [[two], [], [{ ...one, sig: two.sig }, two], [one, { ...two, public: stranger.point }], [{ ...one, by: "" }, two]]) {
    await assert.rejects(opened({ ...EXAMPLES.third, keys }, "pack"), Untrusted);
  }
});

test("a stranger who introduces himself is not believed", async () => {
  const [honest, stranger] = [await newKey(), await newKey()];
  trust([honest.point]);
  const second = await newKey(stranger);
  await assert.rejects(opened(await says(second, SAID), "pack"), Untrusted);
  const liar = { ...second, words: [{ ...second.words[0], by: honest.id }] };
  await assert.rejects(opened(await says(liar, SAID), "pack"), Untrusted);
});

test("a statement counts for its own kind only, and nonsense for nothing", async () => {
  const key = await newKey();
  trust([key.point]);
  const said = await says(key, SAID);
  assert.equal((await opened(said, "pack")).manifest.slug, "mau");
  await assert.rejects(opened(said, "news"), Untrusted);
  for (const odd of [{}, { ...said, sig: "!!" }, { ...said, sig: undefined }, { ...said, manifest: null }, { ...said, manifest: { ...SAID, x: 0.5 } }]) {
    await assert.rejects(opened(odd, "pack"), Untrusted);
  }
});
