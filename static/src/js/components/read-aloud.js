/* 'Nghe đọc': reads the page's own words in a voice of its language, sentence by sentence; no voice, no button.

   Reads what is marked data-read, in order; without marks the h1 and the picture's safety line. */

const WAIT_FOR_VOICES = 1500;

/** Sentences of a text, short enough that a cheap phone's voice does not stop half way. @param {string} text @returns {string[]} */
export function sentences(text) {
  const parts = text.normalize("NFC").replace(/\s+/g, " ").match(/[^.!?…;]+[.!?…;]*/g) ?? [];
  return parts.map((part) => part.trim()).filter((part) => /[\p{L}\p{N}]/u.test(part));
}

// What an utterance is marked with, by the language of the page.
/** @type {Record<string, string>} */
const TAGS = { vi: "vi-VN", en: "en-GB" };

/**
 * The first voice of a language, one on the phone before one on the network.
 * @param {{lang: string, localService: boolean}[]} voices @param {string} language of two letters
 */
export function voiceOf(voices, language) {
  const found = voices.filter((voice) => voice.lang.toLowerCase().split(/[-_]/)[0] === language);
  return found.find((voice) => voice.localService) ?? found[0] ?? null;
}

/** The first Vietnamese voice. @param {{lang: string, localService: boolean}[]} voices */
export const vietnamese = (voices) => voiceOf(voices, "vi");

/**
 * What a button of this kind says: its own word, or that of data-stop while one hears something.
 * @param {HTMLElement} button
 * @returns {(heard: boolean) => void}
 */
export function wording(button) {
  const label = button.querySelector("[data-label]") ?? button;
  const word = label.textContent;
  return (heard) => {
    button.setAttribute("aria-pressed", String(heard));
    label.textContent = heard ? (button.dataset.stop ?? word) : word;
  };
}

/**
 * @param {HTMLElement} button hidden by the server; data-stop holds the word shown while reading
 * @param {AbortSignal} [signal] tells that the button is gone while the page stays: nothing is read any more
 */
export function readAloud(button, signal) {
  if (!("speechSynthesis" in window)) return;
  const show = () => {
    if (pageVoice()) button.hidden = false;
  };
  show();
  speechSynthesis.addEventListener?.("voiceschanged", show, { signal });
  setTimeout(show, WAIT_FOR_VOICES);
  const tell = wording(button);
  let run = 0;
  let reads = false;
  const turn = (/** @type {boolean} */ on) => {
    run += 1;
    speechSynthesis.cancel();
    reads = on;
    tell(on);
  };
  const stop = () => turn(false);
  button.addEventListener("click", () => {
    turn(!reads);
    const mine = run;
    if (reads) speak(words(), () => mine === run, stop);
  });
  addEventListener("pagehide", stop, { signal });
  signal?.addEventListener("abort", stop);
}

// The page says which language it is in; the team's and most of the citizens' pages are Vietnamese.
const language = () => (document.documentElement.lang === "en" ? "en" : "vi");

const pageVoice = () => /** @type {SpeechSynthesisVoice | null} */ (voiceOf(speechSynthesis.getVoices(), language()));

function words() {
  // What is folded away or waits to be shown is not read.
  const marked = [...document.querySelectorAll("main [data-read]")].filter((element) => element.getClientRects().length > 0);
  const read = marked.length > 0 ? marked : [...document.querySelectorAll("main h1, main figcaption")];
  return read.flatMap((element) => sentences(element.getAttribute("data-read") || element.textContent || ""));
}

/** @param {string[]} left @param {() => boolean} wanted @param {() => void} done */
function speak(left, wanted, done) {
  const [first, ...rest] = left;
  if (!wanted()) return;
  if (first === undefined) return done();
  const saying = new SpeechSynthesisUtterance(first);
  saying.voice = pageVoice();
  saying.lang = TAGS[language()] ?? "";
  saying.rate = 0.9;
  saying.onend = () => speak(rest, wanted, done);
  saying.onerror = () => { if (wanted()) done(); };
  speechSynthesis.speak(saying);
}
