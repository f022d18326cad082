import assert from "node:assert/strict";
import { test } from "node:test";
import { HOUSE, OTHER_HOUSE, PIN, photo, readyPhone, START, submission, visit } from "./phone.js";
import { newServer, openSealed } from "./server.js";

const KILLED = /killed/;
const die = () => { throw new Error("killed"); };

async function draftedPhone() {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  await tab.drafts.save("draft-1", "luu-tru", { step: 2 });
  await tab.drafts.attach("draft-1", photo("paper-1", 3000));
  return { server, phone, tab };
}

async function stored(tab) {
  const db = await tab.db.openDb();
  return { drafts: (await tab.drafts.list()).map(({ id }) => id), outbox: await db.getAll("outbox"), files: await db.getAll("file") };
}

for (const point of ["reserved", "sealed", "boxed", "signed", "storing", "stored"]) {
  test(`F02: killed at "${point}", there is the draft or the entry, never both or half, and a second try is the same entry`, async () => {
    const { server, phone, tab } = await draftedPhone();
    const finished = submission([photo("paper-1", 3000)], { draft: "draft-1" });
    tab.at[point] = die;
    await assert.rejects(tab.outbox.finalise(finished), KILLED);
    await tab.kill();

    const next = await phone.tab();
    await next.vault.unlock(PIN);
    const left = await stored(next);
    const done = point === "stored";
    assert.deepEqual([left.drafts, left.outbox.length, left.files.length], done ? [[], 1, 1] : [["draft-1"], 0, 0]);
    const reserved = (await (await next.db.openDb()).get("draft", "draft-1"))?.reserved ?? left.outbox[0];

    const id = await next.outbox.finalise(finished);
    const after = await stored(next);
    assert.deepEqual([after.drafts, after.outbox.length, after.files.length], [[], 1, 1]);
    assert.deepEqual([id, after.outbox[0].entry.seq], [reserved.id, 1]);
    await next.outbox.finalise(visit());
    await next.sync.syncNow("button");
    assert.deepEqual(Object.values(server.state.entries).map(({ entry }) => entry.seq), [1, 2]);
  });
}

test("F02: killed right after the reservation, another capture takes the next number and the draft keeps its own", async () => {
  const { phone, tab } = await draftedPhone();
  tab.at.reserved = die;
  await assert.rejects(tab.outbox.finalise(visit({ draft: "draft-1" })), KILLED);
  await tab.kill();
  const next = await phone.tab();
  await next.vault.unlock(PIN);
  await next.outbox.finalise(visit());
  await next.outbox.finalise(visit({ draft: "draft-1" }));
  const entries = (await stored(next)).outbox.map(({ entry }) => entry).sort((a, b) => a.seq - b.seq);
  assert.deepEqual(entries.map(({ seq }) => seq), [1, 2]);
  // Stored second, so it follows in the household's chain though its number is lower.
  assert.deepEqual(entries.map(({ prev }) => prev), [entries[1].id, null]);
});

test("F02: a draft thrown away gives its number back; nothing waits for it", async () => {
  const { tab } = await draftedPhone();
  tab.at.reserved = die;
  await assert.rejects(tab.outbox.finalise(visit({ draft: "draft-1" })), KILLED);
  delete tab.at.reserved;
  await tab.drafts.remove("draft-1");
  await tab.outbox.finalise(visit());
  const [{ entry }] = (await stored(tab)).outbox;
  assert.deepEqual([entry.seq, entry.prev], [1, null]);
});

test("F02: a capture without a draft that died leaves nothing behind for long", async () => {
  const { phone, tab } = await draftedPhone();
  tab.at.reserved = die;
  await assert.rejects(tab.outbox.finalise(visit()), KILLED);
  delete tab.at.reserved;
  assert.deepEqual((await tab.drafts.list()).map(({ id }) => id), ["draft-1"]);
  await phone.pass(2 * 60 * 60_000);
  await tab.sync.syncNow("button");
  assert.equal(await (await tab.db.openDb()).count("draft"), 2); // the draft and its photo
});

for (const point of ["photo-encrypted", "photo-put"]) {
  test(`F03: killed at "${point}", the photo is absent and the form is whole`, async () => {
    const { phone, tab } = await draftedPhone();
    tab.at[point] = die;
    await assert.rejects(tab.drafts.attach("draft-1", photo("paper-2", 5000)), KILLED);
    await tab.kill();
    const next = await phone.tab();
    await next.vault.unlock(PIN);
    assert.deepEqual((await next.drafts.attachments("draft-1")).map(({ slot, bytes }) => [slot, bytes.byteLength]), [["paper-1", 3000]]);
    assert.deepEqual((await next.drafts.load("draft-1")).value, { step: 2 });
  });
}

test("F03: a photo that was saved is the same bytes after a reload", async () => {
  const { phone, tab } = await draftedPhone();
  await tab.kill();
  const next = await phone.tab();
  await next.vault.unlock(PIN);
  const [{ bytes, type }] = await next.drafts.attachments("draft-1");
  assert.deepEqual([Buffer.from(bytes).equals(Buffer.from(photo("", 3000).bytes)), type], [true, "image/jpeg"]);
});

test("F04: nothing is written to drafts, outbox or files but with strict durability, and stored before it is said", async () => {
  const { tab } = await draftedPhone();
  const db = await tab.db.openDb();
  const seen = [];
  const original = Object.getPrototypeOf(await rawOf(db)).transaction;
  Object.getPrototypeOf(await rawOf(db)).transaction = function transaction(stores, mode, options) {
    if (mode === "readwrite") seen.push({ stores: [stores].flat(), durability: options?.durability });
    return original.call(this, stores, mode, options);
  };
  try {
    await tab.drafts.save("draft-1", "luu-tru", { step: 3 });
    await tab.outbox.finalise(submission([photo("paper-1", 10)], { draft: "draft-1" }));
    await tab.sync.syncNow("button");
  } finally {
    Object.getPrototypeOf(await rawOf(db)).transaction = original;
  }
  const precious = seen.filter(({ stores }) => stores.some((store) => ["draft", "outbox", "file"].includes(store)));
  assert.ok(precious.length >= 5);
  for (const { durability } of precious) assert.equal(durability, "strict");
});

/** fake-indexeddb's own object behind idb's proxy, to watch its prototype. */
async function rawOf(db) {
  const { unwrap } = await import("../../static/src/node_modules/idb/build/index.js");
  return unwrap(db);
}

test("F05: a full phone refuses the entry and keeps the draft; after room is made the same entry is stored", async () => {
  const { tab } = await draftedPhone();
  const full = fillDisk("file");
  const finished = submission([photo("paper-1", 3000)], { draft: "draft-1" });
  await assert.rejects(tab.outbox.finalise(finished), { code: "quota" });
  full.restore();
  const kept = await stored(tab);
  assert.deepEqual([kept.drafts, kept.outbox.length, kept.files.length], [["draft-1"], 0, 0]);
  await tab.outbox.finalise(finished);
  assert.deepEqual((await stored(tab)).outbox.map(({ entry }) => entry.seq), [1]);
});

test("F05: a full phone refuses a photo and a save, and what was saved before stays", async () => {
  const { tab } = await draftedPhone();
  const full = fillDisk("draft");
  await assert.rejects(tab.drafts.attach("draft-1", photo("paper-2", 9000)), { code: "quota" });
  await assert.rejects(tab.drafts.save("draft-1", "luu-tru", { step: 9 }), { code: "quota" });
  full.restore();
  assert.deepEqual((await tab.drafts.load("draft-1")).value, { step: 2 });
  assert.equal((await tab.drafts.attachments("draft-1")).length, 1);
});

test("F06: a phone that has no room left still sends what it holds", async () => {
  const { server, tab } = await draftedPhone();
  await tab.outbox.finalise(visit());
  const full = fillDisk("record");
  server.change("household", HOUSE, { id: HOUSE, head: "Nhạn" });
  const { outcome, sent } = await tab.sync.syncNow("button").finally(full.restore);
  assert.deepEqual([outcome, Object.keys(server.state.entries).length, sent], ["error", 1, 0]);
  assert.equal((await tab.outbox.counts()).unsent, 0);
});

/** Writing to a store fails as it does on a full phone. */
function fillDisk(store) {
  const proto = IDBObjectStore.prototype;
  const original = proto.put;
  proto.put = function put(...given) {
    if (this.name === store) throw new DOMException("full", "QuotaExceededError");
    return original.apply(this, given);
  };
  return { restore: () => { proto.put = original; } };
}

test("F20: finalising twice at once makes one entry", async () => {
  const { server, tab } = await draftedPhone();
  const finished = visit({ draft: "draft-1" });
  const ids = await Promise.all([tab.outbox.finalise(finished), tab.outbox.finalise(finished), tab.outbox.finalise(finished)]);
  assert.equal(new Set(ids).size, 1);
  const [{ entry }] = (await stored(tab)).outbox;
  assert.equal(entry.prev, null); // stored once: a second storing would follow itself
  await tab.sync.syncNow("button");
  assert.equal(await tab.outbox.finalise(finished), ids[0]);
  assert.equal(Object.keys(server.state.entries).length, 1);
});

test("F02: a late automatic save does not bring a finished draft back", async () => {
  const { tab } = await draftedPhone();
  await tab.outbox.finalise(visit({ draft: "draft-1" }));
  assert.equal(await tab.drafts.save("draft-1", "luu-tru", { step: 3 }), false);
  await tab.drafts.attach("draft-1", photo("paper-9", 10));
  assert.equal(await (await tab.db.openDb()).count("draft"), 0);
});

test("F22: each entry names its predecessor in the household, also when two are finished at once", async () => {
  const { tab } = await draftedPhone();
  await Promise.all([visit(), visit(), visit({ subject: OTHER_HOUSE, chain: OTHER_HOUSE }), visit()].map((one) => tab.outbox.finalise(one)));
  const rows = (await stored(tab)).outbox;
  const chain = rows.filter(({ entry }) => entry.chain === HOUSE).map(({ entry }) => entry);
  const firsts = chain.filter(({ prev }) => prev === null);
  assert.deepEqual([chain.length, firsts.length, new Set(chain.map(({ prev }) => prev)).size], [3, 1, 3]);
  assert.equal(rows.find(({ entry }) => entry.chain === OTHER_HOUSE).entry.prev, null);
  assert.deepEqual(rows.map(({ entry }) => entry.seq).sort(), [1, 2, 3, 4]);
});

test("an entry carries exactly the agreed keys, text in NFC, and files by the hash and size of their ciphertext", async () => {
  const { server, tab } = await draftedPhone();
  const files = [photo("paper-1", 3000), photo("paper-2", 70_000)];
  const finished = submission(files, { seen: { phone: ["x"] } });
  finished.body.answers["ho-ten"] = "Lò Thị Nhạn\u0000".normalize("NFD");
  const id = await tab.outbox.finalise(finished);
  await tab.sync.syncNow("button");
  const { entry } = server.state.entries[id];
  const keys = "v id kind subject chain area device user epoch seq prev seen form files at offset offset_age key sealed hash sig".split(" ");
  assert.deepEqual(Object.keys(entry).sort(), keys.sort());
  assert.deepEqual([entry.at, entry.offset, entry.offset_age, entry.epoch, entry.seq, entry.prev], [START, 0, 0, 1, 1, null]);
  assert.equal((await server.open(entry)).answers["ho-ten"], "Lò Thị Nhạn".normalize("NFC"));
  for (const [at, line] of entry.files.entries()) {
    const { bytes } = server.state.files[line.sha256];
    const plain = await openSealed(server.privateKey, entry.key, bytes, `gocua-file-v1|${id}|${line.slot}|${entry.key}`);
    assert.ok(Buffer.from(plain).equals(Buffer.from(files[at].bytes)));
    assert.equal(line.size, bytes.length);
  }
});

test("the readable copy serves for correcting until the receipt, and a day at most", async () => {
  const { server, phone, tab } = await draftedPhone();
  const id = await tab.outbox.finalise(visit());
  assert.equal((await tab.outbox.copy(id)).body.note, "Bà Nhạn ở nhà");
  await phone.pass(25 * 60 * 60_000);
  await tab.vault.unlock(PIN);
  assert.equal(await tab.outbox.copy(id), null);
  server.clock = () => phone.wall;
  server.decide = () => ({ verdict: "parked", code: "answers_invalid", message: "Ghi lại giờ hẹn." });
  await tab.sync.syncNow("button");
  assert.equal((await (await tab.db.openDb()).get("outbox", id)).copy, null);
  const [second, third] = [await tab.outbox.finalise(visit()), await tab.outbox.finalise(visit())];
  server.decide = ({ id: one }) => (one === second ? { verdict: "parked", code: "x", message: "Sửa." } : { verdict: "accepted", code: "ok", message: "" });
  await tab.sync.syncNow("button");
  assert.equal((await tab.outbox.copy(second)).kind, "visit");
  assert.equal(await tab.outbox.copy(third), null);
});

test("F62: a refused entry is set aside with its sentence, blocks nothing, and closes when it is sent corrected", async () => {
  const { server, tab } = await draftedPhone();
  const bad = submission([]);
  const badId = await tab.outbox.finalise(bad);
  await tab.outbox.finalise(visit());
  server.decide = ({ id }) => (id === badId ? { verdict: "parked", code: "answers_invalid", message: "Ngày sinh chưa đúng." } : { verdict: "accepted", code: "ok", message: "" });
  assert.equal((await tab.sync.syncNow("button")).sent, 2);
  assert.deepEqual((await tab.outbox.list()).map(({ state, message }) => [state, message]), [["ok", ""], ["fix", "Ngày sinh chưa đúng."]]);
  assert.equal((await tab.outbox.counts()).fix, 1);
  server.state.durable = { [bad.area]: 99 };
  await tab.sync.syncNow("button");
  assert.equal((await tab.outbox.list()).find(({ id }) => id === badId).state, "fix");
  const copy = await tab.outbox.copy(badId);
  await tab.outbox.finalise(submission([], { body: { ...copy.body, replaces: bad.subject } }));
  assert.equal((await tab.outbox.counts()).fix, 0);
  await tab.sync.syncNow("button");
  await tab.sync.syncNow("button");
  assert.deepEqual(await tab.outbox.list(), []);
});

test("the outbox can be counted while the app is locked, without names", async () => {
  const { tab } = await draftedPhone();
  await tab.outbox.finalise(submission([photo("paper-1", 100_000)]));
  tab.vault.lock();
  const { unsent, oldest, bytes, fix } = await tab.outbox.counts();
  assert.deepEqual([unsent, oldest, fix], [1, START, 0]);
  assert.ok(bytes > 100_000 && bytes < 105_000);
  assert.deepEqual((await tab.outbox.list()).map(({ label, state, kind }) => [label, state, kind]), [[null, "wait", "submission"]]);
});

test("a phone that locks while a form is being stored keeps the capture, only without a readable copy", async () => {
  const { tab } = await draftedPhone();
  tab.at.sealed = () => tab.vault.lock();
  const id = await tab.outbox.finalise(visit({ draft: "draft-1" }));
  const row = await (await tab.db.openDb()).get("outbox", id);
  assert.deepEqual([row.state, row.label, row.copy], ["ready", null, null]);
});

test("what was captured shows at once on the records, and gives way to what is pulled", async () => {
  const { server, tab } = await draftedPhone();
  server.change("household", HOUSE, { id: HOUSE, head: "Lò Thị Nhạn", status: "todo", writers: {} });
  await tab.sync.syncNow("button");
  const resident = "01920000-0000-7000-8000-00000000b009";
  const visitId = await tab.outbox.finalise(visit());
  const editId = await tab.outbox.finalise(visit({ kind: "edit", subject: HOUSE, body: { record: "household", fields: { phone: "0950000123" } } }));
  await tab.outbox.finalise(visit({ kind: "edit", subject: resident, body: { record: "resident", fields: { household: HOUSE, name: "Lò Văn Én" } } }));
  await tab.outbox.finalise(visit({ kind: "mark", subject: resident, body: { checklist: "vneid-2", item: "face", state: "done", blocker: "", note: "" } }));
  const dossier = submission([]);
  await tab.outbox.finalise(dossier);
  const house = await tab.records.get("household", HOUSE);
  assert.deepEqual([house.head, house.status, house.phone, house.pending, house.writers], ["Lò Thị Nhạn", "done", "0950000123", true, { phone: [editId] }]);
  assert.deepEqual((await tab.records.list("resident", { household: HOUSE })).map(({ name }) => name), ["Lò Văn Én"]);
  assert.deepEqual((await tab.records.list("mark", (mark) => mark.resident === resident)).length, 1);
  const { status, title, answers } = await tab.records.get("submission", dossier.subject);
  assert.deepEqual([status, title, answers], ["local", "Lượt thăm", undefined]);
  const view = await tab.records.overlay("visit", "household");
  assert.deepEqual([view.list("visit").map(({ id }) => id), view.get("household", HOUSE).status], [[visitId], "done"]);

  server.change("household", HOUSE, { id: HOUSE, head: "Lò Thị Nhạn", status: "done", phone: "0950000123", writers: { phone: [editId] } });
  await tab.sync.syncNow("button");
  assert.deepEqual((await tab.records.get("household", HOUSE)).pending, undefined);
  await tab.outbox.finalise(visit({ kind: "delete", body: { record: "household", reason: "Nhà đã dỡ" } }));
  assert.equal(await tab.records.get("household", HOUSE), undefined);
});
