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
  video.srcObject = null;
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
 * Take one picture full screen.
 * @returns {Promise<ImageBitmap | "none" | null>} null: the person thought better of it; "none": there is no camera
 */
export async function takePicture() {
  const panel = one(document, "[data-camera]");
  const video = /** @type {HTMLVideoElement} */ (one(panel, "video"));
  show(panel, true);
  const camera = await openCamera(video);
  if (!camera) return show(panel, false), "none";
  torchButton(one(panel, "[data-torch]"), camera);
  one(panel, "h2").focus();
  const shot = await decided(panel, video);
  camera.stop();
  show(panel, false);
  return shot;
}

/** @param {HTMLElement} panel @param {HTMLVideoElement} video @returns {Promise<ImageBitmap | null>} */
const decided = (panel, video) => new Promise((resolve) => {
  const control = new AbortController();
  const { signal } = control;
  const end = (/** @type {ImageBitmap | null | Promise<ImageBitmap>} */ shot) => {
    control.abort();
    resolve(shot);
  };
  one(panel, "[data-shoot]").addEventListener("click", () => end(createImageBitmap(video)), { signal });
  one(panel, "[data-cancel]").addEventListener("click", () => end(null), { signal });
  panel.addEventListener("keydown", ({ key }) => key === "Escape" && end(null), { signal });
  for (const type of ["hashchange", "gocua-close"]) addEventListener(type, () => end(null), { signal });
});
