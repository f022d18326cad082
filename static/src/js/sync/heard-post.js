/* Posts what readers said, in the same form that a page without a script sends. Not for: keeping it (heard.js). */

/** @typedef {import("./heard.js").Outcome} Outcome */

/**
 * Send lines of "guide.version step kind".
 * @param {string[]} lines @param {(address: string, how: RequestInit) => Promise<Response>} ask
 * @returns {Promise<Outcome>}
 */
export async function postHeard(lines, ask = (address, how) => fetch(address, how)) {
  const body = new URLSearchParams();
  for (const line of lines) {
    const said = line.split(" ");
    ["version", "step", "kind"].forEach((name, place) => body.append(name, said[place] ?? ""));
  }
  try {
    // Not followed: the answer leads to a page that is open already. keepalive: the reader may turn it meanwhile.
    const answer = await ask("/y-kien/", { method: "POST", body, credentials: "omit", keepalive: true, redirect: "manual" });
    if (answer.type === "opaqueredirect" || answer.ok) return "sent";
    return answer.status === 429 || answer.status >= 500 ? "later" : "refused";
  } catch {
    return "later";
  }
}
