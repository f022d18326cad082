/**
 * The camera inside the page, so that no picture of a paper ever lies in the phone's gallery.
 * For: a video stream on an element, its torch, one still picture. Not for: what is in the picture.
 */
import { exempt } from "../sync/vault.js";
import { one, show } from "./dom.js";

/** @typedef {{video: HTMLVideoElement, torch: ((on: boolean) => void) | null, stop: () => void}} Camera */

/**
 * @param {HTMLVideoElement} video
 * @returns {Promise<Camera | null>} null: no camera, or it was not allowed
 */
export async function openCamera(video) {
  exempt(); // the question for permission hides the page on some phones; the lock must not eat the form
  try {
    const wanted = { facingMode: "environment", width: { ideal: 1920 }, height: { ideal: 1080 } };
    const stream = await navigator.mediaDevices.getUserMedia({ video: wanted, audio: false });
    video.srcObject = stream;
    await video.play();
    return { video, torch: torchOf(stream), stop: () => close(video, stream) };
  } catch {
    return null;
  }
}

/** @param {MediaStream} stream */
function torchOf(stream) {
  const [track] = stream.getVideoTracks();
  const can = /** @type {any} */ (track.getCapabilities?.() ?? {}).torch;
  return can ? (/** @type {boolean} */ on) => void track.applyConstraints(/** @type {any} */ ({ advanced: [{ torch: on }] })).catch(() => {}) : null;
}

/** @param {HTMLVideoElement} video @param {MediaStream} stream */
function close(video, stream) {
  for (const track of stream.getTracks()) track.stop();
  if (video.srcObject === stream) video.srcObject = null; // another camera may have been opened since
}

/**
 * Join a button to the camera's torch; without a torch there is no button.
 * @param {HTMLElement} button
 * @param {Camera} camera
 */
export function torchButton(button, camera) {
  show(button, camera.torch !== null);
  button.setAttribute("aria-pressed", "false");
  button.onclick = () => {
    const on = button.getAttribute("aria-pressed") !== "true";
    button.setAttribute("aria-pressed", String(on));
    camera.torch?.(on);
  };
}

/**
 * Take one picture full screen. The shutter waits for the camera's first frame: a tap before it would be lost.
 * @returns {Promise<ImageBitmap | "none" | null>} null: the person thought better of it; "none": there is no camera
 */
export async function takePicture() {
  const panel = one(document, "[data-camera]");
  const video = /** @type {HTMLVideoElement} */ (one(panel, "video"));
  /** @type {HTMLButtonElement} */ (one(panel, "[data-shoot]")).disabled = true;
  show(one(panel, "[data-torch]"), false);
  show(panel, true);
  one(panel, "h2").focus();
  const opening = openCamera(video);
  const shot = await decided(panel, video, opening);
  void opening.then((camera) => camera?.stop());
  show(panel, false);
  return shot;
}

/**
 * @param {HTMLElement} panel
 * @param {HTMLVideoElement} video
 * @param {Promise<Camera | null>} opening
 * @returns {Promise<ImageBitmap | "none" | null>}
 */
const decided = (panel, video, opening) => new Promise((resolve) => {
  const control = new AbortController();
  const { signal } = control;
  const end = (/** @type {ImageBitmap | "none" | null} */ shot) => {
    control.abort();
    resolve(shot);
  };
  // A frame that cannot be taken leaves the camera open: the next tap takes the next one.
  one(panel, "[data-shoot]").addEventListener("click", () => void createImageBitmap(video).then(end, () => {}), { signal });
  one(panel, "[data-cancel]").addEventListener("click", () => end(null), { signal });
  panel.addEventListener("keydown", ({ key }) => key === "Escape" && end(null), { signal });
  for (const type of ["hashchange", "gocua-close"]) addEventListener(type, () => end(null), { signal });
  void opening.then((camera) => !signal.aborted && (camera ? ready(panel, camera) : end("none")));
});

/** @param {HTMLElement} panel @param {Camera} camera */
function ready(panel, camera) {
  /** @type {HTMLButtonElement} */ (one(panel, "[data-shoot]")).disabled = false;
  torchButton(one(panel, "[data-torch]"), camera);
}
