/* 'Làm tiếp': remembers on this phone which step of which guide was open last, and offers it at home.

   Kept in localStorage: a slug and a number, nothing about a person. */

const KEY = "gocua-resume";
const DAYS = 30;

/** @typedef {{slug: string, step: number, total: number, title: string, at: number}} Place */

/** @param {string | null} text @param {number} now @returns {Place | null} null when there is none, it is old, or the guide is done */
export function placeOf(text, now) {
  try {
    const place = JSON.parse(text ?? "null");
    const fresh = place && now - place.at < DAYS * 86_400_000;
    return fresh && place.step > 1 && place.step < place.total && /^[a-z0-9-]+$/.test(place.slug) ? place : null;
  } catch {
    return null;
  }
}

/** On a step page: data-slug, data-step, data-total, data-title. @param {HTMLElement} element */
export function rememberStep(element) {
  const { slug, step, total, title } = element.dataset;
  store(JSON.stringify({ slug, step: Number(step), total: Number(total), title, at: Date.now() }));
}

/** At home: shows itself with [data-title], [data-step], [data-total] and its link filled. @param {HTMLElement} element */
export function resume(element) {
  const place = placeOf(load(), Date.now());
  if (!place) return;
  const fill = (/** @type {string} */ name, /** @type {string} */ text) => {
    for (const spot of element.querySelectorAll(`[data-${name}]`)) spot.textContent = text;
  };
  fill("title", place.title);
  fill("step", String(place.step));
  fill("total", String(place.total));
  element.querySelector("a")?.setAttribute("href", `/huong-dan/${place.slug}/${place.step}/`);
  element.hidden = false;
}

function load() {
  try { return localStorage.getItem(KEY); } catch { return null; }
}

/** @param {string} text */
function store(text) {
  try { localStorage.setItem(KEY, text); } catch { /* storage is off or full: only the offer to go on is lost */ }
}
