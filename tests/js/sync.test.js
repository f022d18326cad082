import assert from "node:assert/strict";
import { test } from "node:test";
import { AREA, HOUSE, readyPhone, visit } from "./phone.js";
import { newServer } from "./server.js";

test("a visit captured offline reaches the server sealed, and leaves the phone only when it is durable", async () => {
  const server = await newServer();
  const { tab } = await readyPhone(server);
  const id = await tab.outbox.finalise(visit());
  assert.deepEqual((await tab.outbox.list()).map(({ state }) => state), ["wait"]);
  assert.deepEqual(await tab.sync.syncNow("button"), { outcome: "ok", sent: 1, left: 0 });
  const { entry } = server.state.entries[id];
  assert.equal((await server.open(entry)).note, "Bà Nhạn ở nhà");
  assert.deepEqual((await tab.outbox.list()).map(({ state, label }) => [state, label.who]), [["ok", "Lò Thị Nhạn"]]);
  server.state.durable[AREA] = 1;
  await tab.sync.syncNow("button");
  assert.deepEqual(await tab.outbox.list(), []);
});
