/* A publisher for tests: keys that introduce each other, and packs and news signed by them. */

import { createHash } from "node:crypto";
import { b64u, sha256, unb64u } from "../../static/src/js/sync/bytes.js";
import { canonicalBytes } from "../../static/src/js/sync/canonical.js";

const KEY = { name: "ECDSA", namedCurve: "P-256" };
const SIGNATURE = { name: "ECDSA", hash: "SHA-256" };

export const hash = (text) => createHash("sha256").update(text).digest("hex");
const sign = async (pair, value) => b64u(await crypto.subtle.sign(SIGNATURE, pair.privateKey, canonicalBytes(value)));

/** A key with its point, and how the key before introduces it. */
export async function newKey(before) {
  const pair = await crypto.subtle.generateKey(KEY, true, ["sign", "verify"]);
  const point = b64u(await crypto.subtle.exportKey("raw", pair.publicKey));
  const id = (await sha256(unb64u(point))).slice(0, 16);
  const words = before ? [...before.words, { id, public: point, by: before.id, sig: await sign(before.pair, { kind: "key", public: point }) }] : [];
  return { pair, point, id, words };
}

/** What a key says, as the server answers it. */
export const says = async (key, manifest) => ({ manifest, key: key.id, sig: await sign(key.pair, manifest), keys: key.words });

/** Answers of a server with one version of a guide: its pack, its files, and the news. */
export async function answers(key, version, files, { slug = "vneid", withdrawn = [], current, title = "Kích hoạt VNeID", instead = {} } = {}) {
  const list = Object.entries(files).map(([url, text]) => ({ url, sha256: hash(text), bytes: text.length, ...(instead[url] ? { instead: instead[url] } : {}) }));
  const mark = hash(JSON.stringify([version, list])).slice(0, 16);
  const pack = { kind: "pack", slug, version, title, mark, bytes: list.filter((one) => !one.instead).reduce((sum, one) => sum + one.bytes, 0), files: list };
  const news = { kind: "news", withdrawn, current: current ?? { [slug]: [version, mark] } };
  return { [`/huong-dan/${slug}/goi.json`]: JSON.stringify(await says(key, pack)), "/huong-dan/rut.json": JSON.stringify(await says(key, news)), ...files };
}
