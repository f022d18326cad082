/* What htmx needs on the ward's pages: the CSRF token from the cookie, a word when there is no network, focus after a swap.

   On body of layouts/ward.html; data-offline and data-signed-out hold the words to show in [data-live-message]. */

import { cookie } from "./look.js";

/** @param {HTMLElement} body */
export function liveParts(body) {
  body.addEventListener("htmx:configRequest", (event) => {
    const { verb, headers } = /** @type {CustomEvent} */ (event).detail;
    // From the cookie, not from the page: signing in changes the token, and a page may be older than that.
    if (verb !== "get") headers["X-CSRFToken"] = cookie("__Host-csrf") || cookie("csrftoken");
  });
  for (const name of ["htmx:sendError", "htmx:timeout"]) body.addEventListener(name, () => say(body, body.dataset.offline));
  body.addEventListener("htmx:responseError", (event) => {
    const { status } = /** @type {CustomEvent} */ (event).detail.xhr;
    if (status === 401 || status === 403) say(body, body.dataset.signedOut);
  });
  body.addEventListener("htmx:afterOnLoad", () => say(body, ""));
  body.addEventListener("htmx:afterSwap", (event) => {
    const { target } = /** @type {CustomEvent} */ (event).detail;
    const heading = target.tagName === "MAIN" ? target.querySelector("h1, h2") : null;
    heading?.setAttribute("tabindex", "-1");
    heading?.focus();
  });
}

/** @param {HTMLElement} body @param {string} [text] */
function say(body, text = "") {
  for (const place of body.querySelectorAll("[data-live-message]")) {
    place.textContent = text;
    place.toggleAttribute("hidden", !text);
  }
}
