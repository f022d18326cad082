/* Cache Storage and fetch for tests: a map of maps, and a table of answers. */

export function fakeCaches() {
  const all = new Map();
  return {
    keys: async () => [...all.keys()],
    delete: async (name) => all.delete(name),
    open: async (name) => {
      if (!all.has(name)) all.set(name, new Map());
      const held = all.get(name);
      const key = (request) => new URL(typeof request === "string" ? request : request.url, "http://x").pathname;
      return {
        match: async (request) => held.get(key(request))?.clone(),
        put: async (request, answer) => void held.set(key(request), answer),
        delete: async (request) => held.delete(key(request)),
        keys: async () => [...held.keys()].map((path) => new Request(`http://x${path}`)),
      };
    },
  };
}

/**
 * @param {Record<string, string | number>} answers a body, or a status for an address that fails
 * @param {string[]} [asked] notes every address in its order
 */
export const fakeFetch = (answers, asked = []) => async (address) => {
  asked.push(address);
  const found = answers[address] ?? 404;
  return typeof found === "number" ? new Response("", { status: found }) : new Response(found, { status: 200 });
};
