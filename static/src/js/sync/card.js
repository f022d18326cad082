/**
 * Reading the text of the QR code on an ID card. Twin of onboarding/fieldwork/cards.py: same rules, same codes,
 * both pass tests/wire/cards.json. The raw text must never get into logs, addresses or storage.
 * Not for: the camera, nor anything shown (the sentences belong to the screen).
 */

/**
 * @typedef {{number: string, old_number: string, name: string, raw_name: string, birth: string, sex: "nam"|"nu",
 *   address: string, issued: string}} Card  birth "YYYY[-MM[-DD]]", issued "YYYY-MM-DD" or ""
 * @typedef {"empty"|"not_a_card"|"insurance"|"old_card"|"birth"|"future"|"garbled"} CardCode
 */

const LONGEST = 2000;
const FEWEST_FIELDS = 7;
const INVISIBLE = /[\ufeff\u200b-\u200f\u202a-\u202e\u2060-\u2069]/gu;
// eslint-disable-next-line no-control-regex
const CONTROLS = /[\x00-\x1f\x7f-\x9f]/gu;
const MOJIBAKE = /Ã|á»|áº|Ä|Æ/u;
const INSURANCE = /^(?:[A-Z]{2}\d{13}|\d{10})$/u;
const NAME_ODD = /[0-9<>{}[\]()=/\\@#$%^&*_|~"`;:!?]/u;
/** What Windows-1252 shows for bytes 80 to 9F; the rest of Latin-1 is its own byte. @type {Record<string, number>} */
const WINDOWS = {
  "€": 0x80, "‚": 0x82, "ƒ": 0x83, "„": 0x84, "…": 0x85, "†": 0x86, "‡": 0x87, "ˆ": 0x88, "‰": 0x89, "Š": 0x8a,
  "‹": 0x8b, "Œ": 0x8c, "Ž": 0x8e, "‘": 0x91, "’": 0x92, "“": 0x93, "”": 0x94, "•": 0x95, "–": 0x96, "—": 0x97,
  "˜": 0x98, "™": 0x99, "š": 0x9a, "›": 0x9b, "œ": 0x9c, "ž": 0x9e, "Ÿ": 0x9f,
};

/** The text is no card; `code` says why. Never carries the text. */
export class CardError extends Error {
  /** @param {CardCode} code */
  constructor(code) {
    super(code);
    this.code = code;
  }
}

/**
 * What the QR text of a card says. Throws CardError.
 * @param {string} raw  text of the QR code
 * @param {string} today  "YYYY-MM-DD" in Hà Nội
 * @returns {Card}
 */
export function parseCard(raw, today) {
  const fields = split(raw);
  const number = fields[0].replaceAll(" ", "");
  if (!/^[0-9]{12}$/u.test(number)) throw new CardError(notANumber(number));
  const rawName = oneLine(fields[2]);
  if (!rawName || NAME_ODD.test(rawName)) throw new CardError("garbled");
  return {
    number,
    old_number: /^(?:[0-9]{9}|[0-9]{12})$/u.test(fields[1]) ? fields[1] : "",
    name: title(rawName),
    raw_name: rawName,
    birth: birth(fields[3], today),
    sex: sex(fields[4]),
    address: oneLine(fields[5]),
    issued: issued(fields[6], today),
  };
}

/** @param {string} raw @returns {string[]} */
function split(raw) {
  const line = raw.slice(0, LONGEST + 1).replace(INVISIBLE, "").trim();
  if (!line) throw new CardError("empty");
  if (raw.length > LONGEST) throw new CardError("not_a_card");
  const clean = repair(line).normalize("NFC").replace(CONTROLS, " ");
  const fields = clean.split("|").map((field) => field.trim());
  if (fields.length < FEWEST_FIELDS) throw new CardError("not_a_card");
  return fields;
}

/** Undo UTF-8 that was read as Latin-1 or Windows-1252. @param {string} line @returns {string} */
function repair(line) {
  if (!MOJIBAKE.test(line)) return line;
  const bytes = [...line].map((char) => WINDOWS[char] ?? /** @type {number} */ (char.codePointAt(0)));
  if (bytes.some((byte) => byte > 255)) return line;
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(Uint8Array.from(bytes));
  } catch {
    return line;
  }
}

/** @param {string} number @returns {CardCode} */
function notANumber(number) {
  if (INSURANCE.test(number)) return "insurance";
  return /^[0-9]{9}$/u.test(number) ? "old_card" : "not_a_card";
}

/** @param {string} value */
const oneLine = (value) => value.replace(/\s+/gu, " ").trim();

/** @param {string} name */
function title(name) {
  if (name !== name.toUpperCase() && name !== name.toLowerCase()) return name;
  return name.split(" ").map((word) => word.slice(0, 1).toUpperCase() + word.slice(1).toLowerCase()).join(" ");
}

/** @param {string} value @returns {"nam"|"nu"} */
function sex(value) {
  const folded = value.toLowerCase();
  if (folded === "nam") return "nam";
  if (folded === "nữ" || folded === "nu") return "nu";
  throw new CardError("garbled");
}

/** @param {string} value @param {string} today @returns {string} */
function birth(value, today) {
  const digits = /^[0-9]{4}$/u.test(value) ? `0000${value}` : value;
  if (!/^[0-9]{8}$/u.test(digits)) throw new CardError("birth");
  const [day, month, year] = [digits.slice(0, 2), digits.slice(2, 4), digits.slice(4)];
  const [hasDay, hasMonth] = [day !== "00", month !== "00"];
  if (!isDate(year, hasMonth ? month : "01", hasDay ? day : "01") || (hasDay && !hasMonth)) throw new CardError("birth");
  const stored = [year, ...(hasMonth ? [month] : []), ...(hasDay ? [day] : [])].join("-");
  if (stored > today.slice(0, stored.length)) throw new CardError("future");
  return stored;
}

/** The date of issue, "" when it can't be: nothing depends on it. @param {string} value @param {string} today */
function issued(value, today) {
  const [day, month, year] = [value.slice(0, 2), value.slice(2, 4), value.slice(4)];
  if (!/^[0-9]{8}$/u.test(value) || !isDate(year, month, day)) return "";
  const stored = `${year}-${month}-${day}`;
  return stored <= today ? stored : "";
}

/** @param {string} year @param {string} month @param {string} day */
function isDate(year, month, day) {
  const moment = new Date(`${year}-${month}-${day}T00:00:00Z`);
  return Number(year) >= 1880 && !Number.isNaN(moment.getTime()) && moment.getUTCDate() === Number(day);
}
