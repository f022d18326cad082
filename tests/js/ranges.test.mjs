/* A kept recording is given out in parts. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { isGuideSound, isNever } from "../../static/src/js/sync/cache-rules.js";
import { partOf } from "../../static/src/js/sync/ranges.js";

const kept = () => new Response("0123456789", { headers: { "Content-Type": "audio/ogg; codecs=opus" } });

for (const [range, body, told] of [
  ["bytes=0-", "0123456789", "bytes 0-9/10"],
  ["bytes=2-4", "234", "bytes 2-4/10"],
  ["bytes=8-99", "89", "bytes 8-9/10"],
  ["bytes=-3", "789", "bytes 7-9/10"],
]) {
  test(`${range} is ${body}`, async () => {
    const part = await partOf(kept(), range);
    assert.equal(part.status, 206);
    assert.equal(await part.text(), body);
    assert.equal(part.headers.get("Content-Range"), told);
    assert.equal(part.headers.get("Content-Type"), "audio/ogg; codecs=opus");
  });
}

test("what is no single part is the whole", async () => {
  for (const range of [null, "", "bytes=-", "bytes=0-1,4-5", "lines=1-2"]) {
    const whole = await partOf(kept(), range);
    assert.equal(whole.status, 200);
    assert.equal(await whole.text(), "0123456789");
  }
});

test("a part that is not there is refused", async () => {
  const none = await partOf(kept(), "bytes=10-");
  assert.equal(none.status, 416);
  assert.equal(none.headers.get("Content-Range"), "bytes */10");
});

test("recordings have an address of their own", () => {
  assert.ok(isGuideSound("/tieng/ab.opus"));
  assert.ok(!isGuideSound("/phuong/tieng/ab.opus"));
  assert.ok(isNever("/phuong/tieng/ab.opus"));
});
