// Texts and icons for scripts; the words stand translated on the page's <template id="texts">.
const source = () => document.getElementById("texts")?.dataset ?? {};

/** Return the translated text of a name, with {placeholders} filled in. */
export function text(name, values = {}) {
  return (source()[name] ?? name).replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** Return an icon element from the sprite. */
export function icon(name) {
  const svg = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  svg.setAttribute("class", "icon");
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS("http://www.w3.org/2000/svg", "use");
  use.setAttribute("href", `${source().sprite}#${name}`);
  svg.append(use);
  return svg;
}

/** Make an element with properties (class, text, attributes) and children. */
export function make(tag, { text: content, ...attributes } = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== undefined && value !== null) element.setAttribute(name, value);
  if (content !== undefined) element.textContent = content;
  element.append(...children);
  return element;
}
