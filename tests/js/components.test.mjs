/* The deciding parts of the citizens' components, without a page. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { cookie, nextSize } from "../../static/src/js/components/look.js";
import { sentences, voiceOf } from "../../static/src/js/components/read-aloud.js";
import { placeOf } from "../../static/src/js/components/resume.js";
import { direction } from "../../static/src/js/components/swipe.js";

test("text grows twice and then starts again", () => {
  assert.deepEqual(["100", "115", "130", "nonsense"].map(nextSize), ["115", "130", "100", "100"]);
});

test("a cookie is found by its whole name", () => {
  assert.equal(cookie("text", "context=9; text=115"), "115");
  assert.equal(cookie("text", "context=9"), "");
});

test("a page is read sentence by sentence, in composed letters", () => {
  assert.deepEqual(sentences("Nhập 6 số trong tin nhắn.\n  Không đọc mã này cho ai! "), ["Nhập 6 số trong tin nhắn.", "Không đọc mã này cho ai!"]);
  assert.deepEqual(sentences("Bước 5".normalize("NFD")), ["Bước 5"]);
  assert.deepEqual(sentences(" … . "), []);
});

test("a Vietnamese voice on the phone comes before one on the network, and no other voice will do", () => {
  const far = { lang: "vi-VN", localService: false };
  const near = { lang: "vi_VN", localService: true };
  const other = { lang: "en-US", localService: true };
  assert.equal(voiceOf([other, far, near], "vi"), near);
  assert.equal(voiceOf([other, far], "vi"), far);
  assert.equal(voiceOf([other, { lang: "vie-x", localService: true }], "vi"), null);
  assert.equal(voiceOf([far, near, other], "en"), other, "an English page is read by an English voice");
});

test("the guide to go on with is one begun, not done and not old", () => {
  const place = { slug: "vneid", step: 5, total: 8, title: "Kích hoạt VNeID", at: 0 };
  const day = 86_400_000;
  assert.deepEqual(placeOf(JSON.stringify(place), day), place);
  assert.equal(placeOf(JSON.stringify(place), 31 * day), null);
  assert.equal(placeOf(JSON.stringify({ ...place, step: 8 }), day), null);
  assert.equal(placeOf(JSON.stringify({ ...place, step: 1 }), day), null);
  assert.equal(placeOf(JSON.stringify({ ...place, slug: "../x" }), day), null);
  assert.equal(placeOf("{", day), null);
  assert.equal(placeOf(null, day), null);
});

test("a swipe is far and mostly sideways", () => {
  const at = (x, y) => ({ x, y });
  assert.equal(direction(at(300, 0), at(100, 20)), "next");
  assert.equal(direction(at(100, 0), at(300, 20)), "prev");
  assert.equal(direction(at(100, 0), at(140, 0)), "");
  assert.equal(direction(at(100, 0), at(200, 90)), "");
});
