/* A part of a kept answer, as players of sound ask for it: Safari plays nothing that does not answer with one.

   For: the worker, which keeps recordings whole. One range only, as players send. No DOM. */

/**
 * @param {Response} whole
 * @param {string | null} range the request's header Range
 * @returns {Promise<Response>} 206 with the part, or whole when no single part is asked for
 */
export async function partOf(whole, range) {
  const asked = /^bytes=(\d*)-(\d*)$/.exec(range ?? "");
  if (!asked || asked[0] === "bytes=-") return whole;
  const bytes = await whole.arrayBuffer();
  const [start, end] = span(asked[1], asked[2], bytes.byteLength);
  if (start >= end) return new Response(null, { status: 416, headers: { "Content-Range": `bytes */${bytes.byteLength}` } });
  const headers = new Headers(whole.headers);
  headers.set("Content-Range", `bytes ${start}-${end - 1}/${bytes.byteLength}`);
  headers.set("Content-Length", String(end - start));
  return new Response(bytes.slice(start, end), { status: 206, statusText: "Partial Content", headers });
}

/** Where a part begins and ends (not included). @param {string} first @param {string} last @param {number} size @returns {[number, number]} */
function span(first, last, size) {
  if (first === "") return [Math.max(0, size - Number(last)), size];
  return [Number(first), last === "" ? size : Math.min(Number(last) + 1, size)];
}
