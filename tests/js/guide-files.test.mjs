/* The pictures of a saved guide as files to be shared, in whichever format this phone keeps them. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { picturesOf } from "../../static/src/js/sync/guide-files.js";
import { trust } from "../../static/src/js/sync/pack-keys.js";
import { saveGuide, TOOLS } from "../../static/src/js/sync/pack.js";
import { fakeCaches, fakeFetch } from "./fake-caches.mjs";
import { answers, newKey } from "./pack-signer.mjs";

const key = await newKey();
trust([key.point]);

globalThis.File ??= class extends Blob {
  constructor(parts, name, options) {
    super(parts, options);
    this.name = name;
  }
};
let decodes = (_text) => true;
globalThis.createImageBitmap = async (blob) => {
  const said = await blob.text();
  if (!decodes(said)) throw new DOMException("no such format", "InvalidStateError");
  return { width: 1, height: 1, said };
};
globalThis.OffscreenCanvas = class {
  getContext = () => ({ drawImage: ({ said }) => { this.said = said; } });
  convertToBlob = async () => new Blob([this.said]);
};

const STEPS = JSON.stringify({ slug: "vneid", steps: [{ avif: "/1.avif", src: "/1.webp" }] });
const FILES = { "/huong-dan/vneid/buoc.json": STEPS, "/1.avif": "tranh", "/1.webp": "tranh nhỏ" };

for (const [shows, drawn] of [[true, "tranh"], [false, "tranh nhỏ"]]) {
  test(`a browser that ${shows ? "shows" : "does not show"} the better pictures shares what it keeps`, async () => {
    globalThis.caches = fakeCaches();
    decodes = (text) => shows || text !== "tranh";
    const given = await answers(key, 1, FILES, { instead: { "/1.webp": "/1.avif" } });
    await saveGuide({ slug: "vneid" }, { ...TOOLS, caches, fetch: fakeFetch(given), shows: async () => shows });
    const [file] = await picturesOf("vneid");
    assert.deepEqual([file.name, await file.text()], ["vneid-1.jpg", drawn]);
  });
}

test("a guide that is not saved has no files", async () => {
  globalThis.caches = fakeCaches();
  assert.deepEqual(await picturesOf("vneid"), []);
});
