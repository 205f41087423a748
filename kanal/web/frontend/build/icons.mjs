// The icon sprite: one <symbol> per name that icons.txt lists or that a template or module names, from Tabler's two sets.
import { readdir, readFile } from "node:fs/promises";

const outline = { fill: "none", stroke: "currentColor", "stroke-width": "1.75", "stroke-linecap": "round", "stroke-linejoin": "round" };
const filled = { fill: "currentColor" };
const named = /(?:<c-icon\s+name=|\b(?:icon|Button)\(\s*|\b_?icon"?\s*[:=]\s*)["']([a-z0-9-]+)["']/g;

async function nodes(kind) {
  return JSON.parse(await readFile(`node_modules/@tabler/icons/tabler-nodes-${kind}.json`, "utf8"));
}

function markup(attributes) {
  return Object.entries(attributes).map(([key, value]) => `${key}="${value}"`).join(" ");
}

/** Return the names that sources give to icons (c-icon, icon=…, "icon": …, icon(…), Button(…)). */
async function namesInSources(folder) {
  const found = new Set();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !/\.(py|html|jinja|j2|js)$/.test(entry.name) || /static|tests/.test(entry.parentPath ?? entry.path)) continue;
    const text = await readFile(`${entry.parentPath ?? entry.path}/${entry.name}`, "utf8");
    for (const [, name] of text.matchAll(named)) found.add(name);
  }
  return found;
}

/** Return the sprite's SVG text; a name in the list that Tabler does not have stops the build, one in a source is told. */
export async function sprite(listFile, sources) {
  const listed = (await readFile(listFile, "utf8")).split("\n").map((line) => line.trim()).filter((line) => line && !line.startsWith("#"));
  const [lines, shapes, used] = await Promise.all([nodes("outline"), nodes("filled"), namesInSources(sources)]);
  const symbols = [];
  for (const name of [...new Set([...listed, ...used])].sort()) {
    const solid = name.endsWith("-filled");
    const parts = solid ? shapes[name.slice(0, -"-filled".length)] : lines[name];
    if (!parts && listed.includes(name)) throw new Error(`icons.txt names "${name}", which Tabler Icons does not have`);
    if (!parts) {
      console.warn(`A source names the icon "${name}", which Tabler Icons does not have`);
      continue;
    }
    const body = parts.map(([tag, attributes]) => `<${tag} ${markup(attributes)}/>`).join("");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24" ${markup(solid ? filled : outline)}>${body}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}
