/**
 * A visit from the first knock to its outcome; an appointment is an outcome too.
 * For: #/nha/<id>/xong and #/nha/<id>/hen, and knowing whether a visit is under way (kept as a draft, so a phone that
 * dies in between still knows when it began). Not for: what was done during it; marks and forms are entries of their own.
 */
import * as drafts from "../sync/drafts.js";
import { finalise } from "../sync/outbox.js";
import { bar } from "./bar.js";
import { button, fill, h, one, show } from "./dom.js";
import { checkText, showErrors, watchText } from "./fields.js";
import { dayOf, shortDay, titled } from "./format.js";
import { house } from "./houses.js";
import { kept } from "./kept.js";
import { nameOf } from "./round.js";
import { go } from "./router.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

/** @typedef {import("./houses.js").Rec} Rec */

/**
 * The visit under way in a house.
 * @param {string} id
 * @returns {Promise<{draft: string, started: number} | null>}
 */
export async function visitOf(id) {
  const found = (await drafts.list()).find((draft) => draft.kind === "visit" && draft.value?.household === id);
  return found ? { draft: found.id, started: found.value.started } : null;
}

/** @param {string} id of the household @returns {Promise<boolean>} whether a visit is under way now */
export async function startVisit(id) {
  return (await visitOf(id)) !== null || kept(drafts.save(crypto.randomUUID(), "visit", { household: id, started: Date.now() }));
}

/**
 * @param {Rec} home
 * @param {Rec[]} people
 * @param {{outcome: string, note: string, appointment?: string | null, met?: string[]}} result
 */
async function record(home, people, { outcome, note, appointment = null, met = [] }) {
  const under = await visitOf(home.id);
  const now = Date.now();
  const done = await kept(finalise({
    draft: under?.draft ?? null, kind: "visit", subject: home.id, chain: home.id, area: home.area,
    body: { outcome, note, appointment, started: under?.started ?? now, ended: now, people: met },
    label: { title: t(outcome === "met" ? "label.visit" : `outcome.${outcome}`), who: nameOf(home, people), house: home.number },
  }));
  if (!done) return;
  toast(t("sync.local"));
  go(outcome === "appointment" ? `/nha/${home.id}` : "/hom-nay", { replace: true });
}

/** @type {import("./router.js").Screen} */
export const endVisit = {
  name: "ket-thuc",
  paths: ["/nha/:household/xong", "/nha/:household/xong/:outcome"],
  async show({ root, params }) {
    const { home, people } = await house(params.household);
    if (!home) return void go("/hom-nay", { replace: true });
    bar(root, { home, up: `#/nha/${home.id}`, sub: nameOf(home, people) });
    const form = /** @type {HTMLFormElement} */ (one(root, "form"));
    form.reset();
    showErrors(form, {});
    fill(one(form, "[data-people]"), people.map((person) => h("label", { class: "pick" },
      h("input", { type: "checkbox", name: "met", value: person.id }), titled(person))));
    const chosen = /** @type {HTMLInputElement | null} */ (form.querySelector(`[value="${params.outcome ?? ""}"][name=outcome]`));
    if (chosen) chosen.checked = true;
    const met = () => show(one(form, "[data-met]"), people.length > 0 && new FormData(form).get("outcome") === "met");
    form.onchange = met;
    met();
    watchOnce(form, "note");
    form.onsubmit = (event) => {
      event.preventDefault();
      void finish(form, home, people);
    };
  },
};

/** @param {HTMLFormElement} form @param {Rec} home @param {Rec[]} people */
async function finish(form, home, people) {
  const data = new FormData(form);
  const outcome = String(data.get("outcome") ?? "");
  const note = String(data.get("note") ?? "").trim();
  if (showErrors(form, { outcome: outcome ? "" : t("visit.no_outcome"), note: checkText(note) })) return;
  const met = outcome === "met" ? data.getAll("met").map(String) : [];
  await record(home, people, { outcome, note, met });
}

/** @param {HTMLFormElement} form @param {string} name */
function watchOnce(form, name) {
  const input = /** @type {HTMLTextAreaElement} */ (one(form, `[name=${name}]`));
  if (input.dataset.watched) return;
  input.dataset.watched = "1";
  watchText(form, input, name);
}

/** @type {import("./router.js").Screen} */
export const again = {
  name: "hen",
  paths: ["/nha/:household/hen"],
  async show({ root, params }) {
    const { home, people } = await house(params.household);
    if (!home) return void go("/hom-nay", { replace: true });
    bar(root, { home, up: `#/nha/${home.id}`, sub: nameOf(home, people) });
    const form = /** @type {HTMLFormElement} */ (one(root, "form"));
    form.reset();
    showErrors(form, {});
    input(form, "day").min = dayOf(Date.now());
    fill(one(form, "[data-quick]"), h("div", { class: "wrap" }, quickTimes().map(({ day, time, text }) => button("sm", "clock", text, () => {
      input(form, "day").value = day;
      input(form, "time").value = time;
      showErrors(form, {});
    }))));
    watchOnce(form, "note");
    form.onsubmit = (event) => {
      event.preventDefault();
      void appoint(form, home, people);
    };
  },
};

/** @param {HTMLFormElement} form @param {string} name */
const input = (form, name) => /** @type {HTMLInputElement} */ (one(form, `[name=${name}]`));

/** The three times people say most: this evening, tomorrow morning, Saturday morning. */
export function quickTimes(now = Date.now()) {
  const day = 86_400_000;
  const weekday = new Date(`${dayOf(now)}T00:00:00Z`).getUTCDay();
  const saturday = now + ((6 - weekday + 7) % 7 || 7) * day;
  return [
    { day: dayOf(now), time: "17:30", text: t("again.evening") },
    { day: dayOf(now + day), time: "08:00", text: t("again.tomorrow") },
    { day: dayOf(saturday), time: "08:00", text: t("again.saturday", { day: shortDay(saturday) }) },
  ];
}

/** @param {HTMLFormElement} form @param {Rec} home @param {Rec[]} people */
async function appoint(form, home, people) {
  const [day, time] = [input(form, "day").value, input(form, "time").value];
  const note = input(form, "note").value.trim();
  const missing = !day || !time ? t("again.missing") : "";
  const past = !missing && Date.parse(`${day}T${time}:00+07:00`) < Date.now() ? t("again.past") : "";
  if (showErrors(form, { when: missing || past, note: checkText(note) })) return;
  await record(home, people, { outcome: "appointment", note, appointment: `${day}T${time}` });
}

