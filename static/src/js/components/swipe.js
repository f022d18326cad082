/* A swipe turns the page of a guide: the same links the buttons hold, a[rel=next] and a[rel=prev]. */

const FAR = 64;

/** @param {{x: number, y: number}} from @param {{x: number, y: number}} to @returns {"next" | "prev" | ""} */
export function direction(from, to) {
  const across = to.x - from.x;
  // Mostly sideways, or it is a scroll.
  if (Math.abs(across) < FAR || Math.abs(across) < 2 * Math.abs(to.y - from.y)) return "";
  return across < 0 ? "next" : "prev";
}

/** @param {HTMLElement} element */
export function swipe(element) {
  /** @type {{x: number, y: number} | null} */
  let from = null;
  element.addEventListener("touchstart", (event) => {
    const [touch] = event.touches;
    from = event.touches.length === 1 && touch ? { x: touch.clientX, y: touch.clientY } : null;
  }, { passive: true });
  element.addEventListener("touchend", (event) => {
    const [touch] = event.changedTouches;
    const way = from && touch ? direction(from, { x: touch.clientX, y: touch.clientY }) : "";
    const link = way ? document.querySelector(`a[rel="${way}"]`) : null;
    if (link instanceof HTMLElement) link.click();
  }, { passive: true });
}
