/** The card reader of the phone agrees with the server's on every shared example. */
import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { test } from "node:test";

import { CardError, parseCard } from "../../static/src/js/sync/card.js";

const { today, examples } = JSON.parse(readFileSync(new URL("../wire/cards.json", import.meta.url), "utf8"));

for (const { title, raw, repeat, card, error } of examples) {
  test(`reads ${title}`, () => {
    const text = raw.repeat(repeat ?? 1);
    if (error) {
      assert.throws(() => parseCard(text, today), (caught) => caught instanceof CardError && caught.code === error);
    } else {
      assert.deepEqual(parseCard(text, today), card);
    }
  });
}

test("an error never carries the text that was read", () => {
  try {
    parseCard("099158000001|bí mật", today);
    assert.fail("this is no card");
  } catch (caught) {
    assert.equal(String(/** @type {Error} */ (caught).stack).includes("099158000001"), false);
  }
});
