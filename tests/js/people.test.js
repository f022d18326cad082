import assert from "node:assert/strict";
import { test } from "node:test";
import { AREA, HOUSE, Phone, PIN, readyPhone, visit } from "./phone.js";
import { json, newServer, PROTO } from "./server.js";

const rows = async (tab) => (await tab.db.openDb()).getAll("outbox");
const reauth = () => json(401, { code: "reauth", message: "Quét lại mã ghi danh của phường." });

test("F27: an enrolment that ran out keeps everything, capture goes on, and a new enrolment sends it all as before", async () => {
  const server = await newServer();
  server.change("household", HOUSE, { id: HOUSE, head: "Nhạn" });
  const { tab } = await readyPhone(server);
  await tab.sync.syncNow("start");
  const news = [];
  tab.events.on("enrol", (detail) => news.push(detail));
  const ids = [await tab.outbox.finalise(visit())];
  for (const path of ["/sync/hello/", "/sync/push/"]) server.refuse[path] = reauth;
  assert.deepEqual(await tab.sync.syncNow("button"), { outcome: "reauth", sent: 0, left: 1 });
  assert.deepEqual(news, [{ code: "reauth", message: "Quét lại mã ghi danh của phường." }]);
  ids.push(await tab.outbox.finalise(visit()));
  assert.deepEqual((await tab.outbox.list()).map(({ state }) => state), ["local", "local"]);
  assert.deepEqual([(await tab.enrol.current()).reauth, await tab.vault.hasPin(), (await tab.records.get("household", HOUSE)).head], [true, true, "Nhạn"]);

  server.refuse = {};
  const again = await tab.enrol.enrol({ token: server.newToken(), name: "Máy 1" });
  assert.deepEqual([again.ok, again.device.device, again.device.reauth], [true, "device-1", false]);
  assert.equal(tab.vault.isUnlocked(), true);
  assert.deepEqual(await tab.sync.syncNow("enrolled"), { outcome: "ok", sent: 2, left: 0 });
  assert.deepEqual(Object.keys(server.state.entries).sort(), ids.sort());
});

test("F27: 'reauth' in the middle of a run stops it and drops nothing", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  await tab.outbox.finalise(visit());
  server.refuse["/sync/push/"] = reauth;
  assert.equal((await tab.sync.syncNow("button")).outcome, "reauth");
  assert.deepEqual((await rows(tab)).map(({ state }) => state), ["ready"]);
});

test("F27: when the ward extends the enrolment by itself, the next hello ends the question", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  server.refuse["/sync/hello/"] = reauth;
  await tab.sync.syncNow("button");
  server.refuse = {};
  await tab.sync.syncNow("button");
  assert.equal((await tab.enrol.current()).reauth, false);
});

test("F28: a closed member's phone hands over its queue, wipes what can be read, and keeps what was not sent", async () => {
  const server = await newServer();
  server.change("household", HOUSE, { id: HOUSE, head: "Nhạn" });
  const { tab } = await readyPhone(server);
  await tab.sync.syncNow("start");
  await tab.drafts.save("draft-1", "luu-tru", { a: 1 });
  const ids = [await tab.outbox.finalise(visit()), await tab.outbox.finalise(visit())];
  server.wipe = true;
  server.decide = () => ({ verdict: "quarantined", code: "member_inactive", message: "" });
  server.refuse["/sync/pull/"] = () => json(403, { code: "inactive" });
  server.refuse["/sync/push/"] = () => json(503, {}, { "Retry-After": "1" });

  assert.deepEqual(await tab.sync.syncNow("button"), { outcome: "busy", sent: 0, left: 2 });
  const db = await tab.db.openDb();
  assert.deepEqual([await db.count("record"), await db.count("draft"), await db.count("outbox"), await tab.vault.hasPin(), tab.vault.isUnlocked()], [0, 0, 2, false, false]);
  assert.deepEqual((await rows(tab)).map(({ label, copy, view, state }) => [label, copy, view, state]), [[null, null, null, "ready"], [null, null, null, "ready"]]);
  assert.equal(await tab.enrol.current(), null);

  delete server.refuse["/sync/push/"];
  tab.backoff.succeeded();
  assert.deepEqual(await tab.sync.syncNow("button"), { outcome: "inactive", sent: 2, left: 0 });
  assert.deepEqual(Object.keys(server.state.entries).sort(), ids.sort());
  assert.equal(server.log.filter((line) => line.endsWith("/pull/")).length, 1);
  server.state.durable[AREA] = 99;
  await tab.sync.syncNow("button");
  assert.deepEqual(await rows(tab), []);
});

test("F28: a bare 403 without proof stops reading but wipes nothing", async () => {
  const server = await newServer();
  server.change("household", HOUSE, { id: HOUSE, head: "Nhạn" });
  const { tab } = await readyPhone(server);
  await tab.sync.syncNow("start");
  await tab.outbox.finalise(visit());
  server.refuse["/sync/hello/"] = () => json(403, { code: "inactive" });
  assert.deepEqual(await tab.sync.syncNow("button"), { outcome: "inactive", sent: 1, left: 0 });
  assert.equal((await tab.records.get("household", HOUSE)).head, "Nhạn");
});

test("F30: another member enrols on the phone: the first one's entries go out as theirs, nobody reads them here", async () => {
  const server = await newServer();
  server.change("household", HOUSE, { id: HOUSE, head: "Nhạn" });
  const { tab } = await readyPhone(server);
  await tab.sync.syncNow("start");
  const first = await tab.outbox.finalise(visit());
  const { ok, device } = await tab.enrol.enrol({ token: server.newToken("user-2"), name: "Máy 1" });
  assert.deepEqual([ok, device.device, device.user.id], [true, "device-2", "user-2"]);
  assert.deepEqual([await tab.vault.hasPin(), (await tab.outbox.counts()).unsent], [false, 1]);
  await tab.vault.setPin("777777");
  assert.deepEqual((await tab.outbox.list()).map(({ label }) => label), [null]);
  const second = await tab.outbox.finalise(visit());
  assert.deepEqual(await tab.sync.syncNow("enrolled"), { outcome: "ok", sent: 2, left: 0 });
  const who = Object.fromEntries(Object.values(server.state.entries).map(({ entry }) => [entry.id, [entry.user, entry.device, entry.seq]]));
  assert.deepEqual(who, { [first]: ["user-1", "device-1", 1], [second]: ["user-2", "device-2", 1] });
});

test("F30: an earlier member who was closed does not disturb the present one", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  await tab.outbox.finalise(visit());
  await tab.enrol.enrol({ token: server.newToken("user-2"), name: "Máy 1" });
  await tab.vault.setPin("777777");
  const hello = server.hello.bind(server);
  server.hello = (device, request) => { server.wipe = device.user === "user-1"; return hello(device, request); };
  assert.deepEqual(await tab.sync.syncNow("enrolled"), { outcome: "ok", sent: 1, left: 0 });
  assert.deepEqual([await tab.vault.hasPin(), tab.vault.isUnlocked()], [true, true]);
});

test("F94: after a hand-over the earlier identity is asked only while something of it is here", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  await tab.enrol.enrol({ token: server.newToken("user-2"), name: "Máy 1" });
  server.log = [];
  await tab.sync.syncNow("enrolled");
  assert.deepEqual(server.log, ["POST /sync/hello/"]);
});

test("F19: the answer to an enrolment is lost: the same code works once more", async () => {
  const server = await newServer();
  const phone = new Phone(server);
  const tab = await phone.tab();
  const token = server.newToken();
  server.faults = [async (request, next) => { await next(); throw new TypeError("reset"); }];
  assert.equal((await tab.enrol.enrol({ token, name: "Máy 1" })).code, "offline");
  await tab.kill();
  const next = await phone.tab();
  const result = await next.enrol.enrol({ token, name: "Máy 1" });
  assert.deepEqual([result.ok, result.device.device, Object.keys(server.state.devices).length], [true, "device-1", 1]);
  assert.equal((await (await phone.tab()).enrol.enrol({ token, name: "Máy 1" })).ok, true); // by the same key
});

test("enrolling says why it failed, and changes nothing", async () => {
  const server = await newServer();
  const tab = await new Phone(server).tab();
  const cases = [
    [() => json(404, { code: "unknown", message: "Mã không đúng." }), "unknown"], [() => json(410, { code: "enrol_expired", message: "Hết hạn." }), "enrol_expired"],
    [() => json(409, { code: "used", message: "Đã dùng." }), "used"], [() => { throw new TypeError("net"); }, "offline"],
    [() => new Response("<h1>Wi-Fi</h1>", { headers: { "Content-Type": "text/html" } }), "offline"],
    [() => new Response("{}", { headers: { "Content-Type": "application/json", ...PROTO } }), "offline"], [() => new Response("", { status: 500 }), "error"],
  ];
  for (const [fault, code] of cases) {
    server.faults = [fault];
    const result = await tab.enrol.enrol({ token: server.newToken(), name: "Máy 1" });
    assert.deepEqual([result.ok, result.code], [false, code]);
    assert.equal(await tab.enrol.current(), null);
  }
  assert.equal((await tab.enrol.enrol({ token: server.newToken("expired"), name: "x" })).message, "Mã đã hết hạn.");
});

test("a phone whose device was closed can be enrolled anew, and sends what the old device left", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  const left = await tab.outbox.finalise(visit());
  const device = server.device.bind(server);
  server.device = async (request) => (request.path === "/sync/enrol/" ? null : device(request));
  const result = await tab.enrol.enrol({ token: server.newToken(), name: "Máy 1" });
  assert.deepEqual([result.ok, result.device.device], [true, "device-2"]);
  assert.equal((await tab.sync.syncNow("enrolled")).sent, 1);
  assert.equal(server.state.entries[left].entry.device, "device-1");
  assert.equal((await tab.vault.unlock(PIN)).ok, true);
});

test("new server keys are used for the next capture", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  const next = await newServer();
  server.keys = [{ ...next.keys[0], id: "k2" }, ...server.keys];
  await tab.sync.syncNow("start");
  const id = await tab.outbox.finalise(visit());
  await tab.sync.syncNow("button");
  const { entry } = server.state.entries[id];
  assert.equal(entry.key, "k2");
  assert.equal((await next.open(entry)).outcome, "met");
});
