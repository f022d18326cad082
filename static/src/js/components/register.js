/* Registers the service worker and decides when a new one may take over: at the next navigation, with no draft open.

   Not for: what the worker does. A page marks an open draft by holding a Web Lock whose name starts with "draft" (other
   tabs see it) or by the attribute data-draft-open on any element (this tab). */

const ADDRESS = "/serviceworker.js";

/** @type {ServiceWorker | null} */
let waiting = null;

/** True while a new version waits for a safe moment. */
export const updateReady = () => waiting !== null;

/** Register after the page has loaded, so that its own files come first on a slow line. */
export function register() {
  if (!("serviceWorker" in navigator)) return;
  if (document.readyState === "complete") void begin();
  else addEventListener("load", () => void begin(), { once: true });
}

async function begin() {
  const again = Boolean(navigator.serviceWorker.controller);
  try {
    const registration = await navigator.serviceWorker.register(ADDRESS, { updateViaCache: "none" });
    document.addEventListener("click", applyOnLeaving, { capture: true });
    watch(registration);
    await navigator.serviceWorker.ready;
    tellOpened(again);
  } catch {
    // A private window or an old browser: the site works, only not without network.
  }
}

/** @param {ServiceWorkerRegistration} registration */
function watch(registration) {
  note(registration.waiting);
  registration.addEventListener("updatefound", () => {
    const fresh = registration.installing;
    fresh?.addEventListener("statechange", () => {
      // Without a controller this is the first worker: there is nothing to replace.
      if (fresh.state === "installed" && navigator.serviceWorker.controller) note(fresh);
    });
  });
}

/** @param {ServiceWorker | null} worker */
function note(worker) {
  waiting = worker;
  document.body.toggleAttribute("data-update-waits", worker !== null);
}

/** The page that brought the worker was fetched without it: have it kept too. @param {boolean} again not the first visit */
function tellOpened(again) {
  // The one that the browser chose, not the one for browsers without its format.
  const pictures = [...document.images].map((img) => new URL(img.currentSrc || img.src)).filter((url) => url.origin === location.origin).map((url) => url.pathname);
  // And what the page asks to have with it.
  const wanted = [...document.querySelectorAll("[data-keep]")].flatMap((element) => (element.getAttribute("data-keep") ?? "").split(" "));
  navigator.serviceWorker.controller?.postMessage({ type: "opened", addresses: [location.pathname, ...wanted, ...pictures], again });
  if (navigator.serviceWorker.controller) return;
  navigator.serviceWorker.addEventListener("controllerchange", () => tellOpened(again), { once: true });
}

/** Have the worker keep public pages that were not opened. @param {string[]} addresses */
export async function keepPages(addresses) {
  const registration = await navigator.serviceWorker?.ready;
  registration?.active?.postMessage({ type: "opened", addresses });
}

/** @param {Event} event */
function applyOnLeaving(event) {
  const link = event.target instanceof Element ? event.target.closest("a[href]") : null;
  if (link instanceof HTMLAnchorElement && link.origin === location.origin && link.pathname !== location.pathname) applyUpdate();
}

/** Let the waiting version take over unless a draft is open; the locks it asks itself, this page may be gone by then. */
function applyUpdate() {
  if (!waiting || document.querySelector("[data-draft-open]")) return;
  waiting.postMessage({ type: "apply-update" });
  waiting = null;
}
