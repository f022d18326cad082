/* A file that is heavier than will be taken is said to be so when it is chosen, before it goes over a slow line.

   On a file input: data-most (bytes) and data-heavy (the sentence). The server refuses it, too, with the same words. */

/** @param {Document} page its parts may be swapped, so it listens on the whole of it */
export function fileBound(page) {
  page.addEventListener("change", (event) => {
    const input = event.target;
    if (!(input instanceof HTMLInputElement) || !input.dataset.most) return;
    input.parentElement?.querySelector("[data-too-heavy]")?.remove();
    const file = input.files?.[0];
    if (!file || file.size <= Number(input.dataset.most)) return;
    input.value = "";
    const said = page.createElement("p");
    said.className = "err";
    said.setAttribute("role", "alert");
    said.dataset.tooHeavy = "";
    said.textContent = input.dataset.heavy ?? "";
    input.before(said);
  });
}
