/**
 * Dates, times, sizes and people's names as people here write and say them (the twin of templatetags/ui.py).
 * For: pure functions from data to a short text. Not for: sentences; those are in words.js.
 */
import { capital, t } from "./words.js";

const ZONE = "Asia/Ho_Chi_Minh";
const parts = new Intl.DateTimeFormat("en-GB", {
  timeZone: ZONE, year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
});

/** @typedef {{year: string, month: string, day: string, hour: string, minute: string}} Wall */

/**
 * What a wall clock in Hà Nội shows.
 * @param {number | string | Date} time
 * @returns {Wall}
 */
export function wall(time) {
  const list = parts.formatToParts(moment(time)).map(({ type, value }) => [type, value]);
  return /** @type {any} */ (Object.fromEntries(list));
}

/**
 * A time without a zone is one of Hà Nội, wherever the phone believes to be.
 * @param {number | string | Date} time
 */
export const moment = (time) => new Date(typeof time === "string" && /T\d\d:\d\d(:\d\d)?$/.test(time) ? `${time}+07:00` : time);

/** The date in Hà Nội, "2026-11-23". @param {number | string | Date} time */
export const dayOf = (time) => (({ year, month, day }) => `${year}-${month}-${day}`)(wall(time));

/** "9:30". @param {number | string | Date} time */
export const clock = (time) => (({ hour, minute }) => `${Number(hour)}:${minute}`)(wall(time));

/** "18/10". @param {number | string | Date} time */
export const shortDay = (time) => (({ day, month }) => `${day}/${month}`)(wall(time));

/** "Thứ Bảy 18/10". @param {number | string | Date} time */
export function weekday(time) {
  const day = new Date(`${dayOf(time)}T00:00:00Z`).getUTCDay();
  return `${t(`day.${day}`)} ${shortDay(time)}`;
}

/**
 * The shortest that cannot be misread: 9:30 today, "hôm qua 9:30", or "18/10 9:30".
 * @param {number | string | Date} time
 * @param {number} [now]
 */
export function when(time, now = Date.now()) {
  const days = Math.round((Date.parse(dayOf(now)) - Date.parse(dayOf(time))) / 86_400_000);
  if (days === 0) return clock(time);
  if (days === 1) return t("when.yesterday", { time: clock(time) });
  if (days === -1) return t("when.tomorrow", { time: clock(time) });
  return `${shortDay(time)} ${clock(time)}`;
}

/** "640 KB", "1,1 MB" or "10,7 GB". @param {number} bytes */
export function size(bytes) {
  if (bytes < 995_000) return `${Math.max(1, Math.round(bytes / 1000))} KB`;
  const [unit, name] = bytes < 995_000_000 ? [1_000_000, "MB"] : [1_000_000_000, "GB"];
  return `${(bytes / unit).toFixed(1).replace(".", ",")} ${name}`;
}

/** "••• ••• ••• 214" of a twelve-digit number. @param {string} number */
export const masked = (number) => (number.length > 5 ? `••• ••• ••• ${number.slice(-3)}` : number && "•••");

/** "099 158 000 001" of a twelve-digit number. @param {string} number */
export const grouped = (number) => number.replace(/(\d{3})(?=\d)/g, "$1 ");

/** "098 000 0123" of 0980000123. @param {string} value */
export const phone = (value) => value.replace(/^(\d{3})(\d{3})(\d{4})$/, "$1 $2 $3");

/** "14/02/1958" of 1958-02-14, "02/1958" of 1958-02, "1958" of 1958. @param {string} value */
export const birth = (value) => value.split("-").reverse().join("/");

/** "1958" of any birth value. @param {string} value */
export const birthYear = (value) => value.slice(0, 4);

/**
 * Full years of age, by the year only when nothing else is known.
 * @param {string} value YYYY, YYYY-MM or YYYY-MM-DD
 * @param {number} [now]
 * @returns {number | null}
 */
export function age(value, now = Date.now()) {
  if (!/^\d{4}/.test(value)) return null;
  const today = dayOf(now);
  const years = Number(today.slice(0, 4)) - Number(value.slice(0, 4));
  return today.slice(5) < value.slice(5) ? years - 1 : years;
}

/** The word people are called by: the last of their name. @param {string} name */
export const given = (name) => name.trim().split(/\s+/).at(-1) ?? "";

/**
 * How a person is addressed: "bà", "ông", "chị", "anh", "cháu"; a neutral word when too little is known.
 * @param {{birth?: string, sex?: string} | null | undefined} person
 * @returns {string}
 */
export function address(person) {
  const years = age(person?.birth ?? "");
  if (years !== null && years < 14) return t("call.child");
  const woman = person?.sex === "nu";
  if (years === null || (!woman && person?.sex !== "nam")) return t("call.person");
  if (years >= 60) return t(woman ? "call.old_woman" : "call.old_man");
  return t(woman ? "call.woman" : "call.man");
}

/**
 * "bà Nhạn"; only the given name when too little is known.
 * @param {{name: string, birth?: string, sex?: string}} person
 */
export function called(person) {
  const word = address(person);
  return word === t("call.person") ? person.name : `${word} ${given(person.name)}`;
}

/** "Bà Trần Thị Nhạn". @param {{name: string, birth?: string, sex?: string}} person */
export function titled(person) {
  const word = address(person);
  return word === t("call.person") ? person.name : `${capital(word)} ${person.name}`;
}

/**
 * "Ngõ 27 phố Giếng Đá": where a house stands.
 * @param {{alley?: string, street?: string}} house
 */
export const alley = (house) => [house.alley, house.street].filter(Boolean).join(" ");

/**
 * Compare house numbers as a walker reads them: 2, 8, 8A, 10.
 */
export const byNumber = new Intl.Collator("vi", { numeric: true }).compare;
