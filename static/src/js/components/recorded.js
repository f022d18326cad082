/* 'Nghe đọc' where a person has read the step: plays the recording; when it cannot be played, a voice of the phone reads.

   The player of the browser stands there without scripts; here our button takes its place. */

import { readAloud, wording } from "./read-aloud.js";

/**
 * @param {HTMLElement} button hidden by the server, right after its <audio data-recorded>
 * @param {AbortSignal} [signal] tells that the button is gone while the page stays: nothing is heard any more
 */
export function recorded(button, signal) {
  const audio = button.previousElementSibling;
  if (!(audio instanceof HTMLAudioElement)) return;
  const tell = wording(button);
  const ours = new AbortController();
  const press = () => (audio.paused ? audio.play().catch(() => {}) : audio.pause());
  const told = () => {
    const playing = !audio.paused && !audio.ended;
    tell(playing);
    if (!playing) audio.currentTime = 0; // the next press begins anew
  };
  const stop = () => audio.pause();
  const giveUp = () => {
    const wanted = !audio.paused;
    ours.abort();
    stop();
    told();
    button.hidden = true;
    readAloud(button, signal);
    if (wanted && !button.hidden) button.click(); // it was asked for: not asked for twice
  };
  audio.remove(); // it is heard from outside the page, too
  button.hidden = false;
  button.addEventListener("click", press, { signal: ours.signal });
  for (const name of ["play", "pause", "ended"]) audio.addEventListener(name, told, { signal: ours.signal });
  // The last source says when none of them will do.
  audio.querySelector("source:last-of-type")?.addEventListener("error", giveUp);
  addEventListener("pagehide", stop, { signal });
  signal?.addEventListener("abort", stop);
}
