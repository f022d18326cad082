/**
 * How long a text takes when it is read aloud over a loudspeaker; the twin of onboarding/fieldwork/spoken.py.
 * For: the live count beside a text. Not for: refusing it; the server does, with the same figures.
 */

const UNIT =
  /(?<date>\d{1,2}\/\d{1,2}(?:\/\d{4})?)|(?<time>\d{1,2}[:hg]\d{2}|\d{1,2}[hg](?![\p{L}\p{N}_]))|(?<phone>0\d*(?:[ .]\d+)+|0\d{3,})|(?<number>\d+(?:\.\d{3})*)|(?<percent>%)|(?<word>\p{L}+)/gu;
const UPPER = /\p{Lu}/gu;

/**
 * How many syllables are heard when text is read aloud.
 * @param {string} text
 */
export function syllables(text) {
  const known = text.normalize("NFC");
  const words = known.match(/\p{L}{2,}/gu) ?? [];
  // Written in capitals throughout, they spell nothing.
  const shouted = words.filter((word) => word === word.toUpperCase()).length * 2 > words.length;
  return [...known.matchAll(UNIT)].reduce((sum, found) => sum + heard(found.groups ?? {}, shouted), 0);
}

/** @param {Record<string, string>} part @param {boolean} shouted */
function heard({ date, time, phone, number, percent, word }, shouted) {
  const [first, ...rest] = ((date ?? time ?? "").match(/\d+/g) ?? []).map(Number);
  if (date) return [first, ...rest].reduce((sum, each) => sum + said(each), rest.length);
  if (time) return said(first) + 1 + rest.filter(Boolean).reduce((sum, each) => sum + said(each), 0);
  if (phone) return phone.replace(/\D/g, "").length;
  if (number) return said(Number(number.replaceAll(".", "")));
  if (percent) return 2;
  return capitals(word) > 1 && !shouted ? [...word].length : 1;
}

/** @param {string} text */
const capitals = (text) => (text.match(UPPER) ?? []).length;

/** @param {number} value @returns {number} */
function said(value) {
  if (value < 20) return value <= 10 ? 1 : 2;
  if (value < 100) return value % 10 ? 3 : 2;
  const unit = value >= 1000 ? 1000 : 100;
  const rest = value % unit;
  const hundredMissing = unit === 1000 && rest < 100 ? 2 : 0;
  return said(Math.floor(value / unit)) + 1 + (rest ? hundredMissing + (rest < 10 ? 2 : said(rest)) : 0);
}
