/**
 * A signature as strokes: whole-number points with their times, never a picture.
 * For: drawing on an SVG with finger or pen, taking it back, giving it away. Not for: who signs (consent.js).
 */
import { fill, svg } from "./dom.js";

/** @typedef {{w: number, h: number, strokes: number[][]}} Signature  Each stroke is x, y, ms, x, y, ms … */

const STEP = 2; // px between kept points: finer than a finger, and a long signature stays a few KB
const MOST = 4000; // numbers in all

/**
 * @param {HTMLElement} pad
 * @param {{onChange?: () => void}} [on]
 */
export function signaturePad(pad, { onChange = () => {} } = {}) {
  /** @type {number[][]} */
  let strokes = [];
  let began = 0;
  /** @type {{id: number, points: number[], line: Element} | null} */
  let now = null;
  const control = new AbortController();
  const board = svg("svg", { fill: "none", stroke: "#14211e", "stroke-width": "3.2", "stroke-linecap": "round", "stroke-linejoin": "round" });
  fill(pad, board);

  /** @param {PointerEvent} event */
  const place = (event) => {
    const box = pad.getBoundingClientRect();
    const inside = (/** @type {number} */ value, /** @type {number} */ most) => Math.round(Math.max(0, Math.min(most, value)));
    return [inside(event.clientX - box.left, box.width), inside(event.clientY - box.top, box.height), Math.round(performance.now() - began)];
  };
  /** @param {PointerEvent} event */
  const down = (event) => {
    if (now || strokes.flat().length > MOST) return;
    event.preventDefault();
    began ||= performance.now();
    pad.setPointerCapture?.(event.pointerId);
    const line = svg("polyline");
    board.append(line);
    now = { id: event.pointerId, points: place(event), line };
    draw(now);
  };
  /** @param {PointerEvent} event */
  const move = (event) => {
    if (now?.id !== event.pointerId) return;
    for (const each of event.getCoalescedEvents?.() ?? [event]) add(now.points, place(each));
    draw(now);
  };
  /** @param {PointerEvent} event */
  const up = (event) => {
    if (now?.id !== event.pointerId) return;
    strokes.push(now.points);
    now = null;
    onChange();
  };
  const { signal } = control;
  pad.addEventListener("pointerdown", down, { signal });
  pad.addEventListener("pointermove", move, { signal });
  for (const end of ["pointerup", "pointercancel"]) pad.addEventListener(end, (event) => up(/** @type {PointerEvent} */ (event)), { signal });

  return {
    clear() {
      strokes = [];
      now = null;
      began = 0;
      fill(board);
      onChange();
    },
    /** A dot is no signature: at least one stroke has a length. */
    isEmpty: () => !strokes.some((points) => points.length >= 9),
    /** @returns {Signature} */
    value: () => ({ w: Math.round(pad.clientWidth), h: Math.round(pad.clientHeight), strokes }),
    close: () => control.abort(),
  };
}

/** @param {number[]} points @param {number[]} next */
export function add(points, next) {
  const [x, y] = points.slice(-3);
  if (Math.hypot(next[0] - x, next[1] - y) >= STEP) points.push(...next);
}

/** @param {{points: number[], line: Element}} stroke */
function draw({ points, line }) {
  const pairs = [];
  for (let i = 0; i < points.length; i += 3) pairs.push(`${points[i]},${points[i + 1]}`);
  if (pairs.length === 1) pairs.push(`${points[0] + 0.1},${points[1]}`);
  line.setAttribute("points", pairs.join(" "));
}
