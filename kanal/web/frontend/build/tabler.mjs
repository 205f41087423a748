// The part of Tabler's style sheet that we use: its reset, the grid and spacing utilities, and the variables these need.
import { readFile } from "node:fs/promises";

const size = "(?:(?:sm|md|lg|xl)-)?";
const wanted = new RegExp(
  "^(?:" +
    [
      "row", `col(?:-${size.slice(0, -1)})?`, `col-${size}(?:auto|\\d+)`, "g-[0-5]", "g[xy]-[0-5]",
      `d-${size}(?:none|flex|block|grid|inline|inline-flex|inline-block|contents)`, "d-print-(?:none|block)",
      "flex-(?:row|column|wrap|nowrap|fill|grow-[01]|shrink-[01])", `flex-${size}(?:row|column)`,
      "(?:justify-content|align-items|align-self)-(?:start|end|center|between|baseline|stretch)",
      "(?:row-|column-)?gap-[0-5]", "[mp][tbsexy]?-(?:[0-5]|auto)", "[wh]-(?:25|50|75|100|auto)",
      "text-(?:start|end|center|nowrap|wrap|truncate|break|uppercase|lowercase|decoration-none|reset)",
      "fw-(?:normal|medium|bold)", "font-monospace", "overflow-(?:auto|hidden)",
      "position-(?:relative|absolute|sticky|static)", "visually-hidden(?:-focusable)?",
    ].join("|") +
    ")$",
);

function isWanted(selector) {
  const classes = [...selector.matchAll(/\.((?:\\.|[\w-])+)/g)].map((match) => match[1].replaceAll("\\", ""));
  return classes.every((name) => wanted.test(name)) && !/\[(?!data-bs-theme|type|hidden|tabindex|list|role)/.test(selector);
}

/** Split CSS into [prelude, body] pairs; body is null for a statement without a block. */
function* rules(css) {
  let start = 0;
  for (let at = 0, depth = 0, open = 0; at < css.length; at++) {
    const sign = css[at];
    if (sign === "{" && depth++ === 0) open = at;
    else if (sign === "}" && --depth === 0) {
      yield [css.slice(start, open).trim(), css.slice(open + 1, at)];
      start = at + 1;
    } else if (sign === ";" && depth === 0) start = at + 1;
  }
}

function subset(css) {
  let kept = "";
  for (const [prelude, body] of rules(css)) {
    if (/^@(media|supports)/.test(prelude)) {
      const inner = subset(body);
      if (inner) kept += `${prelude}{${inner}}`;
    } else if (!prelude.startsWith("@")) {
      const selectors = prelude.split(/,(?![^(]*\))/).filter(isWanted);
      if (selectors.length) kept += `${selectors.join(",")}{${body}}`;
    }
  }
  return kept;
}

function withoutUnusedVariables(css) {
  const used = new Set();
  const seek = (text) => {
    for (const [, name] of text.matchAll(/var\(\s*(--tblr-[\w-]+)/g)) {
      if (used.has(name)) continue;
      used.add(name);
      for (const [, value] of css.matchAll(new RegExp(`${name}:([^;}]+)`, "g"))) seek(value);
    }
  };
  seek(css.replace(/--tblr-[\w-]+:[^;}]+[;]?/g, ""));
  return css.replace(/(--tblr-[\w-]+):[^;}]+;?/g, (text, name) => (used.has(name) ? text : ""));
}

export const tablerSubset = {
  name: "tabler-subset",
  setup(build) {
    build.onLoad({ filter: /@tabler[\\/]core[\\/]dist[\\/]css[\\/]tabler\.css$/ }, async ({ path }) => {
      const css = (await readFile(path, "utf8")).replace(/\/\*[\s\S]*?\*\//g, "");
      return { contents: withoutUnusedVariables(subset(css)), loader: "css" };
    });
  },
};
