import assert from "node:assert/strict";
import { test } from "node:test";
import { pause } from "../../static/src/js/sync/backoff.js";
import { readyPhone, START, until, visit } from "./phone.js";
import { json, newServer } from "./server.js";

const hellos = (server) => server.log.filter((line) => line.endsWith("/hello/")).length;

test("F16: pauses double from 1 to 300 seconds, times 0.5 to 1.5", () => {
  const middle = Array.from({ length: 12 }, (_, at) => pause(at + 1, 0.5));
  assert.deepEqual(middle, [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]);
  assert.deepEqual([pause(1, 0), pause(1, 0.999999), pause(50, 0), pause(1000, 0.5)].map((seconds) => Math.round(seconds * 100) / 100), [0.5, 1.5, 150, 300]);
});

test("F16: a phone without network tries again by itself after 1, 2, 4 … 300 seconds, and sends when there is one", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  await tab.outbox.finalise(visit());
  const answer = server.answer.bind(server);
  server.answer = () => { throw new TypeError("network"); };
  let ended = 0;
  tab.events.on("sync", ({ running }) => { ended += running ? 0 : 1; });
  await tab.sync.syncNow("start");
  for (const seconds of [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300]) {
    const before = hellos(server);
    await phone.pass(seconds * 1000 - 1);
    assert.equal(hellos(server), before, `${seconds} too early`);
    await phone.pass(1);
    await until(() => ended === before + 1);
    assert.equal(hellos(server), before + 1);
  }
  server.answer = answer;
  await phone.pass(300_000);
  await until(async () => (await tab.outbox.counts()).unsent === 0);
});

test("F16: 'online', 'visible' and the button do not wait; a timer does", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  const answer = server.answer.bind(server);
  server.answer = () => { throw new TypeError("network"); };
  for (let at = 0; at < 5; at += 1) await tab.sync.syncNow("button");
  const before = hellos(server);
  assert.equal((await tab.sync.syncNow("timer")).outcome, "offline");
  assert.equal(hellos(server), before);
  for (const reason of ["online", "visible", "button", "finalised"]) await tab.sync.syncNow(reason);
  assert.equal(hellos(server), before + 4);
  server.answer = answer;
  await tab.sync.syncNow("online");
  assert.equal((await tab.sync.syncNow("timer")).outcome, "ok");
});

for (const status of [429, 503]) {
  test(`F42: ${status} with Retry-After is obeyed, by every reason, not before its time and not all at once`, async () => {
    const server = await newServer();
    const { phone, tab } = await readyPhone(server);
    await tab.outbox.finalise(visit());
    server.refuse["/sync/hello/"] = () => json(status, {}, { "Retry-After": "120" });
    assert.deepEqual(await tab.sync.syncNow("button"), { outcome: "busy", sent: 0, left: 1 });
    server.refuse = {};
    const before = hellos(server);
    await phone.pass(119_000);
    assert.equal((await tab.sync.syncNow("button")).outcome, "busy");
    assert.equal(hellos(server), before);
    await phone.pass(61_000);
    await until(async () => (await tab.outbox.counts()).unsent === 0);
  });
}

test("F42: Retry-After may be a date, and no one can silence a phone for more than an hour", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  for (const [value, most] of [[new Date(START + 90_000).toUTCString(), 135], ["999999", 5400], ["soon", 2]]) {
    server.refuse["/sync/hello/"] = () => json(503, {}, { "Retry-After": value });
    await tab.sync.syncNow("button");
    const [timer] = [...phone.timers].filter(({ ms }) => ms !== 300_000);
    assert.ok(timer.ms <= most * 1000, `${value}: ${timer.ms}`);
    phone.timers.clear();
    tab.backoff.succeeded();
  }
});

test("F12: a clock two days off is put right once by the server's, and the entry says so", async () => {
  const server = await newServer();
  server.ahead = -2 * 86_400_000;
  const { tab } = await readyPhone(server);
  await tab.outbox.finalise(visit());
  assert.equal((await tab.sync.syncNow("button")).outcome, "ok");
  const [{ entry }] = Object.values(server.state.entries);
  assert.deepEqual([entry.at, entry.offset], [START, -2 * 86_400_000]);
});

test("F12: a clock changed during the day costs one refused request", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  await tab.sync.syncNow("start");
  phone.wall += 3 * 3_600_000;
  server.log = [];
  assert.equal((await tab.sync.syncNow("button")).outcome, "ok");
  assert.equal(hellos(server), 2);
  await tab.outbox.finalise(visit());
  const [{ entry }] = await (await tab.db.openDb()).getAll("outbox");
  assert.equal(entry.offset, -3 * 3_600_000);
  assert.equal((await tab.sync.syncNow("button")).sent, 1);
});

test("F12: a server that says 'clock' again and again is not asked for ever", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  server.log = [];
  server.refuse["/sync/hello/"] = () => json(401, { code: "clock", now: server.now() });
  assert.equal((await tab.sync.syncNow("button")).outcome, "error");
  assert.equal(hellos(server), 2);
});

test("F43: a server clock of 1970 or 2099 is not believed", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  for (const now of [0, Date.UTC(2099, 0, 1), "soon", null]) {
    server.refuse["/sync/hello/"] = () => json(401, { code: "clock", now });
    assert.equal((await tab.sync.syncNow("button")).outcome, "error");
    assert.equal((await tab.identity.clock()).offset, 0);
  }
});

test("an unknown offset is told as unknown, and a known one with its age", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  phone.wall += 90_000;
  assert.deepEqual(await tab.identity.clock(), { offset: 0, age: 90 });
  phone.wall -= 3_600_000;
  assert.equal((await tab.identity.clock()).age, -1);
});

test("the phone's own failure ends a sync as an error and does not throw", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server, { estimate: async () => { throw new Error("no estimate"); } });
  assert.equal((await tab.sync.syncNow("start")).outcome, "ok");
  const proto = IDBObjectStore.prototype;
  const original = proto.put;
  proto.put = () => { throw new Error("disk"); };
  const ending = await tab.sync.syncNow("button").finally(() => { proto.put = original; });
  assert.deepEqual([ending.outcome, ending.cause.message], ["error", "disk"]);
});
