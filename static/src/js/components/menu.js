/**
 * The phone itself: look, larger text, lock, room left, installing.
 * For: #/may. Not for: anything about citizens.
 */
import { current } from "../sync/enrol.js";
import { lock } from "../sync/vault.js";
import { all, one, show } from "./dom.js";
import { shortDay } from "./format.js";
import { textSize, theme } from "./look.js";
import { updateReady } from "./register.js";
import { gauge } from "./storage-gauge.js";
import { line, t } from "./words.js";

/** @type {any} Chrome's offer to install, kept for when the person wants it */
let offer = null;
addEventListener("beforeinstallprompt", (event) => {
  event.preventDefault();
  offer = event;
});

/** @type {import("./router.js").Screen} */
export const menuScreen = {
  name: "may",
  paths: ["/may"],
  async show({ root }) {
    const device = await current();
    one(root, "[data-sub]").textContent = line(device?.name, device?.user.name);
    one(root, "[data-valid]").textContent = device ? t("menu.valid", { day: shortDay(device.validTo) }) : "";
    one(root, "[data-build]").textContent = updateReady() ? t("menu.update") : "";
    one(root, "[data-lock]").onclick = () => lock("asked");
    looks(root);
    install(root);
    await navigator.storage?.persist?.();
    await gauge(one(root, "[data-gauge]"));
  },
};

/** @param {HTMLElement} root */
function looks(root) {
  const buttons = all(root, "[data-theme-name]");
  const mark = () => buttons.forEach((button) => button.setAttribute("aria-pressed", String(button.dataset.themeName === document.documentElement.dataset.theme)));
  for (const button of buttons) {
    if (!button.dataset.joined) theme(button);
    button.dataset.joined = "1";
    button.onclick = mark;
  }
  const larger = one(root, "[data-text-size]");
  if (!larger.dataset.joined) textSize(larger);
  larger.dataset.joined = "1";
  mark();
}

/** @param {HTMLElement} root */
function install(root) {
  const installed = matchMedia("(display-mode: standalone)").matches;
  const apple = /iPhone|iPad|iPod/.test(navigator.userAgent);
  show(one(root, "[data-install]"), !installed && (apple || offer));
  one(root, "[data-install-text]").textContent = t(apple ? "menu.install_apple" : "menu.install");
  const button = one(root, "[data-install-do]");
  show(button, Boolean(offer));
  button.onclick = () => void offer?.prompt();
}
