/* Copies the drawings named in icons.txt from Tabler Icons (MIT) into onboarding/content/icons.json, which the
   {% icon %} tag reads. For a developer, after adding a name: `npm run icons`. Unknown names stop it. */
import fs from "node:fs";

const here = new URL(".", import.meta.url);
const read = (path) => fs.readFileSync(new URL(path, here), "utf8");
const nodes = JSON.parse(read("node_modules/@tabler/icons/tabler-nodes-outline.json"));
const names = [...new Set(read("icons.txt").split("\n").filter(Boolean))].sort();

const tag = ([name, attrs]) =>
  `<${name}${Object.entries(attrs).map(([key, value]) => ` ${key}="${value}"`).join("")}/>`;
const drawing = (name) => {
  if (!nodes[name]) throw new Error(`Tabler has no outline icon "${name}"`);
  return nodes[name].map(tag).join("");
};

const out = new URL("../../onboarding/content/", here);
fs.writeFileSync(new URL("icons.json", out), JSON.stringify(Object.fromEntries(names.map((n) => [n, drawing(n)])), null, 1) + "\n");
fs.copyFileSync(new URL("node_modules/@tabler/icons/LICENSE", here), new URL("icons.LICENSE.txt", out));
fs.writeFileSync(new URL("icons.txt", here), names.join("\n") + "\n");
