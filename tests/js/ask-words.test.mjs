/* What a citizen types is judged on the phone as on the server: once it is sealed it can't be mended. */

import assert from "node:assert/strict";
import { test } from "node:test";
import { wrongIn } from "../../static/src/js/components/ask-words.js";

const RIGHT = { name: "Trần Thị Mẫu Thử", phone: "0900 000 011", what: "vneid", note: "", address: "", time_note: "", times: [], consent: "on" };
const ASKED = Object.keys(RIGHT);
const wrong = (changes) => wrongIn({ ...RIGHT, ...changes }, ASKED);

test("what is right is not spoken of, and a note may name another number beside a forgotten password", () => {
  for (const changes of [{}, { phone: "+84 900 000 011" }, { note: "quên mật khẩu, gọi con gái 0900 000 012" }, { note: "a".repeat(300) }]) assert.deepEqual(wrong(changes), {});
});

test("each wrong field is named with the sentence to show", () => {
  for (const [name, typed, expected] of [
    ["name", "  ", { key: "name" }], ["name", "099148000001", { key: "number" }],
    ["phone", "", { key: "phone" }], ["phone", "090000001", { key: "short", values: { have: 9 } }],
    ["phone", "0100000001", { key: "wrong" }], ["phone", "099 148 000 001", { key: "number" }],
    ["what", "", { key: "what" }], ["consent", "", { key: "consent" }],
    ["note", "OTP 428190", { key: "secret" }], ["note", "428190", { key: "secret" }],
    ["note", "căn cước 099.148.000.001", { key: "number" }], ["address", "a".repeat(201), { key: "long", values: { max: 200 } }],
  ]) assert.deepEqual(wrong({ [name]: typed }), { [name]: expected }, `${name} ${typed}`);
});

test("only fields that the form has are asked for", () => {
  assert.deepEqual(wrongIn(RIGHT, ["name", "area"]), { area: { key: "area" } });
});
