/* What readers said waits on the phone: each thing once, not too much, until it has arrived. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { MOST, hear, sendHeard, waiting } from "../../static/src/js/sync/heard.js";
import { postHeard } from "../../static/src/js/sync/heard-post.js";

const STEP = "vneid-muc-2.3 4";

/** A phone's store. @param {string | null} text */
const shelf = (text = null) => ({ load: () => text, save: (/** @type {string} */ next) => { text = next; } });

/** A post that answers and notes. @param {string} outcome */
const post = (outcome) => {
  const sent = [];
  return Object.assign(async (lines) => { sent.push(lines); return outcome; }, { sent });
};

test("the same thing said twice waits once", () => {
  const store = shelf();
  for (const kind of ["differs", "differs", "done"]) hear(`${STEP} ${kind}`, store);
  assert.deepEqual(waiting(store), [`${STEP} differs`, `${STEP} done`]);
});

test("too much: old counts give way, words stay", () => {
  const store = shelf();
  hear(`${STEP} differs`, store);
  for (let n = 1; n <= MOST + 5; n += 1) hear(`mau.1 ${n} opened`, store);
  const held = waiting(store);
  assert.equal(held.length, MOST);
  assert.ok(held.includes(`${STEP} differs`) && held.includes(`mau.1 ${MOST + 5} opened`) && !held.includes("mau.1 1 opened"));
});

test("without network all of it waits on, and is sent once when the network is back", async () => {
  const store = shelf();
  for (const kind of ["opened", "differs"]) hear(`${STEP} ${kind}`, store);
  assert.equal(await sendHeard(store, post("later")), "later");
  assert.equal(waiting(store).length, 2);
  const line = post("sent");
  assert.equal(await sendHeard(store, line), "sent");
  await sendHeard(store, line);
  assert.deepEqual(line.sent, [[`${STEP} opened`, `${STEP} differs`]]);
  assert.deepEqual(waiting(store), []);
});

test("what the server will never take is not tried for ever", async () => {
  const store = shelf();
  hear(`${STEP} differs`, store);
  assert.equal(await sendHeard(store, post("refused")), "refused");
  assert.deepEqual(waiting(store), []);
});

test("while it is on its way a count is off the phone, a word is not, and what is new stays", async () => {
  const store = shelf();
  for (const kind of ["opened", "differs"]) hear(`${STEP} ${kind}`, store);
  await sendHeard(store, async () => {
    assert.deepEqual(waiting(store), [`${STEP} differs`]);
    hear(`${STEP} finished`, store);
    hear(`${STEP} opened`, store);
    return "sent";
  });
  assert.deepEqual(waiting(store), [`${STEP} finished`, `${STEP} opened`]);
});

test("a store that holds nonsense holds nothing", () => {
  for (const text of ["{", "7", "null", '{"a":1}', '["x", 5, "a.1 1 opened extra words"]']) assert.deepEqual(waiting(shelf(text)), []);
});

test("a post is the form that a page without a script sends, without cookies", async () => {
  let asked;
  const outcome = await postHeard([`${STEP} differs`, "mau.1 2 opened"], async (address, how) => {
    asked = { address, ...how, body: String(how.body) };
    return /** @type {any} */ ({ type: "opaqueredirect", status: 0, ok: false });
  });
  assert.equal(outcome, "sent");
  assert.equal(asked.address, "/y-kien/");
  assert.deepEqual([asked.method, asked.credentials], ["POST", "omit"]);
  assert.equal(asked.body, "version=vneid-muc-2.3&step=4&kind=differs&version=mau.1&step=2&kind=opened");
});

test("only an answer that will never change ends the waiting", async () => {
  const at = (status) => postHeard([`${STEP} done`], async () => /** @type {any} */ ({ type: "basic", status, ok: false }));
  assert.deepEqual(await Promise.all([400, 413, 429, 500, 503].map(at)), ["refused", "refused", "later", "later", "later"]);
  assert.equal(await postHeard([`${STEP} done`], async () => { throw new TypeError("no network"); }), "later");
});
