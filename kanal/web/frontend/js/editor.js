// textarea[data-editor] becomes a rich-text editor, loaded only where one stands; the textarea keeps the value.
import { behaviour } from "./connect.js";
import { icon, make } from "./texts.js";

const icons = {
  bold: "bold", italic: "italic", strike: "strikethrough", link: "link", "heading-1": "heading", quote: "blockquote", code: "code",
  "bullet-list": "list", "number-list": "list-numbers", undo: "arrow-back-up", redo: "arrow-forward-up",
};
let count = 0;

/** Put our icons into the editor's tool bar; each button keeps its title as its name. */
function dress({ toolbarElement: bar }) {
  for (const [name, shape] of Object.entries(icons)) {
    const button = bar?.querySelector(`.trix-button--icon-${name}`);
    if (!button) continue;
    button.setAttribute("aria-label", button.title || button.textContent);
    button.replaceChildren(icon(shape));
  }
}

behaviour("textarea[data-editor]", async (area) => {
  await import("trix");
  const label = area.labels?.[0]?.textContent.trim() ?? area.getAttribute("aria-label") ?? "";
  area.id ||= `rich-${++count}`;
  const editor = document.createElement("trix-editor");
  editor.setAttribute("input", area.id);
  editor.setAttribute("aria-label", label);
  if (area.placeholder) editor.setAttribute("placeholder", area.placeholder);
  editor.addEventListener("trix-initialize", () => dress(editor));
  area.hidden = true;
  const frame = make("div", { class: "rich-editor" });
  area.replaceWith(frame);
  frame.append(area, editor);
  editor.addEventListener("trix-file-accept", (event) => event.preventDefault());
  area.labels?.[0]?.addEventListener("click", () => editor.focus());
});
