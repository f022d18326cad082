/**
 * The shapes that travel between phone and server, and those the phone keeps. Types only, no code.
 * The contract is onboarding/sync/README.md; fields are only ever added.
 */

/** @typedef {"visit" | "mark" | "consent" | "submission" | "edit" | "delete" | "withdrawal"} Kind */
/** @typedef {"accepted" | "parked" | "held" | "quarantined" | "conflict" | "later"} Verdict */
/** @typedef {{slot: string, sha256: string, size: number}} FileLine  Hash and size of the ciphertext. */

/**
 * @typedef {object} Entry
 * @property {1} v
 * @property {string} id
 * @property {Kind} kind
 * @property {string} subject
 * @property {string} chain  The household whose order it keeps.
 * @property {string} area
 * @property {string} device
 * @property {string} user
 * @property {number} epoch
 * @property {number} seq
 * @property {string | null} prev  The entry of this phone before it in the same household.
 * @property {Record<string, string[]>} seen  Per field: the entries whose value it replaces.
 * @property {string} form
 * @property {FileLine[]} files
 * @property {number} at  ms, the device's clock.
 * @property {number} offset  ms, server minus device, as last measured.
 * @property {number} offset_age  Seconds since then; -1 when never measured.
 * @property {string} key
 * @property {string} sealed
 * @property {string} hash
 * @property {string} sig
 */

/**
 * @typedef {object} Receipt
 * @property {string} id
 * @property {string} hash
 * @property {Verdict} verdict
 * @property {string} code
 * @property {string} message
 * @property {number} number
 * @property {string} area
 * @property {string} epoch
 * @property {number} at
 * @property {string} mac
 */

/** @typedef {{vault: string, iv: ArrayBuffer, ct: ArrayBuffer}} Box  Readable with the PIN only. */
/** @typedef {{title: string, who: string, house: string}} Label */
/** @typedef {{sha256: string, slot: string, size: number, sent: boolean, done: boolean, bad: string}} FileState */

/**
 * @typedef {object} OutboxRow
 * @property {string} id
 * @property {string} draft
 * @property {string} device
 * @property {number} epoch
 * @property {number} seq
 * @property {string} subject
 * @property {Entry} entry
 * @property {"ready" | Exclude<Verdict, "later">} state
 * @property {string} code
 * @property {string} message
 * @property {Receipt | null} receipt
 * @property {boolean} closed  A person dismissed it, or sent a corrected one.
 * @property {FileState[]} files
 * @property {number} at
 * @property {number} bytes
 * @property {Box | null} label
 * @property {Box | null} copy  For "correct and send again"; 24 hours at most.
 * @property {Box | null} view  What screens show until the pulled copy has it.
 */

/** @typedef {{id: string, epoch: number, seq: number, device: string, at: number}} Reservation */

/**
 * @typedef {object} DraftRow
 * @property {string} id
 * @property {string} kind
 * @property {Box | null} box
 * @property {number} at
 * @property {Reservation | null} reserved
 */

/** @typedef {{id: string, public: string}} ServerKey */

/**
 * @typedef {object} Identity  This phone as the server knows it; one for every enrolment that made a new device.
 * @property {string} id
 * @property {string} name
 * @property {{id: string, name: string}} user
 * @property {{id: string, name: string}} team
 * @property {{id: string, name: string, phone: string}} ward
 * @property {CryptoKeyPair} pair
 * @property {string} public
 * @property {CryptoKey} mac
 * @property {ServerKey[]} keys
 * @property {number} validTo
 * @property {boolean} reauth  The server asked for a new enrolment.
 * @property {boolean} wiped  Readable data is gone; only sending is left until the next enrolment.
 */

/** @typedef {{id: string, name: string, epoch: string, last: number}} AreaLine */

/**
 * @typedef {object} Hello
 * @property {[number, number]} proto
 * @property {string} nonce
 * @property {number} now
 * @property {string} server_epoch
 * @property {AreaLine[]} areas
 * @property {Record<string, number>} durable
 * @property {number} max_seq
 * @property {string} min_client
 * @property {boolean} wipe
 * @property {ServerKey[]} keys
 * @property {{code: string, hash: string}[]} forms
 * @property {Receipt[]} settled
 * @property {string[]} files_missing
 * @property {{sha256: string, message: string}[]} files_bad
 * @property {string} mac
 */

/** @typedef {{kind: string, id: string, data: Record<string, any> | null}} RecordLine */
/** @typedef {{area: string, epoch: string, to: number, more: boolean, records: RecordLine[]}} Page */
/** @typedef {{vault: string, kind: string, id: string, area: string, iv: ArrayBuffer, ct: ArrayBuffer}} RecordRow */

export {};
