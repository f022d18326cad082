import assert from "node:assert/strict";
import { test } from "node:test";
import { PIN, readyPhone, settle, until, visit } from "./phone.js";
import { newServer } from "./server.js";

for (const withLocks of [true, false]) {
  const how = withLocks ? "Web Locks" : "a lease row";
  const given = withLocks ? {} : { locks: null };

  test(`F24: two tabs sync at once, by ${how}: one sends, the other is told so, each entry goes once`, async () => {
    const server = await newServer();
    const { phone, tab } = await readyPhone(server, given);
    const other = await phone.tab(given);
    for (let at = 0; at < 3; at += 1) await tab.outbox.finalise(visit());
    const results = await Promise.all([tab.sync.syncNow("button"), other.sync.syncNow("button")]);
    assert.deepEqual(results.map(({ outcome }) => outcome).sort(), ["busy", "ok"]);
    assert.equal(server.log.filter((line) => line.endsWith("/push/")).length, 1);
    await settle();
    assert.equal((await other.sync.syncNow("button")).outcome, "ok");
  });

  test(`F24: a tab killed while sending, by ${how}, does not block the others for long`, async () => {
    const server = await newServer();
    const { phone, tab } = await readyPhone(server, given);
    const other = await phone.tab(given);
    await tab.outbox.finalise(visit());
    server.faults = [() => new Promise(() => {})];
    void tab.sync.syncNow("button");
    await until(() => server.log.at(-1).endsWith("/hello/"));
    assert.equal((await other.sync.syncNow("button")).outcome, "busy");
    await tab.kill();
    await phone.pass(31_000);
    assert.equal((await other.sync.syncNow("button")).outcome, "ok");
  });

  test(`F09: two tabs open one draft, by ${how}: the second may only read`, async () => {
    const server = await newServer();
    const { phone, tab } = await readyPhone(server, given);
    const other = await phone.tab(given);
    const release = await tab.drafts.hold("draft-1");
    assert.equal(typeof release, "function");
    assert.equal(await other.drafts.hold("draft-1"), null);
    assert.equal(typeof (await other.drafts.hold("draft-2")), "function");
    await phone.pass(12_000);
    await phone.pass(25_000); // longer than a lease: the holder renews it
    assert.equal(await other.drafts.hold("draft-1"), null);
    release();
    await settle();
    assert.equal(typeof (await other.drafts.hold("draft-1")), "function");
  });
}

test("F09: two tabs finalise one draft: one entry", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  const other = await phone.tab();
  await other.vault.unlock(PIN);
  await tab.drafts.save("draft-1", "visit", {});
  const ids = await Promise.all([tab, other].map((one) => one.outbox.finalise(visit({ draft: "draft-1" }))));
  assert.equal(ids[0], ids[1]);
  assert.equal(await (await tab.db.openDb()).count("outbox"), 1);
});

test("a lease taken under a clock that was set back is not held for ever", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server, { locks: null });
  await tab.drafts.hold("draft-1");
  await tab.kill();
  phone.wall -= 86_400_000;
  const next = await phone.tab({ locks: null });
  assert.equal(typeof (await next.drafts.hold("draft-1")), "function");
});

test("F24: what another tab captures while this one sends is sent in the same go", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  const other = await phone.tab();
  await tab.outbox.finalise(visit());
  const answer = server.answer.bind(server);
  let once = false;
  server.answer = async (request) => {
    if (request.path === "/sync/push/" && !once) { once = true; await other.outbox.finalise(visit()); await settle(); }
    return answer(request);
  };
  assert.deepEqual(await tab.sync.syncNow("button"), { outcome: "ok", sent: 2, left: 0 });
});

test("F20: a double tap on 'send' is one run", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  await tab.outbox.finalise(visit());
  const [one, two] = await Promise.all([tab.sync.syncNow("button"), tab.sync.syncNow("button")]);
  assert.equal(one, two);
  assert.equal(server.log.filter((line) => line.endsWith("/push/")).length, 1);
});

test("a change in one tab is told to the other, without any data", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  const other = await phone.tab();
  const heard = [];
  other.events.on("outbox", (detail, { here }) => heard.push({ ...detail, here }));
  await tab.outbox.finalise(visit());
  await settle();
  assert.deepEqual(heard, [{ why: "finalised", here: false }]);
});

test("while an entry is on the line, every tab shows it moving", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  const other = await phone.tab();
  await tab.outbox.finalise(visit());
  const shown = [];
  const answer = server.answer.bind(server);
  server.answer = async (request) => {
    await settle();
    if (request.path === "/sync/push/") for (const one of [tab, other]) shown.push((await one.outbox.list())[0].state);
    return answer(request);
  };
  await tab.sync.syncNow("button");
  await settle();
  assert.deepEqual(shown, ["move", "move"]);
  assert.equal((await other.outbox.list())[0].state, "ok");
});

test("F08: a newer app in another tab upgrades the database: the old tab lets go, every row stays", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  const id = await tab.outbox.finalise(visit());
  const news = [];
  tab.events.on("db", (detail) => news.push(detail.why));
  const newer = await phone.tab();
  const steps = [...newer.db.STEPS, (db, tx) => { db.createObjectStore("guide"); tx.objectStore("outbox").createIndex("at", "at"); }];
  const db = await newer.db.openDb(steps);
  assert.deepEqual(news, ["newer"]);
  assert.deepEqual([(await db.getAll("outbox"))[0].id, db.version, await db.count("meta") > 3], [id, 2, true]);
  await assert.rejects(tab.outbox.list(), { code: "newer" });
});

test("F08: an upgrade from an empty phone and from version 1 end in the same stores", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  const db = await tab.db.openDb();
  assert.deepEqual([...db.objectStoreNames], ["draft", "file", "meta", "outbox", "receipt", "record"]);
});

test("the worker can send while every page is locked or closed", async () => {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  server.change("household", "h", { id: "h" });
  await tab.outbox.finalise(visit());
  await tab.kill();
  const worker = await phone.tab();
  assert.deepEqual(await worker.sync.syncNow("background"), { outcome: "ok", sent: 1, left: 0 });
  assert.equal(await (await worker.db.openDb()).count("record"), 0);
});

test("a sync does not start without an enrolment", async () => {
  const server = await newServer();
  const { Phone } = await import("./phone.js");
  const tab = await new Phone(server).tab();
  assert.deepEqual(await tab.sync.syncNow("start"), { outcome: "reauth", sent: 0, left: 0 });
  await assert.rejects(tab.outbox.finalise(visit()), { code: "not_enrolled" });
  assert.equal(await tab.enrol.current(), null);
});
