/**
 * The form that is open in this tab: held by a lease, saved within a second of every change.
 * For: opening, changing and closing one draft, so that the screens of the form and of the signature share it.
 * Not for: what stands in it (offline-form.js) or finishing it (consent.js).
 */
import * as drafts from "../sync/drafts.js";

const DELAY = 600; // ms: a word, not a letter; F01 allows five seconds

/**
 * @typedef {object} FormValue
 * @property {string} form  e.g. luu-tru@1
 * @property {string} title
 * @property {string} household
 * @property {string} resident
 * @property {string} who  as one says it: bà Nhạn
 * @property {string} name  in full, with the title
 * @property {string} house  number on the plate
 * @property {string} area
 * @property {number} part
 * @property {number} parts
 * @property {Record<string, string>} answers  as typed
 * @property {string[]} card  names of the fields that a card filled
 * @property {Record<string, import("./photo-slot.js").Note>} photos
 * @property {string} submission  id it will have
 * @property {string} consent  draft of its consent
 * @property {string | null} replaces
 * @property {boolean} left  a person closed it; false: the app ended under their hands
 */
/** @typedef {{id: string, value: FormValue, at: number, writable: boolean, recovered: boolean}} OpenForm */
/** @typedef {"saving" | "saved" | "full" | "lost"} SaveState */

/** @type {OpenForm | null} */
let open = null;
/** @type {(() => void) | null} */
let release = null;
/** @type {number | undefined} */
let timer;
let dirty = false;
/** @type {Promise<void>} */
let writing = Promise.resolve();
/** @type {(state: SaveState) => void} */
let tell = () => {};

/** Hear how the saving goes. @param {(state: SaveState) => void} fn */
export const onSaved = (fn) => { tell = fn; };

/**
 * Open a draft, or go on with it when it is open in this tab already.
 * @param {string} id
 * @returns {Promise<OpenForm | null>} null: there is no such draft any more
 */
export async function openForm(id) {
  if (open?.id === id) return open;
  await closeForm();
  const draft = await drafts.load(id);
  if (!draft?.value) return null;
  release = await drafts.hold(id);
  const recovered = draft.value.left === false;
  open = { id, value: draft.value, at: draft.at, writable: release !== null, recovered };
  document.body.toggleAttribute("data-draft-open", release !== null);
  return open;
}

/**
 * Make a new draft.
 * @param {Omit<FormValue, "part" | "photos" | "submission" | "consent" | "left">} start
 * @returns {Promise<string>} its id
 */
export async function newForm(start) {
  const id = crypto.randomUUID();
  const value = { ...start, part: 0, photos: {}, submission: crypto.randomUUID(), consent: crypto.randomUUID(), left: true };
  await drafts.save(id, "form", value);
  return id;
}

/**
 * Change the open form; it is on the disk within a second.
 * @param {Partial<FormValue>} change
 */
export function change(change) {
  if (!open?.writable) return;
  Object.assign(open.value, { left: false, ...change });
  dirty = true;
  tell("saving");
  timer ??= window.setTimeout(() => void flush(), DELAY); // not put off by the next letter: who types on is saved as well
}

function stopTimer() {
  clearTimeout(timer);
  timer = undefined;
}

/** Write now what waits to be written; nothing when nothing changed. */
export function flush() {
  stopTimer();
  if (!open?.writable || !dirty) return writing;
  const { id, value } = open;
  dirty = false;
  writing = writing.then(() => write(id, value));
  return writing;
}

/** @param {string} id @param {FormValue} value */
async function write(id, value) {
  try {
    await drafts.save(id, "form", value);
    if (timer === undefined) tell("saved"); // else something was typed meanwhile, which is not
  } catch (error) {
    dirty = true; // the next chance to write is not to be missed
    tell(/** @type {any} */ (error).code === "quota" ? "full" : "lost");
  }
}

/**
 * Let the draft go: written a last time, free for another tab.
 * @param {{finished?: boolean}} [how] finished: it became an entry, a late save must not happen
 */
export async function closeForm({ finished = false } = {}) {
  const mine = open;
  if (!mine) return;
  if (!finished && mine.writable) {
    mine.value.left = true;
    dirty = true;
    await flush();
  }
  stopTimer();
  release?.();
  release = null;
  open = null;
  document.body.removeAttribute("data-draft-open");
}

/** The lock came: nothing can be written any more, and nothing may stay readable. */
export function dropForm() {
  stopTimer();
  release?.();
  release = null;
  open = null;
  document.body.removeAttribute("data-draft-open");
}

/** The form open in this tab. */
export const opened = () => open;
