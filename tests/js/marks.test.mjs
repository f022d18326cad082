/* Marks on a photo go where they are dragged and never leave it. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { dragged, tapped } from "../../static/src/js/components/photo-marks.js";
import { kept } from "../../static/src/js/components/guide-editor.js";
import { clock } from "../../static/src/js/components/recorder.js";

const at = (x, y) => ({ x, y });
const drag = (how, kind, box = { x: 0, y: 0, w: 0, h: 0 }, from = at(0, 0)) => ({ how, kind, shape: null, from, box });
const to = (held, x, y) => dragged(held, at(x, y), 600, 800);

test("a new mark lies between where one pressed and where one let go, whichever way", () => {
  assert.deepEqual(to(drag("new", "ring", undefined, at(300, 200)), 100, 250), { x: 100, y: 200, w: 200, h: 50 });
  assert.deepEqual(to(drag("new", "arrow", undefined, at(300, 200)), 100, 250), { x: 300, y: 200, w: 100, h: 250 });
});

test("a mark that is moved keeps its size and stays on the photo", () => {
  const box = { x: 500, y: 10, w: 80, h: 40 };
  assert.deepEqual(to(drag("move", "ring", box), 10, -5), { x: 510, y: 5, w: 80, h: 40 });
  assert.deepEqual(to(drag("move", "cover", box), 900, -900), { x: 520, y: 0, w: 80, h: 40 });
  assert.deepEqual(to(drag("move", "arrow", { x: 10, y: 700, w: 60, h: 600 }), -50, 500), { x: 0, y: 800, w: 50, h: 700 });
});

test("a mark that is made smaller does not vanish, one made larger does not leave the photo", () => {
  const box = { x: 500, y: 10, w: 80, h: 40 };
  assert.deepEqual(to(drag("size", "ring", box), -500, -500), { x: 500, y: 10, w: 8, h: 8 });
  assert.deepEqual(to(drag("size", "crop", box), 500, 5), { x: 500, y: 10, w: 100, h: 45 });
  assert.deepEqual(to(drag("size", "arrow", { x: 10, y: 10, w: 60, h: 60 }), 20, -40), { x: 30, y: 0, w: 60, h: 60 });
});

test("a tap makes a mark of a usual size that lies on the photo", () => {
  assert.deepEqual(tapped("ring", at(300, 400), 600, 800), { x: 200, y: 370, w: 200, h: 60 });
  assert.deepEqual(tapped("cover", at(0, 0), 600, 800), { x: 0, y: 0, w: 200, h: 60 });
  assert.deepEqual(tapped("arrow", at(300, 400), 600, 800), { x: 200, y: 500, w: 300, h: 400 });
});

test("a recording's time is said in minutes and seconds", () => {
  assert.deepEqual([0, 999, 9_000, 61_500].map(clock), ["0:00", "0:00", "0:09", "1:01"]);
});

test("what is typed while a request is on its way is not kept by it", () => {
  const book = kept(), first = {}, second = {};
  book.type();
  book.ask(first);
  assert.ok(book.all(first));
  book.type();
  assert.ok(!book.all(first), "typed after it was sent");
  book.ask(second);
  assert.ok(book.all(second));
  assert.ok(!book.all({}), "of a request that was never seen nothing is known");
});
