/**
 * Six digits by thumb or keyboard, shown as doors with the light on.
 * For: collecting a PIN and giving it away whole. Not for: knowing whether it is right (pin-screens.js), and never a
 * citizen's secret: this is the team member's own PIN of this phone.
 */
import { all, fill, h, one } from "./dom.js";
import { t } from "./words.js";

const LENGTH = 6;

/**
 * @param {HTMLElement} root a screen with [data-pins] and [data-keys]
 * @param {{onFull: (pin: string) => void, onForgot?: () => void}} on
 * @returns {{clear: () => void, close: () => void}} close stops listening
 */
export function pinPad(root, { onFull, onForgot = () => {} }) {
  let pin = "";
  const paint = () => {
    const slots = one(root, "[data-pins]");
    one(root, "[data-entered]").textContent = pin ? t("pin.entered", { n: pin.length }) : "";
    fill(slots, [...Array(LENGTH).keys()].map((i) => h("li", { "data-s": i < pin.length && "on" })));
  };
  /** @param {string} key */
  const press = (key) => {
    if (key === "forgot") return onForgot();
    if (key === "back") pin = pin.slice(0, -1);
    else if (pin.length < LENGTH) pin += key;
    paint();
    if (key !== "back" && pin.length === LENGTH) onFull(pin);
  };
  const stop = listen(root, press);
  paint();
  return { clear: () => { pin = ""; paint(); }, close: stop };
}

/**
 * @param {HTMLElement} root
 * @param {(key: string) => void} press
 */
function listen(root, press) {
  const control = new AbortController();
  for (const key of all(root, "[data-key]")) {
    key.addEventListener("click", () => press(key.dataset.key ?? ""), { signal: control.signal });
  }
  addEventListener("keydown", ({ key, ctrlKey, metaKey }) => {
    if (ctrlKey || metaKey) return;
    if (/^\d$/.test(key)) press(key);
    if (key === "Backspace") press("back");
  }, { signal: control.signal });
  return () => control.abort();
}
