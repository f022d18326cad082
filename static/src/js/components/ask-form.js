/* 'Gọi tổ hỗ trợ': checks what is typed, seals it into the phone's outbox, and says how it went.

   What is typed survives a reload (sessionStorage of this tab) and is dropped when it is kept sealed. Without Web Crypto or a
   database the form is posted as it is. Not for: keeping and sending (sync/asks.js). */

import { ASK_TAG, asks, dropAsk, keepAsk } from "../sync/asks.js";
import { uuid7 } from "../sync/ids.js";
import { askList } from "./ask-list.js";
import { wrongIn } from "./ask-words.js";
import { all, h, one, show } from "./dom.js";
import { line, t } from "./words.js";

const DRAFT = "gocua-hen-nhap";

/** @typedef {import("./ask-words.js").Fields} Fields */

/** @param {HTMLFormElement} form [data-ask] @param {HTMLElement} section [data-asks] */
export function askForm(form, section) {
  const list = askList(section);
  const able = Boolean(globalThis.crypto?.subtle && globalThis.indexedDB);
  offer(form);
  restore(form);
  form.addEventListener("input", () => keepDraft(form));
  form.addEventListener("change", () => keepDraft(form));
  one(section, "[data-asks-again]").addEventListener("click", () => { open(form, true); one(form, "#hen_name").focus(); });
  if (!able) return;
  let keeping = false; // a button pressed twice asks once
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    if (keeping || !tellWrong(form, wrongs(form))) return;
    keeping = true;
    void submit(form, section, list, () => { keeping = false; });
  });
  void list.send();
  addEventListener("online", () => void list.send(true));
  document.addEventListener("visibilitychange", () => { if (document.visibilityState === "visible") void list.send(); });
}

/** The receipt of a form that was posted as it is. */
export const dropDraft = () => store(null);

/** @param {HTMLFormElement} form @param {HTMLElement} section @param {ReturnType<typeof askList>} list @param {() => void} settled it is kept, or can't be */
async function submit(form, section, list, settled) {
  const id = uuid7();
  const { key = "", point = "" } = form.dataset;
  const fields = typed(form);
  try {
    await keepAsk({ id, key, point, ...shown(form), fields });
  } catch {
    say(form, t("full"));
    return;
  } finally {
    settled();
  }
  store(null);
  form.reset();
  open(form, false);
  void register();
  const sending = list.send(true);
  section.focus();
  await sending;
  await judge(id, form, list, fields);
}

/** A refusal that comes at once is mended where it was typed, unless the next one is being written there. @param {string} id @param {HTMLFormElement} form @param {ReturnType<typeof askList>} list @param {Fields} fields */
async function judge(id, form, list, fields) {
  const ask = (await asks()).find((one) => one.id === id);
  if (ask?.state !== "fix" || !form.hidden) return;
  await dropAsk(id);
  await list.draw();
  store(JSON.stringify(fields));
  restore(form);
  open(form, true);
  tellWrong(form, ask.errors ?? {});
  if (!ask.errors) say(form, ask.reason ?? "");
}

/** @param {HTMLFormElement} form @param {boolean} now */
function open(form, now) {
  show(form, now);
  for (const foot of document.querySelectorAll("[data-ask-foot]")) show(foot, now);
  for (const more of document.querySelectorAll("[data-asks-more]")) show(more, !now);
}

// --- What is typed -----------------------------------------------------------------------------------------------------

/** @param {HTMLFormElement} form @returns {Fields} */
function typed(form) {
  const said = new FormData(form);
  /** @type {Fields} */
  const fields = {};
  for (const name of new Set(said.keys())) fields[name] = name === "times" ? said.getAll(name).map(String) : String(said.get(name) ?? "");
  return fields;
}

/** What the list may say of it. @param {HTMLFormElement} form */
function shown(form) {
  const what = /** @type {HTMLSelectElement} */ (one(form, "#hen_what"));
  const times = all(form, "[name=times]:checked").map((box) => box.closest("label")?.textContent?.trim());
  return { what: what.selectedOptions[0]?.textContent ?? t("other"), when: line(...times) };
}

/** @param {HTMLFormElement} form @returns {Record<string, string>} sentences by field */
function wrongs(form) {
  const asked = all(form, "[data-field]").map((field) => field.dataset.field ?? "");
  return Object.fromEntries(Object.entries(wrongIn(typed(form), asked)).map(([name, { key, values }]) => [name, t(key, values)]));
}

/** Put each sentence above its field. @param {HTMLFormElement} form @param {Record<string, string>} found @returns {boolean} nothing is wrong */
function tellWrong(form, found) {
  const fields = all(form, "[data-field]");
  for (const field of fields) {
    const words = found[field.dataset.field ?? ""] ?? "";
    const error = one(field, "[data-error]");
    one(error, "span").textContent = words;
    show(error, words !== "");
    for (const input of all(field, "input, select, textarea")) {
      if (words) input.setAttribute("aria-invalid", "true");
      else input.removeAttribute("aria-invalid");
    }
  }
  const count = Object.keys(found).length;
  say(form, count > 1 ? t("many", { n: count }) : count ? t("one") : "");
  const first = fields.find((field) => found[field.dataset.field ?? ""]);
  first?.scrollIntoView({ block: "center" });
  if (first) one(first, "input, select, textarea").focus({ preventScroll: true });
  return count === 0;
}

/** @param {HTMLFormElement} form @param {string} words "" for nothing to say */
function say(form, words) {
  const banner = one(form, "[data-ask-message]");
  one(banner, "b").textContent = words;
  show(banner, words !== "");
  if (words) banner.scrollIntoView({ block: "center" });
}

// --- What was being read, what was typed before ------------------------------------------------------------------------

/** The guide of ?bai= first among the choices: the kept page is the same whatever was asked for. @param {HTMLFormElement} form */
function offer(form) {
  const slug = new URLSearchParams(location.search).get("bai") ?? "";
  /** @type {Map<string, string>} */
  const titles = new Map(Object.entries(JSON.parse(document.getElementById("bai")?.textContent ?? "{}")));
  const what = /** @type {HTMLSelectElement} */ (one(form, "#hen_what"));
  if (!("typed" in form.dataset)) for (const option of [...what.options]) if (titles.has(option.value) && option.value !== slug) option.remove();
  const title = titles.get(slug);
  if (!title) return;
  if (![...what.options].some((option) => option.value === slug)) what.options[0].after(h("option", { value: slug }, title));
  if (!what.value) what.value = slug;
}

/** @param {HTMLFormElement} form */
function keepDraft(form) {
  store(JSON.stringify(typed(form)));
}

/** @param {HTMLFormElement} form */
function restore(form) {
  let kept;
  try { kept = JSON.parse(sessionStorage.getItem(DRAFT) ?? "null"); } catch { return; }
  if (!kept || all(form, "[aria-invalid=true]").length > 0) return;
  for (const field of form.elements) {
    if (!(field instanceof HTMLInputElement || field instanceof HTMLSelectElement || field instanceof HTMLTextAreaElement) || !(field.name in kept)) continue;
    if (field instanceof HTMLInputElement && ["checkbox", "radio"].includes(field.type)) field.checked = [kept[field.name]].flat().includes(field.value);
    else if (field instanceof HTMLSelectElement) field.value = [...field.options].some(({ value }) => value === kept[field.name]) ? kept[field.name] : field.value;
    else if (field.type !== "hidden") field.value = String(kept[field.name]);
  }
}

/** @param {string | null} text */
function store(text) {
  try {
    if (text === null) sessionStorage.removeItem(DRAFT);
    else sessionStorage.setItem(DRAFT, text);
  } catch { /* storage is off or full: only a reload would lose what is typed */ }
}

async function register() {
  const registration = /** @type {any} */ (await navigator.serviceWorker?.ready);
  await registration?.sync?.register(ASK_TAG).catch(() => null);
}
