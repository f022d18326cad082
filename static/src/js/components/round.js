/**
 * Today: the alley's doors, the next house as a card, the others as rows in walking order.
 * For: #/hom-nay. Not for: planning a round; the ward does.
 */
import { current } from "../sync/enrol.js";
import { on } from "../sync/events.js";
import { areasHeld } from "../sync/records.js";
import { chip, fill, h, icon, one, plate, show, two } from "./dom.js";
import { age, alley, clock, dayOf, moment, titled, weekday, when } from "./format.js";
import { roundOfToday, standing } from "./houses.js";
import { notice } from "./notice.js";
import { line, t } from "./words.js";

/** @typedef {import("./houses.js").Rec} Rec */
/** @typedef {{house: Rec, state: import("./houses.js").Standing, people: Rec[]}} Stop */

let filter = "left";
/** @type {Record<string, (stop: Stop) => boolean>} */
const FILTERS = {
  left: ({ state }) => state !== "done",
  appt: ({ state }) => state === "appt",
  away: ({ state }) => state === "away",
  done: ({ state }) => state === "done",
};

/** @type {import("./router.js").Screen} */
export const today = {
  name: "hom-nay",
  paths: ["/hom-nay"],
  async show({ root, still }) {
    await paint(root);
    const again = () => still() && void paint(root);
    const stops = [on("records", again), on("outbox", again), on("enrol", again)];
    return () => stops.forEach((stop) => stop());
  },
};

/** @param {HTMLElement} root */
async function paint(root) {
  const device = await current();
  const { houses, people } = await roundOfToday(device?.team.id);
  const day = dayOf(Date.now());
  const stops = houses.map((house) => ({ house, state: standing(house, day), people: people.get(house.id) ?? [] }));
  one(root, "[data-sub]").textContent = line(weekday(Date.now()), device?.team.name);
  await notice(one(root, "[data-notice]"));
  const next = pickNext(stops);
  const first = stops.length === 0 && (await areasHeld()).length === 0;
  show(one(root, "[data-first]"), first);
  show(one(root, "[data-empty]"), stops.length === 0 && !first);
  for (const part of ["[data-progress]", "[data-list]"]) show(one(root, part), stops.length > 0);
  fill(one(root, "[data-progress]"), stops.length > 0 && strip(stops, next));
  fill(one(root, "[data-next]"), next ? nextCard(next) : stops.length > 0 && allSeen());
  paintList(root, stops, next);
}

/**
 * The first not seen yet, in walking order; an appointment whose time has come goes before.
 * @param {Stop[]} stops
 * @returns {Stop | null}
 */
export function pickNext(stops) {
  const due = stops.find(({ state, house }) => state === "appt" && isNear(house.appointment));
  return due ?? stops.find(({ state }) => state === "todo") ?? stops.find(({ state, house }) => state === "appt" && isToday(house.appointment)) ?? null;
}

/** @param {string | null} time */
const isToday = (time) => Boolean(time && dayOf(time) === dayOf(Date.now()));
/** @param {string | null} time within half an hour, or past on this day */
const isNear = (time) => isToday(time) && moment(time ?? "").getTime() - Date.now() < 30 * 60_000;

/**
 * @param {Stop[]} stops
 * @param {Stop | null} next
 */
function strip(stops, next) {
  const done = stops.filter(({ state }) => state === "done").length;
  const lead = (next ?? stops[0]).house;
  const count = h("p", { class: "w6" }, h("span", { class: "num" }, String(done)), `/${t("round.houses", { n: stops.length })}`);
  return [
    h("div", { class: "h" }, h("p", { class: "alley" }, icon("map-pin"), alley(lead)), count),
    h("ol", { class: "doors", "aria-label": t("round.doors", { n: stops.length }) }, stops.map((stop) => door(stop, stop === next))),
  ];
}

/**
 * @param {Stop} stop
 * @param {boolean} isNext
 */
function door({ house, state }, isNext) {
  const look = isNext ? "next" : state;
  const word = t(`door.${look}`);
  return h("li", { "data-s": look === "todo" ? "" : look }, h("span", { class: "sr" }, `${t("house.short", { number: house.number })}: ${word}`));
}

/** @param {Stop} stop */
function nextCard({ house, people }) {
  return h("section", { class: "card hot stack" },
    h("div", { class: "h" }, h("h2", { class: "sm w6 mute" }, t("round.next")), house.appointment && isToday(house.appointment) && chip("wait", "clock", t("round.at", { time: clock(house.appointment) }))),
    h("div", { class: "h" }, plate(house.number, "lg"), h("div", { class: "grow" }, h("h3", {}, nameOf(house, people)), h("p", { class: "sub" }, state(people)))),
    h("a", { class: "btn go xl", href: `#/nha/${house.id}` }, icon("door-enter"), t("round.enter")));
}

const allSeen = () => h("div", { class: "banner", "data-s": "ok" }, icon("circle-check"), h("div", {}, h("b", {}, t("round.all")), t("round.all_do")));

/**
 * Who lives here, as one says it at the door.
 * @param {Rec} house
 * @param {Rec[]} people
 */
export function nameOf(house, people) {
  const head = people.find((person) => person.is_head);
  return head ? titled(head) : house.head || t("house.nobody");
}

/** @param {Rec[]} people */
function state(people) {
  const grown = people.filter((person) => person.eid !== "child" && (age(person.birth ?? "") ?? 20) >= 14);
  const without = grown.filter((person) => person.eid !== "active");
  if (people.length === 0) return t("house.people_unknown");
  if (grown.every((person) => person.eid === "unknown")) return t("house.unknown", { n: people.length });
  return without.length ? t("house.without", { n: without.length }) : t("house.all_active");
}

/**
 * @param {HTMLElement} root
 * @param {Stop[]} stops
 * @param {Stop | null} next
 */
function paintList(root, stops, next) {
  fill(one(root, "[data-filters]"), Object.keys(FILTERS).map((key) => tag(root, key, stops, next)));
  const shown = stops.filter((stop) => FILTERS[filter](stop) && (stop !== next || filter !== "left"));
  fill(one(root, "[data-rows]"), shown.length ? grouped(shown, alley((next ?? stops[0]).house)) : h("p", { class: "sub" }, t(`round.none_${filter}`)));
}

/**
 * @param {HTMLElement} root
 * @param {string} key
 * @param {Stop[]} stops
 * @param {Stop | null} next
 */
function tag(root, key, stops, next) {
  const choose = () => {
    filter = key;
    paintList(root, stops, next);
    /** @type {HTMLElement | null} */ (root.querySelector(`[data-filter=${key}]`))?.focus();
  };
  const n = stops.filter(FILTERS[key]).length;
  return h("button", { class: "tag", type: "button", "data-filter": key, "aria-pressed": String(filter === key), onclick: choose }, `${t(`round.${key}`)} `, h("b", {}, String(n)));
}

/**
 * A heading and rows for each stretch of one alley; the alley above the doors is not named again.
 * @param {Stop[]} stops
 * @param {string} lead
 */
function grouped(stops, lead) {
  /** @type {{name: string, rows: HTMLElement[]}[]} */
  const groups = [];
  for (const stop of stops) {
    const name = alley(stop.house);
    if (groups.at(-1)?.name !== name) groups.push({ name, rows: [] });
    groups.at(-1)?.rows.push(row(stop));
  }
  return groups.flatMap(({ name, rows }) => [
    name !== lead && h("p", { class: "alley" }, icon("corner-down-right"), name), h("div", { class: "rows" }, rows),
  ]);
}

/** @param {Stop} stop */
function row({ house, state: now, people }) {
  return h("a", { class: "row", href: `#/nha/${house.id}` }, plate(house.number), two(nameOf(house, people), state(people)), mark(house, now));
}

/** @param {Rec} house @param {string} now */
function mark(house, now) {
  if (now === "appt") return chip("wait", "clock", house.appointment ? when(house.appointment) : t("round.appt"));
  if (now === "away") return chip("", "user-off", t("round.away"));
  if (now === "done") return chip("ok", "check", t("round.done"));
  return icon("chevron-right");
}

