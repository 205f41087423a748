// The icon sprite: one <symbol> per name in icons.txt, taken from Tabler's outline or filled set.
import { readFile } from "node:fs/promises";

const outline = { fill: "none", stroke: "currentColor", "stroke-width": "1.75", "stroke-linecap": "round", "stroke-linejoin": "round" };
const filled = { fill: "currentColor" };

async function nodes(kind) {
  return JSON.parse(await readFile(`node_modules/@tabler/icons/tabler-nodes-${kind}.json`, "utf8"));
}

function markup(attributes) {
  return Object.entries(attributes).map(([key, value]) => `${key}="${value}"`).join(" ");
}

/** Return the sprite's SVG text; an unknown name stops the build. */
export async function sprite(listFile) {
  const names = (await readFile(listFile, "utf8")).split("\n").map((line) => line.trim());
  const [lines, shapes] = await Promise.all([nodes("outline"), nodes("filled")]);
  const symbols = [];
  for (const name of new Set(names.filter((line) => line && !line.startsWith("#")))) {
    const solid = name.endsWith("-filled");
    const parts = solid ? shapes[name.slice(0, -"-filled".length)] : lines[name];
    if (!parts) throw new Error(`icons.txt names "${name}", which Tabler Icons does not have`);
    const body = parts.map(([tag, attributes]) => `<${tag} ${markup(attributes)}/>`).join("");
    symbols.push(`<symbol id="${name}" viewBox="0 0 24 24" ${markup(solid ? filled : outline)}>${body}</symbol>`);
  }
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`;
}
