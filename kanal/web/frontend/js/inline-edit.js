// [data-edit-url] cells: the pencil fetches a small form, Enter saves, Escape restores, a refusal stands beside the cell.
import htmx from "htmx.org";
import { on } from "./connect.js";
import { send } from "./http.js";
import { make } from "./texts.js";
import { toast } from "./toast.js";

const before = new WeakMap();

function restore(cell, html, focus = true) {
  cell.classList.remove("editing");
  cell.innerHTML = html ?? before.get(cell);
  before.delete(cell);
  htmx.process(cell);
  if (focus) cell.querySelector("[data-edit]")?.focus();
}

function show(cell, html, reason) {
  cell.classList.add("editing");
  cell.innerHTML = html;
  htmx.process(cell);
  const field = cell.querySelector("[role=combobox], input:not([type=hidden]), select, textarea");
  if (reason && !cell.querySelector(".inline-error")) cell.append(make("div", { class: "inline-error", role: "alert", text: reason }));
  field?.focus();
  field?.select?.();
}

async function edit(cell) {
  if (before.has(cell)) return;
  before.set(cell, cell.innerHTML);
  const answer = await send(cell.dataset.editUrl, { method: "GET" });
  if (answer.ok) show(cell, answer.body);
  else {
    before.delete(cell);
    toast(answer.reason, "error");
  }
}

async function save(cell, form) {
  const data = new FormData(form);
  cell.setAttribute("aria-busy", "true");
  const answer = await send(cell.dataset.editUrl, { data });
  cell.removeAttribute("aria-busy");
  if (answer.leaving) return;
  if (answer.ok) return restore(cell, answer.body);
  if (answer.status === 422 || answer.status === 400 || answer.status === 409) {
    if (answer.body.includes("<form")) return show(cell, answer.body, answer.reason);
    cell.querySelector(".inline-error")?.remove();
    cell.append(make("div", { class: "inline-error", role: "alert", text: answer.reason }));
    return;
  }
  toast(answer.reason, "error");
}

on("click", "[data-edit]", (event, button) => {
  const cell = button.closest("[data-edit-url]");
  if (cell) edit(cell);
});
on("dblclick", "[data-edit-url]:not(.editing)", (event, cell) => cell.querySelector("[data-edit]") && edit(cell));
on(
  "submit",
  "[data-edit-url] form",
  (event, form) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    save(form.closest("[data-edit-url]"), form);
  },
  { capture: true },
);
on("keydown", "[data-edit-url].editing", (event, cell) => {
  if (event.defaultPrevented) return;
  const form = cell.querySelector("form");
  if (event.key === "Escape") {
    event.stopPropagation();
    restore(cell);
  } else if (event.key === "Enter" && form && (!event.target.matches("textarea") || event.ctrlKey || event.metaKey) && !event.target.matches("button")) {
    event.preventDefault();
    form.requestSubmit();
  }
});
