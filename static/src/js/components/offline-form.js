/**
 * Filling a form at the door: one section a screen, saved as one goes, checked as the server will check.
 * For: #/to-khai/… with sections, papers and the look over everything at the end.
 * Not for: rules (answer-rules.js), single fields (form-fields.js), the draft's life (form-draft.js), signing (consent.js).
 */
import * as drafts from "../sync/drafts.js";
import { get } from "../sync/records.js";
import { bar } from "./bar.js";
import { documentType, inHand } from "./card-in-hand.js";
import { all, banner, catalogue, fill, h, icon, one, show, syncChip } from "./dom.js";
import { change, flush, newForm, onSaved, openForm } from "./form-draft.js";
import { check, fieldsOf, markCard, put, rawOf, say, sayAll } from "./form-fields.js";
import { called, dayOf, titled, when } from "./format.js";
import { pills } from "./guide-view.js";
import { photoSlot } from "./photo-slot.js";
import { overview } from "./review.js";
import { go } from "./router.js";
import { line, t } from "./words.js";

/** @typedef {import("./form-draft.js").OpenForm} OpenForm */
/** @typedef {import("./form-fields.js").Field} Field */
/** @typedef {{root: HTMLElement, form: OpenForm, fields: Field[], sections: HTMLElement[], part: number}} Page */

/** @type {import("./router.js").Screen} */
export const formScreen = {
  name: "to-khai",
  paths: ["/to-khai/:draft", "/to-khai/:draft/phan/:part", "/to-khai/:form/:household/:resident"], // "phan" is no household
  async show({ root, params }) {
    if (params.form) return void (await begin(params));
    const form = await openForm(params.draft);
    if (!form) return void go("/hom-nay", { replace: true });
    const page = lay(root, form);
    page.part = Math.min(Math.max(0, Number(params.part ?? form.value.part + 1) - 1), page.sections.length);
    await paint(page);
    return () => onSaved(() => {});
  },
};

/**
 * Go on with the draft of this person, or begin one.
 * @param {Record<string, string>} params form, household, resident
 */
async function begin({ form: slug, household, resident }) {
  const spec = (catalogue().forms ?? []).find((/** @type {any} */ one) => one.code.split("@")[0] === slug);
  const [person, home] = [await get("resident", resident), await get("household", household)];
  if (!spec || !person || !home) return go("/hom-nay", { replace: true });
  const known = (await drafts.list()).find(({ kind, value }) => kind === "form" && value?.resident === resident && value.form === spec.code);
  const id = known?.id ?? (await newForm(start(spec, home, person)));
  go(`/to-khai/${id}`, { replace: true });
}

/**
 * What a new form knows already: from the card in hand, else from the records.
 * @param {any} spec
 * @param {import("./houses.js").Rec} home
 * @param {import("./houses.js").Rec} person
 */
function start(spec, home, person) {
  const held = inHand();
  const card = held && held.card.number && (!person.number || held.card.number === person.number) ? held.card : null;
  const source = card ?? { ...person, issued: "" };
  const fromCard = { ...source, document_type: documentType(/** @type {any} */ (source)) };
  const others = { "resident.phone": person.phone, "household.head": home.head, "household.address": line([home.number, home.alley].filter(Boolean).join(" "), home.street, home.area_name), today: dayOf(Date.now()) };
  /** @type {Record<string, string>} */
  const answers = {};
  const scanned = [];
  for (const field of fieldsOf(sheet(spec.code))) {
    const { fromCard: key = "", from = "" } = field.inputs[0].dataset;
    const value = /** @type {any} */ (fromCard)[key] ?? /** @type {any} */ (others)[from] ?? "";
    if (value) answers[field.name] = typedForm(field, value);
    if (value && key && card && held?.from === "card") scanned.push(field.name);
  }
  return {
    form: spec.code, title: spec.title, household: home.id, resident: person.id, who: called(person), name: titled(person), house: home.number,
    area: home.area, parts: spec.parts, answers, card: scanned, replaces: null,
  };
}

/** A birth date as people write it, not as it is kept. @param {Field} field @param {string} value */
const typedForm = (field, value) => (field.rules.type === "birth" ? value.split("-").reverse().join("/") : value);

/** @param {string} code @returns {HTMLElement} a fresh copy of the form */
function sheet(code) {
  const template = /** @type {HTMLTemplateElement} */ (one(document, `template[data-form="${code}"]`));
  return h("div", {}, template.content.cloneNode(true));
}

/** @param {HTMLElement} root @param {OpenForm} form @returns {Page} */
function lay(root, form) {
  const place = one(root, "[data-fields]");
  fill(place, ...sheet(form.value.form).childNodes, h("section", { class: "stack", "data-form-section": "review" }));
  const page = { root, form, fields: fieldsOf(place), sections: all(place, "[data-form-section]"), part: 0 };
  for (const field of page.fields) join(page, field);
  return page;
}

/** @param {Page} page @param {Field} field */
function join({ form }, field) {
  put(field, form.value.answers[field.name] ?? "");
  markCard(field, form.value.card.includes(field.name));
  for (const input of field.inputs) {
    if (!form.writable) input.disabled = true;
    input.addEventListener("input", () => {
      const answers = { ...form.value.answers, [field.name]: rawOf(field) };
      markCard(field, false);
      const secret = field.rules.type === "text" && check([field]).mistakes.find(({ text }) => text === input.dataset.saySecret);
      say(field, secret ? secret.text : "");
      // What looks like a citizen's secret is not kept, not even in the draft.
      if (!secret) change({ answers, card: form.value.card.filter((name) => name !== field.name) });
    });
  }
}

/** @param {Page} page */
async function paint(page) {
  const { root, form, part, sections } = page;
  const { value } = form;
  bar(root, { home: { number: value.house }, up: `#/nha/${value.household}`, title: value.title, sub: value.name });
  fill(one(root, "[data-prog]"), pills(part + 1, sections.length));
  one(root, "[data-part]").textContent = t("form.part", { n: part + 1, all: sections.length });
  fill(one(root, "[data-notice]"), noticeOf(form));
  fill(one(root, "[data-summary]"));
  sections.forEach((section, i) => show(section, i === part));
  if (isReview(page)) overview(sections[part], page, (to) => move(page, to));
  if (sections[part].dataset.formSection === "papers") await papers(page);
  saved(page, "saved");
  onSaved((state) => saved(page, state));
  steer(page);
}

/** @param {Page} page */
const isReview = ({ sections, part }) => part === sections.length - 1;

/** @param {OpenForm} form */
function noticeOf(form) {
  if (!form.writable) return banner("wait", "lock", t("form.other_tab"), t("form.other_tab_do"));
  if (!form.recovered) return null;
  form.recovered = false;
  return banner("info", "history", t("form.recovered", { time: when(form.at) }), t("form.recovered_do"));
}

/** @param {Page} page @param {import("./form-draft.js").SaveState} state */
function saved({ root, form }, state) {
  const place = one(root, "[data-saved]");
  fill(place, state === "saved" && form.writable && syncChip("local"));
  if (state === "full") fill(one(root, "[data-notice]"), banner("fix", "alert-triangle", t("form.full"), t("form.full_do")));
}

/** @param {Page} page */
async function papers({ root, form, sections, part }) {
  for (const slot of all(sections[part], "[data-slot]")) {
    const name = slot.dataset.slot ?? "";
    await photoSlot(slot, {
      draft: form.id, note: form.value.photos[name] ?? null, locked: !form.writable,
      change: async (which, note) => {
        change({ photos: { ...form.value.photos, ...(note ? { [which]: note } : {}) } });
        await flush();
        weigh(root, form);
      },
    });
  }
  weigh(root, form);
}

/** @param {HTMLElement} root @param {OpenForm} form */
function weigh(root, form) {
  const notes = Object.values(form.value.photos);
  const kilobytes = Math.round(notes.reduce((sum, { bytes }) => sum + bytes, 0) / 1000);
  const place = root.querySelector("[data-weight]") ?? h("p", { class: "banner", "data-weight": true });
  fill(place, icon("device-mobile"), h("span", { class: "grow" }, notes.length ? t("photo.weight", { n: notes.length, kb: kilobytes }) : t("photo.kept")));
  one(root, "[data-form-section=papers]").append(place);
}

/** @param {Page} page the two buttons */
function steer(page) {
  const { root, part, sections } = page;
  const before = /** @type {HTMLButtonElement} */ (one(root, "[data-prev]"));
  before.disabled = part === 0;
  before.onclick = () => void move(page, part - 1);
  const next = /** @type {HTMLButtonElement} */ (one(root, "[data-next]"));
  fill(next, isReview(page) ? t("form.to_sign") : t("form.next"), icon(isReview(page) ? "writing-sign" : "arrow-right"));
  next.disabled = isReview(page) && !page.form.writable;
  next.onclick = () => void (isReview(page) ? toSign(page) : proceed(page));
  one(root, "[data-fields]").onsubmit = (event) => event.preventDefault();
}

/** @param {Page} page */
async function proceed(page) {
  const code = page.sections[page.part].dataset.formSection;
  const { mistakes } = check(page.fields, ({ section }) => section === code);
  sayAll(page.root, page.fields, mistakes);
  if (mistakes.length) return;
  const missing = missingPapers(page, code);
  if (missing) return fill(one(page.root, "[data-summary]"), banner("fix", "camera", t("photo.missing", { n: missing })));
  await move(page, page.part + 1);
}

/** @param {Page} page @param {string} [code] of the section; all when left out */
export function missingPapers({ sections, form }, code) {
  const slots = sections.filter(({ dataset }) => !code || dataset.formSection === code).flatMap((section) => all(section, "[data-slot][data-rule-required]"));
  return slots.filter(({ dataset }) => !form.value.photos[dataset.slot ?? ""]).length;
}

/** @param {Page} page @param {number} to */
async function move({ form, sections }, to) {
  change({ part: to, parts: sections.length });
  await flush();
  go(`/to-khai/${form.id}/phan/${to + 1}`);
}

/** @param {Page} page */
async function toSign(page) {
  const { mistakes } = check(page.fields);
  if (mistakes.length || missingPapers(page)) return fill(one(page.root, "[data-summary]"), banner("fix", "alert-triangle", t("form.not_ready"), t("form.not_ready_do")));
  await flush();
  go(`/ky/${page.form.id}`);
}

/** The answers in their kept form, for whoever finishes. @param {OpenForm} form */
export function keptAnswers(form) {
  const place = sheet(form.value.form);
  const fields = fieldsOf(place);
  for (const field of fields) put(field, form.value.answers[field.name] ?? "");
  return check(fields);
}

