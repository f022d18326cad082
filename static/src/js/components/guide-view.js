/**
 * The picture guides inside the app: one step a screen, large, to be shown to the citizen or heard.
 * For: #/huong-dan and #/tranh/<guide>/<step>; leaving the app for the public pages would lock it.
 * Not for: keeping pictures on the phone; the worker and the guide's own page do that.
 */
import { stepsOf } from "../sync/guide-steps.js";
import { chip, fill, h, icon, one, show } from "./dom.js";
import { readAloud } from "./read-aloud.js";
import { recorded } from "./recorded.js";
import { back, go } from "./router.js";
import { toast } from "./toast.js";
import { t } from "./words.js";

// As recordings are kept (onboarding/guides/recordings.py); a phone takes the first that it can play.
const SOUNDS = { opus: "audio/ogg; codecs=opus", m4a: "audio/mp4" };

/** @type {import("./router.js").Screen} */
export const guideList = {
  name: "huong-dan",
  paths: ["/huong-dan"],
  show() {}, // drawn by Django: it is the same for everybody
};

/** @type {import("./router.js").Screen} */
export const guideStep = {
  name: "tranh",
  paths: ["/tranh/:guide/:step"],
  async show({ root, params, still }) {
    const guide = await stepsOf(params.guide).catch(() => null);
    if (!still()) return;
    if (!guide) toast(t("guide.not_here"));
    const number = Number(params.step);
    const step = guide?.steps[number - 1];
    if (!step) return void go("/huong-dan", { replace: true });
    one(root, "[data-title]").textContent = step.caption;
    one(root, "[data-sub]").textContent = t("guide.step", { n: number, all: guide.steps.length });
    one(root, "[data-note]").textContent = step.note ?? "";
    show(one(root, "[data-note]"), Boolean(step.note));
    fill(one(root, "[data-prog]"), pills(number, guide.steps.length));
    fill(one(root, "[data-pic]"), picture(step), step.safety && h("figcaption", { "data-read": true }, icon("shield-lock"), step.safety));
    // A guide that was saved before pictures had frames is shown by its middle.
    Object.assign(one(root, "[data-pic]").dataset, step.frame ?? { at: 50, tall: 80 });
    move(root, guide, number);
    return listen(root, step);
  },
};

/**
 * 'Nghe đọc', as on the citizens' step: what a person has read, else a voice of the phone, else no button.
 * @param {HTMLElement} root @param {import("../sync/guide-steps.js").GuideStep} step
 * @returns {() => void} silence, for whoever leaves the step
 */
function listen(root, { sound = {} }) {
  const template = /** @type {HTMLTemplateElement} */ (one(root, "[data-listen]"));
  const button = one(/** @type {DocumentFragment} */ (template.content.cloneNode(true)), "button");
  const sources = Object.entries(SOUNDS).filter(([form]) => form in sound).map(([form, type]) => h("source", { src: sound[form], type }));
  const leaving = new AbortController();
  template.before(button);
  if (sources.length > 0) {
    button.before(h("audio", { preload: "none" }, sources));
    recorded(button, leaving.signal);
  } else readAloud(button, leaving.signal);
  return () => {
    leaving.abort();
    button.remove();
  };
}

/** @param {number} number @param {number} all */
export const pills = (number, all) => [...Array(all).keys()].map((i) => h("li", { "data-s": i + 1 < number && "done", "aria-current": i + 1 === number && "step" },
  h("span", { class: "sr" }, t("guide.pill", { n: i + 1 }))));

/** The same files that a saved guide keeps. @param {any} step */
function picture(step) {
  const missing = () => frame.replaceWith(h("p", { class: "empty" }, chip("wait", "cloud-off", t("guide.no_picture"))));
  if (!step.src) return h("p", { class: "empty" }, chip("wait", "cloud-off", t("guide.no_picture")));
  const image = h("img", { src: step.src, alt: step.alt ?? "", width: 720, height: 900, onerror: () => missing() });
  const frame = h("picture", {}, step.avif && h("source", { type: "image/avif", srcset: step.avif }), image);
  return frame;
}

/** @param {HTMLElement} root @param {any} guide @param {number} number */
function move(root, guide, number) {
  const last = number === guide.steps.length;
  const to = (/** @type {number} */ n) => go(`/tranh/${guide.slug}/${n}`, { replace: true });
  one(root, "[data-close]").onclick = () => back("/hom-nay");
  const before = /** @type {HTMLButtonElement} */ (one(root, "[data-prev]"));
  before.disabled = number === 1;
  before.onclick = () => to(number - 1);
  const next = one(root, "[data-next]");
  fill(next, last ? t("guide.end") : t("guide.next"), icon(last ? "check" : "arrow-right"));
  next.onclick = () => (last ? back("/hom-nay") : to(number + 1));
}
