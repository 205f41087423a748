// Menus: role=menu popovers with arrow keys, type-ahead, and the focus given back to their button.
import { behaviour, on } from "./connect.js";
import { place } from "./place.js";

const itemSelector = '[role^="menuitem"]';

function items(menu) {
  return [...menu.querySelectorAll(itemSelector)].filter((item) => item.offsetParent !== null);
}

function move(menu, event) {
  const all = items(menu);
  const at = all.indexOf(document.activeElement);
  const next = { ArrowDown: at + 1, ArrowUp: at < 0 ? -1 : at - 1, Home: 0, End: -1, PageDown: -1, PageUp: 0 }[event.key];
  if (next !== undefined) {
    event.preventDefault();
    all.at(next % all.length)?.focus();
  } else if (event.key.length === 1 && event.key !== " " && !event.ctrlKey && !event.metaKey && !event.altKey) {
    const rest = [...all.slice(at + 1), ...all.slice(0, at + 1)];
    rest.find((item) => item.textContent.trim().toLowerCase().startsWith(event.key.toLowerCase()))?.focus();
  }
}

/** Make an element of role=menu answer the keyboard; `done` is called when it closes. */
export function menuKeys(menu) {
  menu.addEventListener("keydown", (event) => {
    if (event.key === "Tab") menu.hidePopover();
    else if (event.key === "Escape") {
      event.stopPropagation();
      event.preventDefault();
      menu.hidePopover();
    } else move(menu, event);
  });
  menu.addEventListener("click", (event) => {
    const item = event.target.closest(itemSelector);
    if (!item) return;
    if (item.getAttribute("aria-disabled") === "true") event.preventDefault();
    else if (item.getAttribute("role") === "menuitem") menu.hidePopover();
  });
}

/** Focus the first (or last) item of an open menu. */
export function focusItem(menu, position = 0) {
  items(menu).at(position)?.focus();
}

behaviour("[data-menu]", (button) => {
  const menu = document.getElementById(button.getAttribute("popovertarget"));
  if (!menu) return;
  menuKeys(menu);
  let byKeyboard = false;
  button.addEventListener("click", (event) => (byKeyboard = event.detail === 0));
  button.addEventListener("keydown", (event) => {
    if (event.key !== "ArrowDown" && event.key !== "ArrowUp") return;
    event.preventDefault();
    if (!menu.matches(":popover-open")) menu.showPopover({ source: button });
    focusItem(menu, event.key === "ArrowDown" ? 0 : -1);
  });
  menu.addEventListener("toggle", (event) => {
    const open = event.newState === "open";
    button.setAttribute("aria-expanded", open);
    if (open) {
      place(menu, button.getBoundingClientRect());
      if (byKeyboard) focusItem(menu);
      byKeyboard = false;
    } else if (menu.contains(document.activeElement) || document.activeElement === document.body) button.focus();
  });
});

const closeAll = () => document.querySelectorAll(".menu:popover-open").forEach((menu) => menu.hidePopover());
addEventListener("resize", closeAll);

on(
  "click",
  '[aria-disabled="true"]',
  (event) => {
    event.preventDefault();
    event.stopImmediatePropagation();
  },
  { capture: true },
);
