/**
 * What the card says: first whether it is somebody of this house, then the details, then who stands there.
 * For: #/ket-qua, and adding the person to the house. Not for: deciding who it is; nothing is preselected.
 */
import { finalise } from "../sync/outbox.js";
import { bar } from "./bar.js";
import { hold, inHand, isOldAddress, match } from "./card-in-hand.js";
import { banner, catalogue, fill, h, icon, one } from "./dom.js";
import { showErrors } from "./fields.js";
import { birth, grouped, masked, titled } from "./format.js";
import { kept } from "./kept.js";
import { go } from "./router.js";
import { toast } from "./toast.js";
import { line, t } from "./words.js";

/** @typedef {import("./houses.js").Rec} Rec */
/** @typedef {Awaited<ReturnType<typeof match>>} Match */

/** @type {import("./router.js").Screen} */
export const scanResult = {
  name: "ket-qua",
  paths: ["/ket-qua"],
  async show({ root }) {
    const held = inHand();
    if (!held) return void go("/quet", { replace: true });
    const found = await match(held);
    const back = held.household ? `/quet/${held.household}` : "/quet";
    bar(root, { home: found.home, up: `#${back}` });
    fill(one(root, "[data-match]"), matchBanner(found));
    fill(one(root, "[data-card]"), details(held.card));
    one(root, "[data-correct]").setAttribute("href", `#${back}`);
    for (const input of root.querySelectorAll("[name=same]")) /** @type {HTMLInputElement} */ (input).checked = false;
    showErrors(root, {});
    one(root, "[data-identity]").onchange = (event) => {
      if (/** @type {HTMLInputElement} */ (event.target).value === "no") go(back, { replace: true });
    };
    act(root, held, found);
  },
};

/** @param {Match} found */
function matchBanner({ kind, person, home }) {
  const where = person && home ? line(titled(person), person.is_head && t("person.head"), t("house.lower", { number: home.number })) : "";
  if (kind === "here" || kind === "near") return banner("ok", "circle-check", t("scan.match"), where);
  if (kind === "maybe") return banner("wait", "user-question", t("scan.maybe"), t("scan.maybe_do", { who: where }));
  if (kind === "other") return banner("fix", "alert-triangle", t("scan.other_title", { who: where }), t("scan.other"));
  return banner("info", "user-plus", t("scan.unknown"), t(home ? "scan.unknown_do" : "scan.unknown_where"));
}

/** @param {import("./card-in-hand.js").Card} card */
function details(card) {
  const sex = t(card.sex === "nu" ? "sex.nu" : "sex.nam");
  return [
    h("div", { class: "h" }, h("span", { class: "avatar" }, icon("user")), h("div", { class: "grow" }, h("h2", { class: "h3" }, card.name), h("p", { class: "sub" }, t("person.sex_born", { sex, birth: birth(card.birth) })))),
    h("dl", { class: "kv stack" },
      h("div", {}, h("dt", {}, t("card.number")), number(card.number)),
      card.address && h("div", {}, h("dt", {}, t("card.address")), h("dd", {}, card.address))),
    isOldAddress(card.address) && h("p", { class: "sub note-q" }, icon("map-2"), h("span", { class: "grow" }, t("card.old_address"))),
  ];
}

/** Three digits are enough to compare with the card in hand; the others only when asked for. @param {string} value */
function number(value) {
  const text = h("span", { class: "num" }, masked(value));
  const eye = h("button", { type: "button", class: "ib box", "aria-label": t("card.show"), "aria-pressed": "false", onclick: () => {
    const hidden = eye.getAttribute("aria-pressed") !== "true";
    eye.setAttribute("aria-pressed", String(hidden));
    eye.setAttribute("aria-label", t(hidden ? "card.hide" : "card.show"));
    text.textContent = hidden ? grouped(value) : masked(value);
    fill(eye, icon(hidden ? "eye-off" : "eye"));
  } }, icon("eye"));
  return h("dd", { class: "h" }, text, eye);
}

/** @param {HTMLElement} root @param {import("./card-in-hand.js").Held} held @param {Match} found */
function act(root, held, found) {
  const { person, home } = found;
  const key = person ? "scan.fill" : home ? "scan.add" : "scan.today";
  const use = /** @type {HTMLButtonElement} */ (one(root, "[data-use]"));
  fill(use, t(key), icon("arrow-right"));
  use.onclick = () => {
    if (!person && !home) return go("/hom-nay");
    const same = root.querySelector("[name=same]:checked");
    if (showErrors(root, { same: same ? "" : t("scan.same_missing") })) return;
    if (person) return toForm(person);
    if (home) void add(held, home);
  };
}

/** @param {Rec} person */
function toForm(person) {
  const [form] = catalogue().forms ?? [];
  if (!form) return go(`/nguoi/${person.id}`);
  go(`/to-khai/${form.code.split("@")[0]}/${person.household}/${person.id}`);
}

/**
 * A person at the door who is on no list: a new record, then the same screen again, which now knows them.
 * @param {import("./card-in-hand.js").Held} held
 * @param {Rec} home
 */
async function add(held, home) {
  const { number: id, name, birth: born, sex } = held.card;
  const resident = crypto.randomUUID();
  const fields = { household: home.id, name, birth: born, sex, number: id };
  const done = await kept(finalise({
    kind: "edit", subject: resident, chain: home.id, area: home.area, body: { record: "resident", fields },
    seen: {}, label: { title: t("label.add"), who: name, house: home.number },
  }));
  if (!done) return;
  hold({ ...held, household: home.id });
  toast(t("sync.local"));
  go("/ket-qua", { replace: true });
}

