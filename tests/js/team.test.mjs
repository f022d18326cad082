/* The deciding parts of the team's components, without a page. */

import assert from "node:assert/strict";
import { after, test } from "node:test";
import { leave } from "../../static/src/js/sync/events.js";
import { judge, look, sharpness, unusable } from "../../static/src/js/components/photo-judge.js";
import { add } from "../../static/src/js/components/signature.js";
import { moment, dayOf, size, age, masked } from "../../static/src/js/components/format.js";
import { presentMarks, progress, standing } from "../../static/src/js/components/houses.js";

after(leave); // the channel between tabs would keep this process alive

const paint = (width, height, grey) => {
  const rgba = new Uint8ClampedArray(4 * width * height);
  for (let i = 0; i < width * height; i += 1) rgba.fill(grey(i % width, Math.floor(i / width)), 4 * i, 4 * i + 3);
  return rgba;
};

test("print is sharp, a smooth ramp is blurred, and a dark picture is called dark before it is called blurred", () => {
  assert.equal(judge(paint(64, 64, (x, y) => (y % 6 < 2 ? 30 : 230)), 64, 64), "ok");
  assert.equal(judge(paint(64, 64, (x) => 100 + x), 64, 64), "blur");
  assert.equal(judge(paint(64, 64, () => 20), 64, 64), "dark");
  assert.equal(sharpness(new Float32Array(4), 2, 2), 0);
});

test("only whole pictures of a sane size may be decoded, by what the file says of itself", () => {
  const jpeg = (w, h, end = [0xff, 0xd9]) => Uint8Array.of(0xff, 0xd8, 0xff, 0xe0, 0, 4, 0, 0, 0xff, 0xc0, 0, 11, 8, h >> 8, h & 255, w >> 8, w & 255, 1, 1, 17, 0, ...end);
  assert.equal(unusable(jpeg(4000, 3000)), null);
  assert.equal(unusable(jpeg(4000, 3000, [])), "cut");
  assert.equal(unusable(jpeg(10000, 6000)), "huge");
  assert.equal(unusable(jpeg(4000, 3000).slice(0, 9)), "cut");
  assert.equal(unusable(new TextEncoder().encode("<svg/>")), "none");
  assert.equal(unusable(new Uint8Array()), "none");
  assert.deepEqual(look(jpeg(640, 480)), { type: "image/jpeg", width: 640, height: 480, whole: true });
});

test("a signature keeps points that moved, as whole numbers", () => {
  const points = [10, 10, 0];
  add(points, [11, 10, 4]);
  add(points, [14, 10, 9]);
  assert.deepEqual(points, [10, 10, 0, 14, 10, 9]);
});

test("a time without a zone is Hà Nội's, and the day turns there", () => {
  assert.equal(moment("2026-11-23T08:00").toISOString(), "2026-11-23T01:00:00.000Z");
  assert.equal(dayOf("2026-11-22T17:30:00Z"), "2026-11-23");
});

test("sizes, ages and masks read as people write them", () => {
  assert.deepEqual([size(640_000), size(1_100_000), size(10_700_000_000)], ["640 KB", "1,1 MB", "10,7 GB"]);
  assert.equal(age("2012-11-24", Date.parse("2026-11-23T05:00:00Z")), 13);
  assert.equal(age("", 0), null);
  assert.equal(masked("099158000214"), "••• ••• ••• 214");
});

test("yesterday's visit does not make a house done today", () => {
  const house = { status: "done", last_visit: "2026-11-22T03:00:00Z", appointment: null };
  assert.equal(standing(house, "2026-11-22"), "done");
  assert.equal(standing(house, "2026-11-23"), "todo");
  assert.equal(standing({ ...house, status: "away" }, "2026-11-22"), "away");
  assert.equal(standing({ status: "appt", last_visit: null, appointment: "2026-11-23T09:30" }, "2026-11-22"), "appt");
});

test("the last mark counts, and an undone one opens its item again", () => {
  const list = { items: [{ code: "a" }, { code: "b", proof: true }] };
  const mark = (item, state, at) => ({ item, state, at });
  const present = presentMarks([mark("a", "open", "2026-11-22T03:00:00Z"), mark("a", "done", "2026-11-22T02:00:00Z"), mark("b", "done", "2026-11-22T02:30:00Z")]);
  const at = progress(list, present);
  assert.deepEqual([at.done, at.next?.code, at.proved], [1, "a", true]);
});
