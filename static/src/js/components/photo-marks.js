/* Drawing on a photo: crop, rings, arrows and covers are dragged on an SVG above it, and moved by the arrow keys.

   The numbers live in the form's fields, which work without this; here they are shown and changed, and the form's own
   saving (htmx) does the rest. Not for: the picture that comes of it (the server draws that) or what is wrong with it. */

/** @typedef {{x: number, y: number, w: number, h: number}} Box of an arrow, w and h are the tip's place */
/** @typedef {{kind: string, place: number, name: string, inputs: HTMLInputElement[]}} Shape place: -1 is the crop */
/** @typedef {{how: "move" | "size" | "new", shape: Shape | null, kind: string, from: {x: number, y: number}, box: Box}} Drag */

const SIDES = ["x", "y", "w", "h"];
const SMALLEST = 8; // pixels of the photo; a shorter drag is a tap
const KEYS = /** @type {Record<string, [number, number]>} */ ({ ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] });

/** Where a box lies after a drag, whole pixels within the photo. @param {Drag} drag @param {{x: number, y: number}} to @param {number} width @param {number} height @returns {Box} */
export function dragged({ how, kind, from, box }, to, width, height) {
  const dx = to.x - from.x, dy = to.y - from.y;
  if (how === "new") return kind === "arrow" ? { x: from.x, y: from.y, w: to.x, h: to.y } : between(from, to);
  if (how === "size") return kind === "arrow" ? { ...box, x: within(box.x + dx, width), y: within(box.y + dy, height) } : { ...box, w: within(box.w + dx, width - box.x, SMALLEST), h: within(box.h + dy, height - box.y, SMALLEST) };
  if (kind !== "arrow") return { ...box, x: within(box.x + dx, width - box.w), y: within(box.y + dy, height - box.h) };
  const [left, right, top, low] = [Math.min(box.x, box.w), Math.max(box.x, box.w), Math.min(box.y, box.h), Math.max(box.y, box.h)];
  const mx = Math.max(-left, Math.min(dx, width - right)), my = Math.max(-top, Math.min(dy, height - low));
  return { x: box.x + mx, y: box.y + my, w: box.w + mx, h: box.h + my };
}

/** A tap makes a mark of a usual size around it. @param {string} kind @param {{x: number, y: number}} at @param {number} width @param {number} height @returns {Box} */
export function tapped(kind, at, width, height) {
  const w = Math.round(width / 3), h = Math.round(width / 10);
  const x = within(at.x - w / 2, width - w), y = within(at.y - h / 2, height - h);
  return kind === "arrow" ? { x: within(at.x - w / 2, width), y: within(at.y + w / 2, height), w: at.x, h: at.y } : { x, y, w, h };
}

/** @param {{x: number, y: number}} a @param {{x: number, y: number}} b */
const between = (a, b) => ({ x: Math.min(a.x, b.x), y: Math.min(a.y, b.y), w: Math.abs(a.x - b.x), h: Math.abs(a.y - b.y) });

/** @param {number} value @param {number} most @param {number} [least] */
const within = (value, most, least = 0) => Math.round(Math.max(least, Math.min(value, most)));

/** @param {HTMLElement} main the editor's main; its parts are swapped while one works */
export function photoMarks(main) {
  let tool = "";
  /** @type {Drag | null} */
  let drag = null;
  const stage = () => /** @type {HTMLElement | null} */ (main.querySelector("[data-photo-marks]"));
  const svg = () => /** @type {SVGSVGElement} */ (stage()?.querySelector("svg"));
  const size = () => ({ width: Number(stage()?.dataset.w), height: Number(stage()?.dataset.h) });

  const choose = (/** @type {string} */ name) => {
    tool = name;
    for (const button of main.querySelectorAll("[data-tool]")) button.setAttribute("aria-pressed", String(button instanceof HTMLElement && button.dataset.tool === tool));
    stage()?.toggleAttribute("data-busy", Boolean(tool));
  };
  const prepare = () => {
    if (!stage()) return;
    for (const part of main.querySelectorAll("[data-tools]")) part.toggleAttribute("hidden", false);
    choose("");
    draw(svg(), shapes(main), size(), stage()?.dataset ?? {});
  };
  prepare();
  document.body.addEventListener("htmx:afterSwap", prepare);
  main.addEventListener("input", () => { if (stage() && !drag) draw(svg(), shapes(main), size(), stage()?.dataset ?? {}); });

  main.addEventListener("click", (event) => {
    const button = event.target instanceof Element ? event.target.closest("[data-tool]") : null;
    if (button instanceof HTMLElement) choose(button.dataset.tool === tool ? "" : (button.dataset.tool ?? ""));
  });

  main.addEventListener("pointerdown", (event) => {
    if (!(event.target instanceof Element) || !stage()?.contains(event.target)) return;
    const part = event.target.closest("[data-place]");
    const shape = tool ? null : (shapes(main).find((one) => String(one.place) === part?.getAttribute("data-place")) ?? null);
    if (!tool && !shape) return;
    event.preventDefault();
    const how = !shape ? "new" : event.target.closest("[data-handle]") ? "size" : "move";
    drag = { how, shape, kind: shape?.kind ?? tool, from: spot(svg(), event, size()), box: shape ? boxOf(shape) : { x: 0, y: 0, w: 0, h: 0 } };
    svg().setPointerCapture(event.pointerId);
  });
  main.addEventListener("pointermove", (event) => {
    if (!drag) return;
    const box = dragged(drag, spot(svg(), event, size()), size().width, size().height);
    if (drag.shape) put(drag.shape, box);
    draw(svg(), shapes(main), size(), stage()?.dataset ?? {}, drag.shape ? null : { kind: drag.kind, box });
  });
  main.addEventListener("pointerup", (event) => {
    const held = drag;
    drag = null;
    if (!held) return;
    if (held.shape) return tell(held.shape);
    const at = spot(svg(), event, size());
    const far = Math.hypot(at.x - held.from.x, at.y - held.from.y) >= SMALLEST;
    const box = far ? dragged(held, at, size().width, size().height) : tapped(held.kind, at, size().width, size().height);
    if (held.kind === "crop") crop(main, far ? box : null);
    else add(main, held.kind, box);
    choose("");
  });
  main.addEventListener("pointercancel", () => { drag = null; prepare(); });

  main.addEventListener("keydown", (event) => {
    const part = event.target instanceof Element && stage()?.contains(event.target) ? event.target.closest("[data-place]") : null;
    const step = KEYS[event.key];
    const shape = shapes(main).find((one) => String(one.place) === part?.getAttribute("data-place"));
    if (!shape || !step) return;
    event.preventDefault();
    const by = Math.max(1, Math.round(size().width / 100));
    const to = { x: step[0] * by, y: step[1] * by };
    put(shape, dragged({ how: event.shiftKey ? "size" : "move", shape, kind: shape.kind, from: { x: 0, y: 0 }, box: boxOf(shape) }, to, size().width, size().height));
    tell(shape);
    draw(svg(), shapes(main), size(), stage()?.dataset ?? {});
    /** @type {SVGElement | null} */ (svg().querySelector(`[data-place="${shape.place}"]`))?.focus();
  });
}

// --- The form ----------------------------------------------------------------------------------------------------------

/** Crop and marks as the form says them. @param {HTMLElement} main @returns {Shape[]} */
function shapes(main) {
  const sides = (/** @type {Element} */ part, /** @type {string} */ before) => /** @type {HTMLInputElement[]} */ (SIDES.map((side) => part.querySelector(`[name="${before}${side}"]`)).filter(Boolean));
  const crop = main.querySelector("[data-crop]");
  const marks = [...main.querySelectorAll("[data-mark]")].map((part, place) => ({
    kind: part.getAttribute("data-mark") ?? "", place, name: part.querySelector("legend")?.textContent?.trim() ?? "", inputs: sides(part, ""),
  }));
  return [...(crop ? [{ kind: "crop", place: -1, name: "", inputs: sides(crop, "crop-") }] : []), ...marks].filter((shape) => shape.inputs.length === SIDES.length);
}

/** @param {Shape} shape @returns {Box} */
function boxOf({ inputs }) {
  const [x, y, w, h] = inputs.map((input) => Number(input.value) || 0);
  return { x, y, w, h };
}

/** @param {Shape} shape @param {Box} box */
function put({ inputs }, box) {
  [box.x, box.y, box.w, box.h].forEach((value, place) => { inputs[place].value = String(value); });
}

/** Say that the form has changed: it keeps itself. @param {Shape} shape */
function tell({ inputs }) {
  inputs[0].dispatchEvent(new Event("input", { bubbles: true }));
}

/** @param {HTMLElement} main @param {Box | null} box */
function crop(main, box) {
  const shape = shapes(main).find((one) => one.kind === "crop");
  if (!shape || !box) return;
  put(shape, box);
  tell(shape);
}

/** @param {HTMLElement} main @param {string} kind @param {Box} box */
function add(main, kind, box) {
  const place = main.querySelector('[name="new"]');
  const button = main.querySelector(`[data-add="${kind}"]`);
  if (!(place instanceof HTMLInputElement) || !(button instanceof HTMLElement)) return;
  place.value = [box.x, box.y, box.w, box.h].join(",");
  button.click();
}

// --- The drawing -------------------------------------------------------------------------------------------------------

/** @param {SVGSVGElement} svg @param {PointerEvent} event @param {{width: number, height: number}} size */
function spot(svg, event, { width, height }) {
  const seen = svg.getBoundingClientRect();
  return { x: within(((event.clientX - seen.left) / seen.width) * width, width), y: within(((event.clientY - seen.top) / seen.height) * height, height) };
}

/**
 * @param {SVGSVGElement} svg @param {Shape[]} all @param {{width: number, height: number}} size @param {DOMStringMap} words
 * @param {{kind: string, box: Box} | null} [growing] what is being drawn and is not in the form yet
 */
function draw(svg, all, { width, height }, words, growing = null) {
  const focused = document.activeElement?.getAttribute("data-place");
  const grip = (18 * width) / (svg.getBoundingClientRect().width || width); // 18 px on the screen
  svg.replaceChildren();
  for (const shape of all) svg.append(figure(shape.kind, boxOf(shape), shape, { width, height, grip, words }));
  if (growing) svg.append(figure(growing.kind, growing.box, null, { width, height, grip, words }));
  if (focused) /** @type {SVGElement | null} */ (svg.querySelector(`[data-place="${focused}"]`))?.focus();
}

/** @param {string} kind @param {Box} box @param {Shape | null} shape @param {{width: number, height: number, grip: number, words: DOMStringMap}} look */
function figure(kind, box, shape, { width, height, grip, words }) {
  const group = node("g", { class: `m-${kind}` });
  if (shape) for (const [name, value] of Object.entries({ "data-place": shape.place, tabindex: 0, role: "button", "aria-label": shape.name || (words.wordCrop ?? "") })) group.setAttribute(name, String(value));
  if (kind === "arrow") {
    group.append(node("line", { class: "hit", x1: box.x, y1: box.y, x2: box.w, y2: box.h }), node("line", { class: "out", x1: box.x, y1: box.y, x2: box.w, y2: box.h }), node("line", { class: "in-l", x1: box.x, y1: box.y, x2: box.w, y2: box.h }), node("polygon", { class: "head", points: head(box, grip * 1.4) }));
  } else if (kind === "crop") {
    group.append(node("path", { class: "shade", d: `M0 0H${width}V${height}H0ZM${box.x} ${box.y}v${box.h}h${box.w}v${-box.h}Z`, "fill-rule": "evenodd" }), node("rect", { class: "edge", x: box.x, y: box.y, width: box.w, height: box.h }));
  } else {
    group.append(node("rect", { class: "out", x: box.x, y: box.y, width: box.w, height: box.h, rx: kind === "ring" ? grip : 0 }), node("rect", { class: "in-l", x: box.x, y: box.y, width: box.w, height: box.h, rx: kind === "ring" ? grip : 0 }));
  }
  // An arrow is held at its tail: a grip on the tip would hide what it points at.
  const [x, y] = kind === "arrow" ? [box.x, box.y] : [box.x + box.w, box.y + box.h];
  if (shape) group.append(node("circle", { class: "grip", cx: x, cy: y, r: grip * 0.6, "data-handle": "" }));
  return group;
}

/** The three corners of an arrow's head. @param {Box} box @param {number} long */
function head({ x, y, w, h }, long) {
  const turn = Math.atan2(h - y, w - x);
  const corners = [[0, 0], [-long, long * 0.6], [-long, -long * 0.6]];
  return corners.map(([a, b]) => `${w + a * Math.cos(turn) - b * Math.sin(turn)},${h + a * Math.sin(turn) + b * Math.cos(turn)}`).join(" ");
}

/** @param {string} name @param {Record<string, string | number>} attributes */
function node(name, attributes) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, String(value));
  return made;
}
