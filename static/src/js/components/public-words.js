/* While a text for everybody is written: how long it is read, how much room is left, and what must not stand in it.

   On the element around one textarea; the sentences come with the page (templates/fieldwork/_words_field.html). Not for:
   refusing anything: the server does, and without this it says the same. */

import { fault } from "../sync/public-words.js";
import { syllables } from "../sync/spoken.js";

/** @param {HTMLElement} field */
export function publicWords(field) {
  const area = field.querySelector("textarea");
  const count = field.querySelector("[data-count]");
  const doubt = field.querySelector("[data-doubt]");
  if (!area || !count || !doubt) throw new Error("a field of words lacks its parts");
  const look = () => {
    count.textContent = counted(area.value, field.dataset);
    const said = doubtOf(area.value, field.dataset);
    doubt.toggleAttribute("hidden", !said);
    // The sentence is the last child, after its icon.
    if (doubt.lastElementChild) doubt.lastElementChild.textContent = said;
    if (said) area.setAttribute("aria-invalid", "true");
    else area.removeAttribute("aria-invalid");
  };
  area.addEventListener("input", () => {
    field.querySelector("[data-refused]")?.remove();
    look();
  });
}

/** @param {string} text @param {DOMStringMap} page */
function counted(text, page) {
  const heard = syllables(text);
  const seconds = Math.ceil(heard / Number(page.aSecond));
  return fill(page.sayCount, { seconds, syllables: heard, letters: [...text.trim()].length });
}

/** @param {string} text @param {DOMStringMap} page */
function doubtOf(text, page) {
  const found = fault(text, page.ownLine ?? "");
  if (found) return { phone: page.sayPhone, number: page.sayNumber, secret: page.saySecret }[found] ?? "";
  const seconds = Math.ceil(syllables(text) / Number(page.aSecond));
  return page.mostSeconds && seconds > Number(page.mostSeconds) ? fill(page.sayLong, { seconds }) : "";
}

/** @param {string | undefined} sentence @param {Record<string, number>} numbers */
const fill = (sentence, numbers) => (sentence ?? "").replace(/\[(\w+)\]/g, (_all, name) => String(numbers[name]));
