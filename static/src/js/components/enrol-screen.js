/**
 * Making this phone a team phone: the ward shows a QR, its address opens here with a token.
 * For: #/ghi-danh and #/ghi-danh/<token>. Not for: keys or the network; sync/enrol.js has them.
 */
import { enrol } from "../sync/enrol.js";
import { hasPin } from "../sync/vault.js";
import { all, banner, errorLine, fill, one, show } from "./dom.js";
import { go } from "./router.js";
import { t } from "./words.js";

/** @type {import("./router.js").Screen} */
export const enrolScreen = {
  name: "ghi-danh",
  paths: ["/ghi-danh", "/ghi-danh/:token"],
  open: true,
  show({ root, params }) {
    const token = params.token ?? "";
    for (const part of all(root, "[data-part]")) show(part, (part.dataset.part === "ask") === Boolean(token));
    show(one(root, "[data-ios]"), isPhoneOfApple() && !installed());
    fill(one(root, "[data-message]"));
    const form = /** @type {HTMLFormElement} */ (one(root, "form"));
    form.onsubmit = (event) => {
      event.preventDefault();
      void send(root, form, token);
    };
  },
};

const isPhoneOfApple = () => /iPhone|iPad|iPod/.test(navigator.userAgent);
const installed = () => matchMedia("(display-mode: standalone)").matches;

/**
 * @param {HTMLElement} root
 * @param {HTMLFormElement} form
 * @param {string} token
 */
async function send(root, form, token) {
  const name = /** @type {HTMLInputElement} */ (one(form, "[name=name]")).value.trim();
  fill(one(form, "[data-error=name]"), !name && errorLine("enrol-name-e", t("enrol.name_missing")));
  if (!name) return one(form, "[name=name]").focus();
  const button = /** @type {HTMLButtonElement} */ (one(root, "button[type=submit]"));
  button.disabled = true;
  const answer = await enrol({ token, name });
  button.disabled = false;
  if (!answer.ok) return refuse(root, answer);
  void navigator.storage?.persist?.();
  go((await hasPin()) ? "/mo-khoa" : "/dat-pin", { replace: true });
}

/**
 * @param {HTMLElement} root
 * @param {{code: string, message?: string}} answer
 */
function refuse(root, { code, message }) {
  const key = ["enrol_expired", "used", "unknown", "offline"].includes(code) ? code : "other";
  fill(one(root, "[data-message]"), banner("fix", "alert-triangle", t(`enrol.${key}`), message || t(`enrol.${key}_do`)));
}
