/**
 * The team app as a whole: which screens there are, who may see them, when to lock and when to send.
 * For: starting everything once. Not for: anything a screen or sync/ can do by itself.
 */
import { currentIdentity } from "../sync/identity.js";
import { on } from "../sync/events.js";
import { setDeps } from "../sync/deps.js";
import { trust } from "../sync/pack-keys.js";
import { keepGuides } from "../sync/renewal.js";
import { syncNow } from "../sync/sync.js";
import { hasPin, isUnlocked, lock, onLock, setHidden, touch } from "../sync/vault.js";
import { hold } from "./card-in-hand.js";
import { checklistScreen } from "./checklist.js";
import { conflictScreen } from "./conflict.js";
import { signScreen } from "./consent.js";
import { all, catalogue, one } from "./dom.js";
import { enrolScreen } from "./enrol-screen.js";
import { closeForm, dropForm, flush } from "./form-draft.js";
import { guideList, guideStep } from "./guide-view.js";
import { editHouse, householdScreen } from "./household.js";
import { scanScreen } from "./id-scan.js";
import { keepTeamApp } from "./keep-team.js";
import { forget } from "./kept.js";
import { menuScreen } from "./menu.js";
import { formScreen } from "./offline-form.js";
import { hear, outboxScreen } from "./outbox-list.js";
import { choosePin, forgotPin, lockedAt, remember, unlockScreen } from "./pin-screens.js";
import { entered, path, register, render, start } from "./router.js";
import { today } from "./round.js";
import { scanResult } from "./scan-result.js";
import { startPills } from "./sync-pill.js";
import { again, endVisit } from "./visit.js";

const EVERY = 5 * 60_000;
/** @type {Map<string, Node>} every screen as Django drew it */
const pristine = new Map();

/** Begin. */
export async function startTeamApp() {
  setDeps({ build: document.body.dataset.build ?? "" });
  for (const section of all(document, "[data-screen]")) pristine.set(section.dataset.screen ?? "", section.cloneNode(true));
  register(enrolScreen, choosePin, unlockScreen, forgotPin, today, householdScreen, editHouse, endVisit, again, checklistScreen,
    guideList, guideStep, scanScreen, scanResult, formScreen, signScreen, outboxScreen, conflictScreen, menuScreen);
  skipLink();
  guard();
  entered((name) => {
    forget();
    if (name !== "to-khai" && name !== "ky") void closeForm();
  });
  await start(gate);
  await startPills();
  sending();
}

/**
 * Where one must go before what was asked for.
 * @param {string} here
 * @param {import("./router.js").Screen | null} screen
 * @returns {Promise<string | null>}
 */
async function gate(here, screen) {
  const identity = await currentIdentity();
  if (here.startsWith("/ghi-danh/")) return null;
  if (!identity) return "/ghi-danh";
  if (identity.wiped) return "/quen-pin";
  if (!(await hasPin())) return "/dat-pin";
  if (isUnlocked()) return ["/mo-khoa", "/dat-pin", "/ghi-danh"].includes(here) ? "/hom-nay" : null;
  if (screen?.open && here !== "/dat-pin" && here !== "/ghi-danh") return null;
  remember(here);
  return "/mo-khoa";
}

/** Locking: by time, by hiding, by leaving the page; nothing readable stays in the page. */
function guard() {
  for (const type of ["pointerdown", "keydown"]) addEventListener(type, () => touch(), { passive: true, capture: true });
  document.addEventListener("visibilitychange", () => {
    if (document.hidden) void flush();
    setHidden(document.hidden);
    if (!document.hidden) void syncNow("visible");
  });
  addEventListener("pagehide", () => lock("hidden"));
  addEventListener("pageshow", ({ persisted }) => persisted && void render());
  onLock(() => {
    dropForm();
    hold(null);
    dispatchEvent(new Event("gocua-close"));
    document.querySelector(".toast")?.remove();
    lockedAt(path());
    blank();
  });
}

/** Put back every screen as it came from the server: no name, no number is left in the page. */
function blank() {
  for (const section of all(document, "[data-screen]")) {
    const fresh = pristine.get(section.dataset.screen ?? "")?.cloneNode(true);
    if (fresh) section.replaceWith(fresh);
  }
  for (const section of all(document, "[data-screen]")) section.toggleAttribute("hidden", section.dataset.screen !== "doi");
}

/** Send when there is a reason to hope, and look for news every five minutes. */
function sending() {
  const go = (/** @type {string} */ reason) => void syncNow(reason);
  on("sync", hear);
  on("outbox", ({ why }, { here }) => here && why === "finalised" && (go("finalised"), void askWorker()));
  on("enrol", ({ code }) => code === "ok" && go("start"));
  addEventListener("online", () => go("online"));
  setInterval(() => document.hidden || go("timer"), EVERY);
  go("start");
  on("enrol", ({ code }) => code === "ok" && void keep());
  void keep();
}

/** Ask the browser to wake the worker when there is network again, even with the app closed; few browsers can. */
async function askWorker() {
  const registration = /** @type {any} */ (await navigator.serviceWorker?.ready);
  await registration?.sync?.register("gocua-outbox").catch(() => null);
}

/** Have the app and the guides on the phone before the network goes. What fails now is tried at the next opening. */
async function keep() {
  if (!(await currentIdentity())) return;
  await keepTeamApp().catch(() => false);
  trust(catalogue().guide_keys ?? []);
  await keepGuides((catalogue().guides ?? []).map((/** @type {any} */ { slug }) => slug)).catch(() => null);
}

/** The skip link leads to the screen's own content, without touching the address that chooses the screen. */
function skipLink() {
  one(document, ".skip").addEventListener("click", (event) => {
    event.preventDefault();
    const main = document.getElementById("noi-dung");
    main?.setAttribute("tabindex", "-1");
    main?.focus();
  });
}
