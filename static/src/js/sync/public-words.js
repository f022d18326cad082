/**
 * What may stand in words that everybody hears or reads; the twin of onboarding/fieldwork/public_words.py.
 * For: a word beside the text while it is written. Not for: refusing it; the server does, by the same rules.
 */
import { looksLikeASecret } from "./secrets.js";

const FEWEST = 9; // digits that may be somebody's number
const BETWEEN = "[ .\\-()]{0,2}";
const RUN = new RegExp(`\\+?\\d(?:${BETWEEN}\\d){${FEWEST - 1},}`, "g");
// What stands before is matched along: looking behind is a syntax error in Safari before 16.4.
const DAY = /(^|\D)\d{1,2}[/.-]\d{1,2}[/.-]\d{4}(?!\d)/g;
const YEAR_OR_TIME = /(^|\D)(?:\d{1,2}\/\d{1,2}|\d{1,2}[:hg]\d{2}|năm \d{4})(?!\d)/g;

/**
 * What must not stand in value: "number" (of a person), "phone" (not the ward's own line), "secret", or "".
 * @param {string} value
 * @param {string} ownLine
 */
export function fault(value, ownLine) {
  const rest = without(value.normalize("NFKC"), ownLine).replace(DAY, "$1 ");
  const [run] = rest.match(RUN) ?? [];
  if (run) return /^(?:0\d{9,10}|84\d{9})$/.test(run.replace(/\D/g, "")) ? "phone" : "number";
  const parts = rest.replace(YEAR_OR_TIME, "$1 ").split(/[.!?;\n]/);
  return parts.some(looksLikeASecret) ? "secret" : "";
}

/** @param {string} value @param {string} ownLine */
function without(value, ownLine) {
  const digits = ownLine.replace(/\D/g, "");
  if (digits.length < FEWEST) return value; // 113 is nobody's; taken out, it could part a person's number
  const spread = (/** @type {string} */ text) => [...text].join(BETWEEN);
  const abroad = digits.startsWith("0") ? `\\+?${spread(`84${digits.slice(1)}`)}|` : "";
  return value.replace(new RegExp(`(^|\\D)(?:${abroad}${spread(digits)})(?!\\d)`, "g"), "$1 ; ");
}
