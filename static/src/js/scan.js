/**
 * The card reader: finds and reads a QR code in a picture. Loaded only when somebody scans, with its wasm.
 * For: pixels in, text out. Not for: what the text means (sync/card.js) or the camera (components/id-scan.js).
 */
import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

/** @param {string} address of zxing.wasm on our own server: the library would fetch it from elsewhere */
export const prepare = (address) =>
  prepareZXingModule({ overrides: { locateFile: () => address }, fireImmediately: true });

/**
 * @param {ImageData} picture
 * @param {boolean} [hard] look longer; for a still picture
 * @returns {Promise<string | null>} the text of the first QR code; null: none found
 */
export async function readCode(picture, hard = false) {
  const [found] = await readBarcodes(picture, { formats: ["QRCode"], tryHarder: hard, maxNumberOfSymbols: 1 });
  if (!found?.isValid) return null;
  try {
    // The cards say nothing of their encoding; guessing readers take Vietnamese for Chinese.
    return new TextDecoder("utf-8", { fatal: true }).decode(found.bytes);
  } catch {
    return found.text;
  }
}
