/**
 * The card that was just read, between the scan and the form. In this page's memory only, gone with the lock.
 * For: passing it from screen to screen, and comparing it with the people known. Not for: storing it.
 */
import { overlay } from "../sync/records.js";
import { fold } from "../sync/text.js";
import { parseBirth } from "./answer-rules.js";
import { dayOf } from "./format.js";
import { t } from "./words.js";

/** @typedef {import("./houses.js").Rec} Rec */
/** @typedef {{number: string, name: string, birth: string, sex: string, address: string, issued: string}} Card */
/** @typedef {{card: Card, from: "card" | "hand", household: string}} Held */

/** @type {Held | null} */
let held = null;

/** @param {Held | null} card */
export const hold = (card) => { held = card; };
export const inHand = () => held;

/**
 * Who on this phone the card belongs to: by number, else by name and birth in the same house.
 * @param {Held} given
 * @returns {Promise<{kind: "here" | "near" | "other" | "maybe" | "none", person: Rec | null, home: Rec | null}>}
 *   here: this house; near: some house, none was meant; other: a house that was not meant; maybe: by name only
 */
export async function match({ card, household }) {
  const view = await overlay("resident", "household");
  const people = view.list("resident");
  const mine = people.filter((person) => person.household === household);
  const same = people.find((person) => person.number && person.number === card.number);
  const maybe = mine.find((person) => !person.number && sameName(person, card));
  const person = same ?? maybe ?? null;
  const home = view.get("household", person?.household ?? household) ?? null;
  if (!person) return { kind: "none", person, home };
  if (!same) return { kind: "maybe", person, home };
  return { kind: !household ? "near" : person.household === household ? "here" : "other", person, home };
}

/** @param {Rec} person @param {Card} card */
function sameName(person, card) {
  const year = String(person.birth ?? "").slice(0, 4);
  return fold(person.name) === fold(card.name) && (!year || year === card.birth.slice(0, 4));
}

/** Districts ended on 1 July 2025: a card that names one has the old boundaries. @param {string} address */
export const isOldAddress = (address) => /(^|[\s,])(quan|huyen|thi xa|q|h|tx) /.test(` ${fold(address)} `);

/** The kind of paper by its day of issue: căn cước since 1 July 2024. @param {Card} card @returns {string} code, "" unknown */
export const documentType = ({ issued }) => (issued ? (issued >= "2024-07-01" ? "8" : "1") : "");

/**
 * Check what was typed from a card without a readable code.
 * @param {Record<string, string>} typed number, name, birth, sex, address
 * @returns {{card: Card} | {errors: Record<string, string>}}
 */
export function typedCard({ number, name, birth, sex, address }) {
  const digits = number.replace(/[\s.-]/g, "");
  const day = parseBirth(birth);
  const errors = {
    number: numberError(digits),
    name: name.trim() ? "" : t("typed.name"),
    birth: !day ? t("typed.birth") : day > dayOf(Date.now()).slice(0, day.length) ? t("field.date") : "",
    sex: sex ? "" : t("typed.sex"),
  };
  if (Object.values(errors).some(Boolean)) return { errors };
  return { card: { number: digits, name: name.trim(), birth: day ?? "", sex, address: address.trim(), issued: "" } };
}

/** @param {string} digits */
function numberError(digits) {
  if (!/^\d*$/.test(digits)) return t("typed.digits");
  if (digits.length === 12) return "";
  return digits.length < 12 ? t("field.id", { n: 12 - digits.length }) : t("typed.over", { n: digits.length - 12 });
}
