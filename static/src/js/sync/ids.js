/**
 * Identifiers minted on the phone without asking anyone: UUIDv7 (RFC 9562).
 * Not for: an order of events; the time inside comes from the phone's clock and decides nothing.
 */
import { hex } from "./bytes.js";
import { deps } from "./deps.js";

/**
 * @returns {string} a fresh UUIDv7, lower case
 */
export function uuid7() {
  const now = deps.now();
  const bytes = deps.random(16);
  const view = new DataView(bytes.buffer, bytes.byteOffset);
  view.setUint16(0, Math.floor(now / 2 ** 32));
  view.setUint32(2, now % 2 ** 32);
  bytes[6] = (bytes[6] & 0x0f) | 0x70;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  return hex(bytes).replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
