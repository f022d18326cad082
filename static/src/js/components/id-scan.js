/**
 * Reading an ID card: by camera, from a picture of it, or typed by hand.
 * For: #/quet, also within a house. Not for: decoding (scan.js, loaded here and only now) or what follows (scan-result.js).
 */
import { CardError, parseCard } from "../sync/card.js";
import { get } from "../sync/records.js";
import { exempt } from "../sync/vault.js";
import { bar } from "./bar.js";
import { openCamera, torchButton } from "./camera.js";
import { hold, typedCard } from "./card-in-hand.js";
import { banner, fill, one, show } from "./dom.js";
import { showErrors } from "./fields.js";
import { dayOf } from "./format.js";
import { unusable } from "./photo-judge.js";
import { go } from "./router.js";
import { t } from "./words.js";

/** @typedef {{prepare: (address: string) => Promise<unknown>, readCode: (picture: ImageData, hard?: boolean) => Promise<string | null>}} Reader */

const PATIENCE = 8000; // ms without a code before the advice
const PAUSE = 90; // ms between two looks: a cheap phone needs the time for its own preview

/** @type {import("./router.js").Screen} */
export const scanScreen = {
  name: "quet",
  paths: ["/quet", "/quet/:household"],
  async show({ root, params, still }) {
    const household = params.household ?? "";
    const home = household ? await get("household", household) : null;
    bar(root, { home, up: home ? `#/nha/${household}` : "#/hom-nay" });
    fill(one(root, "[data-message]"));
    idle(root);
    /** @type {(() => void)[]} */
    const ends = [];
    const begin = () => void watch(root, household, still, ends);
    one(root, "[data-start]").onclick = begin;
    void allowed().then((yes) => yes && still() && begin()); // asked once; from then on the camera opens by itself
    const file = /** @type {HTMLInputElement} */ (one(root, "[data-file]"));
    file.onclick = () => exempt();
    file.onchange = () => void fromPicture(root, household, file);
    typed(root, household);
    return () => ends.forEach((end) => end());
  },
};

/** @param {HTMLElement} root */
function idle(root) {
  show(one(root, "[data-finder]"), false);
  show(one(root, "[data-idle]"), true);
  show(one(root, "[data-torch]"), false);
}

/** Whether the camera may open without a question. @returns {Promise<boolean>} */
async function allowed() {
  const asked = /** @type {any} */ ({ name: "camera" });
  return (await navigator.permissions?.query(asked).catch(() => null))?.state === "granted";
}

/** @returns {Promise<Reader>} */
async function reader() {
  const { scan = "", wasm = "" } = document.body.dataset;
  const found = /** @type {Reader} */ (await import(scan));
  await found.prepare(wasm);
  return found;
}

/** @param {HTMLElement} root @param {string} household @param {() => boolean} still @param {(() => void)[]} ends */
async function watch(root, household, still, ends) {
  fill(one(root, "[data-message]"));
  const video = /** @type {HTMLVideoElement} */ (one(root, "[data-video]"));
  const [camera, found] = await Promise.all([openCamera(video), reader().catch(() => null)]);
  if (!camera || !found) {
    camera?.stop();
    return say(root, t(camera ? "scan.no_reader" : "scan.no_camera"));
  }
  ends.push(camera.stop);
  if (!still()) return camera.stop();
  show(one(root, "[data-finder]"), true);
  show(one(root, "[data-idle]"), false);
  torchButton(one(root, "[data-torch]"), camera);
  one(root, "[data-hint]").textContent = t("scan.hold");
  await look(root, household, video, found, still);
}

/** @param {HTMLElement} root @param {string} household @param {HTMLVideoElement} video @param {Reader} found @param {() => boolean} still */
async function look(root, household, video, found, still) {
  const began = Date.now();
  while (still() && video.srcObject) {
    const text = video.videoWidth ? await found.readCode(frame(video)) : null;
    if (text !== null && still() && accept(root, household, text)) return;
    if (Date.now() - began > PATIENCE) one(root, "[data-hint]").textContent = t("scan.none");
    await new Promise((done) => setTimeout(done, PAUSE));
  }
}

const canvas = document.createElement("canvas");

/** The middle square: there the card is held, and a smaller picture is read faster. @param {HTMLVideoElement} video */
function frame(video) {
  const side = Math.min(video.videoWidth, video.videoHeight);
  return pixels(video, (video.videoWidth - side) / 2, (video.videoHeight - side) / 2, side, side, side);
}

/** @param {CanvasImageSource} source @param {number} x @param {number} y @param {number} w @param {number} h @param {number} most */
function pixels(source, x, y, w, h, most) {
  const scale = Math.min(1, most / Math.max(w, h));
  canvas.width = Math.round(w * scale);
  canvas.height = Math.round(h * scale);
  const pen = /** @type {CanvasRenderingContext2D} */ (canvas.getContext("2d", { willReadFrequently: true }));
  pen.drawImage(source, x, y, w, h, 0, 0, canvas.width, canvas.height);
  return pen.getImageData(0, 0, canvas.width, canvas.height);
}

/** @param {HTMLElement} root @param {string} household @param {HTMLInputElement} file */
async function fromPicture(root, household, file) {
  const [picked] = file.files ?? [];
  file.value = "";
  if (!picked) return;
  const bytes = await picked.arrayBuffer();
  const why = unusable(new Uint8Array(bytes));
  if (why) return say(root, t(`photo.${why}`));
  const picture = await createImageBitmap(new Blob([bytes])).catch(() => null);
  if (!picture) return say(root, t("photo.cut"));
  const found = await reader().catch(() => null);
  if (!found) return say(root, t("scan.no_reader"));
  const text = await found.readCode(pixels(picture, 0, 0, picture.width, picture.height, 2400), true);
  picture.close();
  if (text === null) return say(root, t("scan.none"));
  accept(root, household, text);
}

/**
 * Take the text of a code if it is a card's. The text itself goes nowhere else.
 * @param {HTMLElement} root
 * @param {string} household
 * @param {string} text
 * @returns {boolean} false: not a card, go on looking
 */
function accept(root, household, text) {
  try {
    hold({ card: parseCard(text, dayOf(Date.now())), from: "card", household });
    go("/ket-qua", { replace: true });
    return true;
  } catch (error) {
    if (!(error instanceof CardError)) throw error;
    say(root, t(`card.${error.code}`));
    return false;
  }
}

/** @param {HTMLElement} root @param {string} text */
const say = (root, text) => fill(one(root, "[data-message]"), banner("fix", "alert-triangle", text));

/** @param {HTMLElement} root @param {string} household */
function typed(root, household) {
  const form = /** @type {HTMLFormElement} */ (one(root, "form"));
  showErrors(form, {});
  form.onsubmit = (event) => {
    event.preventDefault();
    const data = /** @type {Record<string, string>} */ (Object.fromEntries(new FormData(form)));
    const answer = typedCard({ number: "", name: "", birth: "", sex: "", address: "", ...data });
    if ("errors" in answer) return void showErrors(form, answer.errors);
    hold({ card: answer.card, from: "hand", household });
    form.reset();
    go("/ket-qua", { replace: true });
  };
}
