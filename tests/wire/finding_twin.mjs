/* Searches as the browser does. In: a JSON line with the index, then one question a JSON line; out: the slugs found, a JSON
   line each. For tests/wire/test_finding.py only. */
import { createInterface } from "node:readline";
import { find, prepare } from "../../static/src/js/sync/finding.js";

let prepared = null;
for await (const line of createInterface({ input: process.stdin })) {
  const told = JSON.parse(line);
  if (prepared) console.log(JSON.stringify(find(prepared, told).map(({ slug }) => slug)));
  else prepared = prepare(told);
}
