/* Finds guides by what people type: with or without diacritics, with a slip, by a neighbour's spelling, run together.

   Pure: an index in, entries out; the twin of onboarding/guides/finding.py, where the description stands. Both are held
   to tests/wire/finding.json. Not for: fetching the index (finding-index.js) or showing what was found. */

import { fold } from "./text.js";

/** @typedef {{slug: string, title: string, small: string, icon: string, href?: string} & Record<string, string | string[] | undefined>} Doc */
/** @typedef {{weights: Record<string, number>, idle: string[], docs: Doc[]}} Index */
/** @typedef {{base: string, marks: string, shape: string, sound: string}} Word */
/** @typedef {{word: Word, places: Map<number, number>}} Term */
/** @typedef {{text: string, weight: number}} Text */
/** @typedef {{docs: Doc[], idle: Set<string>, terms: Term[], bases: Set<string>, texts: Text[][]}} Prepared */
/** @typedef {{base: string, earned: Map<number, number>, slip: boolean}} Fit */
/** @typedef {{text: string, rarity: number}} Run */

const GRADES = { whole: 10, same: 9, start: 7, bare: 5, sound: 5, slip: 3 };
const WORDS = 8, LONGEST = 40, SLIP = 4, PAIR = 8, SHARE = 2, RUN = 4;
const SOUNDS = [["ngh", "ng"], ["gh", "g"], ["gi", "d"], ["tr", "ch"], ["kh", "kh"], ["k", "c"], ["s", "x"], ["r", "d"], ["l", "n"]];
const TONES = "\u0300\u0301\u0303\u0309\u0323";
const MARKS = `${TONES}\u0302\u0306\u031bđ`;
const WORD = /[\p{L}\p{N}]+/gu;

/** Make an index ready for find(). @param {Index} index @returns {Prepared} */
export function prepare(index) {
  /** @type {Map<string, Term>} */
  const terms = new Map();
  const texts = index.docs.map((doc, place) => {
    const own = Object.entries(index.weights).flatMap(([name, weight]) => textsOf(doc[name]).map((text) => ({ text, weight })));
    for (const { text, weight } of own) for (const word of wordsOf(text)) note(terms, word, place, weight);
    return own.map(({ text, weight }) => ({ text: ` ${fold(text)} `, weight }));
  });
  const all = [...terms.values()];
  return { docs: index.docs, idle: new Set(index.idle), terms: all, bases: new Set(all.map(({ word }) => word.base)), texts };
}

/** The entries that answer a question, the best first; empty when there is none. @param {Prepared} prepared @param {string} question @returns {Doc[]} */
export function find(prepared, question) {
  const found = wordsOf(question);
  const telling = tellingOf(found, prepared.idle);
  const fits = (telling.length > 0 ? telling : found).slice(0, WORDS).flatMap((word) => fitsOf(prepared, word));
  const scores = scoresOf(prepared, fits);
  const best = Math.max(0, ...scores.values());
  const kept = [...scores].filter(([, score]) => score * SHARE >= best);
  return kept.sort(([a, one], [b, other]) => other - one || a - b).map(([place]) => prepared.docs[place]);
}

// --- Words -------------------------------------------------------------------------------------------------------------

/** @param {string} text @returns {Word[]} */
export function wordsOf(text) {
  const raw = text.normalize("NFC").match(WORD) ?? [];
  return raw.flatMap((letters) => fold(letters).split(" ").filter(Boolean).map((base) => wordOf(base.slice(0, LONGEST), letters)));
}

/** A word by its base and the letters it was written with. @param {string} base @param {string} letters @returns {Word} */
function wordOf(base, letters) {
  const parts = [...letters.toLowerCase().normalize("NFD")];
  // In a fixed order, wherever in the word they stand: "hòa" and "hoà" are one.
  const marks = parts.filter((char) => MARKS.includes(char)).sort().join("");
  const shape = parts.filter((char) => !TONES.includes(char)).join("").normalize("NFC");
  return { base, marks, shape, sound: sound(base) };
}

/** How a base sounds: two words that sound alike have the same. @param {string} base */
export function sound(base) {
  const [start, heard] = SOUNDS.find(([from]) => base.startsWith(from)) ?? ["", ""];
  return (heard + base.slice(start.length)).replaceAll("y", "i");
}

/** One letter wrong, missing, added, or two neighbours swapped. @param {string} typed @param {string} meant */
export function slipped(typed, meant) {
  if (typed === meant || Math.abs(typed.length - meant.length) > 1) return false;
  let at = 0;
  while (at < typed.length && typed[at] === meant[at]) at += 1;
  if (typed.length > meant.length) return typed.slice(at + 1) === meant.slice(at);
  if (typed.length < meant.length) return typed.slice(at) === meant.slice(at + 1);
  const swapped = typed[at] === meant[at + 1] && typed[at + 1] === meant[at] && typed.slice(at + 2) === meant.slice(at + 2);
  return swapped || typed.slice(at + 1) === meant.slice(at + 1);
}

/** @param {string | string[] | undefined} value @returns {string[]} */
const textsOf = (value) => (typeof value === "string" ? [value] : value ?? []);

/** @param {Map<string, Term>} terms @param {Word} word @param {number} place @param {number} weight */
function note(terms, word, place, weight) {
  const key = `${word.base} ${word.marks}`;
  const term = terms.get(key) ?? { word, places: new Map() };
  terms.set(key, term);
  term.places.set(place, Math.max(weight, term.places.get(place) ?? 0));
}

/** @param {Word[]} found @param {Set<string>} idle @returns {Word[]} */
function tellingOf(found, idle) {
  const kept = [];
  for (let at = 0; at < found.length;) {
    let run = RUN;
    while (run > 0 && !idle.has(found.slice(at, at + run).map(({ base }) => base).join(" "))) run -= 1;
    if (run === 0) kept.push(found[at]);
    at += run || 1;
  }
  return kept;
}

/** The fewest words of the index that a typed one can be cut into. @param {string} typed @param {Set<string>} bases @returns {string[]} */
function cut(typed, bases) {
  // From the end: the best way to cut what is left of each place.
  /** @type {(string[] | null)[]} */
  const ways = [...Array(typed.length).fill(null), []];
  for (let start = typed.length - 1; start >= 0; start -= 1) {
    for (let end = typed.length; end > start; end -= 1) {
      const rest = ways[end], held = ways[start];
      if (rest && bases.has(typed.slice(start, end)) && (!held || rest.length + 1 < held.length)) ways[start] = [typed.slice(start, end), ...rest];
    }
  }
  return ways[0] ?? [];
}

// --- Fitting and counting ----------------------------------------------------------------------------------------------

/** @param {Prepared} prepared @param {Word} word @returns {Fit[]} */
function fitsOf(prepared, word) {
  const found = fit(prepared, word);
  if (found.earned.size > 0) return [found];
  const parts = cut(word.base, prepared.bases);
  return parts.length > 0 ? parts.map((part) => fit(prepared, wordOf(part, part))) : [found];
}

/** @param {Prepared} prepared @param {Word} word @returns {Fit} */
function fit(prepared, word) {
  const { base } = word;
  const earned = new Map();
  for (const term of prepared.terms) earn(earned, term, grade(word, term.word));
  const slip = earned.size === 0 && base.length >= SLIP;
  if (slip) for (const term of prepared.terms) earn(earned, term, slipped(base, term.word.base) ? GRADES.slip : 0);
  return { base, earned, slip };
}

/** @param {Map<number, number>} earned @param {Term} term @param {number} grade */
function earn(earned, term, grade) {
  if (grade === 0) return;
  for (const [place, weight] of term.places) earned.set(place, Math.max(grade * weight, earned.get(place) ?? 0));
}

/** @param {Word} typed @param {Word} meant */
function grade(typed, meant) {
  const equal = typed.base === meant.base, begins = meant.base.startsWith(typed.base);
  if (!begins && typed.sound !== meant.sound) return 0;
  if (!holds(meant.marks, typed.marks)) return equal ? GRADES.bare : 0;
  if (equal) return typed.marks && typed.marks === meant.marks ? GRADES.whole : GRADES.same;
  if (begins && (!typed.marks || meant.shape.startsWith(typed.shape))) return GRADES.start;
  return typed.sound === meant.sound ? GRADES.sound : 0;
}

/** True when all of some marks are among others; both are in order. @param {string} all @param {string} some */
function holds(all, some) {
  let at = -1;
  return [...some].every((mark) => (at = all.indexOf(mark, at + 1)) >= 0);
}

/** @param {Prepared} prepared @param {Fit[]} fits @returns {Map<number, number>} */
function scoresOf(prepared, fits) {
  /** @type {Map<number, {score: number, count: number}>} */
  const sums = new Map();
  const rarities = fits.map(({ earned }) => rarityOf(earned.size, prepared.docs.length));
  for (const [at, { earned, slip }] of fits.entries()) {
    for (const [place, points] of earned) {
      const { score, count } = sums.get(place) ?? { score: 0, count: 0 };
      sums.set(place, { score: score + rarities[at] * points, count: count + (slip ? 1 : 2) });
    }
  }
  const runs = runsOf(fits.map(({ base }) => base), rarities);
  const enough = [...sums].filter(([, { count }]) => count >= fits.length);
  return new Map(enough.map(([place, { score }]) => [place, score + PAIR * together(prepared.texts[place], runs)]));
}

/** @param {number} having @param {number} of */
function rarityOf(having, of) {
  let rarity = 1;
  for (let n = having; n > 0 && n * 2 <= of; n *= 2) rarity += 1;
  return rarity;
}

/** What earns when it stands in a text: each two neighbours, last all of them. @param {string[]} bases @param {number[]} rarities @returns {Run[]} */
function runsOf(bases, rarities) {
  if (bases.length < 2) return [];
  const two = bases.slice(1).map((base, i) => ({ text: ` ${bases[i]} ${base}`, rarity: Math.min(rarities[i], rarities[i + 1]) }));
  return [...two, { text: ` ${bases.join(" ")} `, rarity: Math.min(...rarities) }];
}

/** @param {Text[]} texts @param {Run[]} runs */
function together(texts, runs) {
  return runs.reduce((sum, run, at) => {
    const whole = at === runs.length - 1;
    const weights = texts.filter(({ text }) => (whole ? text === run.text : text.includes(run.text))).map(({ weight }) => weight);
    return sum + run.rarity * Math.max(0, ...weights);
  }, 0);
}
