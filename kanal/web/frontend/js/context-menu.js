// [data-context-menu]: right-click, the menu key, Shift-F10 or the "⋯" button ([data-context-open]) opens the menu of a row or card.
// The value is "#id" of a <template> on the page, or the address of a fragment of menu items. A card of a board has none:
// its menu is found by the board's [data-menu-base] and its own number.
import { on } from "./connect.js";
import { focusItem, menuKeys } from "./menu.js";
import { place, pointAt } from "./place.js";
import htmx from "htmx.org";
import { make, text } from "./texts.js";
import { toast } from "./toast.js";

const OWNERS = "[data-context-menu], [data-menu-base] [data-record]";
let open;

function addressOf(owner) {
  return owner.dataset.contextMenu ?? `${owner.closest("[data-menu-base]").dataset.menuBase}${owner.dataset.record}/menu`;
}

const labelOf = (owner) => owner.dataset.contextLabel ?? owner.querySelector("h3")?.textContent.trim() ?? text("move");

async function content(source) {
  if (source.startsWith("#")) return document.querySelector(source)?.innerHTML ?? "";
  const response = await fetch(source, { headers: { "HX-Request": "true" }, credentials: "same-origin" }).catch(() => null);
  return response?.ok ? response.text() : null;
}

async function show(owner, anchor, returnTo, byKeyboard) {
  open?.hidePopover();
  const html = await content(addressOf(owner));
  if (!html) return void (html === null && toast(text("failed"), "error"));
  const menu = make("div", { class: "menu", role: "menu", popover: "auto", "aria-label": labelOf(owner) });
  menu.innerHTML = html;
  (owner.closest("dialog") ?? document.body).append(menu);
  htmx.process(menu);
  menuKeys(menu);
  menu.addEventListener("toggle", ({ newState }) => {
    if (newState !== "closed") return;
    if (menu.contains(document.activeElement) || document.activeElement === document.body) returnTo?.focus();
    owner.classList.remove("menu-open");
    open = undefined;
    setTimeout(() => menu.remove(), 500);
  });
  owner.classList.add("menu-open");
  menu.showPopover();
  place(menu, anchor);
  open = menu;
  if (byKeyboard) focusItem(menu);
}

on("contextmenu", OWNERS, (event, owner) => {
  if (event.target.closest("input, textarea, select, a[href^='tel:'], a[href^='mailto:']") || event.shiftKey) return;
  event.preventDefault();
  const byKeyboard = event.button !== 2 || event.clientX + event.clientY === 0;
  const anchor = byKeyboard ? document.activeElement.getBoundingClientRect() : pointAt(event.clientX, event.clientY);
  show(owner, anchor, document.activeElement, byKeyboard);
});

on("keydown", OWNERS, (event, owner) => {
  if (event.key !== "ContextMenu" && !(event.key === "F10" && event.shiftKey)) return;
  event.preventDefault();
  show(owner, event.target.getBoundingClientRect(), event.target, true);
});

on("click", "[data-context-open]", (event, button) => {
  const owner = button.closest(OWNERS);
  if (owner) show(owner, button.getBoundingClientRect(), button, event.detail === 0);
});
