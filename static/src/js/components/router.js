/**
 * Which screen of the shell is to be seen, by the part of the address after "#".
 * For: showing one section, focus on its heading, the way back, and the gate before everything (enrolled, unlocked).
 * Not for: what a screen does; each registers itself with a name, its paths and a show() that may give back a leave().
 */
import { all, one, show } from "./dom.js";

/** @typedef {Record<string, string>} Params */
/** @typedef {{root: HTMLElement, params: Params, still: () => boolean}} Visit  still() is false once another screen is shown. */
/**
 * @typedef {object} Screen
 * @property {string} name  data-screen of its section
 * @property {string[]} paths  e.g. "/nha/:household"
 * @property {boolean} [open]  may be seen while locked
 * @property {(visit: Visit) => Promise<void | (() => void)> | void | (() => void)} show
 */

/** @type {{screen: Screen, pattern: RegExp, names: string[]}[]} */
const routes = [];
/** @type {(() => void) | void} */
let leave;
let turn = 0;
/** @type {(path: string, screen: Screen | null) => Promise<string | null>} */
let gate = async () => null;

/** @type {(name: string) => void} */
let told = () => {};

/** Call fn with the name of every screen that is shown. @param {(name: string) => void} fn */
export const entered = (fn) => { told = fn; };

/** @param {Screen[]} screens */
export function register(...screens) {
  for (const screen of screens) for (const path of screen.paths) routes.push({ screen, ...compile(path) });
}

/** @param {string} path */
function compile(path) {
  const names = [...path.matchAll(/:(\w+)/g)].map((match) => match[1]);
  return { names, pattern: new RegExp(`^${path.replace(/:\w+/g, "([^/]+)")}$`) };
}

/** The path now shown, without "#". */
export const path = () => (location.hash.startsWith("#/") ? location.hash.slice(1) : "/hom-nay");

/**
 * Go to another screen.
 * @param {string} to
 * @param {{replace?: boolean}} [how] replace: the way back skips the present screen
 */
export function go(to, { replace = false } = {}) {
  if (`#${to}` === location.hash) return void render();
  if (!replace) return void (location.hash = to);
  history.replaceState(null, "", `#${to}`);
  return void render();
}

/**
 * Where "back" leads when the app was opened at this very screen.
 * @param {string} fallback
 */
export function back(fallback) {
  if (history.state?.inside || history.length > 2) history.back();
  else go(fallback, { replace: true });
}

/**
 * Begin: every change of the address shows its screen.
 * @param {typeof gate} check gives the path to show instead, or null
 */
export function start(check) {
  gate = check;
  addEventListener("hashchange", () => void (location.hash.startsWith("#/") && render()));
  return render();
}

/** Show again what the address says; used after a lock or an unlock. */
export async function render() {
  const mine = ++turn;
  const here = path();
  const match = find(here) ?? find("/hom-nay");
  const other = await gate(here, match?.screen ?? null);
  if (mine !== turn || here !== path()) return; // the address has changed, and its event is on the way
  if (other !== null && other !== here) return void go(other, { replace: true });
  if (match) await enter(match.screen, match.params, mine);
}

/** @param {string} here */
function find(here) {
  for (const { screen, pattern, names } of routes) {
    const found = pattern.exec(here);
    if (found) return { screen, params: Object.fromEntries(names.map((name, i) => [name, decodeURIComponent(found[i + 1])])) };
  }
  return null;
}

/**
 * @param {Screen} screen
 * @param {Params} params
 * @param {number} mine
 */
async function enter(screen, params, mine) {
  leave?.();
  leave = undefined;
  const root = one(document, `[data-screen="${screen.name}"]`);
  root.setAttribute("aria-busy", "true");
  const left = await screen.show({ root, params, still: () => mine === turn });
  root.removeAttribute("aria-busy");
  // Another screen was asked for while this one was loading: it has nothing to show any more, only to tidy up.
  if (mine !== turn) return void left?.();
  leave = left;
  told(screen.name);
  reveal(root);
}

/** @param {HTMLElement} root */
function reveal(root) {
  const fresh = root.hidden;
  for (const section of all(document, "[data-screen]")) show(section, section === root);
  const heading = one(root, "h1");
  document.title = `${heading.textContent?.trim() ?? ""} · Gõ Cửa`;
  document.body.dataset.shown = path(); // what is to be seen now, for whoever waits for it
  mark(root);
  if (!fresh) return;
  scrollTo(0, 0);
  heading.tabIndex = -1;
  heading.focus({ preventScroll: true });
}

/** @param {HTMLElement} root */
function mark(root) {
  for (const main of all(document, "[data-screen] main")) main.removeAttribute("id");
  root.querySelector("main")?.setAttribute("id", "noi-dung"); // where the skip link leads
  const tab = root.dataset.tab ?? "";
  for (const link of all(root, ".tabs a")) {
    if (link.getAttribute("href") === tab) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
}
