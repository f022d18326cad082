/* 'Nghe đọc' where a person has read the step: plays the recording; when it cannot be played, a voice of the phone reads.

   The player of the browser stands there without scripts; here our button takes its place. */

import { readAloud } from "./read-aloud.js";

/** @param {HTMLElement} button hidden by the server, right after its <audio data-recorded> */
export function recorded(button) {
  const audio = button.previousElementSibling;
  if (!(audio instanceof HTMLAudioElement)) return;
  const label = button.querySelector("[data-label]") ?? button;
  const word = label.textContent;
  const press = () => (audio.paused ? audio.play().catch(() => {}) : audio.pause());
  const told = () => {
    const playing = !audio.paused && !audio.ended;
    button.setAttribute("aria-pressed", String(playing));
    label.textContent = playing ? (button.dataset.stop ?? word) : word;
    if (!playing) audio.currentTime = 0; // the next press begins anew
  };
  const giveUp = () => {
    button.removeEventListener("click", press);
    button.hidden = true;
    readAloud(button);
  };
  audio.remove(); // it is heard from outside the page, too
  button.hidden = false;
  button.addEventListener("click", press);
  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, told);
  // The last source says when none of them will do.
  audio.querySelector("source:last-of-type")?.addEventListener("error", giveUp);
  addEventListener("pagehide", () => audio.pause());
}
