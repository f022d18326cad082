/* The pictures of a saved guide as files that any other app can open, for sharing. Nothing is fetched: what is not saved is
   not shared. No page. Not for: the guide's address, which goes with them (components/share.js). */

import { matchSaved } from "./pack.js";

const MOST = 10; // browsers take no more files at once

/**
 * The step pictures of a guide as JPEG, in their order.
 * @param {string} slug
 * @returns {Promise<File[]>} empty when the guide is not saved or this browser cannot make them
 */
export async function picturesOf(slug) {
  const answer = await matchSaved(`/huong-dan/${slug}/buoc.json`);
  if (!answer || typeof OffscreenCanvas === "undefined") return [];
  const { steps } = /** @type {import("./guide-steps.js").GuideSteps} */ (await answer.json());
  const made = [];
  for (const [at, step] of steps.slice(0, MOST).entries()) made.push(await jpeg(step, `${slug}-${at + 1}.jpg`));
  return made;
}

/** @param {import("./guide-steps.js").GuideStep} step @param {string} name */
async function jpeg(step, name) {
  // The one for browsers that do not show the better format is kept by those only.
  const picture = (await matchSaved(step.src)) ?? (await matchSaved(step.avif));
  if (!picture) throw new Error(`${step.avif} is not here`);
  const image = await createImageBitmap(await picture.blob());
  const canvas = new OffscreenCanvas(image.width, image.height);
  canvas.getContext("2d")?.drawImage(image, 0, 0);
  return new File([await canvas.convertToBlob({ type: "image/jpeg", quality: 0.85 })], name, { type: "image/jpeg" });
}
