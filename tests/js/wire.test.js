import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { b64u, hex, sha256, unb64u, utf8 } from "../../static/src/js/sync/bytes.js";
import { canonical } from "../../static/src/js/sync/canonical.js";
import { uuid7 } from "../../static/src/js/sync/ids.js";
import { entryContext, entryHash, fileContext, importMacKey, macHolds, newDeviceKeys, requestMessage, seal, sign } from "../../static/src/js/sync/seal.js";
import { looksLikeASecret } from "../../static/src/js/sync/secrets.js";
import { fold, nfc, tidy } from "../../static/src/js/sync/text.js";
import { openSealed } from "./server.js";

const examples = JSON.parse(readFileSync(new URL("../wire/examples.json", import.meta.url), "utf8"));
const secrets = JSON.parse(readFileSync(new URL("../wire/secrets.json", import.meta.url), "utf8"));
const { entry, server, device } = examples;

async function serverKey() {
  const point = unb64u(server.public);
  const jwk = { kty: "EC", crv: "P-256", d: server.private, x: b64u(point.slice(1, 33)), y: b64u(point.slice(33)) };
  return crypto.subtle.importKey("jwk", jwk, { name: "ECDH", namedCurve: "P-256" }, false, ["deriveBits"]);
}

async function verify(point, message, signature) {
  const key = await crypto.subtle.importKey("raw", unb64u(point), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
  return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, unb64u(signature), utf8(message));
}

for (const { value, bytes } of examples.canonical) {
  test(`canonical JSON has the agreed bytes: ${bytes.slice(0, 24)}`, () => assert.equal(hex(utf8(canonical(value))), bytes));
}

test("canonical JSON refuses fractions, unsafe numbers, lone surrogates and what is not JSON", () => {
  for (const value of [0.5, NaN, Infinity, 2 ** 53, "\ud800", { "\udc00": 1 }, undefined, [undefined], () => {}, new Date(0), new Uint8Array(1), 1n]) {
    assert.throws(() => canonical(value), { code: "canonical" });
  }
});

for (const example of examples.text) {
  test(`text is cleaned, folded and judged as agreed: ${JSON.stringify(example.raw)}`, () => {
    const { raw } = example;
    assert.deepEqual({ raw, nfc: nfc(raw), tidy: tidy(raw), fold: fold(raw), secret: looksLikeASecret(raw) }, example);
  });
}

for (const [kind, lines] of Object.entries(secrets)) {
  for (const said of lines) test(`${kind}: ${said}`, () => assert.equal(looksLikeASecret(said), kind === "secret"));
}

test("a lone surrogate is dropped on entry, a pair is kept", () => assert.equal(nfc("a\ud800b😀\udc00"), "ab😀"));

test("an entry's hash and signature are the agreed ones", async () => {
  assert.equal(await entryHash(entry), entry.hash);
  assert.ok(await verify(device.public, `gocua-entry-v1\n${entry.hash}`, entry.sig));
  assert.notEqual(await entryHash({ ...entry, seq: 8 }), entry.hash);
});

test("the agreed sealed body and file open with the server's key only as what they are", async () => {
  const key = await serverKey();
  const body = await openSealed(key, entry.key, unb64u(entry.sealed), `gocua-entry-v1|${entry.id}|${entry.form}|${entry.key}`);
  assert.deepEqual(JSON.parse(new TextDecoder().decode(body)), examples.body);
  const { slot, sealed, plain } = examples.file;
  const context = new TextDecoder().decode(fileContext(entry.id, slot, entry.key));
  assert.equal(b64u(await openSealed(key, entry.key, unb64u(sealed), context)), plain);
  await assert.rejects(openSealed(key, entry.key, unb64u(sealed), context.replace(slot, "paper-2")));
  assert.equal(await sha256(unb64u(sealed)), entry.files[0].sha256);
});

test("what is sealed now opens, is 93 bytes longer, and is never the same twice", async () => {
  const plain = utf8("Lò Thị Nhạn");
  const context = entryContext("e", "", "vd-1");
  const [one, two] = [await seal(server.public, "vd-1", plain, context), await seal(server.public, "vd-1", plain, context)];
  assert.equal(one.length, plain.length + 93);
  assert.notDeepEqual(one, two);
  assert.deepEqual(new Uint8Array(await openSealed(await serverKey(), "vd-1", one, "gocua-entry-v1|e||vd-1")), plain);
});

test("a MAC holds for the agreed receipt and hello, and for nothing that differs", async () => {
  const key = await importMacKey(examples.mac_key);
  for (const answer of [examples.receipt, examples.hello]) {
    assert.ok(await macHolds(key, answer));
    assert.equal(await macHolds(key, { ...answer, extra: 1 }), false);
    assert.equal(await macHolds(key, { ...answer, mac: answer.mac.slice(1) }), false);
  }
  for (const strange of [null, "x", [], {}, { mac: 5 }, { mac: "!" }]) assert.equal(await macHolds(key, strange), false);
});

test("a request is signed over method, path, time and body as agreed", async () => {
  const { method, path, time, body, signature } = examples.request;
  assert.ok(await verify(device.public, await requestMessage(method, path, time, utf8(body)), signature));
});

test("a device's own key signs, and can't be read out", async () => {
  const own = await newDeviceKeys();
  assert.ok(await verify(own.public, "x", await sign(own.pair.privateKey, "x")));
  await assert.rejects(crypto.subtle.exportKey("pkcs8", own.pair.privateKey));
});

test("base64url is without padding, and refuses what is not base64url", () => {
  for (const length of [0, 1, 2, 3, 4, 100_000]) {
    const bytes = Uint8Array.from({ length }, (_, at) => (at * 13) % 256);
    assert.deepEqual(unb64u(b64u(bytes)), bytes);
    assert.match(b64u(bytes), /^[A-Za-z0-9_-]*$/);
  }
  for (const text of ["a", "a=", "a+b/", "á", undefined]) assert.throws(() => unb64u(text), { code: "base64" });
});

test("ids are UUIDv7, different each time, with the time in front", () => {
  const ids = Array.from({ length: 1000 }, uuid7);
  assert.equal(new Set(ids).size, 1000);
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.ok(Math.abs(parseInt(ids[0].replaceAll("-", "").slice(0, 12), 16) - Date.now()) < 5000);
});
