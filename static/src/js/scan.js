/* The QR reader of ID cards, loaded only when somebody scans: zxing-wasm with its own WebAssembly from our address.

   For: pixels in, text out. Not for: the camera or what the text means. The page passes the hashed address of zxing.wasm
   because the reader would otherwise look for it on somebody else's server. */

import { prepareZXingModule, readBarcodes } from "zxing-wasm/reader";

/** Fetch and start the reader. @param {string} wasm the address of zxing.wasm @returns {Promise<void>} */
export async function prepare(wasm) {
  await prepareZXingModule({ overrides: { locateFile: () => wasm }, fireImmediately: true });
}

/**
 * Read one QR code from a picture.
 * @param {ImageData | Blob} picture
 * @returns {Promise<string | null>} its text, or null when there is none to be read
 */
export async function readCode(picture) {
  const [found] = await readBarcodes(picture, { formats: ["QRCode"], tryHarder: true, maxNumberOfSymbols: 1 });
  return found?.isValid ? found.text : null;
}
