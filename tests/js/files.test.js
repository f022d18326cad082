import assert from "node:assert/strict";
import { test } from "node:test";
import { AREA, photo, readyPhone, submission, until, visit } from "./phone.js";
import { json, newServer, PROTO } from "./server.js";

const KB = 1024;

async function withPhoto(size = 300 * KB) {
  const server = await newServer();
  const { phone, tab } = await readyPhone(server);
  const id = await tab.outbox.finalise(submission([photo("paper-1", size)]));
  const [{ entry: { files: [{ sha256 }] } }] = await (await tab.db.openDb()).getAll("outbox");
  return { server, phone, tab, id, sha256 };
}

const isComplete = (server, sha256) => server.state.files[sha256]?.complete === true;
const isPatch = ({ method }) => method === "PATCH";

test("a photo goes in chunks of 64 KB after the entries, and then the entry is sent", async () => {
  const { server, tab, sha256 } = await withPhoto();
  assert.deepEqual(await tab.sync.syncNow("button"), { outcome: "ok", sent: 2, left: 0 });
  assert.ok(isComplete(server, sha256));
  assert.deepEqual(server.chunkSizes.slice(0, -1), [64 * KB, 64 * KB, 64 * KB, 64 * KB]);
  assert.ok(server.log.indexOf("POST /sync/push/") < server.log.indexOf("POST /sync/files/"));
  assert.deepEqual((await tab.outbox.list()).map(({ state, filesDone }) => [state, filesDone]), [["ok", 1]]);
});

// A small generator of our own: the same offsets in every run, so that a failure can be repeated.
function* random(seed) {
  for (let state = seed; ; ) {
    state = (state * 1103515245 + 12345) % 2 ** 31;
    yield state / 2 ** 31;
  }
}

test("F25: the line breaks at random bytes of 40 uploads; each goes on where it stopped and hashes right", async () => {
  const dice = random(7);
  for (let run = 0; run < 40; run += 1) {
    const { server, tab, sha256 } = await withPhoto(150 * KB + run);
    let again = 0;
    const answer = server.answer.bind(server);
    server.answer = async (request) => {
      if (!isPatch(request) || dice.next().value > 0.4) return answer(request);
      // Some bytes of the chunk arrive, or all of them, and no answer comes back.
      const file = server.state.files[sha256];
      const got = Math.floor(dice.next().value * (request.bytes.length + 1));
      again += request.bytes.length - got;
      if (got === request.bytes.length) await answer(request);
      else file.bytes = Buffer.concat([file.bytes, request.bytes.subarray(0, got)]);
      throw new TypeError("reset");
    };
    let turns = 0;
    while ((await tab.outbox.counts()).unsent && (turns += 1) < 60) await tab.sync.syncNow("button");
    assert.ok(isComplete(server, sha256), `run ${run}`);
    assert.equal((await tab.outbox.counts()).unsent, 0);
  }
});

test("F25: a tab killed in the middle of a photo sends it again from there, not from the start", async () => {
  const { server, phone, tab, sha256 } = await withPhoto();
  let patches = 0;
  const answer = server.answer.bind(server);
  server.answer = async (request) => {
    if (isPatch(request) && (patches += 1) === 3) await tab.kill();
    return answer(request);
  };
  void tab.sync.syncNow("button");
  await until(() => patches === 3);
  const next = await phone.tab();
  assert.equal((await next.sync.syncNow("start")).left, 0);
  assert.ok(isComplete(server, sha256));
  assert.deepEqual(server.chunkSizes.slice(0, 4), [64 * KB, 64 * KB, 64 * KB, 64 * KB]);
  assert.equal(server.chunkSizes.length, 5);
});

test("F25: the answer to the last chunk is lost: hello confirms the file, or an empty chunk does", async () => {
  for (const helps of [true, false]) {
    const { server, tab, sha256 } = await withPhoto(10 * KB);
    const answer = server.answer.bind(server);
    let lost = false;
    server.answer = async (request) => {
      const got = await answer(request);
      if (isPatch(request) && !lost) { lost = true; throw new TypeError("reset"); }
      return got;
    };
    if (!helps) server.missing = () => [sha256];
    assert.equal((await tab.sync.syncNow("button")).left, 1);
    assert.equal((await tab.sync.syncNow("button")).left, 0);
    assert.ok(isComplete(server, sha256));
    assert.equal(server.chunkSizes.length, helps ? 1 : 2);
  }
});

test("F25: a file that never went out is not taken for arrived because hello does not list it", async () => {
  const { server, tab } = await withPhoto(10 * KB);
  server.missing = () => [];
  server.state.durable[AREA] = 99;
  const answer = server.answer.bind(server);
  server.answer = (request) => (request.path.startsWith("/sync/files/") ? json(422, { code: "refused" }) : answer(request));
  await tab.sync.syncNow("button");
  await tab.sync.syncNow("button");
  assert.deepEqual([(await tab.outbox.counts()).unsent, await (await tab.db.openDb()).count("file")], [1, 1]);
});

test("F26: the server lost its part: the file starts again from nothing", async () => {
  const { server, tab, sha256 } = await withPhoto();
  let patches = 0;
  const answer = server.answer.bind(server);
  server.answer = async (request) => {
    if (isPatch(request) && (patches += 1) === 3) delete server.state.files[sha256];
    return answer(request);
  };
  assert.equal((await tab.sync.syncNow("button")).left, 0);
  assert.ok(isComplete(server, sha256));
});

test("F26: a file that the server lost after it was whole is sent again while the phone has it", async () => {
  const { server, tab, sha256 } = await withPhoto();
  await tab.sync.syncNow("button");
  delete server.state.files[sha256];
  assert.equal((await tab.sync.syncNow("button")).left, 0);
  assert.ok(isComplete(server, sha256));
});

test("409: another offset than ours: the server's counts", async () => {
  const { server, tab, sha256 } = await withPhoto();
  server.faults = [];
  let moved = false;
  const answer = server.answer.bind(server);
  server.answer = async (request) => {
    if (isPatch(request) && !moved) {
      moved = true;
      server.state.files[sha256].bytes = Buffer.from(request.bytes.subarray(0, 1000));
    }
    return answer(request);
  };
  assert.equal((await tab.sync.syncNow("button")).left, 0);
  assert.ok(isComplete(server, sha256));
});

test("460: what arrived hashes wrong: once more from the start", async () => {
  const { server, tab, sha256 } = await withPhoto();
  let hurt = false;
  const answer = server.answer.bind(server);
  server.answer = async (request) => {
    if (isPatch(request) && !hurt) { hurt = true; request.bytes[5] ^= 1; server.device = async () => server.state.devices["device-1"]; }
    return answer(request);
  };
  assert.equal((await tab.sync.syncNow("button")).left, 0);
  assert.ok(isComplete(server, sha256));
});

test("a server that never accepts a file's bytes is left alone after a few tries; the other files go on", async () => {
  const { server, phone, tab, sha256 } = await withPhoto(20 * KB);
  await tab.outbox.finalise(submission([photo("paper-2", 20 * KB)]));
  const answer = server.answer.bind(server);
  let tries = 0;
  server.answer = (request) => {
    if (!isPatch(request) || !request.path.includes(sha256)) return answer(request);
    tries += 1;
    return new Response(null, { status: 409, headers: { ...PROTO, "Upload-Offset": "0" } });
  };
  assert.deepEqual(await tab.sync.syncNow("button"), { outcome: "ok", sent: 3, left: 1 });
  assert.ok(tries > 1 && tries < 10);
  server.answer = answer;
  await phone.pass(2000); // and it is tried again by itself
  await until(() => isComplete(server, sha256));
});

test("F17: a false 'complete' does not make a file arrive", async () => {
  const { server, tab, sha256 } = await withPhoto(20 * KB);
  const answer = server.answer.bind(server);
  const fakes = [
    () => json(200, { sha256, size: 20 * KB + 93, complete: true, mac: "AAAA" }),
    () => new Response("<h1>Chào mừng đến Wi-Fi</h1>", { headers: { "Content-Type": "text/html" } }),
    () => new Response(null, { status: 204, headers: PROTO }),
    () => new Response(null, { status: 204, headers: { "Upload-Offset": String(20 * KB + 93) } }),
  ];
  for (const fake of fakes) {
    server.answer = (request) => (isPatch(request) ? fake() : answer(request));
    assert.equal((await tab.sync.syncNow("button")).left, 1);
    server.state.durable[AREA] = 99;
  }
  server.answer = answer;
  assert.equal((await tab.sync.syncNow("button")).left, 0);
  assert.ok(isComplete(server, sha256));
});

test("a file of which a 204 says everything arrived still needs the proof", async () => {
  const { server, tab } = await withPhoto(20 * KB);
  const size = 20 * KB + 93;
  const answer = server.answer.bind(server);
  server.answer = (request) => (isPatch(request) ? new Response(null, { status: 204, headers: { ...PROTO, "Upload-Offset": String(size) } }) : answer(request));
  await tab.sync.syncNow("button");
  assert.equal((await tab.outbox.counts()).unsent, 1);
});

test("an entry captured while a photo is going is sent before the next photo", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  await tab.outbox.finalise(submission([photo("paper-1", 100 * KB), photo("paper-2", 100 * KB)]));
  const answer = server.answer.bind(server);
  let captured = null;
  server.answer = async (request) => {
    if (isPatch(request)) await (captured ??= tab.outbox.finalise(visit()));
    return answer(request);
  };
  await tab.sync.syncNow("button");
  const pushes = server.log.flatMap((line, at) => (line === "POST /sync/push/" ? [at] : []));
  assert.ok(pushes[1] < server.log.lastIndexOf("POST /sync/files/"));
  assert.equal((await tab.outbox.counts()).unsent, 0);
});

test("on a slow line chunks are small", async () => {
  const { server, phone, tab } = await withPhoto(200 * KB);
  const answer = server.answer.bind(server);
  server.answer = (request) => {
    if (isPatch(request)) phone.steady += request.bytes.length / 6; // 48 kbit/s
    return answer(request);
  };
  await tab.sync.syncNow("button");
  assert.deepEqual(server.chunkSizes.slice(0, 3), [64 * KB, 16 * KB, 16 * KB]);
});

test("F92: when the day's share of files is used up, files wait as long as asked and entries go on", async () => {
  const { server, phone, tab, sha256 } = await withPhoto(20 * KB);
  const answer = server.answer.bind(server);
  server.answer = (request) => (request.path === "/sync/files/" ? json(429, { code: "too_many" }, { "Retry-After": "3600" }) : answer(request));
  assert.deepEqual(await tab.sync.syncNow("button"), { outcome: "ok", sent: 1, left: 1 });
  server.answer = answer;
  await tab.outbox.finalise(visit());
  assert.deepEqual(await tab.sync.syncNow("finalised"), { outcome: "ok", sent: 1, left: 1 });
  assert.equal(isComplete(server, sha256), false);
  phone.steady += 3_600_000;
  assert.equal((await tab.sync.syncNow("button")).left, 0);
});

test("F73: a damaged photo is shown with the server's sentence, and stays until a person has seen it", async () => {
  const { server, tab, id, sha256 } = await withPhoto(20 * KB);
  await tab.sync.syncNow("button");
  server.bad = [{ sha256, message: "Ảnh bị hỏng. Chụp lại." }];
  server.state.durable[AREA] = 99;
  await tab.sync.syncNow("button");
  assert.deepEqual((await tab.outbox.list()).map(({ state, message }) => [state, message]), [["fix", "Ảnh bị hỏng. Chụp lại."]]);
  await tab.outbox.dismiss(id);
  await tab.sync.syncNow("button");
  assert.deepEqual(await tab.outbox.list(), []);
  assert.equal(await (await tab.db.openDb()).count("file"), 0);
});
