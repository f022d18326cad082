import assert from "node:assert/strict";
import { test } from "node:test";
import { AREA, photo, readyPhone, submission, until, visit } from "./phone.js";
import { json, newServer, PROTO } from "./server.js";

async function withTwoEntries() {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  const ids = [await tab.outbox.finalise(visit()), await tab.outbox.finalise(visit())];
  return { server, phone, tab, ids };
}

const rows = async (tab) => (await tab.db.openDb()).getAll("outbox");
const states = async (tab) => (await rows(tab)).map(({ state }) => state);
/** Let hello through, then answer the push in a false way. */
const onPush = (server, fault) => { server.faults = [(request, next) => next(), fault]; };

async function nothingLeaves({ server, tab, ids }) {
  const { outcome, sent, left } = await tab.sync.syncNow("button");
  assert.deepEqual([sent, left, await states(tab)], [0, 2, ["ready", "ready"]]);
  assert.notEqual(outcome, "ok");
  server.faults = [];
  server.state.durable[AREA] = 99;
  assert.equal((await tab.sync.syncNow("button")).sent, 2);
  assert.deepEqual(Object.keys(server.state.entries).sort(), ids.sort());
}

const LOGIN = "<!doctype html><title>Đăng nhập</title>";
const html = (status = 200, more = {}) => new Response(LOGIN, { status, headers: { "Content-Type": "text/html", ...more } });

const FOREIGN = {
  "a captive portal's page": () => html(),
  "a captive portal's JSON": () => new Response('{"proto":1,"receipts":[]}', { headers: { "Content-Type": "application/json" } }),
  "an offline page of a service worker": () => html(200, PROTO),
  "a log-in page after a redirect": () => Object.defineProperty(json(200, { proto: 1, receipts: [] }), "redirected", { value: true }),
  "a redirect that fetch refuses": () => { throw new TypeError("redirect"); },
  "an empty 200": () => new Response("", { status: 200, headers: PROTO }),
  "an empty 204": () => new Response(null, { status: 204, headers: PROTO }),
  "a proxy's 502": () => html(502),
  "a proxy's 403": () => html(403),
  "a proxy's 401": () => html(401),
  "JSON that is no object": () => json(200, [1]),
  "no receipts": () => json(200, { proto: 1, receipts: [] }),
  "receipts that are no list": () => json(200, { proto: 1, receipts: "all fine" }),
  "receipts of nonsense": () => json(200, { proto: 1, receipts: [null, 5, "x", {}, { id: 7 }] }),
  "another protocol": () => json(200, { proto: 1, receipts: [] }, { "X-Gocua-Proto": "2" }),
};

for (const [name, answer] of Object.entries(FOREIGN)) {
  test(`F17: ${name} in place of the push's answer removes nothing`, async () => {
    const set = await withTwoEntries();
    onPush(set.server, answer);
    await nothingLeaves(set);
  });

  test(`F17: ${name} in place of hello's answer removes nothing`, async () => {
    const set = await withTwoEntries();
    set.server.faults = [answer];
    await nothingLeaves(set);
  });
}

/** The server takes the entries; its answer is changed on the way. */
const changed = (change) => async (request, next) => {
  const answer = await (await next()).json();
  return json(200, { ...answer, receipts: change(answer.receipts) });
};

const SWAPPED = {
  "the receipt of another entry": changed(([one, two]) => [{ ...one, id: two.id }, { ...two, id: one.id }]),
  "a receipt for other content": changed((all) => all.map((one) => ({ ...one, hash: "0".repeat(64) }))),
  "a verdict changed on the way": changed((all) => all.map((one) => ({ ...one, verdict: "parked" }))),
  "a receipt without MAC": changed((all) => all.map(({ mac, ...one }) => one)),
  "a truncated MAC": changed((all) => all.map((one) => ({ ...one, mac: one.mac.slice(0, 20) }))),
  "an unknown verdict": changed((all) => all.map((one) => ({ ...one, verdict: "fine" }))),
};

test("F18: a receipt that our server made for other content of the same id settles nothing", async () => {
  const set = await withTwoEntries();
  const { server } = set;
  onPush(server, changed((all) => all.map((one) => server.mac(server.state.devices["device-1"], { ...one, hash: "0".repeat(64) }))));
  await nothingLeaves(set);
});

const UNMARKED = {
  "without our protocol header": (body) => new Response(JSON.stringify(body), { headers: { "Content-Type": "application/json" } }),
  "not marked as JSON": (body) => new Response(JSON.stringify(body), { headers: { "Content-Type": "text/html", ...PROTO } }),
  "at the end of a redirect": (body) => Object.defineProperty(json(200, body), "redirected", { value: true }),
  "with a status that is no success": (body) => json(300, body),
};

for (const [name, wrap] of Object.entries(UNMARKED)) {
  test(`F17: even true receipts are not believed ${name}`, async () => {
    const set = await withTwoEntries();
    onPush(set.server, async (request, next) => wrap(await (await next()).json()));
    await nothingLeaves(set);
  });
}

for (const [name, fault] of Object.entries(SWAPPED)) {
  test(`F18: ${name} settles nothing, and the true receipt does later`, async () => {
    const set = await withTwoEntries();
    onPush(set.server, fault);
    await nothingLeaves(set);
  });
}

test("F18: a truncated body settles nothing", async () => {
  const set = await withTwoEntries();
  onPush(set.server, async (request, next) => {
    const text = await (await next()).text();
    return new Response(text.slice(0, -40), { headers: { "Content-Type": "application/json", ...PROTO } });
  });
  await nothingLeaves(set);
});

test("F18: an answer of an earlier push settles only what it names, and never an entry that was not in the request", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  let kept;
  const first = await tab.outbox.finalise(visit());
  onPush(server, async (request, next) => {
    kept = await (await next()).json();
    return json(503, {}, { "Retry-After": "1" });
  });
  await tab.sync.syncNow("button");
  const second = await tab.outbox.finalise(visit());
  const check = await tab.receipts.settle(kept.receipts, { within: new Set([second]) });
  assert.deepEqual(check, { settled: [], later: [], ignored: 1 });
  assert.deepEqual((await tab.receipts.settle(kept.receipts)).settled, [first]);
  assert.deepEqual((await rows(tab)).map(({ id, state }) => [id, state]).sort(), [[first, "accepted"], [second, "ready"]].sort());
});

test("F18: an older receipt played again does not take back a newer one", async () => {
  const { server, tab } = await withTwoEntries();
  server.decide = () => ({ verdict: "held", code: "waiting_for_previous", message: "" });
  await tab.sync.syncNow("button");
  const old = Object.values(server.state.entries).map(({ receipt }) => receipt);
  server.ahead += 1000;
  server.state.settled = old.map(({ mac, ...one }) => ({ ...one, verdict: "accepted", code: "ok", at: one.at + 1000 }));
  await tab.sync.syncNow("button");
  assert.deepEqual(await states(tab), ["accepted", "accepted"]);
  await tab.receipts.settle(old);
  assert.deepEqual(await states(tab), ["accepted", "accepted"]);
});

test("F18: a hello answered for another question changes nothing", async () => {
  const { server, tab } = await withTwoEntries();
  let kept;
  server.faults = [async (request, next) => { kept = await (await next()).json(); return json(200, kept); }];
  await tab.sync.syncNow("button");
  server.faults = [() => json(200, kept)];
  assert.equal((await tab.sync.syncNow("button")).outcome, "offline");
  server.faults = [() => json(200, { ...kept, wipe: true })];
  await tab.sync.syncNow("button");
  assert.notEqual(await tab.enrol.current(), null);
});

test("F16: a connection that fails before the request arrives keeps everything", async () => {
  const set = await withTwoEntries();
  set.server.faults = [() => { throw new TypeError("network"); }];
  assert.equal((await set.tab.sync.syncNow("button")).outcome, "offline");
  onPush(set.server, () => { throw new TypeError("network"); });
  await nothingLeaves(set);
});

test("F17: no request follows a redirect, carries cookies or is answered from a cache", async () => {
  const { server, tab } = await withTwoEntries();
  const seen = [];
  const fetch = server.fetch.bind(server);
  server.fetch = (path, init) => { seen.push(init); return fetch(path, init); };
  await tab.sync.syncNow("button");
  assert.ok(seen.length >= 2);
  for (const { redirect, credentials, cache } of seen) assert.deepEqual([redirect, credentials, cache], ["error", "omit", "no-store"]);
});

test("F16: an answer that does not come within 15 seconds is given up", async () => {
  const { server, phone, tab } = await withTwoEntries();
  server.faults = [(request) => new Promise((resolve, reject) => request.signal.addEventListener("abort", () => reject(new Error("aborted"))))];
  const running = tab.sync.syncNow("button");
  await until(() => server.log.length > 1);
  await phone.pass(14_999);
  assert.equal(await Promise.race([running, "still"]), "still");
  await phone.pass(1);
  assert.equal((await running).outcome, "offline");
  assert.deepEqual(await states(tab), ["ready", "ready"]);
});

test("F19: the server has it but every answer is lost: sent again, one effect, the same receipt", async () => {
  const { server, tab, ids } = await withTwoEntries();
  const lost = async (request, next) => { await next(); throw new TypeError("reset"); };
  for (let turn = 0; turn < 3; turn += 1) {
    onPush(server, lost);
    assert.equal((await tab.sync.syncNow("button")).left, 2);
  }
  const before = ids.map((id) => server.state.entries[id].receipt);
  assert.equal((await tab.sync.syncNow("button")).sent, 2);
  assert.deepEqual(ids.map((id) => server.state.entries[id].receipt), before);
  assert.equal(server.state.areas[AREA].last, 2);
  assert.deepEqual((await rows(tab)).map(({ receipt }) => receipt.number).sort(), [1, 2]);
});

test("F21: an id that the server knows with other content is set aside, and kept", async () => {
  const { server, tab, ids } = await withTwoEntries();
  server.state.entries[ids[0]] = { entry: { id: ids[0], hash: "f".repeat(64), files: [], device: "device-1", epoch: 1, seq: 1 }, receipt: { id: ids[0], number: 1, area: AREA, epoch: "epoch-1", at: 1, message: "" } };
  await tab.sync.syncNow("button");
  const list = await tab.outbox.list();
  assert.deepEqual(list.map(({ id, state, code }) => [id, state, code]).sort(), [[ids[0], "fix", "id_reused"], [ids[1], "ok", "ok"]].sort());
  server.state.durable[AREA] = 99;
  await tab.sync.syncNow("button");
  assert.deepEqual((await rows(tab)).map(({ id }) => id), [ids[0]]);
  await tab.outbox.dismiss(ids[0]);
  await tab.sync.syncNow("button");
  assert.deepEqual(await rows(tab), []);
});

test("F23: one bad entry among fifty is set aside, the others are accepted", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  for (let at = 0; at < 50; at += 1) await tab.outbox.finalise(visit());
  server.decide = ({ seq }) => ({ verdict: seq === 17 ? "parked" : "accepted", code: seq === 17 ? "answers_invalid" : "ok", message: "" });
  assert.equal((await tab.sync.syncNow("button")).sent, 50);
  assert.deepEqual((await rows(tab)).filter(({ state }) => state === "parked").map(({ seq }) => seq), [17]);
  assert.equal(server.log.filter((line) => line.endsWith("/push/")).length, 2);
  assert.deepEqual(Object.values(server.state.entries).map(({ entry }) => entry.seq), Array.from({ length: 50 }, (_, at) => at + 1));
});

test("an entry that the server can't take just now waits, the others go on, and it is tried again later", async () => {
  const { server, phone, tab } = await withTwoEntries();
  server.decide = ({ seq }) => (seq === 1 ? { verdict: "later", code: "server_error", message: "" } : { verdict: "accepted", code: "ok", message: "" });
  assert.deepEqual(await tab.sync.syncNow("button"), { outcome: "ok", sent: 1, left: 1 });
  server.decide = () => ({ verdict: "accepted", code: "ok", message: "" });
  await phone.pass(2000);
  await until(async () => (await tab.outbox.counts()).unsent === 0);
});

test("413 halves the batch until it fits, and nothing is left out", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  for (let at = 0; at < 13; at += 1) await tab.outbox.finalise(visit());
  server.largest = 4;
  assert.deepEqual(await tab.sync.syncNow("button"), { outcome: "ok", sent: 13, left: 0 });
});

test("an entry that is too large by itself stays, and those behind it go", async () => {
  const { server, tab, ids } = await withTwoEntries();
  const tooLarge = (request, next) => (new TextDecoder().decode(request.bytes).includes(`"id":"${ids[0]}"`) ? new Response("", { status: 413 }) : next());
  server.faults = [(request, next) => next(), tooLarge, tooLarge, tooLarge];
  assert.equal((await tab.sync.syncNow("button")).sent, 1);
  assert.deepEqual((await rows(tab)).map(({ id, state }) => [id, state]).sort(), [[ids[0], "ready"], [ids[1], "accepted"]].sort());
});

test("a request that the server can't read because of one entry does not stop the others", async () => {
  const { server, tab, ids } = await withTwoEntries();
  const strange = (request, next) => (new TextDecoder().decode(request.bytes).includes(`"id":"${ids[0]}"`) ? json(400, { code: "unreadable" }) : next());
  server.faults = [(request, next) => next(), strange, strange, strange];
  assert.equal((await tab.sync.syncNow("button")).sent, 1);
});

test("batches stay within 25 entries and 256 KB", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  const sizes = [];
  const answer = server.push.bind(server);
  server.push = (device, request) => { sizes.push([request.bytes.length, JSON.parse(new TextDecoder().decode(request.bytes)).entries.length]); return answer(device, request); };
  for (let at = 0; at < 12; at += 1) await tab.outbox.finalise(visit({ body: { ...visit().body, note: "ạ".repeat(20_000) } }));
  assert.equal((await tab.sync.syncNow("button")).sent, 12);
  assert.ok(sizes.length > 1 && sizes.every(([bytes]) => bytes <= 256 * 1024 + 100), JSON.stringify(sizes));
});

test("F15: 426 asks for a newer app and keeps everything", async () => {
  const { server, tab } = await withTwoEntries();
  server.refuse["/sync/push/"] = () => json(426, { code: "update", message: "Tải bản mới rồi gửi lại." });
  assert.deepEqual(await tab.sync.syncNow("button"), { outcome: "update", sent: 0, left: 2 });
  assert.deepEqual(await states(tab), ["ready", "ready"]);
});

test("an entry whose files are missing is not 'sent', and is not purged", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  await tab.outbox.finalise(submission([photo("paper-1", 5000)]));
  server.refuse["/sync/files/"] = () => json(500, {});
  server.state.durable[AREA] = 99;
  await tab.sync.syncNow("button");
  await tab.sync.syncNow("button");
  assert.deepEqual((await tab.outbox.list()).map(({ state, filesDone, filesTotal }) => [state, filesDone, filesTotal]), [["wait", 0, 1]]);
  assert.equal((await tab.outbox.counts()).unsent, 1);
});
