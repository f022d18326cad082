/* The live count and the live doubt say what the server says: the same cases as tests/fieldwork/test_announcements.py. */

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";
import { fault } from "../../static/src/js/sync/public-words.js";
import { syllables } from "../../static/src/js/sync/spoken.js";

const cases = JSON.parse(readFileSync(new URL("../fieldwork/announcements.json", import.meta.url), "utf8"));

for (const { text, syllables: heard } of cases.spoken) {
  test(`"${text}" is heard as ${heard} syllables`, () => assert.equal(syllables(text), heard));
}

for (const { text, fault: expected } of cases.public) {
  test(`"${text}" ${expected ? `is doubted: ${expected}` : "may stand"}`, () => assert.equal(fault(text, cases.own_line), expected));
}
