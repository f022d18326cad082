/* The way into the team app from the offline page: shown only on a phone that has the app. */

/** @param {HTMLElement} element hidden */
export function teamDoor(element) {
  if (!("caches" in window)) return;
  void caches.keys().then((names) => {
    element.hidden = !names.some((name) => name.startsWith("gocua-team-"));
  });
}
