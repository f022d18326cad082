import assert from "node:assert/strict";
import { test } from "node:test";
import { AREA, HOUSE, OTHER_HOUSE, PIN, readyPhone, visit } from "./phone.js";
import { json, newServer } from "./server.js";

const house = (at) => `01920000-0000-7000-8000-${String(at).padStart(12, "0")}`;

async function withHouses(count) {
  const server = await newServer();
  for (let at = 1; at <= count; at += 1) server.change("household", house(at), { id: house(at), head: `Nhà ${at}` });
  const { phone, tab } = await readyPhone(server);
  return { server, phone, tab };
}

const names = async (tab) => (await tab.records.list("household")).map(({ head }) => head).sort();
const cursor = (tab) => tab.records.cursorOf(AREA);
const pulls = (server) => server.log.filter((line) => line.endsWith("/pull/")).length;

test("an area is pulled page by page, then only what changed, and nothing when nothing did", async () => {
  const { server, tab } = await withHouses(7);
  server.pageSize = 3;
  await tab.sync.syncNow("start");
  assert.deepEqual([await names(tab), await cursor(tab), pulls(server)], [["Nhà 1", "Nhà 2", "Nhà 3", "Nhà 4", "Nhà 5", "Nhà 6", "Nhà 7"], { epoch: "epoch-1", to: 7 }, 3]);
  server.change("household", house(2), { id: house(2), head: "Nhà 2b" });
  server.change("household", house(3), null);
  await tab.sync.syncNow("button");
  assert.deepEqual([await names(tab), pulls(server)], [["Nhà 1", "Nhà 2b", "Nhà 4", "Nhà 5", "Nhà 6", "Nhà 7"], 4]);
  await tab.sync.syncNow("button");
  assert.equal(pulls(server), 4);
});

test("F33 F34: a page and its cursor are saved together or not at all", async () => {
  const { server, phone, tab } = await withHouses(6);
  server.pageSize = 2;
  const proto = IDBObjectStore.prototype;
  const original = proto.put;
  // Killed while saving page two: first among its records, then at its cursor.
  for (const target of ["record", "meta"]) {
    let seen = 0;
    proto.put = function put(value, ...key) {
      const hit = this.name === target && (target === "record" || String(key[0]).startsWith("cursor:"));
      if (hit && (seen += 1) === (target === "record" ? 4 : 2)) throw new Error("killed");
      return original.call(this, value, ...key);
    };
    const { outcome } = await tab.sync.syncNow("button").finally(() => { proto.put = original; });
    assert.equal(outcome, "error");
    const saved = await (await tab.db.openDb()).getAll("record");
    assert.equal(saved.length, (await cursor(tab)).to, target);
    await tab.records.dropArea(AREA);
  }
  await tab.kill();
  const next = await phone.tab();
  await next.vault.unlock(PIN);
  await next.sync.syncNow("start");
  assert.equal((await names(next)).length, 6);
});

test("F34: a page applied twice changes nothing", async () => {
  const { tab } = await withHouses(2);
  await tab.sync.syncNow("start");
  const page = { area: AREA, epoch: "epoch-1", to: 2, more: false, records: [{ kind: "household", id: house(1), data: { id: house(1), head: "Nhà 1" } }] };
  await tab.records.applyPage(page);
  await tab.records.applyPage(page);
  assert.deepEqual(await names(tab), ["Nhà 1", "Nhà 2"]);
});

test("F35: the area's epoch changed: the copy is dropped and pulled anew, the outbox stays", async () => {
  const { server, tab } = await withHouses(3);
  await tab.sync.syncNow("start");
  server.state.areas[AREA] = { epoch: "epoch-2", last: 1, changes: [{ number: 1, kind: "household", id: HOUSE, data: { id: HOUSE, head: "Mới" } }] };
  server.faults = [(request, next) => next(), () => json(503, {})];
  await tab.outbox.finalise(visit());
  await tab.sync.syncNow("button");
  await tab.sync.syncNow("button");
  assert.deepEqual([await names(tab), await cursor(tab)], [["Mới"], { epoch: "epoch-2", to: 2 }]);
  assert.equal((await tab.outbox.list()).length, 1);
});

test("F35: a server that always says 'reset' is not asked for ever", async () => {
  const { server, tab } = await withHouses(1);
  server.refuse["/sync/pull/"] = () => json(410, { code: "reset", epoch: "epoch-9" });
  assert.equal((await tab.sync.syncNow("start")).outcome, "error");
  assert.ok(pulls(server) < 5);
});

test("F36: an area that is no longer this team's leaves the phone; captures made there are still sent", async () => {
  const { server, tab } = await withHouses(2);
  await tab.sync.syncNow("start");
  const id = await tab.outbox.finalise(visit());
  const area = server.state.areas[AREA];
  server.hello = hideAreas(server);
  await tab.sync.syncNow("button");
  assert.deepEqual([await names(tab), await cursor(tab)], [[], undefined]);
  assert.ok(server.state.entries[id]);
  assert.equal(area.last, 3);
});

function hideAreas(server) {
  const hello = server.hello.bind(server);
  return (device, request) => {
    const { areas } = server.state;
    server.state.areas = {};
    const answer = hello(device, request);
    server.state.areas = areas;
    return answer;
  };
}

test("F36: 404 on pull drops the area", async () => {
  const { server, tab } = await withHouses(2);
  await tab.sync.syncNow("start");
  server.change("household", house(9), { id: house(9), head: "Nhà 9" });
  server.refuse["/sync/pull/"] = () => json(404, { code: "unknown" });
  assert.equal((await tab.sync.syncNow("button")).outcome, "ok");
  assert.deepEqual(await names(tab), []);
});

test("F17: a page that is not the one asked for is not saved", async () => {
  const good = { area: AREA, epoch: "epoch-1", to: 1, more: false, records: [] };
  const bad = [
    { ...good, area: "another" }, { ...good, epoch: "other" }, { ...good, to: "1" }, { ...good, to: -1 }, { ...good, records: {} },
    { ...good, to: 0, more: true }, { ...good, records: [null] }, { ...good, records: [{ kind: "household", id: 5, data: {} }] },
    { ...good, records: [{ kind: "household", id: "x", data: "y" }] },
  ];
  const { server, tab } = await withHouses(1);
  for (const page of bad) {
    server.refuse["/sync/pull/"] = () => json(200, page);
    assert.equal((await tab.sync.syncNow("button")).outcome, "offline", JSON.stringify(page));
    assert.equal(await cursor(tab), undefined);
  }
});

test("a household that moved to another area is not taken away by the old area's tombstone", async () => {
  const { tab } = await withHouses(0);
  const other = OTHER_HOUSE;
  await tab.records.applyPage({ area: other, epoch: "e", to: 1, more: false, records: [{ kind: "household", id: HOUSE, data: { id: HOUSE, head: "Ở đây" } }] });
  await tab.records.applyPage({ area: AREA, epoch: "epoch-1", to: 1, more: false, records: [{ kind: "household", id: HOUSE, data: null }] });
  assert.deepEqual(await names(tab), ["Ở đây"]);
});

test("a phone that locks in the middle of a pull keeps what it has and goes on after the PIN", async () => {
  const { server, tab } = await withHouses(6);
  server.pageSize = 2;
  const answer = server.answer.bind(server);
  server.answer = async (request) => {
    if (pulls(server) === 2) tab.vault.lock();
    return answer(request);
  };
  assert.equal((await tab.sync.syncNow("button")).outcome, "ok");
  server.answer = answer;
  await tab.vault.unlock(PIN);
  assert.deepEqual([(await names(tab)).length, (await cursor(tab)).to], [2, 2]);
  await tab.sync.syncNow("unlocked");
  assert.equal((await names(tab)).length, 6);
});

test("a page is not saved under a key that another tab has replaced meanwhile", async () => {
  const { tab } = await withHouses(0);
  const vault = await tab.db.readMeta("vault");
  await tab.db.writeMeta("vault", { ...vault, id: "another" });
  const page = { area: AREA, epoch: "epoch-1", to: 1, more: false, records: [{ kind: "household", id: HOUSE, data: { id: HOUSE } }] };
  await assert.rejects(tab.records.applyPage(page), { code: "locked" });
  assert.deepEqual([await cursor(tab), await (await tab.db.openDb()).count("record")], [undefined, 0]);
});

test("a locked page reads nothing, not even what it had in memory", async () => {
  const { tab } = await withHouses(2);
  await tab.sync.syncNow("start");
  assert.equal((await names(tab)).length, 2);
  tab.vault.lock();
  await assert.rejects(tab.records.list("household"), { code: "locked" });
});

test("a page whose time is over reads nothing, though its timers slept", async () => {
  const { phone, tab } = await withHouses(2);
  await tab.sync.syncNow("start");
  await names(tab);
  phone.wall += 6 * 60_000;
  await assert.rejects(tab.records.list("household"), { code: "locked" });
});

test("records are found by fields or by a test, and other tabs notice a pull", async () => {
  const { server, phone, tab } = await withHouses(3);
  const other = await phone.tab();
  await other.vault.unlock(PIN);
  assert.deepEqual(await other.records.list("household"), []);
  await tab.sync.syncNow("start");
  await phone.pass(0);
  assert.equal((await other.records.list("household", { head: "Nhà 2" }))[0].id, house(2));
  assert.equal((await other.records.list("household", (one) => one.head > "Nhà 1")).length, 2);

});
