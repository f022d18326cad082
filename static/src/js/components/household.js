/**
 * One door: how to knock, the visit, the people behind it, their papers, who came before; and correcting the note.
 * For: #/nha/<id> and #/nha/<id>/sua. Not for: what comes of a visit (visit.js) or the checklist (checklist.js).
 */
import * as drafts from "../sync/drafts.js";
import { on } from "../sync/events.js";
import { finalise } from "../sync/outbox.js";
import { bar } from "./bar.js";
import { banner, button, catalogue, chip, fill, h, icon, one, plate, show, syncChip, two } from "./dom.js";
import { birthYear, called, clock, phone, titled, weekday } from "./format.js";
import { house, presentMarks, progress } from "./houses.js";
import { checkText, showErrors } from "./fields.js";
import { kept } from "./kept.js";
import { callLink } from "./pin-screens.js";
import { go } from "./router.js";
import { toast } from "./toast.js";
import { startVisit, visitOf } from "./visit.js";
import { line, t } from "./words.js";

/** @typedef {import("./houses.js").Rec} Rec */

/** @type {import("./router.js").Screen} */
export const householdScreen = {
  name: "nha",
  paths: ["/nha/:household"],
  async show({ root, params, still }) {
    if (!(await paint(root, params.household))) return void go("/hom-nay", { replace: true });
    const again = () => still() && void paint(root, params.household);
    const stops = [on("records", again), on("outbox", again)];
    return () => stops.forEach((stop) => stop());
  },
};

/** @param {HTMLElement} root @param {string} id */
async function paint(root, id) {
  const all = await house(id);
  if (!all.home) return false;
  const papers = await draftsOf(id);
  const head = all.people.find((person) => person.is_head);
  one(root, "[data-title]").textContent = head ? t("house.of", { who: called(head) }) : t("house.short", { number: all.home.number });
  callLink(one(root, "[data-call]"), all.home.phone ?? "");
  one(root, "[data-edit]").setAttribute("href", `#/nha/${id}/sua`);
  one(root, "[data-scan-add]").setAttribute("href", `#/quet/${id}`);
  fill(one(root, "[data-notice]"), all.conflicts.map(conflictBanner));
  fill(one(root, "[data-door]"), doorCard(all.home, await visitOf(id)));
  fill(one(root, "[data-people]"), all.people.map((person) => personRow(person, all.marks)));
  fill(one(root, "[data-papers]"), papers.map(draftRow), all.submissions.map(paperRow));
  show(one(root, "[data-papers]"), papers.length + all.submissions.length > 0);
  fill(one(root, "[data-new-paper]"), newPaper(id, all.people));
  show(one(root, "[data-visits-part]"), all.visits.length > 0);
  fill(one(root, "[data-visits]"), all.visits.slice(0, 12).map(visitLine));
  return true;
}

/** @param {string} id */
async function draftsOf(id) {
  const all = await drafts.list();
  return all.filter((draft) => draft.kind === "form" && draft.value?.household === id);
}

/** @param {Rec} home @param {{started: number} | null} visit */
function doorCard(home, visit) {
  return [
    h("div", { class: "h" }, plate(home.number, "lg"), h("div", { class: "grow" },
      h("p", { class: "w6" }, [home.alley, home.street].filter(Boolean).join(" ")), h("p", { class: "sub" }, home.area_name ?? ""))),
    home.note && h("p", { class: "sub note-q" }, icon("note"), h("span", { class: "grow" }, home.note)),
    home.appointment && h("p", {}, chip("wait", "clock", t("round.at", { time: `${weekday(home.appointment)} ${clock(home.appointment)}` }))),
    ...(visit ? underWay(home, visit) : before(home)),
  ];
}

/** @param {Rec} home */
function before(home) {
  const begin = async () => {
    if (await startVisit(home.id)) dispatchEvent(new HashChangeEvent("hashchange"));
  };
  return [
    button("go xl", "door-enter", t("visit.start"), () => void begin()),
    h("div", { class: "wrap eq" },
      h("a", { class: "btn", href: `#/nha/${home.id}/xong/away` }, icon("user-off"), t("visit.away")),
      h("a", { class: "btn", href: `#/nha/${home.id}/hen` }, icon("calendar-event"), t("visit.again"))),
  ];
}

/** @param {Rec} home @param {{started: number}} visit */
function underWay(home, visit) {
  return [
    h("p", { class: "wrap" }, chip("move", "door-enter", t("visit.since", { time: clock(visit.started) }))),
    h("a", { class: "btn go xl", href: `#/nha/${home.id}/xong` }, icon("check"), t("visit.end")),
    h("div", { class: "wrap eq" }, h("a", { class: "btn", href: `#/nha/${home.id}/hen` }, icon("calendar-event"), t("visit.again"))),
  ];
}

/** @param {Rec} person @param {Rec[]} marks of the house */
function personRow(person, marks) {
  const born = person.birth ? t("person.born", { year: birthYear(person.birth) }) : t("person.born_unknown");
  return h("a", { class: "row", href: `#/nguoi/${person.id}` }, two(titled(person), line(born, person.is_head ? t("person.head") : person.relation)), eidChip(person, marks));
}

/** @type {Record<string, [string, string]>} */
const EID = { unknown: ["", "user-question"], none: ["fix", "x"], level1: ["wait", "id"], level2: ["wait", "id"], active: ["ok", "check"], child: ["", "user"] };

/** @param {Rec} person @param {Rec[]} marks */
function eidChip(person, marks) {
  const list = mainChecklist();
  const mine = presentMarks(marks.filter((mark) => mark.resident === person.id && mark.checklist === list?.code));
  const at = list ? progress(list, mine) : null;
  if (at?.proved) return chip("ok", "check", t("eid.active"));
  if (at?.blocked) return chip("fix", "alert-triangle", t("check.stuck"));
  if (at?.done && list && person.eid !== "active") return chip("wait", "player-play", t("check.step", { n: Math.min(at.done + 1, list.items.length), all: list.items.length }));
  const [state, name] = EID[person.eid] ?? EID.unknown;
  return chip(state, name, t(`eid.${person.eid in EID ? person.eid : "unknown"}`));
}

/** @returns {any} the checklist of the e-ID */
export const mainChecklist = () => catalogue().checklists?.[0] ?? null;

/** @param {import("../sync/drafts.js").Draft} draft */
function draftRow({ id, value }) {
  const where = t("form.part_draft", { n: value.part + 1, all: value.parts ?? value.part + 1 });
  return h("a", { class: "row out", href: `#/to-khai/${id}` }, h("span", { class: "tile-i", "data-s": "ochre" }, icon("file-text")),
    h("div", {}, h("b", {}, line(value.title, value.who)), h("small", {}, where), h("div", { class: "wrap oc" }, syncChip("local"))));
}

/** @param {Rec} paper */
function paperRow(paper) {
  const status = paper.status_text || paper.portal_text;
  return h("div", { class: "row out" }, h("span", { class: "tile-i", "data-s": "slate" }, icon("file-text")),
    h("div", {}, h("b", {}, paper.title), h("small", {}, line(status, `${weekday(paper.at)} ${clock(paper.at)}`)),
      h("div", { class: "wrap oc" }, paper.pending ? syncChip("wait") : chip("ok", "checks", t("sync.ok")), paper.portal_code && h("span", { class: "sub num" }, t("outbox.code", { code: paper.portal_code })))));
}

/** @param {string} id @param {Rec[]} people */
function newPaper(id, people) {
  const forms = catalogue().forms ?? [];
  return forms.flatMap((/** @type {any} */ form) => {
    const slug = form.code.split("@")[0];
    const to = people.length === 1 ? `/to-khai/${slug}/${id}/${people[0].id}` : `/quet/${id}`;
    return h("a", { class: "btn full", href: `#${to}` }, icon("plus"), form.title);
  });
}

/** @type {Record<string, [string, string]>} */
const VISIT = { met: ["ok", "check"], away: ["wait", "user-off"], refused: ["fix", "x"], moved: ["", "door"], appointment: ["wait", "calendar-event"] };

/** @param {Rec} visit */
function visitLine(visit) {
  const [state, name] = VISIT[visit.outcome] ?? VISIT.met;
  return h("li", { "data-s": state }, h("span", { class: "k" }, icon(name)), h("b", { class: "w6" }, t(`outcome.${visit.outcome}`)),
    visit.note && h("p", {}, visit.note), h("p", { class: "sub" }, `${weekday(visit.at)}, ${clock(visit.at)}. ${visit.by ?? ""}`));
}

/** @param {Rec} conflict */
function conflictBanner(conflict) {
  return h("div", { class: "stack x" }, banner("fix", "alert-triangle", t("conflict.title", { time: clock(conflict.at) })),
    h("a", { class: "btn warn full", href: `#/hai-ban/${conflict.id}` }, t("conflict.action")));
}

/** @type {import("./router.js").Screen} */
export const editHouse = {
  name: "sua-nha",
  paths: ["/nha/:household/sua"],
  async show({ root, params }) {
    const { home } = await house(params.household);
    if (!home) return void go("/hom-nay", { replace: true });
    bar(root, { home, up: `#/nha/${home.id}` });
    const form = /** @type {HTMLFormElement} */ (one(root, "form"));
    const note = /** @type {HTMLTextAreaElement} */ (one(form, "[name=note]"));
    const tel = /** @type {HTMLInputElement} */ (one(form, "[name=phone]"));
    note.value = home.note ?? "";
    tel.value = phone(home.phone ?? "");
    showErrors(form, {});
    form.onsubmit = (event) => {
      event.preventDefault();
      void save(form, home, { note: note.value.trim(), phone: tel.value.replace(/[ .-]/g, "") });
    };
  },
};

/**
 * @param {HTMLFormElement} form
 * @param {Rec} home
 * @param {Record<string, string>} values
 */
async function save(form, home, values) {
  const bad = checkText(values.note);
  const short = values.phone && !/^\+?\d{9,12}$/.test(values.phone) ? t("field.phone", { have: values.phone.replace(/\D/g, "").length }) : "";
  if (showErrors(form, { note: bad, phone: short })) return;
  const fields = Object.fromEntries(Object.entries(values).filter(([name, value]) => value !== (home[name] ?? "")));
  if (Object.keys(fields).length) {
    const seen = Object.fromEntries(Object.keys(fields).map((name) => [name, home.writers?.[name] ?? []]));
    const label = { title: t("label.edit"), who: home.head ?? "", house: home.number };
    const done = await kept(finalise({
      kind: "edit", subject: home.id, chain: home.id, area: home.area, body: { record: "household", fields }, seen, label,
    }));
    if (!done) return;
    toast(t("sync.local"));
  }
  go(`/nha/${home.id}`, { replace: true });
}

