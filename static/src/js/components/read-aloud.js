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

/** @param {HTMLElement} button hidden by the server; data-stop holds the word shown while reading */
export function readAloud(button) {
  if (!("speechSynthesis" in window)) return;
  const show = () => {
    if (pageVoice()) button.hidden = false;
  };
  show();
  speechSynthesis.addEventListener?.("voiceschanged", show);
  setTimeout(show, WAIT_FOR_VOICES);
  const label = button.querySelector("[data-label]") ?? button;
  const word = label.textContent;
  let run = 0;
  const rest = () => {
    label.textContent = word;
    button.setAttribute("aria-pressed", "false");
  };
  button.addEventListener("click", () => {
    const mine = ++run;
    speechSynthesis.cancel();
    if (button.getAttribute("aria-pressed") === "true") return rest();
    button.setAttribute("aria-pressed", "true");
    label.textContent = button.dataset.stop ?? word;
    speak(words(), () => mine === run, rest);
  });
  addEventListener("pagehide", () => speechSynthesis.cancel());
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
