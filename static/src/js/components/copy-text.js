/* A button that copies a text: data-text, or that of the element with the id data-copies; data-done is what it says then.

   Where the browser lets nobody copy (an address without HTTPS), the text is selected, so that a hand can do the rest. */

/** @param {HTMLElement} button */
export function copyText(button) {
  const words = button.querySelector("span");
  const before = words?.textContent ?? "";
  button.hidden = false;
  button.addEventListener("click", async () => {
    const source = document.getElementById(button.dataset.copies ?? "") ?? button;
    if (!words || !(await copied(button.dataset.text ?? textOf(source), source))) return;
    words.textContent = button.dataset.done ?? "";
    setTimeout(() => (words.textContent = before), 4000);
  });
}

/** @param {HTMLElement} source */
const textOf = (source) => (source instanceof HTMLTextAreaElement ? source.value : (source.textContent ?? "").trim());

/** @param {string} text @param {HTMLElement} source */
async function copied(text, source) {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    // A link stands beside its button; a text is selected where it stands.
    select(source instanceof HTMLButtonElement ? (source.previousElementSibling ?? source) : source);
    // Old, but the only way there without HTTPS.
    return document.execCommand("copy");
  }
}

/** @param {Element} source */
function select(source) {
  if (source instanceof HTMLTextAreaElement) source.select();
  else getSelection()?.selectAllChildren(source);
}
