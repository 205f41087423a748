// Short messages at the edge of the page. The server sends one by the header HX-Trigger: {"toast": {"text", "kind", "undo"}};
// with "label" and "dialog" it has a button that opens a dialog.
import { behaviour, on } from "./connect.js";
import { send } from "./http.js";
import { icon, make, text } from "./texts.js";

const icons = { success: "circle-check", warning: "alert-triangle", error: "alert-circle", info: "info-circle" };
const patience = { error: 12000, warning: 9000 };

const host = () => document.querySelector("[data-toasts]");

/** Put the host above everything else, an open dialog too. */
function raise() {
  const area = host();
  if (!area?.showPopover) return;
  if (area.matches(":popover-open")) area.hidePopover();
  if (area.childElementCount) area.showPopover();
}

function leave(toast) {
  toast.classList.add("leaving");
  setTimeout(() => toast.remove(), 200);
}

/** Show a message; `undo` is an address that takes the work back when posted to, `label` names a button that does `act`. */
export function toast(message, kind = "info", { undo, label, act } = {}) {
  const item = make("div", { class: `toast ${kind}`, "data-toast": "" }, icon(icons[kind] ?? icons.info), make("div", { class: "grow", text: message }));
  if (undo) {
    const button = make("button", { type: "button", class: "btn btn-ghost btn-sm", text: text("undo") });
    button.addEventListener("click", async () => {
      leave(item);
      await send(undo);
    });
    item.append(button);
  }
  if (label) {
    const button = make("button", { type: "button", class: "btn btn-sm", text: label });
    button.addEventListener("click", () => {
      leave(item);
      act();
    });
    item.append(button);
  }
  item.append(make("button", { type: "button", class: "btn btn-ghost btn-icon btn-sm", "data-toast-close": "", "aria-label": text("close") }, icon("x")));
  host()?.append(item);
  return item;
}

behaviour("[data-toasts] > [data-toast]", (item) => {
  raise();
  const kind = Object.keys(patience).find((name) => item.classList.contains(name));
  const wait = patience[kind] ?? 6000;
  let timer = setTimeout(leave, wait, item);
  item.addEventListener("pointerenter", () => clearTimeout(timer));
  item.addEventListener("focusin", () => clearTimeout(timer));
  item.addEventListener("pointerleave", () => (timer = setTimeout(leave, wait, item)));
});

on("click", "[data-toast-close]", (event, button) => leave(button.closest("[data-toast]")));

document.addEventListener("toast", ({ detail }) => {
  const { text: message, value, kind, undo, label, dialog } = detail ?? {};
  const act = () => document.dispatchEvent(new CustomEvent("dialog:open", { detail: { url: dialog } }));
  if (message ?? value) toast(message ?? value, kind, { undo, label, act });
});
