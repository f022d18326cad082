import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUSE, PIN, readyPhone, visit } from "./phone.js";
import { newServer } from "./server.js";

const WRONG = "000000";
const DAY = 86_400_000;

async function filledPhone() {
  const server = await newServer();
  server.change("household", HOUSE, { id: HOUSE, head: "Lò Thị Nhạn", status: "todo" });
  const { phone, tab } = await readyPhone(server);
  await tab.sync.syncNow("button");
  await tab.drafts.save("draft-1", "luu-tru", { name: "Lò Thị Nhạn" });
  const id = await tab.outbox.finalise(visit());
  return { server, phone, tab, id };
}

async function readable(tab) {
  const db = await tab.db.openDb();
  const outbox = await db.getAll("outbox");
  return {
    drafts: await db.count("draft"), records: await db.count("record"),
    copies: outbox.filter(({ label, copy, view }) => label || copy || view).length, sealed: outbox.length,
  };
}

test("the right PIN opens what was locked, from the disk of a new page", async () => {
  const { phone, tab } = await filledPhone();
  await tab.kill();
  const next = await phone.tab();
  assert.equal(await next.vault.hasPin(), true);
  assert.equal(next.vault.isUnlocked(), false);
  await assert.rejects(next.records.get("household", HOUSE), { code: "locked" });
  assert.deepEqual(await next.vault.unlock(PIN), { ok: true });
  assert.equal((await next.records.get("household", HOUSE)).head, "Lò Thị Nhạn");
  assert.deepEqual((await next.drafts.load("draft-1")).value, { name: "Lò Thị Nhạn" });
});

test("five wrong PINs, across reloads and a changed clock, wipe what can be read and keep the sealed outbox", async () => {
  const { server, phone, tab, id } = await filledPhone();
  assert.deepEqual(await tab.vault.unlock(WRONG), { ok: false, left: 4, wiped: false });
  assert.deepEqual(await tab.vault.unlock(WRONG), { ok: false, left: 3, wiped: false });
  await tab.kill();
  const second = await phone.tab();
  assert.deepEqual(await second.vault.unlock(WRONG), { ok: false, left: 2, wiped: false });
  phone.wall += DAY;
  assert.deepEqual(await second.vault.unlock(WRONG), { ok: false, left: 1, wiped: false });
  phone.wall -= 3 * DAY;
  assert.deepEqual(await second.vault.unlock(WRONG), { ok: false, left: 0, wiped: true });
  assert.deepEqual(await readable(second), { drafts: 0, records: 0, copies: 0, sealed: 1 });
  assert.equal(await second.vault.hasPin(), false);
  phone.wall += 2 * DAY;
  assert.equal((await second.sync.syncNow("button")).sent, 1);
  assert.equal((await server.open(server.state.entries[id].entry)).outcome, "met");
});

test("after a wipe the right PIN is of no use, a new one can't be chosen, and nothing is pulled, until a new enrolment", async () => {
  const { server, tab } = await filledPhone();
  for (let turn = 0; turn < 5; turn += 1) await tab.vault.unlock(WRONG);
  assert.deepEqual(await tab.vault.unlock(PIN), { ok: false, left: 0, wiped: true });
  assert.equal(await tab.enrol.current(), null);
  await assert.rejects(tab.vault.setPin("111111"), { code: "not_enrolled" });
  await tab.sync.syncNow("button");
  assert.equal((await readable(tab)).records, 0);
  assert.equal((await tab.enrol.enrol({ token: server.newToken(), name: "Máy 1" })).ok, true);
  await tab.vault.setPin("111111");
  await tab.sync.syncNow("button");
  assert.equal((await tab.records.get("household", HOUSE)).head, "Lò Thị Nhạn");
});

test("a try is on the disk before it is checked: killing the app in between gives no try back", async () => {
  const { phone, tab } = await filledPhone();
  let page = tab;
  for (let turn = 0; turn < 5; turn += 1) {
    page.at["pin-counted"] = () => { throw new Error("killed"); };
    await assert.rejects(page.vault.unlock(WRONG), /killed/);
    await page.kill();
    page = await phone.tab();
  }
  assert.deepEqual(await page.vault.unlock(PIN), { ok: false, left: 0, wiped: true });
  assert.deepEqual(await readable(page), { drafts: 0, records: 0, copies: 0, sealed: 1 });
});

test("a right PIN starts the count anew", async () => {
  const { tab } = await filledPhone();
  for (let turn = 0; turn < 4; turn += 1) await tab.vault.unlock(WRONG);
  await tab.vault.unlock(PIN);
  assert.deepEqual(await tab.vault.unlock(WRONG), { ok: false, left: 4, wiped: false });
});

test("a wipe in one tab takes the key from the other", async () => {
  const { phone, tab } = await filledPhone();
  const other = await phone.tab();
  await other.vault.unlock(PIN);
  for (let turn = 0; turn < 5; turn += 1) await tab.vault.unlock(WRONG);
  await phone.pass(0);
  assert.equal(other.vault.isUnlocked(), false);
});

test("the app locks after five idle minutes, and a touch begins them again", async () => {
  const { phone, tab } = await filledPhone();
  const reasons = [];
  tab.vault.onLock((why) => reasons.push(why));
  await phone.pass(4 * 60_000);
  tab.vault.touch();
  await phone.pass(4 * 60_000);
  assert.equal(tab.vault.isUnlocked(), true);
  await phone.pass(60_000);
  assert.deepEqual(reasons, ["idle"]);
  assert.equal(tab.vault.isUnlocked(), false);
});

test("the app locks after thirty hidden seconds, also when its timers slept or the clock was set back", async () => {
  for (const [wall, steady] of [[31_000, 31_000], [31_000, 0], [-DAY, 31_000]]) {
    const { phone, tab } = await filledPhone();
    tab.vault.setHidden(true);
    phone.wall += wall;
    phone.steady += steady;
    tab.vault.setHidden(false);
    assert.equal(tab.vault.isUnlocked(), false, `${wall} ${steady}`);
  }
});

test("F11: the camera may hide the page for three minutes, and no longer", async () => {
  const { phone, tab } = await filledPhone();
  tab.vault.exempt();
  tab.vault.setHidden(true);
  await phone.pass(170_000);
  tab.vault.setHidden(false);
  assert.equal(tab.vault.isUnlocked(), true);
  tab.vault.setHidden(true);
  await phone.pass(31_000);
  assert.equal(tab.vault.isUnlocked(), false);
  await tab.vault.unlock(PIN);
  tab.vault.exempt(24 * 60 * 60_000);
  tab.vault.setHidden(true);
  await phone.pass(181_000);
  assert.equal(tab.vault.isUnlocked(), false);
});

test("F11: the camera counts as doing something, whatever the idle time before it", async () => {
  const { phone, tab } = await filledPhone();
  await phone.pass(4 * 60_000);
  tab.vault.exempt();
  tab.vault.setHidden(true);
  await phone.pass(2 * 60_000);
  tab.vault.setHidden(false);
  assert.equal(tab.vault.isUnlocked(), true);
});

test("a touch after the time is over does not bring the key back", async () => {
  const { phone, tab } = await filledPhone();
  phone.wall += 6 * 60_000;
  phone.steady += 6 * 60_000;
  tab.vault.touch();
  assert.equal(tab.vault.isUnlocked(), false);
});

test("a box opens only as the kind and id it was made for", async () => {
  const { tab } = await filledPhone();
  const box = await tab.vault.encrypt("household", "a", { head: "Nhạn", photo: new Uint8Array([1, 2, 3]).buffer, more: [new ArrayBuffer(2)] });
  const value = await tab.vault.decrypt("household", "a", box);
  assert.deepEqual([value.head, [...new Uint8Array(value.photo)], value.more[0].byteLength], ["Nhạn", [1, 2, 3], 2]);
  await assert.rejects(tab.vault.decrypt("household", "b", box), { code: "damaged" });
  await assert.rejects(tab.vault.decrypt("resident", "a", box), { code: "damaged" });
});

test("a phone in the field stretches its PIN with 19 MiB", async () => {
  const { deps } = await import("../../static/src/js/sync/deps.js");
  assert.equal(deps.argonMemory, 19 * 1024);
  const { stretch } = await import("../../static/src/js/sync/kdf.js");
  const [one, two] = [await stretch("argon2id-19-2", PIN, new Uint8Array(16)), await stretch("pbkdf2-600k", PIN, new Uint8Array(16))];
  assert.deepEqual([one.length, two.length], [32, 32]);
  assert.notDeepEqual(one, two);
});

test("a PIN is six digits, and is set once", async () => {
  const { tab } = await filledPhone();
  for (const pin of ["12345", "1234567", "12345a", "", "１２３４５６"]) await assert.rejects(tab.vault.setPin(pin), { code: "pin" });
  await assert.rejects(tab.vault.setPin("111111"), { code: "pin_set" });
});

test("no name, note or PIN lies readable on the disk", async () => {
  const { tab } = await filledPhone();
  const db = await tab.db.openDb();
  const everything = [];
  for (const store of db.objectStoreNames) everything.push(...(await db.getAll(store)));
  const seen = (value) => {
    if (value instanceof ArrayBuffer || ArrayBuffer.isView(value)) return new TextDecoder().decode(value);
    if (value && typeof value === "object") return Object.values(value).map(seen).join(" ");
    return String(value);
  };
  const text = everything.map(seen).join(" ");
  for (const canary of ["Nhạn", "ngõ 4", PIN]) assert.equal(text.includes(canary), false, canary);
});
