/**
 * Reading out what a person agrees to, separate boxes, a signature; then form and consent become entries.
 * For: #/ky/<draft>. Not for: the wording (it comes with the form, by version and hash) or drawing (signature.js).
 */
import * as drafts from "../sync/drafts.js";
import { current } from "../sync/enrol.js";
import { finalise } from "../sync/outbox.js";
import { get } from "../sync/records.js";
import { bar } from "./bar.js";
import { all, banner, errorLine, fill, one, show } from "./dom.js";
import { closeForm, flush, openForm } from "./form-draft.js";
import { address, age } from "./format.js";
import { keptAnswers } from "./offline-form.js";
import { readAloud } from "./read-aloud.js";
import { go } from "./router.js";
import { signaturePad } from "./signature.js";
import { toast } from "./toast.js";
import { capital, line, t } from "./words.js";

/** @typedef {import("./form-draft.js").OpenForm} OpenForm */
/** @typedef {"self" | "witness" | "representative"} By */
/** @typedef {{root: HTMLElement, form: OpenForm, person: any, pad: ReturnType<typeof signaturePad>, by: By}} Page */

/** @type {import("./router.js").Screen} */
export const signScreen = {
  name: "ky",
  paths: ["/ky/:draft"],
  async show({ root, params }) {
    const form = await openForm(params.draft);
    const person = form && (await get("resident", form.value.resident));
    if (!form || !person) return void go("/hom-nay", { replace: true });
    bar(root, { home: { number: form.value.house }, up: `#/to-khai/${form.id}`, sub: form.value.name });
    await layText(root, form);
    const pad = signaturePad(one(root, "[data-sign]"), { onChange: () => say(root, "signature", "") });
    const child = (age(person.birth ?? "") ?? 99) < 15;
    /** @type {Page} */
    const page = { root, form, person, pad, by: child ? "representative" : "self" };
    speakTo(page);
    join(page);
    return () => pad.close();
  },
};

/** The consent of this form, with the ward's name and number put in. @param {HTMLElement} root @param {OpenForm} form */
async function layText(root, form) {
  const device = await current();
  const template = /** @type {HTMLTemplateElement} */ (one(document, `template[data-consent-of="${form.value.form}"]`));
  const place = one(root, "[data-consent-place]");
  fill(place, template.content.cloneNode(true));
  for (const text of all(place, "[data-consent-text]")) {
    text.textContent = (text.textContent ?? "").replaceAll("{ward}", device?.ward.name ?? "").replaceAll("{phone}", device?.ward.phone ?? "");
    text.setAttribute("data-read", "");
  }
  const listen = one(root, "[data-listen]");
  if (!listen.dataset.joined) readAloud(listen);
  listen.dataset.joined = "1";
  fill(one(root, "[data-message]"));
}

/** Say it to this person: bà, ông, anh. @param {Page} page */
function speakTo({ root, person, by }) {
  const who = address(person);
  one(root, "[data-ask]").textContent = t("consent.read", { who });
  one(root, "[data-sign-title]").textContent = by === "self" ? t("sign.title", { who: capital(who) }) : t(`sign.${by}`);
  one(root, "[data-cannot-text]").textContent = by === "witness" ? t("sign.can", { who: capital(who) }) : t("sign.cannot", { who: capital(who) });
  one(root, "[data-sign]").setAttribute("aria-label", t("sign.pad"));
  show(one(root, "[data-cannot]"), by !== "representative");
  show(one(root, "[data-witness]"), by !== "self");
  one(root, "[data-witness] label").textContent = t(`sign.${by === "self" ? "witness" : by}_name`);
}

/** @param {Page} page */
function join(page) {
  const { root, pad } = page;
  for (const name of ["purposes", "signature", "witness"]) say(root, name, "");
  const witness = /** @type {HTMLInputElement} */ (one(root, "#witness-name"));
  witness.value = "";
  one(root, "[data-again]").onclick = () => pad.clear();
  one(root, "[data-cannot]").onclick = () => {
    page.by = page.by === "witness" ? "self" : "witness";
    pad.clear();
    speakTo(page);
    if (page.by === "witness") witness.focus();
  };
  const finish = /** @type {HTMLButtonElement} */ (one(root, "[data-finish]"));
  finish.disabled = !page.form.writable;
  finish.onclick = async () => {
    finish.disabled = true;
    await complete(page).catch((error) => refuse(root, error));
    finish.disabled = false;
  };
}

/** @param {HTMLElement} root @param {string} name @param {string} text */
function say(root, name, text) {
  fill(one(root, `[data-error=${name}]`), text && errorLine(`${name}-e`, text));
}

/** @param {HTMLElement} root @param {any} error */
function refuse(root, error) {
  if (error?.code !== "quota") throw error;
  fill(one(root, "[data-message]"), banner("fix", "alert-triangle", t("form.full"), t("form.full_do")));
  scrollTo(0, 0);
}

/** @param {Page} page @returns {Record<string, boolean> | null} null: a needed box is not ticked */
function purposes({ root }) {
  const boxes = /** @type {HTMLInputElement[]} */ (all(root, "[name=purpose]"));
  const refused = boxes.some((box) => box.dataset.ruleRequired && !box.checked);
  say(root, "purposes", refused ? t("consent.missing") : "");
  return refused ? null : Object.fromEntries(boxes.map(({ value, checked }) => [value, checked]));
}

/** @param {Page} page @returns {string | null} null: a name is needed and missing */
function witness({ root, by }) {
  if (by === "self") return "";
  const name = /** @type {HTMLInputElement} */ (one(root, "#witness-name")).value.trim();
  say(root, "witness", name ? "" : t(`sign.${by}_missing`));
  return name || null;
}

/** @param {Page} page */
async function complete(page) {
  const { root, pad } = page;
  const [agreed, name] = [purposes(page), witness(page)];
  const unsigned = pad.isEmpty();
  say(root, "signature", unsigned ? t("sign.missing") : "");
  if (!agreed || name === null || unsigned) return root.querySelector(".err")?.scrollIntoView({ block: "center" });
  const { answers, mistakes } = keptAnswers(page.form);
  if (mistakes.length) return go(`/to-khai/${page.form.id}`);
  await flush();
  const files = drafts.attachments(page.form.id); // opened while the consent is sealed
  const consent = await signed(page, agreed, name);
  await send(page, answers, consent, await files);
}

/**
 * The consent first, so that the form that rests on it never comes before it. Its own draft id makes a second try
 * after a crash the same entry.
 * @param {Page} page
 * @param {Record<string, boolean>} agreed
 * @param {string} name
 */
function signed({ root, form, pad, by }, agreed, name) {
  const { value } = form;
  const { consent: text = "", consentHash: hash = "" } = one(root, "[data-consent]").dataset;
  return finalise({
    draft: value.consent, kind: "consent", subject: value.resident, chain: value.household, area: value.area,
    body: { purposes: agreed, text, text_hash: hash, by, witness: name, signature: pad.value() },
    label: { title: t("label.consent"), who: value.who, house: value.house },
  });
}

/** @param {Page} page @param {Record<string, string>} answers @param {string} consent @param {drafts.Attachment[]} kept */
async function send({ form }, answers, consent, kept) {
  const { value, id } = form;
  const files = kept.filter(({ slot }) => value.photos[slot]);
  await finalise({
    draft: id, kind: "submission", subject: value.submission, chain: value.household, area: value.area, form: value.form, files,
    body: { household: value.household, resident: value.resident, answers, consent, replaces: value.replaces },
    label: { title: line(value.title), who: value.who, house: value.house },
  });
  await closeForm({ finished: true });
  toast(t("sync.local"));
  go(`/nha/${value.household}`, { replace: true });
}

