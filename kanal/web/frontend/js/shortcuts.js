// Keyboard shortcuts: an element declares its keys in data-shortcut ("/", "g l"); "?" lists all that are on the page.
import { on } from "./connect.js";
import { icon, make, text } from "./texts.js";

let pending = "";
let timer;

const typing = (target) => target.closest?.("input, textarea, select, trix-editor, [contenteditable=true], [role=menu]");

/** Return the element of some keys; what the page itself offers comes before the frame's. */
function elementOf(keys) {
  const selector = `[data-shortcut="${CSS.escape(keys)}"]`;
  return document.querySelector(`#main ${selector}`) ?? document.querySelector(selector);
}

/** Return what keys do, without the keys themselves, which a menu shows beside its words. */
function labelOf(element) {
  const words = element.cloneNode(true);
  for (const key of words.querySelectorAll("kbd, [aria-hidden=true]")) key.remove();
  return element.dataset.shortcutLabel || element.getAttribute("aria-label") || words.textContent.trim();
}

function list() {
  const keys = new Set([...document.querySelectorAll("[data-shortcut]")].map((element) => element.dataset.shortcut).filter(Boolean));
  const rows = [...keys].map((each) => [each, labelOf(elementOf(each))]);
  rows.push(["Ctrl K", text("commands")], ["?", text("shortcuts")]);
  const table = make("dl", { class: "facts" });
  for (const [keys, label] of rows) {
    const value = make("dd");
    for (const key of keys.split(" ")) value.append(make("kbd", { text: key }), " ");
    table.append(make("div", { class: "fact" }, make("dt", { text: label }), value));
  }
  const cross = make("button", { type: "button", class: "btn btn-ghost btn-icon btn-sm", "data-dialog-close": "", "aria-label": text("close") }, icon("x"));
  const head = make("header", { class: "dialog-head" }, make("h2", { id: "shortcuts-title", text: text("shortcuts") }), cross);
  const dialog = make("dialog", { class: "dialog", "aria-labelledby": "shortcuts-title" }, make("div", { class: "dialog-content" }, head, make("div", { class: "dialog-body" }, table)));
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
}

function press(element) {
  if (element.matches("input, textarea")) element.focus();
  else if (element.matches("[data-menu]")) {
    element.focus();
    element.dispatchEvent(new KeyboardEvent("keydown", { key: "ArrowDown", bubbles: true }));
  } else element.click();
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") {
    event.preventDefault();
    return document.getElementById("search-dialog")?.showModal();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || typing(event.target) || document.querySelector("dialog[open]")) return;
  clearTimeout(timer);
  const keys = pending ? `${pending} ${event.key}` : event.key;
  const element = elementOf(keys) ?? elementOf(event.key);
  pending = "";
  if (event.key === "?") list();
  else if (element) {
    event.preventDefault();
    press(element);
  } else if (document.querySelector(`[data-shortcut^="${CSS.escape(event.key)} "]`)) {
    pending = event.key;
    timer = setTimeout(() => (pending = ""), 1200);
  }
});

on("click", "[data-shortcuts-open]", () => list());
