/* A step's picture that cannot be shown: what it shows is read out instead, and why; it is tried again with the network.

   The element is the figure; [data-broken] inside says why. */

/** @param {HTMLElement} figure */
export function brokenPicture(figure) {
  const image = figure.querySelector("img");
  if (!image) return;
  const tell = (/** @type {boolean} */ broken) => figure.querySelector("[data-broken]")?.toggleAttribute("hidden", !broken);
  image.addEventListener("error", () => tell(true));
  image.addEventListener("load", () => tell(false));
  if (image.complete && image.naturalWidth === 0) tell(true);
  addEventListener("online", () => {
    // The same address again; the browser chooses among the sources anew.
    if (image.complete && image.naturalWidth === 0) image.src = image.getAttribute("src") ?? "";
  });
}
