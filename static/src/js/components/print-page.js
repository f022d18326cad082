/* A button that prints the page. */

/** @param {HTMLElement} button */
export function printPage(button) {
  button.addEventListener("click", () => window.print());
}
