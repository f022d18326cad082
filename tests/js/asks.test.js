// The citizens' small outbox: sealed while it waits, sent until there is a receipt, no word of a stranger taken for one.
import assert from "node:assert/strict";
import { test } from "node:test";
import { IDBFactory } from "../../static/src/node_modules/fake-indexeddb/build/esm/index.js";
import "../../static/src/node_modules/fake-indexeddb/auto/index.mjs";
import { asks, dropAsk, keepAsk, sendAsks } from "../../static/src/js/sync/asks.js";
import { b64u } from "../../static/src/js/sync/bytes.js";
import { deps, setDeps } from "../../static/src/js/sync/deps.js";

const ID = "018f0000-0000-7000-8000-000000000001";
const SAID = { what: "Tài khoản VNeID", when: "Sáng", fields: { name: "Trần Thị Mẫu Thử", phone: "0900000011" } };

/** A phone with an empty disk, and a server that answers from a list. */
async function phone(...answers) {
  const { publicKey } = await crypto.subtle.generateKey({ name: "ECDH", namedCurve: "P-256" }, true, ["deriveBits"]);
  const point = b64u(await crypto.subtle.exportKey("raw", publicKey));
  const sent = [];
  setDeps({
    indexedDB: new IDBFactory(), channel: () => null, locks: null,
    fetch: async (path, init) => {
      sent.push(Object.fromEntries(init.body));
      const answer = answers.shift();
      if (!answer) throw new TypeError("no network");
      return answer;
    },
  });
  await keepAsk({ id: ID, key: "k1", point, ...SAID });
  return sent;
}

const json = (status, body, headers = {}) => new Response(JSON.stringify(body), { status, headers });
const only = async () => (await asks())[0];

test("what waits holds neither name nor number in clear", async () => {
  await phone();
  const text = JSON.stringify(await only());
  assert.ok(!text.includes("Mẫu") && !text.includes("0900000011") && text.includes("Tài khoản VNeID"));
});

test("it is sent under the same id until the receipt, which takes the sealed words off the phone", async () => {
  const sent = await phone(undefined, json(200, { code: "HEN-ABCDE" }));
  assert.equal(await sendAsks(), "later");
  assert.equal((await only()).state, "wait");
  assert.equal(await sendAsks(), "sent");
  const { state, code, sealed } = await only();
  assert.deepEqual([state, code, sealed], ["ok", "HEN-ABCDE", ""]);
  assert.deepEqual(sent.map(({ id }) => id), [ID, ID]);
  assert.equal(sent[0].sealed, sent[1].sealed);
  assert.equal(await sendAsks(), "sent");
  assert.equal(sent.length, 2, "what has a receipt is not sent again");
});

test("a refusal with its reason is shown and not sent again", async () => {
  const sent = await phone(json(422, { errors: { phone: "Số này chưa đúng." } }));
  assert.equal(await sendAsks(), "sent");
  const { state, reason, errors, sealed } = await only();
  assert.deepEqual([state, reason, errors, sealed], ["fix", "Số này chưa đúng.", { phone: "Số này chưa đúng." }, ""]);
  await sendAsks();
  assert.equal(sent.length, 1);
});

test("what is not our server's word changes nothing", async () => {
  const strange = [new Response("<form>Wi-Fi</form>"), json(200, {}), json(403, {}), json(404, { detail: "x" }), json(500, { message: "x" }), json(502, {})];
  await phone(...strange);
  for (const _ of strange) assert.equal(await sendAsks(), "later");
  assert.equal((await only()).state, "wait");
});

test("a server that asks to come later is left alone until then, unless a person asks", async () => {
  const sent = await phone(json(429, { message: "x" }, { "Retry-After": "600" }), json(200, { code: "HEN-ABCDE" }));
  let now = Date.now();
  setDeps({ now: () => now });
  await sendAsks();
  assert.equal(await sendAsks(), "later");
  assert.equal(sent.length, 1);
  now += 600_000;
  assert.equal(await sendAsks(), "sent");
  setDeps({ now: () => Date.now() });
});

test("what the reader deletes while it is on its way does not come back", async () => {
  await phone();
  const { fetch } = deps;
  setDeps({ fetch: async (...given) => { await dropAsk(ID); return fetch(...given).catch(() => json(200, { code: "HEN-ABCDE" })); } });
  await sendAsks();
  assert.deepEqual(await asks(), []);
});
