// Writes examples.json: what phone and server must agree on to the byte. Run with node after a change of the wire,
// and read the difference; both tests/js/wire.test.js and tests/wire/test_examples.py hold on to the result.
// The keys are for these examples only.
import { createHmac } from "node:crypto";
import { writeFileSync } from "node:fs";
import { b64u, hex, sha256, unb64u, utf8 } from "../../static/src/js/sync/bytes.js";
import { canonical, canonicalBytes } from "../../static/src/js/sync/canonical.js";
import { entryContext, fileContext, requestMessage, seal, sign, signEntry } from "../../static/src/js/sync/seal.js";
import { fold, looksLikeASecret, nfc, tidy } from "../../static/src/js/sync/text.js";

const server = {
  id: "vd-1",
  private: "ag6VdR4nB3Cz0mGvW7cT1yQkLh5xEo2pZsXuYdNfJiM",
};
const device = { private: "Bw9RkT2mVx4cQzL7yHn1sJd8GfUe3aPoXiW5bKvM6tE" };
const macKey = b64u(utf8("gocua examples: 32-byte mac key."));

/** WebCrypto wants the point beside the scalar; Node's ECDH gives it. */
async function publicPoint(scalar) {
  const { createECDH } = await import("node:crypto");
  const ecdh = createECDH("prime256v1");
  ecdh.setPrivateKey(Buffer.from(unb64u(scalar)));
  return new Uint8Array(ecdh.getPublicKey());
}

async function signingKey(scalar) {
  const point = await publicPoint(scalar);
  const jwk = { kty: "EC", crv: "P-256", d: scalar, x: b64u(point.slice(1, 33)), y: b64u(point.slice(33)) };
  return crypto.subtle.importKey("jwk", jwk, { name: "ECDSA", namedCurve: "P-256" }, false, ["sign"]);
}

server.public = b64u(await publicPoint(server.private));
device.public = b64u(await publicPoint(device.private));
const key = await signingKey(device.private);

const VALUES = [
  null, true, false, 0, -1, 9007199254740991, -9007199254740991, "", [], {}, [[], {}, [null]],
  { b: 1, a: 2, A: 3, _: 4, 10: 5, 9: 6, "a-b": 7, ab: 8, aB: 9 },
  "Nguyễn Thị Ớt ở ngõ 12/3 Hồ Sen, đường Đê La Thành",
  "Nguyễn Thị Ớt (NFD)".normalize("NFD"),
  'ngoặc " kép, \\ gạch chéo, / không đổi',
  "\b\t\n\f\r",
  Array.from({ length: 32 }, (_, code) => String.fromCharCode(code)).join(""),
  "\u007f\u0080\u009f\u00a0\u00ad\u200b\u2028\u2029\ufeff",
  "😀 👨‍👩‍👧 🇻🇳 𠮷 ❤️ 1️⃣",
  { "😀": 1, "ﬀ": 2, "": 3, "đ": 4, z: 5 },
  { outcome: "appointment", note: "Hẹn chín rưỡi\ncửa sau", appointment: "2026-11-23T09:30", people: [] },
  { strokes: [[0, 0, 0, 12, 7, 16], [-3, 400, 1200]], w: 320, h: 180 },
  "</script><!-- & -->",
];

const TEXTS = [
  "Lò Thị  Nhạn ", " Đặng\tVăn\nĐức ", "Nguyễn Thị Ớt".normalize("NFD"), "a\u200bb\u202ec\u0000d\ufeff", "ẮẰẲẴẶ ấầẩẫậ ỨỪỬỮỰ",
  "Số 12/3 ngõ 4, P. Hồ Sen", "ß ﬁ ſ ẞ STRASSE", "1️⃣ a️b", "Æ Ø œ", "", "   ", "İstanbul ıI",
  "OTP 428190", "mật khẩu: Abc@123", "bác quên mật khẩu", "428190", "428 190", "428-190", "42819", "số nhà 428190",
  "mã xác thực là 9 chín", "mã pin 1234", "mã pin", "passcode = x", "Mật Khẩu LÀ hoa mai", "otp 123", "hẹn 14:30 ngày 2026",
  "câu hỏi bảo mật 1990", "mật khẩu 123456789", "MÃ PIN 55", "opt 428190", "４２８１９０",
];

const body = {
  household: "01920000-0000-7000-8000-00000000a001", resident: "01920000-0000-7000-8000-00000000b001",
  answers: { "ho-ten": "Lò Thị Nhạn", "ly-do": "Ở cùng con gái\tđến tết 🌸", "giay-to": ["cccd", "so-do"] },
  consent: "01920000-0000-7000-8000-00000000c001", replaces: null,
};
const id = "01920000-0000-7000-8000-00000000e001";
const form = "luu-tru@1";
const photo = Uint8Array.from({ length: 300 }, (_, at) => (at * 7) % 256);
const sealedBody = await seal(server.public, server.id, canonicalBytes(body), entryContext(id, form, server.id));
const sealedPhoto = await seal(server.public, server.id, photo, fileContext(id, "paper-1", server.id));

const entry = await signEntry(key, {
  v: 1, id, kind: "submission", subject: "01920000-0000-7000-8000-00000000d001", chain: body.household,
  area: "01920000-0000-7000-8000-0000000000f1", device: "01920000-0000-7000-8000-0000000000d1",
  user: "01920000-0000-7000-8000-0000000000a9", epoch: 1, seq: 7, prev: "01920000-0000-7000-8000-00000000e000",
  seen: { phone: ["01920000-0000-7000-8000-00000000e000"], note: [] }, form,
  files: [{ slot: "paper-1", sha256: await sha256(sealedPhoto), size: sealedPhoto.length }],
  at: 1795399800123, offset: -4210, offset_age: 31, key: server.id, sealed: b64u(sealedBody),
});

const withMac = (value) => ({ ...value, mac: b64u(createHmac("sha256", unb64u(macKey)).update(canonical(value)).digest()) });

const receipt = withMac({
  id, hash: entry.hash, verdict: "parked", code: "answers_invalid", message: "Ngày sinh chưa đúng. Sửa rồi gửi lại.",
  number: 41, area: entry.area, epoch: "3f9c", at: 1795399805000,
});

const hello = withMac({
  proto: [1, 1], nonce: "bm9uY2U", now: 1795399805000, server_epoch: "s-1", areas: [{ id: entry.area, name: "Tổ dân phố 3", epoch: "3f9c", last: 41 }],
  durable: { [entry.area]: 40 }, max_seq: 7, min_client: "", wipe: false, keys: [{ id: server.id, public: server.public }],
  forms: [{ code: form, hash: "00" }], settled: [receipt], files_missing: [], files_bad: [],
});

const message = { method: "GET", path: "/sync/pull/?area=x&after=0&epoch=3f9c", time: 1795399805000, body: "" };
const request = { ...message, signature: await sign(key, await requestMessage(message.method, message.path, message.time, utf8(message.body))) };

const examples = {
  canonical: VALUES.map((value) => ({ value, bytes: hex(utf8(canonical(value))) })),
  text: TEXTS.map((raw) => ({ raw, nfc: nfc(raw), tidy: tidy(raw), fold: fold(raw), secret: looksLikeASecret(raw) })),
  server, device, mac_key: macKey, body, entry,
  file: { slot: "paper-1", plain: b64u(photo), sealed: b64u(sealedPhoto) },
  receipt, hello, request,
};
writeFileSync(new URL("examples.json", import.meta.url), `${JSON.stringify(examples, null, 1)}\n`);
