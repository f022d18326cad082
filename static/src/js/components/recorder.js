/* Recording a step with the phone's or the computer's microphone, and hearing it before it is kept.

   What was recorded goes into the form's own file field; the form is sent as if a file had been chosen. Where nothing can
   be recorded, this stays hidden and a file can be chosen. */

const END_EARLY = 500; // ms; the encoder adds a little

/** @param {number} ms */
export const clock = (ms) => `${Math.floor(ms / 60_000)}:${String(Math.floor(ms / 1000) % 60).padStart(2, "0")}`;

/** @param {HTMLElement} root [data-recorder] within a form with a file field */
export function recorder(root) {
  const file = root.closest("form")?.querySelector('input[type="file"]');
  if (!("MediaRecorder" in window) || !navigator.mediaDevices || !(file instanceof HTMLInputElement)) return;
  const part = (/** @type {string} */ name) => /** @type {HTMLElement} */ (root.querySelector(`[data-${name}]`));
  const label = part("label");
  const longest = Number(root.dataset.longest) * 1000 - END_EARLY;
  /** @type {MediaRecorder | null} */
  let running = null;
  let asking = false;
  root.hidden = false;

  part("record").addEventListener("click", () => (running ? running.stop() : begin()));

  async function begin() {
    if (asking) return; // a second tap while the browser asks would open the microphone twice
    part("wrong").hidden = true;
    asking = true;
    const stream = await navigator.mediaDevices.getUserMedia({ audio: { channelCount: 1 } }).catch(() => null);
    asking = false;
    if (!stream) return wrong();
    const recording = new MediaRecorder(stream, { audioBitsPerSecond: 64_000 });
    /** @type {Blob[]} */
    const parts = [];
    const started = performance.now();
    const tick = setInterval(() => {
      const now = performance.now() - started;
      part("time").textContent = clock(now);
      if (now >= longest) recording.stop();
    }, 200);
    recording.ondataavailable = (event) => parts.push(event.data);
    recording.onstop = () => {
      clearInterval(tick);
      stream.getTracks().forEach((track) => track.stop());
      running = null;
      label.textContent = label.dataset.again ?? "";
      hold(new Blob(parts, { type: recording.mimeType }));
    };
    running = recording;
    label.textContent = label.dataset.stop ?? "";
    recording.start();
  }

  function wrong() {
    part("wrong").textContent = root.dataset.noMicrophone ?? "";
    part("wrong").hidden = false;
  }

  /** Put a recording into the form and let it be heard. @param {Blob} sound */
  function hold(sound) {
    const files = new DataTransfer();
    files.items.add(new File([sound], "ban-ghi", { type: sound.type }));
    const input = /** @type {HTMLInputElement} */ (file);
    input.files = files.files;
    input.dispatchEvent(new Event("input", { bubbles: true })); // as if it had been chosen: leaving the page asks first
    /** @type {HTMLAudioElement} */ (part("preview")).src = URL.createObjectURL(sound);
    part("heard").hidden = false;
  }
}
