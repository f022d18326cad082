/**
 * Choosing the PIN twice, opening with it, and what to do when it is forgotten or the phone was wiped.
 * For: #/dat-pin, #/mo-khoa, #/quen-pin. Not for: counting tries; the vault does, and survives a reload.
 */
import { on } from "../sync/events.js";
import { currentIdentity } from "../sync/identity.js";
import { counts } from "../sync/outbox.js";
import { syncNow } from "../sync/sync.js";
import { hasPin, setPin, unlock } from "../sync/vault.js";
import { wipeReadable } from "../sync/wipe.js";
import { banner, fill, icon, one, show } from "./dom.js";
import { given } from "./format.js";
import { pinPad } from "./pin-pad.js";
import { go, render } from "./router.js";
import { t } from "./words.js";

let wanted = "/hom-nay";

/** Where to go once unlocked. @param {string} path */
export const remember = (path) => { wanted = path; };

/** Unlocked: what was asked for, and news that a locked phone could not read. */
function open() {
  go(wanted, { replace: true });
  void syncNow("unlocked");
}

/** @param {HTMLElement} root @param {string} text */
const say = (root, text) => fill(one(root, "[data-message]"), text && icon("alert-circle"), text);

/** @type {import("./router.js").Screen} */
export const choosePin = {
  name: "dat-pin",
  paths: ["/dat-pin"],
  open: true,
  show({ root }) {
    let first = "";
    wanted = "/hom-nay"; // a new PIN opens a new day, whatever was open before
    const ask = (/** @type {boolean} */ again) => {
      one(root, "[data-title]").textContent = t(again ? "pin.again" : "pin.choose");
      one(root, "[data-hint]").textContent = t(again ? "pin.again_hint" : "pin.choose_hint");
    };
    const pad = pinPad(root, { onFull: (pin) => void full(pin) });
    /** @param {string} pin */
    const full = async (pin) => {
      pad.clear();
      if (!first) return easy(pin) ? say(root, t("pin.easy")) : (first = pin, say(root, ""), ask(true));
      if (pin !== first) return first = "", ask(false), say(root, t("pin.differs"));
      await setPin(pin);
      open();
    };
    ask(false);
    say(root, "");
    return pad.close;
  },
};

/** Six equal digits, or a run up or down: the first that anybody tries. @param {string} pin */
export function easy(pin) {
  const steps = [...pin].slice(1).map((digit, i) => Number(digit) - Number(pin[i]));
  return [0, 1, -1].some((step) => steps.every((one) => one === step));
}

/** @type {import("./router.js").Screen} */
export const unlockScreen = {
  name: "mo-khoa",
  paths: ["/mo-khoa"],
  open: true,
  async show({ root }) {
    const device = await currentIdentity();
    const { unsent } = await counts();
    const name = given(device?.user.name ?? "");
    one(root, "[data-title]").textContent = name ? t("pin.hello", { name }) : t("pin.unlock");
    one(root, "[data-unsent-note]").textContent = unsent ? t("pin.unsent", { n: unsent }) : "";
    say(root, "");
    let busy = false;
    const pad = pinPad(root, { onFull: (pin) => void full(pin), onForgot: () => go("/quen-pin") });
    /** @param {string} pin */
    const full = async (pin) => {
      if (busy) return;
      busy = true;
      const answer = await unlock(pin).catch((error) => noRoom(root, error));
      busy = false;
      pad.clear();
      if (!answer) return;
      if (answer.ok) return open();
      if (answer.wiped) return go("/quen-pin", { replace: true });
      say(root, t("pin.wrong", { n: 5 - answer.left, left: answer.left }));
    };
    return pad.close;
  },
};

/** A try that can't be counted is not made: first there must be room. @param {HTMLElement} root @param {any} error */
function noRoom(root, error) {
  if (error?.code !== "quota") throw error;
  say(root, t("pin.full"));
}

/** @type {import("./router.js").Screen} */
export const forgotPin = {
  name: "quen-pin",
  paths: ["/quen-pin"],
  open: true,
  async show({ root }) {
    const device = await currentIdentity();
    const wiped = Boolean(device?.wiped);
    show(one(root, "[data-forgot-back]"), !wiped);
    one(root, "[data-title]").textContent = t(wiped ? "wiped.title" : "pin.forgot");
    fill(one(root, "[data-message]"), wiped && banner("fix", "shield-lock", t("wiped.fact"), t("wiped.action")));
    callLink(one(root, "[data-call]"), device?.ward.phone ?? "");
    const keeps = async () => {
      const { unsent } = await counts();
      one(root, "[data-keeps]").textContent = unsent ? t("wiped.keeps", { n: unsent }) : t("wiped.none");
    };
    await keeps();
    dropping(root, !wiped && Boolean(device) && (await hasPin()));
    return on("outbox", () => void keeps()); // what waits still goes by itself, locked or wiped
  },
};

/**
 * Giving a forgotten PIN up gives up what only it could read; asked for twice, and never what waits to be sent.
 * @param {HTMLElement} root
 * @param {boolean} offered
 */
function dropping(root, offered) {
  const ask = one(root, "[data-drop]");
  const sure = one(root, "[data-drop-sure]");
  show(one(root, "[data-drop-part]"), offered);
  show(sure, false);
  ask.onclick = () => {
    show(sure, true);
    ask.setAttribute("aria-expanded", "true");
    one(sure, "[data-drop-do]").focus();
  };
  one(sure, "[data-drop-do]").onclick = async () => {
    await wipeReadable();
    await render();
  };
}

/**
 * @param {HTMLElement} link
 * @param {string} number
 */
export function callLink(link, number) {
  const digits = number.replace(/\D/g, "");
  show(link, digits.length > 0);
  link.setAttribute("href", `tel:${digits}`);
}

/** After a lock: the same screen again once the PIN is right. @param {string} path */
export function lockedAt(path) {
  if (!path.startsWith("/mo-khoa") && !path.startsWith("/quen-pin") && !path.startsWith("/dat-pin") && !path.startsWith("/ghi-danh")) remember(path);
  void render();
}
