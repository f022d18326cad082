/**
 * Is this picture a picture, whole, of a sane size, sharp and bright enough to read? Judged on the phone at once.
 * For: pure functions over bytes and grey values. Not for: the camera or the page (photo-slot.js).
 */

/** @typedef {"none" | "cut" | "huge"} Unusable */
/** @typedef {{type: string, width: number, height: number, whole: boolean}} Seen */

const MOST_PIXELS = 40_000_000; // a phone's camera makes 12; decoding 60 million takes 240 MB of a cheap phone's memory

/**
 * @param {Uint8Array} bytes
 * @returns {Unusable | null} null: may be decoded
 */
export function unusable(bytes) {
  const seen = look(bytes);
  if (!seen) return "none";
  if (seen.width * seen.height > MOST_PIXELS) return "huge";
  return seen.whole && seen.width > 0 ? null : "cut";
}

/**
 * Type and size by the file's own head, before anything is decoded: a small file may unfold to gigabytes.
 * @param {Uint8Array} bytes
 * @returns {Seen | null} null: no JPEG, PNG or WebP
 */
export function look(bytes) {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  try {
    if (bytes[0] === 0xff && bytes[1] === 0xd8) return jpeg(view);
    if (ascii(bytes, 1, 3) === "PNG") return png(view, bytes);
    if (ascii(bytes, 0, 4) === "RIFF" && ascii(bytes, 8, 4) === "WEBP") return webp(view, bytes);
    return null;
  } catch {
    return { type: "image", width: 0, height: 0, whole: false }; // it ended inside its own head
  }
}

/** @param {Uint8Array} bytes @param {number} from @param {number} length */
const ascii = (bytes, from, length) => String.fromCharCode(...bytes.subarray(from, from + length));

/** @param {DataView} view @returns {Seen} */
function jpeg(view) {
  let at = 2;
  for (;;) {
    const mark = view.getUint16(at);
    const isFrame = mark >= 0xffc0 && mark <= 0xffcf && ![0xffc4, 0xffc8, 0xffcc].includes(mark);
    if (isFrame) return { type: "image/jpeg", width: view.getUint16(at + 7), height: view.getUint16(at + 5), whole: endsWith(view, [0xff, 0xd9]) };
    at += 2 + view.getUint16(at + 2);
  }
}

/** Some cameras leave a few bytes behind the end mark. @param {DataView} view @param {number[]} mark */
function endsWith(view, mark) {
  for (let at = view.byteLength - mark.length; at >= Math.max(0, view.byteLength - 64); at -= 1) {
    if (mark.every((byte, i) => view.getUint8(at + i) === byte)) return true;
  }
  return false;
}

/** @param {DataView} view @param {Uint8Array} bytes @returns {Seen} */
const png = (view, bytes) => ({ type: "image/png", width: view.getUint32(16), height: view.getUint32(20), whole: ascii(bytes, bytes.length - 8, 4) === "IEND" });

/** @param {DataView} view @param {Uint8Array} bytes @returns {Seen} */
function webp(view, bytes) {
  const whole = view.getUint32(4, true) + 8 <= view.byteLength;
  const kind = ascii(bytes, 12, 4);
  if (kind === "VP8X") return { type: "image/webp", whole, width: 1 + (view.getUint32(24, true) & 0xffffff), height: 1 + (view.getUint32(26, true) >>> 8) };
  if (kind === "VP8L") {
    const bits = view.getUint32(21, true);
    return { type: "image/webp", whole, width: 1 + (bits & 0x3fff), height: 1 + ((bits >>> 14) & 0x3fff) };
  }
  return { type: "image/webp", whole, width: view.getUint16(26, true) & 0x3fff, height: view.getUint16(28, true) & 0x3fff };
}

const DARK = 62; // mean of 0..255
const BLURRED = 45; // variance of the Laplacian at 640 px: print on paper gives hundreds, a shaken hand under 30

/**
 * @param {Uint8ClampedArray} rgba
 * @param {number} width
 * @param {number} height
 * @returns {"ok" | "blur" | "dark"} dark first: a dark picture looks blurred as well
 */
export function judge(rgba, width, height) {
  const grey = new Float32Array(width * height);
  for (let i = 0; i < grey.length; i += 1) grey[i] = 0.299 * rgba[4 * i] + 0.587 * rgba[4 * i + 1] + 0.114 * rgba[4 * i + 2];
  if (mean(grey) < DARK) return "dark";
  return sharpness(grey, width, height) < BLURRED ? "blur" : "ok";
}

/** @param {Float32Array} values */
const mean = (values) => values.reduce((sum, value) => sum + value, 0) / values.length;

/**
 * Variance of the Laplacian: how much the picture changes from point to point.
 * @param {Float32Array} grey
 * @param {number} width
 * @param {number} height
 */
export function sharpness(grey, width, height) {
  let sum = 0, squares = 0, n = 0;
  for (let y = 1; y < height - 1; y += 1) {
    for (let x = 1; x < width - 1; x += 1) {
      const i = y * width + x;
      const edge = grey[i - 1] + grey[i + 1] + grey[i - width] + grey[i + width] - 4 * grey[i];
      sum += edge;
      squares += edge * edge;
      n += 1;
    }
  }
  return n ? squares / n - (sum / n) ** 2 : 0;
}
