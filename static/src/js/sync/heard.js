/* What a reader said or did, kept on the phone until it has been sent: short lines of "guide.mark step kind".

   For: holding each line once, not too many, and sending them when there is network. No page, no network of its own: the
   store and the post are given. Not for: anything about a person; no line says who or when. */

/** @typedef {{load: () => string | null, save: (text: string) => void}} Store */
/** @typedef {"sent" | "refused" | "later"} Outcome */
/** @typedef {(lines: string[]) => Promise<Outcome>} Post */

export const MOST = 40;
const LINE = /^[-\w]{1,60}\.(?:\d{1,6}|[0-9a-f]{16}) \d{1,3} [a-z-]{1,12}$/;
const COUNTED = / (opened|finished|stuck)$/;

/** The lines that wait, oldest first. @param {Store} store @returns {string[]} */
export function waiting(store) {
  try {
    const held = JSON.parse(store.load() ?? "[]");
    return Array.isArray(held) ? held.filter((line) => LINE.test(line)) : [];
  } catch {
    return [];
  }
}

/** Keep a line until it is sent. @param {string} line @param {Store} store */
export const hear = (line, store) => put([...waiting(store), line], store);

/**
 * Send what waits. A count leaves the phone before it is sent, so that none counts twice; a word of the reader stays until
 * it has arrived.
 * @param {Store} store @param {Post} post
 * @returns {Promise<Outcome>} "sent" too when nothing was waiting
 */
export async function sendHeard(store, post) {
  const lines = waiting(store);
  if (lines.length === 0) return "sent";
  put(lines.filter((line) => !COUNTED.test(line)), store);
  const outcome = await post(lines);
  // What was refused would be refused for ever.
  if (outcome === "later") put([...lines, ...waiting(store)], store);
  else put(waiting(store).filter((line) => COUNTED.test(line) || !lines.includes(line)), store);
  return outcome;
}

/** Each line once; too many: counts give way to words, old ones to new ones. @param {string[]} lines @param {Store} store */
function put(lines, store) {
  const once = [...new Set(lines)];
  const byWorth = [...once.filter((line) => COUNTED.test(line)), ...once.filter((line) => !COUNTED.test(line))];
  store.save(JSON.stringify(byWorth.slice(-MOST)));
}
