/* Builds static/dist from static/src. For a developer and for the check that the committed output is fresh; never
   needed to install or to run. Deterministic: same sources, same bytes. BUILD.json tells which sources it was made of. */
import { createHash } from "node:crypto";
import fs from "node:fs";
import path from "node:path";
import { fileURLToPath } from "node:url";
import * as esbuild from "esbuild";

const src = path.dirname(fileURLToPath(import.meta.url));
const dist = path.join(src, "../dist");
const shared = { absWorkingDir: src, bundle: true, minify: true, charset: "utf8", legalComments: "linked", logLevel: "warning", metafile: true };

const scripts = { ...shared, outdir: dist, target: ["chrome90", "safari15.4"] };
const page = { ...scripts, entryPoints: ["js/app.js", "js/ask.js", "js/team.js", "js/scan.js", "js/ward.js", "js/ward-edit.js"], format: "esm" };
// A classic script: module workers came to Safari late, and a bundle has nothing left to import.
const worker = { ...scripts, entryPoints: ["js/worker.js"], format: "iife", define: { "process.env.NODE_ENV": '"production"' } };
// The floor of the stylesheets is higher (cascade layers); below it a page is plain but readable.
const styles = {
  ...shared, outdir: dist, target: ["chrome105", "safari15.4"], external: ["fonts/*"],
  entryPoints: ["app", "team", "ward", "print"].map((name) => `css/${name}.css`),
};

const copies = {
  "fonts": "fonts",
  "brand": "brand",
  "node_modules/zxing-wasm/dist/reader/zxing_reader.wasm": "zxing.wasm",
};

fs.rmSync(dist, { recursive: true, force: true });
fs.mkdirSync(dist, { recursive: true });
const results = await Promise.all([page, worker, styles].map((options) => esbuild.build(options)));
for (const [from, to] of Object.entries(copies)) fs.cpSync(path.join(src, from), path.join(dist, to), { recursive: true });

const inputs = [...new Set(results.flatMap(({ metafile }) => Object.keys(metafile.inputs)))];
fs.writeFileSync(path.join(dist, "LICENSES.txt"), licences(packagesOf(inputs)));
fs.writeFileSync(path.join(dist, "BUILD.json"), JSON.stringify({
  packages: versions(packagesOf(inputs)),
  sources: hashes(sources()),
  output: hashes(walk(dist).filter((file) => !file.endsWith("BUILD.json")), dist),
}, null, 1) + "\n");

/** Every file under a folder. @param {string} folder @returns {string[]} absolute paths, sorted */
function walk(folder) {
  return fs.readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile()).map((entry) => path.join(entry.parentPath ?? entry.path, entry.name)).sort();
}

/** What the output is made of: everything we wrote under static/src, and the lock file for the packages. */
function sources() {
  const folders = ["js", "css", "fonts", "brand"].flatMap((name) => walk(path.join(src, name)));
  return [...folders, ...["build.mjs", "package-lock.json"].map((name) => path.join(src, name))];
}

/** @param {string[]} files @returns {Record<string, string>} sha256 by path, in the order of the paths */
function hashes(files, from = src) {
  const named = files.map((file) => [path.relative(from, file).split(path.sep).join("/"), file]).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(named.map(([name, file]) => [name, createHash("sha256").update(fs.readFileSync(file)).digest("hex")]));
}

/** @param {string[]} files @returns {string[]} the npm packages whose code is inside the bundles, and those we copy from */
function packagesOf(files) {
  const found = files.map((file) => file.match(/node_modules\/((?:@[^/]+\/)?[^/]+)\//)?.[1]).filter(Boolean);
  return [...new Set([...found, "zxing-wasm"])].sort();
}

/** @param {string[]} names */
function versions(names) {
  const tools = [...names, "esbuild", "@fontsource/be-vietnam-pro", "@tabler/icons"].sort();
  return Object.fromEntries(tools.map((name) => [name, JSON.parse(fs.readFileSync(path.join(src, "node_modules", name, "package.json"), "utf8")).version]));
}

/** @param {string[]} names */
function licences(names) {
  const fonts = fs.readFileSync(path.join(src, "fonts/OFL.txt"), "utf8");
  const parts = names.map((name) => {
    const home = path.join(src, "node_modules", name);
    const file = fs.readdirSync(home).find((entry) => /^licen[cs]e/i.test(entry));
    const { license } = JSON.parse(fs.readFileSync(path.join(home, "package.json"), "utf8"));
    return `${name} (${license})\n\n${file ? fs.readFileSync(path.join(home, file), "utf8").trim() : ""}`;
  });
  return [...parts, `Be Vietnam Pro and 'BVP Tab' (OFL-1.1)\n\n${fonts.trim()}`].join(`\n\n${"-".repeat(100)}\n\n`) + "\n";
}
