/* What the worker may keep and what it must never touch: pure decisions, so that they can be tested without a browser.

   For: worker.js. Not for: doing; nothing here opens a cache or the network. */

// Personal pages and live questions. Cache Storage is not encrypted, so none of their answers may ever lie there.
const NEVER = ["/phuong/", "/sync/", "/dang-nhap/", "/dang-xuat/", "/tai-khoan/", "/quan-tri/", "/bien-nhan/", "/to-ho-tro/", "/suc-khoe/", "/y-kien/", "/goi-to/da-gui/"];

/** True for an address whose answers must never be kept. @param {string} path */
export const isNever = (path) => NEVER.some((start) => path === start.slice(0, -1) || path.startsWith(start));

/** True for the page of the search, whatever is asked there. @param {string} path */
export const isSearchPage = (path) => path === "/tim/";

/** True for the page that asks the ward for a visit, whatever was being read. @param {string} path */
export const isAskPage = (path) => path === "/goi-to/";

/** True for what phones search in. @param {string} path */
export const isGuideIndex = (path) => path === "/tim/muc-luc.json";

/** True for the citizens' pages: home, the list in English, search, events, procedures, guides. @param {string} path */
export const isGuidePage = (path) => path === "/" || path === "/en/" || isSearchPage(path) || path.startsWith("/can/") || path.startsWith("/thu-tuc/") || (path.startsWith("/huong-dan/") && !path.endsWith(".json"));

/** True for the address of a guide's picture. @param {string} path */
export const isGuidePicture = (path) => path.startsWith("/tranh/") || path.startsWith("/huong-dan/");

/** True for what pages are dressed with: styles, scripts, fonts. @param {string} path */
export const isStyle = (path) => path.startsWith("/static/");

/** True for the address of a step that a person has read aloud. @param {string} path */
export const isGuideSound = (path) => path.startsWith("/tieng/");

/**
 * True when an answer says of itself that it is for everybody and went well.
 * @param {{status: number, redirected: boolean, headers: {get(name: string): string | null}}} answer
 */
export function mayKeep(answer) {
  const rule = answer.headers.get("Cache-Control") ?? "";
  return answer.status === 200 && !answer.redirected && /(^|[\s,])public([\s,]|$)/.test(rule) && !/no-store|private/.test(rule);
}

/** True for the address of the team app's shell. @param {string} path */
export const isTeamShell = (path) => path === "/doi/" || path === "/doi";
