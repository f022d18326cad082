/* The search at a keystroke: what it finds is said in tests/wire/finding.json, for the server and the phone alike. */

import assert from "node:assert/strict";
import fs from "node:fs";
import { test } from "node:test";
import { find, prepare, slipped, sound } from "../../static/src/js/sync/finding.js";
import { finder } from "../../static/src/js/sync/finding-index.js";

const { index, cases } = JSON.parse(fs.readFileSync(new URL("../wire/finding.json", import.meta.url), "utf8"));
const prepared = prepare(index);
const slugs = (docs) => docs.map(({ slug }) => slug);

for (const { why, asked, found } of cases) {
  test(`${why}: ${asked}`, () => assert.deepEqual(slugs(find(prepared, asked)), found));
}

test("a slip is one letter wrong, missing, added, or two swapped", () => {
  for (const typed of ["khia", "kha", "khaii", "khoi"]) assert.ok(slipped(typed, "khai"), typed);
  for (const typed of ["khai", "ihak", "kh"]) assert.ok(!slipped(typed, "khai"), typed);
});

test("what sounds alike is alike, and nothing else", () => {
  assert.equal(sound("tru"), sound("chu"));
  assert.equal(sound("ly"), sound("ni"));
  assert.notEqual(sound("khu"), sound("cu"));
});

test("the index is fetched once for all keystrokes", async () => {
  let times = 0;
  const ask = async () => { times += 1; return new Response(JSON.stringify(index)); };
  const [one, other] = await Promise.all([finder("/once", ask), finder("/once", ask)]);
  assert.equal(one, other);
  assert.equal(slugs(one("dang ky tam tru"))[0], "tam-tru");
  assert.equal(times, 1);
});

test("an index that did not come is asked for again at the next keystroke", async () => {
  const answers = [new Response("", { status: 503 }), new Response(JSON.stringify(index))];
  const ask = async () => /** @type {Response} */ (answers.shift());
  await assert.rejects(finder("/again", ask), /503/);
  assert.deepEqual(slugs((await finder("/again", ask))("bhyt")), ["bhyt"]);
});
