// A small server that keeps the contract of the wire, remembers everything it was sent, and can be made to misbehave.
import { createHash, createHmac } from "node:crypto";
import { canonical } from "../../static/src/js/sync/canonical.js";
import { b64u, unb64u, utf8 } from "../../static/src/js/sync/bytes.js";
import { AREA } from "./phone.js";

const P256 = { name: "ECDH", namedCurve: "P-256" };
const EPOCH = "epoch-1";
const sha = (bytes) => createHash("sha256").update(bytes).digest("hex");

export async function newServer() {
  const pair = await crypto.subtle.generateKey(P256, true, ["deriveBits"]);
  const point = b64u(await crypto.subtle.exportKey("raw", pair.publicKey));
  return new Server(pair.privateKey, [{ id: "k1", public: point }]);
}

class Server {
  /** Faults wait in a row: each takes one request, (request, next) => Response. */
  faults = [];
  log = [];
  ahead = 0; // ms by which the server's clock is before the phone's
  wipe = false;
  refuse = {}; // by path: () => Response
  decide = () => ({ verdict: "accepted", code: "ok", message: "" });
  users = 0;
  phone = null;
  chunkSizes = [];

  constructor(privateKey, keys) {
    this.privateKey = privateKey;
    this.keys = keys;
    this.state = {
      epoch: "s1", devices: {}, tokens: {}, entries: {}, files: {}, areas: { [AREA]: { epoch: EPOCH, last: 0, changes: [] } },
      durable: { [AREA]: 0 }, settled: [],
    };
  }

  now = () => (this.clock?.() ?? Date.UTC(2026, 10, 23, 2, 0, 0)) + this.ahead;

  newToken(user = "user-1") {
    const token = `token-${(this.users += 1)}`;
    this.state.tokens[token] = user;
    return token;
  }

  backup = () => structuredClone(this.state);

  restore(state) {
    this.state = { ...structuredClone(state), epoch: `${state.epoch}+` };
    for (const area of Object.values(this.state.areas)) area.epoch += "+"; // its next numbers were others' before
  }

  async fetch(path, init) {
    if (init.signal?.aborted) throw new TypeError("aborted");
    const request = { path: path.split("?")[0], url: path, ...init, bytes: new Uint8Array(init.body ?? 0).slice() };
    this.log.push(`${request.method} ${request.path}`);
    const fault = this.faults.shift();
    const answer = await (fault ? fault(request, () => this.answer(request)) : this.answer(request));
    if (init.signal?.aborted) throw new TypeError("aborted");
    return answer;
  }

  async answer(request) {
    const { path, method } = request;
    if (path === "/sync/enrol/") return this.enrol(request);
    const device = await this.device(request);
    if (!device) return json(401, { code: "signature", message: "" });
    const skew = Math.abs(Number(request.headers["X-Device-Time"]) - this.now());
    if (skew > 600_000) return json(401, { code: "clock", now: this.now() });
    const refused = this.refuse[path]?.();
    if (refused) return refused;
    if (path === "/sync/hello/") return this.hello(device, request);
    if (path === "/sync/push/") return this.push(device, request);
    if (path === "/sync/pull/") return this.pull(request);
    return this.file(device, method, request);
  }

  async device({ url, method, headers, bytes }) {
    const device = this.state.devices[headers["X-Device"]];
    if (!device) return null;
    const message = `gocua-request-v1\n${method}\n${url}\n${headers["X-Device-Time"]}\n${sha(bytes)}`;
    return (await this.verify(device.public, message, headers["X-Device-Signature"])) ? device : null;
  }

  async verify(point, message, signature) {
    const key = await crypto.subtle.importKey("raw", unb64u(point), { name: "ECDSA", namedCurve: "P-256" }, false, ["verify"]);
    return crypto.subtle.verify({ name: "ECDSA", hash: "SHA-256" }, key, unb64u(signature), utf8(message));
  }

  mac(device, value) {
    const { mac: _, ...rest } = value;
    return { ...rest, mac: b64u(createHmac("sha256", unb64u(device.mac)).update(canonical(rest)).digest()) };
  }

  async enrol(request) {
    const { token, sign_public: point, device: before, name } = read(request);
    const again = Object.values(this.state.devices).find((one) => one.token === token && one.public === point);
    if (again) return this.welcome(again);
    const user = this.state.tokens[token];
    if (!user) return json(404, { code: "unknown", message: "Mã không đúng." });
    if (user === "expired") return json(410, { code: "enrol_expired", message: "Mã đã hết hạn." });
    if (before && !(await this.device(request))) return json(401, { code: "signature", message: "" });
    const known = before ? this.state.devices[before] : null;
    const id = known?.user === user || known?.shared ? before : `device-${Object.keys(this.state.devices).length + 1}`;
    const device = { id, user, token, public: point, mac: b64u(crypto.getRandomValues(new Uint8Array(32))), name };
    this.state.devices[id] = device;
    delete this.state.tokens[token];
    return this.welcome(device);
  }

  welcome({ id, user, ...device }) {
    return json(201, {
      device: id, user: { id: user, name: `Người ${user}` }, team: { id: "team-1", name: "Tổ 3" },
      ward: { id: "ward-1", name: "Phường Hồ Sen", phone: "0950000001" }, mac_key: device.mac, keys: this.keys,
      epoch: 1, now: this.now(), valid_to: this.now() + 86_400_000,
    });
  }

  hello(device, request) {
    const { nonce, epoch } = read(request);
    this.lastHello = read(request);
    const mine = Object.values(this.state.entries).filter(({ entry }) => entry.device === device.id);
    const seqs = mine.filter(({ entry }) => entry.epoch === epoch).map(({ entry }) => entry.seq);
    const areas = Object.entries(this.state.areas).map(([id, area]) => ({ id, name: "Tổ dân phố 3", epoch: area.epoch, last: area.last }));
    return json(200, this.mac(device, {
      proto: [1, 1], nonce, now: this.now(), server_epoch: this.state.epoch, areas, durable: this.state.durable,
      max_seq: Math.max(0, ...seqs), min_client: "", wipe: this.wipe, keys: this.keys, forms: [],
      settled: this.state.settled.map((receipt) => this.mac(device, receipt)), files_missing: this.missing(mine), files_bad: this.bad ?? [],
    }));
  }

  missing = (mine) => mine.flatMap(({ entry }) => entry.files.map(({ sha256 }) => sha256)).filter((hash) => !this.state.files[hash]?.complete);

  async push(device, request) {
    const { entries } = read(request);
    if (this.largest && entries.length > this.largest) return new Response("<h1>413</h1>", { status: 413 });
    const receipts = [];
    for (const entry of entries) receipts.push(await this.take(device, entry));
    return json(200, { proto: 1, receipts });
  }

  async take(device, entry) {
    const { hash, sig, ...header } = entry;
    const owner = this.state.devices[entry.device];
    if (sha(utf8(canonical(header))) !== hash) throw new Error("entry hash");
    if (!(await this.verify(owner.public, `gocua-entry-v1\n${hash}`, sig))) throw new Error("entry signature");
    const known = this.state.entries[entry.id];
    const { epoch } = this.state.areas[entry.area];
    if (known?.entry.hash === hash && known.receipt.epoch === epoch) return known.receipt;
    if (known?.entry.hash === hash) return (known.receipt = this.mac(device, { ...known.receipt, epoch }));
    if (known) return this.mac(device, { ...known.receipt, hash, verdict: "conflict", code: "id_reused" });
    const { verdict, code, message } = this.decide(entry);
    const number = verdict === "later" ? 0 : (this.state.areas[entry.area].last += 1);
    const receipt = this.mac(device, {
      id: entry.id, hash, verdict, code, message, number, area: entry.area, epoch: this.state.areas[entry.area].epoch, at: this.now(),
    });
    if (verdict !== "later") this.state.entries[entry.id] = { entry, receipt };
    return receipt;
  }

  pull({ url }) {
    const query = new URL(url, "http://x").searchParams;
    const area = this.state.areas[query.get("area")];
    if (!area) return json(404, { code: "unknown" });
    const after = Number(query.get("after"));
    if (query.get("epoch") !== area.epoch || after > area.last) return json(410, { code: "reset", epoch: area.epoch });
    const size = this.pageSize ?? 200;
    const fresh = area.changes.filter(({ number }) => number > after);
    const page = fresh.slice(0, size);
    const more = fresh.length > size;
    const records = page.map(({ kind, id, data }) => ({ kind, id, data }));
    return json(200, { area: query.get("area"), epoch: area.epoch, to: more ? page.at(-1).number : area.last, more, records });
  }

  /** Someone changed a record. */
  change(kind, id, data, areaId = AREA) {
    const area = this.state.areas[areaId];
    area.changes = area.changes.filter((change) => change.kind !== kind || change.id !== id);
    area.changes.push({ number: (area.last += 1), kind, id, data });
  }

  file(device, method, { path, headers, bytes }) {
    const hash = path.split("/")[3];
    if (method === "POST") return this.createFile(headers);
    const file = this.state.files[hash];
    if (!file) return new Response(null, { status: 404, headers: PROTO });
    if (method === "HEAD") return new Response(null, { status: 200, headers: { ...PROTO, ...offset(file), "Upload-Length": String(file.size) } });
    if (Number(headers["Upload-Offset"]) !== file.bytes.length) return new Response(null, { status: 409, headers: { ...PROTO, ...offset(file) } });
    this.chunkSizes.push(bytes.length);
    file.bytes = Buffer.concat([file.bytes, bytes]);
    if (file.bytes.length < file.size) return new Response(null, { status: 204, headers: { ...PROTO, ...offset(file) } });
    return this.finish(device, hash, file);
  }

  finish(device, hash, file) {
    if (sha(file.bytes) !== hash) {
      file.bytes = Buffer.alloc(0);
      return new Response(null, { status: 460, headers: { ...PROTO, "Upload-Offset": "0" } });
    }
    file.complete = true;
    return json(200, this.mac(device, { sha256: hash, size: file.size, complete: true }));
  }

  createFile(headers) {
    const [, hash] = /sha256 ([^,]+),entry /.exec(headers["Upload-Metadata"]);
    const name = atob(hash);
    this.state.files[name] ??= { size: Number(headers["Upload-Length"]), bytes: Buffer.alloc(0), complete: false };
    return new Response(null, { status: 201, headers: { ...PROTO, ...offset(this.state.files[name]), Location: `/sync/files/${name}/` } });
  }

  /** What was sealed inside an entry. */
  async open(entry) {
    return JSON.parse(new TextDecoder().decode(await openSealed(this.privateKey, entry.key, unb64u(entry.sealed), `gocua-entry-v1|${entry.id}|${entry.form}|${entry.key}`)));
  }
}

export const PROTO = { "X-Gocua-Proto": "1" };
const offset = (file) => ({ "Upload-Offset": String(file.bytes.length) });
const read = (request) => JSON.parse(new TextDecoder().decode(request.bytes));

export const json = (status, body, headers = {}) =>
  new Response(JSON.stringify(body), { status, headers: { "Content-Type": "application/json", ...PROTO, ...headers } });

/** The server's half of seal(), here only: a phone can't open what it sealed. */
export async function openSealed(privateKey, key, sealed, context) {
  const point = await crypto.subtle.importKey("raw", sealed.slice(0, 65), P256, false, []);
  const shared = await crypto.subtle.deriveBits({ name: "ECDH", public: point }, privateKey, 256);
  const material = await crypto.subtle.importKey("raw", shared, "HKDF", false, ["deriveKey"]);
  const how = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: utf8(`gocua-seal-v1|${key}`) };
  const secret = await crypto.subtle.deriveKey(how, material, { name: "AES-GCM", length: 256 }, false, ["decrypt"]);
  const box = { name: "AES-GCM", iv: sealed.slice(65, 77), additionalData: utf8(context) };
  return crypto.subtle.decrypt(box, secret, sealed.slice(77));
}
