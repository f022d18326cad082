import assert from "node:assert/strict";
import { test } from "node:test";
import { AREA, HOUSE, photo, PIN, readyPhone, submission, visit } from "./phone.js";
import { json, newServer } from "./server.js";

const rows = async (tab) => (await tab.db.openDb()).getAll("outbox");

test("F45: a server restored from before the receipts gets every entry and file again, and no more", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  const old = await tab.outbox.finalise(visit());
  await tab.sync.syncNow("button");
  server.state.durable[AREA] = 1;
  const backup = server.backup();
  await tab.sync.syncNow("button"); // the first is durable and leaves the phone
  const ids = [await tab.outbox.finalise(visit()), await tab.outbox.finalise(submission([photo("paper-1", 90_000)]))];
  assert.equal((await tab.sync.syncNow("button")).left, 0);

  server.restore(backup);
  assert.deepEqual([Object.keys(server.state.entries), server.state.areas[AREA].last], [[old], 1]);
  const { outcome, left } = await tab.sync.syncNow("button");
  assert.deepEqual([outcome, left], ["ok", 0]);
  assert.deepEqual(Object.keys(server.state.entries).sort(), [old, ...ids].sort());
  assert.deepEqual(Object.values(server.state.files).map(({ complete }) => complete), [true]);
  assert.equal(server.state.areas[AREA].last, 3);
});

test("F45: entries settled before the restore are kept until the restored server's backup covers them", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  const backup = server.backup();
  await tab.outbox.finalise(visit());
  await tab.sync.syncNow("button");
  server.restore(backup);
  server.state.durable[AREA] = 5;
  server.refuse["/sync/push/"] = () => new Response("", { status: 502 });
  await tab.sync.syncNow("button");
  assert.deepEqual((await rows(tab)).map(({ state }) => state), ["ready"]);
  delete server.refuse["/sync/push/"];
  await tab.sync.syncNow("button");
  assert.deepEqual(await rows(tab), []);
});

test("F45: an answer that was on its way while the server was put back settles nothing", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  const backup = server.backup();
  const id = await tab.outbox.finalise(visit());
  await tab.sync.syncNow("button");
  const [{ receipt }] = await rows(tab);
  server.restore(backup);
  server.refuse["/sync/push/"] = () => new Response("", { status: 502 });
  await tab.sync.syncNow("button"); // the phone has heard of the restore and could not send yet

  assert.deepEqual((await tab.receipts.settle([receipt])).settled, []);
  assert.deepEqual((await rows(tab)).map(({ state }) => state), ["ready"]);
  delete server.refuse["/sync/push/"];
  assert.equal((await tab.sync.syncNow("button")).left, 0);
  assert.deepEqual(Object.keys(server.state.entries), [id]);
});

test("F45: what was pulled from the lost future is dropped and pulled anew", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  server.change("household", HOUSE, { id: HOUSE, head: "Trước" });
  const backup = server.backup();
  await tab.sync.syncNow("start");
  server.change("household", HOUSE, { id: HOUSE, head: "Sau" });
  await tab.sync.syncNow("button");
  assert.equal((await tab.records.get("household", HOUSE)).head, "Sau");
  server.restore(backup);
  await tab.sync.syncNow("button");
  assert.equal((await tab.records.get("household", HOUSE)).head, "Trước");
});

test("an entry leaves only when accepted, complete and durable: one missing keeps it", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  await tab.outbox.finalise(submission([photo("paper-1", 100)]));
  const answer = server.answer.bind(server);
  server.answer = (request) => (request.path.startsWith("/sync/files/") ? json(422, { code: "refused" }) : answer(request));
  server.state.durable[AREA] = 1;
  await tab.sync.syncNow("button");
  await tab.sync.syncNow("button");
  assert.equal((await rows(tab)).length, 1); // accepted and durable, not complete
  server.answer = answer;
  server.state.durable[AREA] = 0;
  await tab.sync.syncNow("button");
  assert.equal((await rows(tab)).length, 1); // accepted and complete, not durable
  server.state.durable = {};
  await tab.sync.syncNow("button");
  assert.equal((await rows(tab)).length, 1); // nothing said of the area
  server.state.durable = { [AREA]: 1 };
  await tab.sync.syncNow("button");
  assert.deepEqual([await rows(tab), await (await tab.db.openDb()).count("file")], [[], 0]);
});

test("F22: a held entry stays until the server settles it, and hello brings that receipt", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  const id = await tab.outbox.finalise(visit());
  server.decide = () => ({ verdict: "held", code: "waiting_for_previous", message: "Chờ mục trước." });
  await tab.sync.syncNow("button");
  assert.equal((await tab.outbox.list())[0].state, "wait");
  server.state.durable[AREA] = 9;
  await tab.sync.syncNow("button");
  assert.equal((await rows(tab)).length, 1);
  const { mac, ...held } = server.state.entries[id].receipt;
  server.state.settled = [{ ...held, verdict: "accepted", code: "ok", message: "", at: held.at + 5 }];
  await tab.sync.syncNow("button");
  assert.deepEqual(await rows(tab), []);
  await tab.sync.syncNow("button");
  assert.deepEqual(server.lastHello.heard, [id]); // so that the server need not repeat it
});

test("F37: a phone put back from an older copy goes on in a new epoch; no number is used twice", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  const copy = await snapshot(tab);
  for (let at = 0; at < 3; at += 1) await tab.outbox.finalise(visit());
  await tab.sync.syncNow("button");
  await tab.kill();
  await put(phone, copy);
  const next = await phone.tab();
  await next.vault.unlock(PIN);
  await next.sync.syncNow("start");
  await next.outbox.finalise(visit());
  assert.equal((await next.sync.syncNow("button")).left, 0);
  const numbers = Object.values(server.state.entries).map(({ entry }) => [entry.epoch, entry.seq]);
  assert.deepEqual(numbers, [[1, 1], [1, 2], [1, 3], [2, 1]]);
});

test("F37: an epoch that an earlier restored life has used is passed over as well", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  const copy = await snapshot(tab);
  for (let life = 1, page = tab; life <= 3; life += 1) {
    await page.sync.syncNow("start");
    await page.outbox.finalise(visit());
    await page.sync.syncNow("button");
    await page.kill();
    await put(phone, copy);
    page = await phone.tab();
    await page.vault.unlock(PIN);
  }
  assert.deepEqual(Object.values(server.state.entries).map(({ entry }) => [entry.epoch, entry.seq]), [[1, 1], [2, 1], [3, 1]]);
});

test("F37: an outbox put back from an older copy is sent again under the same ids: the stored receipts, no second effect", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  const ids = [await tab.outbox.finalise(visit()), await tab.outbox.finalise(visit())];
  const copy = await snapshot(tab);
  await tab.sync.syncNow("button");
  await tab.kill();
  await put(phone, copy);
  const next = await phone.tab();
  assert.deepEqual(await next.sync.syncNow("start"), { outcome: "ok", sent: 2, left: 0 });
  assert.deepEqual([Object.keys(server.state.entries).sort(), server.state.areas[AREA].last], [ids.sort(), 2]);
});

/** The whole disk, as a backup of the phone would have it. */
async function snapshot(tab) {
  const db = await tab.db.openDb();
  const all = {};
  for (const store of db.objectStoreNames) all[store] = { keys: await db.getAllKeys(store), values: await db.getAll(store) };
  return all;
}

async function put(phone, copy) {
  const tab = await phone.tab();
  const db = await tab.db.openDb();
  for (const [store, { keys, values }] of Object.entries(copy)) {
    await db.clear(store);
    for (const [at, value] of values.entries()) await (store === "meta" ? db.put(store, value, keys[at]) : db.put(store, value));
  }
  await tab.kill();
}

test("hello tells how much waits here and how full the phone is", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  await tab.outbox.finalise(visit());
  phone.wall += 5000;
  server.clock = () => phone.wall;
  await tab.sync.syncNow("button");
  const { unsent, storage, seq, epoch, build } = server.lastHello;
  assert.deepEqual([unsent.count, unsent.oldest < phone.wall, unsent.bytes > 500, storage, seq, epoch, build], [1, true, true, { used: 1000, quota: 1_000_000 }, 1, 1, "test"]);
});
