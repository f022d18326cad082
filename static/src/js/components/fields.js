/**
 * Errors above fields, and the one rule for every free text: no citizen's secret in it.
 * For: small forms with [data-error="name"] places. Not for: forms from a definition (offline-form.js).
 */
import { looksLikeASecret } from "../sync/secrets.js";
import { errorLine, fill, one } from "./dom.js";
import { t } from "./words.js";

/**
 * @param {string} value
 * @returns {string} the sentence, "" when it may be kept
 */
export const checkText = (value) => (looksLikeASecret(value) ? t("secret.refused") : "");

/**
 * Put errors in their places and go to the first.
 * @param {HTMLElement} root
 * @param {Record<string, string>} errors by name; "" clears
 * @returns {boolean} whether there is any
 */
export function showErrors(root, errors) {
  for (const place of root.querySelectorAll("[data-error]")) {
    const name = place.getAttribute("data-error") ?? "";
    const text = errors[name] ?? "";
    const input = root.querySelector(`[name="${name}"]`);
    const id = `${input?.id || name}-e`;
    fill(place, text && errorLine(id, text));
    describe(input, id, Boolean(text));
  }
  const first = Object.keys(errors).find((name) => errors[name]);
  if (first) goTo(root, first);
  return Boolean(first);
}

/** @param {Element | null} input @param {string} id @param {boolean} bad */
export function describe(input, id, bad) {
  if (!input) return;
  const others = (input.getAttribute("aria-describedby") ?? "").split(" ").filter((other) => other && other !== id);
  if (bad) input.setAttribute("aria-invalid", "true");
  else input.removeAttribute("aria-invalid");
  const all = bad ? [...others, id] : others;
  if (all.length) input.setAttribute("aria-describedby", all.join(" "));
  else input.removeAttribute("aria-describedby");
}

/** @param {HTMLElement} root @param {string} name */
function goTo(root, name) {
  const place = one(root, `[data-error="${name}"]`);
  const input = /** @type {HTMLElement | null} */ (root.querySelector(`[name="${name}"]`));
  (input ?? place).focus({ preventScroll: true });
  place.scrollIntoView({ block: "center" });
}

/**
 * Watch a free text while it is written: a secret is refused at once, before anything is saved.
 * @param {HTMLElement} root with [data-error] for it
 * @param {HTMLInputElement | HTMLTextAreaElement} input
 * @param {string} name of its error place
 */
export function watchText(root, input, name) {
  input.addEventListener("input", () => {
    const text = checkText(input.value);
    fill(one(root, `[data-error="${name}"]`), text && errorLine(`${input.id}-e`, text));
    describe(input, `${input.id}-e`, Boolean(text));
  });
}
