/**
 * One paper of a form: taken inside the page, made small, judged, kept with the draft.
 * For: a .photo element from the form's definition. Not for: the camera itself (camera.js) or sending.
 */
import * as drafts from "../sync/drafts.js";
import { exempt } from "../sync/vault.js";
import { takePicture } from "./camera.js";
import { chip, fill, h, one, show } from "./dom.js";
import { judge, unusable } from "./photo-judge.js";
import { t } from "./words.js";

const MOST = 1600; // px of the longer side
const QUALITY = 0.72;
const JUDGED = 640;

/** @typedef {{quality: "ok" | "blur" | "dark", bytes: number}} Note  kept with the draft; the picture is kept apart */
/** @typedef {{draft: string, note: Note | null, change: (slot: string, note: Note | null) => Promise<void>, locked: boolean}} Given */

/**
 * @param {HTMLElement} slot
 * @param {Given} given
 * @returns {Promise<void>}
 */
export async function photoSlot(slot, given) {
  const name = slot.dataset.slot ?? "";
  const file = h("input", { type: "file", class: "sr", accept: "image/jpeg,image/png,image/webp", tabindex: "-1", "aria-hidden": "true" });
  slot.append(file);
  const button = /** @type {HTMLButtonElement} */ (one(slot, "[data-shot]"));
  button.disabled = given.locked;
  button.onclick = () => void shoot(slot, name, file, given);
  file.onchange = () => void chosen(slot, name, file, given);
  const kept = given.note && (await drafts.attachments(given.draft)).find((one) => one.slot === name);
  if (kept && given.note) paint(slot, new Blob([kept.bytes], { type: kept.type }), given.note);
}

/** @param {HTMLElement} slot @param {string} name @param {HTMLInputElement} file @param {Given} given */
async function shoot(slot, name, file, given) {
  const picture = await takePicture();
  one(slot, "[data-shot]").focus();
  if (picture === null) return;
  if (picture !== "none") return void (await keep(slot, name, picture, given));
  say(slot, t("photo.no_camera"));
  exempt();
  file.click();
}

/** @param {HTMLElement} slot @param {string} name @param {HTMLInputElement} file @param {Given} given */
async function chosen(slot, name, file, given) {
  const [picked] = file.files ?? [];
  file.value = "";
  if (!picked) return;
  const bytes = await picked.arrayBuffer();
  const why = unusable(new Uint8Array(bytes));
  if (why) return say(slot, t(`photo.${why}`));
  const picture = await createImageBitmap(new Blob([bytes])).catch(() => null);
  if (!picture) return say(slot, t("photo.cut"));
  await keep(slot, name, picture, given);
}

/** @param {HTMLElement} slot @param {string} name @param {ImageBitmap} picture @param {Given} given */
async function keep(slot, name, picture, given) {
  const quality = judgeBitmap(picture);
  const blob = await shrink(picture);
  picture.close();
  try {
    await drafts.attach(given.draft, { slot: name, type: "image/jpeg", bytes: await blob.arrayBuffer() });
  } catch (error) {
    if (/** @type {any} */ (error).code !== "quota") throw error;
    return say(slot, t("photo.full"));
  }
  const note = { quality, bytes: blob.size };
  await given.change(name, note);
  paint(slot, blob, note);
}

/** @param {ImageBitmap} picture @param {number} most @returns {{canvas: HTMLCanvasElement, pen: CanvasRenderingContext2D}} */
function drawn(picture, most) {
  const scale = Math.min(1, most / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: most === JUDGED }));
  pen.drawImage(picture, 0, 0, canvas.width, canvas.height);
  return { canvas, pen };
}

/** @param {ImageBitmap} picture */
function judgeBitmap(picture) {
  const { canvas, pen } = drawn(picture, JUDGED);
  const { data } = pen.getImageData(0, 0, canvas.width, canvas.height);
  return judge(data, canvas.width, canvas.height);
}

/** A JPEG drawn anew: smaller, and without the place and the time a camera writes into it. @param {ImageBitmap} picture @returns {Promise<Blob>} */
const shrink = (picture) => new Promise((resolve, reject) => {
  drawn(picture, MOST).canvas.toBlob((blob) => (blob ? resolve(blob) : reject(new Error("no picture"))), "image/jpeg", QUALITY);
});

/** @param {HTMLElement} slot @param {string} text */
function say(slot, text) {
  const place = one(slot, "[data-error-for]");
  place.textContent = text;
  place.setAttribute("role", "alert");
  show(place, text !== "");
}

/** @param {HTMLElement} slot @param {Blob} blob @param {Note} note */
function paint(slot, blob, note) {
  const good = note.quality === "ok";
  const button = one(slot, "[data-shot]");
  const title = slot.querySelector("b")?.textContent ?? "";
  const url = URL.createObjectURL(blob);
  const image = h("img", { alt: t("photo.of", { title }), onload: () => URL.revokeObjectURL(url), src: url });
  button.dataset.s = good ? "ok" : "fix";
  button.setAttribute("aria-label", t(good ? "photo.label_ok" : `photo.label_${note.quality}`, { title }));
  fill(button, image, good ? chip("ok", "check", t("photo.ok")) : chip("solid", "alert-triangle", t(`photo.chip_${note.quality}`)));
  say(slot, good ? "" : t(`photo.${note.quality}`));
}

