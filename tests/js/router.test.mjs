import assert from "node:assert/strict";
import { test } from "node:test";

test("an address that changes while the one before is judged is not overwritten", async () => {
  globalThis.location = /** @type {any} */ ({ hash: "" });
  globalThis.history = /** @type {any} */ ({ replaceState: (_state, _title, url) => { location.hash = url; } });
  globalThis.addEventListener = () => {};
  const { register, start } = await import("../../static/src/js/components/router.js");
  register({ name: "hom-nay", paths: ["/hom-nay"], show() {} }, { name: "ghi-danh", paths: ["/ghi-danh", "/ghi-danh/:token"], show() {} });
  let judge = (_other) => {};
  const began = start(() => new Promise((resolve) => { judge = resolve; }));
  location.hash = "#/ghi-danh/abc"; // its event has not been told yet
  judge("/ghi-danh");
  await began;
  assert.equal(location.hash, "#/ghi-danh/abc");
});
