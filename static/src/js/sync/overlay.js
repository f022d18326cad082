/**
 * What screens show of captures that the pulled copy does not have yet.
 * For: turning a finished form into small changes of records, and laying those over the records.
 * Not for: deciding anything; the server's merge decides, and its pulled answer replaces these.
 * Changes hold no form answers and no signature: they live longer than the readable copy.
 */

/**
 * @typedef {object} Patch
 * @property {string} kind  of record
 * @property {string} id
 * @property {Record<string, any>} set
 * @property {boolean} [make]  The record is new; without this a missing record stays missing.
 * @property {boolean} [gone]
 * @property {Record<string, string[]>} [writers]
 */

/** @typedef {Omit<import("./types.js").Entry, "hash" | "sig" | "prev" | "sealed">} Header */
/** @typedef {Record<string, any>} Body */
/** @typedef {{by: string, title: string}} Shown */

/** @type {Record<string, string>} */
const STATUS = { met: "done", away: "away", refused: "refused", moved: "moved", appointment: "appt" };

/** @type {Record<string, (header: Header, body: Body, shown: Shown) => Patch[]>} */
const PREVIEWS = { visit, mark, consent, submission, edit, delete: gone, withdrawal };

/**
 * @param {Header} header
 * @param {Body} body
 * @param {Shown} shown
 * @returns {Patch[]}
 */
export const preview = (header, body, shown) => PREVIEWS[header.kind]?.(header, body, shown) ?? [];

/** The device's time put right. @param {Header} header */
const time = ({ at, offset }) => new Date(at + offset).toISOString();

/** @param {Header} header @param {Body} body @param {Shown} shown @returns {Patch[]} */
function visit(header, { outcome, note = "", appointment = null }, { by }) {
  const { id, subject } = header;
  const at = time(header);
  return [
    { kind: "visit", id, make: true, set: { id, household: subject, outcome, at, by, note, appointment } },
    { kind: "household", id: subject, set: { status: STATUS[outcome] ?? "todo", last_visit: at, appointment } },
  ];
}

/** @param {Header} header @param {Body} body @param {Shown} shown @returns {Patch[]} */
function mark(header, { checklist, item, state, blocker = "", note = "" }, { by }) {
  const { id, subject, chain } = header;
  const set = { id, resident: subject, household: chain, checklist, item, state, blocker, note, at: time(header), by };
  return [{ kind: "mark", id, make: true, set }];
}

/** @param {Header} header @param {Body} body @returns {Patch[]} */
function consent(header, { purposes, text }) {
  const { id, subject, chain } = header;
  const set = { id, resident: subject, household: chain, text, purposes, at: time(header), withdrawn: false };
  return [{ kind: "consent", id, make: true, set }];
}

/** @param {Header} header @param {Body} body @param {Shown} shown @returns {Patch[]} */
function submission(header, { household, resident }, { title }) {
  const { subject, form, files } = header;
  const at = time(header);
  const set = {
    id: subject, household, resident, form, title, status: "local", status_text: "", portal_code: "",
    portal_status: null, portal_text: "", files: files.length, files_here: 0, at, updated: at,
  };
  return [{ kind: "submission", id: subject, make: true, set }];
}

/** @param {Header} header @param {Body} body @returns {Patch[]} */
function edit({ id, subject, area }, { record, fields }) {
  const writers = Object.fromEntries(Object.keys(fields).map((field) => [field, [id]]));
  const make = record === "resident" && "household" in fields; // a person added at the door
  return [{ kind: record, id: subject, make, writers, set: make ? { id: subject, area, ...fields } : { ...fields } }];
}

/** @param {Header} header @param {Body} body @returns {Patch[]} */
function gone({ subject }, { record }) {
  return [{ kind: record, id: subject, gone: true, set: {} }];
}

/** @param {Header} header @param {Body} body @returns {Patch[]} */
function withdrawal({ subject }, { record }) {
  return [{ kind: record, id: subject, set: record === "consent" ? { withdrawn: true } : { status: "withdrawn" } }];
}

/**
 * Lay patches over records of one kind, oldest first. Touched records carry `pending: true`.
 * @param {Map<string, any>} records not changed
 * @param {Patch[]} patches of that kind
 * @returns {Map<string, any>}
 */
export function lay(records, patches) {
  const result = new Map(records);
  for (const patch of patches) {
    const before = result.get(patch.id);
    if (patch.gone) result.delete(patch.id);
    else if (before || patch.make) result.set(patch.id, merge(before, patch));
  }
  return result;
}

/** @param {any} before @param {Patch} patch */
const merge = (before, { set, writers }) => ({
  ...before, ...set, pending: true,
  ...(writers ? { writers: { ...before?.writers, ...writers } } : {}),
});
