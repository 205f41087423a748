// Bundle the front end into kanal/web/static/built/: `node esbuild.mjs`, with `--watch` while developing.
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { context } from "esbuild";
import { sprite } from "./kanal/web/frontend/build/icons.mjs";
import { tablerSubset } from "./kanal/web/frontend/build/tabler.mjs";
import { trixWithoutStyles } from "./kanal/web/frontend/build/trix.mjs";

const source = "kanal/web/frontend";
const target = "kanal/web/static/built";
const watch = process.argv.includes("--watch");

const icons = {
  name: "icons",
  setup(build) {
    build.onEnd(async () => writeFile(`${target}/icons.svg`, await sprite(`${source}/icons.txt`, "kanal")));
  },
};

const shared = {
  bundle: true,
  minify: !watch,
  sourcemap: watch ? "inline" : false,
  outdir: target,
  target: ["chrome123", "firefox121", "safari17.5"],
  logLevel: "info",
  legalComments: "none",
};

// Entry points keep their names (the manifest storage hashes them); lazy chunks carry esbuild's hash.
const builds = [
  {
    ...shared,
    entryPoints: [`${source}/js/main.js`],
    format: "esm",
    splitting: true,
    chunkNames: "chunks/[name]-[hash]",
    plugins: [icons, trixWithoutStyles],
  },
  { ...shared, entryPoints: [`${source}/js/theme.js`], format: "iife" },
  {
    ...shared,
    entryPoints: [`${source}/css/main.css`, `${source}/css/styleguide.css`, `${source}/css/map.css`],
    loader: { ".svg": "file", ".png": "dataurl" },
    assetNames: "[name]-[hash]",
    plugins: [tablerSubset],
  },
];

await rm(target, { recursive: true, force: true });
await mkdir(target, { recursive: true });
await copyFile(`${source}/mark.svg`, `${target}/mark.svg`);
const contexts = await Promise.all(builds.map((options) => context(options)));
await Promise.all(contexts.map((each) => (watch ? each.watch() : each.rebuild())));
if (!watch) await Promise.all(contexts.map((each) => each.dispose()));
