/**
 * Reading houses, people and rounds together, in the order in which one walks.
 * For: the questions several screens ask of the same records. Not for: showing them.
 */
import { overlay } from "../sync/records.js";
import { dayOf } from "./format.js";

/** @typedef {any} Rec  A record as pulled; its fields are in onboarding/sync/README.md */
/** @typedef {"todo" | "appt" | "away" | "done"} Standing */

/**
 * How a house stands today: yesterday's visit does not count.
 * @param {Rec} house
 * @param {string} today
 * @returns {Standing}
 */
export function standing(house, today) {
  const visited = house.last_visit && dayOf(house.last_visit) === today;
  if (visited && ["done", "refused", "moved"].includes(house.status)) return "done";
  if (visited && house.status === "away") return "away";
  return house.status === "appt" || (house.appointment && dayOf(house.appointment) === today) ? "appt" : "todo";
}

/**
 * Today's houses in walking order.
 * @param {string} [team]
 * @returns {Promise<{houses: Rec[], people: Map<string, Rec[]>, drafts: never[]}>}
 */
export async function roundOfToday(team) {
  const today = dayOf(Date.now());
  const view = await overlay("round", "household", "resident");
  const rounds = view.list("round", (round) => round.day === today && (!team || !round.team || round.team === team));
  const stops = [...new Set(rounds.flatMap((round) => round.stops))];
  const houses = stops.map((id) => view.get("household", id)).filter(Boolean);
  return { houses, people: byHouse(view.list("resident")), drafts: [] };
}

/** @param {Rec[]} residents @returns {Map<string, Rec[]>} by household, the head first, then the oldest */
export function byHouse(residents) {
  /** @type {Map<string, Rec[]>} */
  const houses = new Map();
  for (const person of [...residents].sort(headFirst)) {
    houses.set(person.household, [...(houses.get(person.household) ?? []), person]);
  }
  return houses;
}

/** @param {Rec} a @param {Rec} b */
const headFirst = (a, b) => Number(Boolean(b.is_head)) - Number(Boolean(a.is_head)) || String(a.birth ?? "").localeCompare(String(b.birth ?? ""));

/**
 * A house with everything that belongs to it.
 * @param {string} id
 */
export async function house(id) {
  const view = await overlay("household", "resident", "visit", "mark", "submission", "conflict");
  const mine = { household: id };
  return {
    home: view.get("household", id),
    people: byHouse(view.list("resident", mine)).get(id) ?? [],
    visits: view.list("visit", mine).sort((a, b) => String(b.at).localeCompare(String(a.at))),
    marks: view.list("mark", mine),
    submissions: view.list("submission", mine).sort((a, b) => String(b.at).localeCompare(String(a.at))),
    conflicts: view.list("conflict", (conflict) => conflict.subject === id),
  };
}

/**
 * The present mark of every item: the last that was made.
 * @param {Rec[]} marks of one resident and one checklist
 * @returns {Map<string, Rec>} by item
 */
export function presentMarks(marks) {
  const ordered = [...marks].sort((a, b) => Date.parse(a.at) - Date.parse(b.at));
  return new Map(ordered.map((mark) => [mark.item, mark]));
}

/**
 * How far a person is with a checklist.
 * @param {{items: Rec[]}} list
 * @param {Map<string, Rec>} present
 */
export function progress(list, present) {
  const state = (/** @type {Rec} */ item) => present.get(item.code)?.state ?? "open";
  return {
    done: list.items.filter((item) => state(item) === "done").length,
    blocked: list.items.filter((item) => state(item) === "blocked").length,
    next: list.items.find((item) => state(item) === "open") ?? null,
    proved: list.items.some((item) => item.proof && state(item) === "done"),
  };
}
