// Fields changed where they stand: a pencil fetches a small form, Enter saves, Escape restores, Tab saves and goes on,
// a refusal stands in the cell. [data-edit-base] holds records ([data-record]) with cells ([data-field]); the heads of a
// table or the cells themselves say by data-edit which fields can be changed. [data-edit-url] is a cell on its own.
import htmx from "htmx.org";
import { behaviour, on } from "./connect.js";
import { send } from "./http.js";
import { icon, make, text } from "./texts.js";
import { toast } from "./toast.js";

const before = new WeakMap();
const saving = new WeakSet();
const CELL = "[data-edit-url], [data-edit-base] [data-field]";

const slot = (element) => element.querySelector(":scope > dd") ?? element;
const cellOf = (element) => {
  const found = element.closest(CELL);
  return found && slot(found);
};
const holder = (cell) => cell.closest(CELL);
const formOf = (cell) => cell.querySelector(":scope > form");
const stateOf = (form) => JSON.stringify([...new FormData(form)]);

/** Return the headings of the fields of a table that can be changed. */
function headsOf(host) {
  return new Map([...host.querySelectorAll("th[data-edit]")].map((head) => [head.dataset.column, head.textContent.trim()]));
}

function pencil(label) {
  return make("button", { type: "button", class: "cell-edit", "data-edit": "", "aria-label": text("change", { label }), title: text("change", { label }) }, icon("pencil"));
}

/** Put a pencil into each cell of a record that can be changed, once; a list of thousands of cells need not carry them. */
function equip(owner, host) {
  if (owner.hasAttribute("data-fixed")) return;
  const heads = headsOf(host);
  for (const each of owner.querySelectorAll("[data-field]")) {
    const cell = slot(each);
    const label = heads.get(each.dataset.field) ?? each.dataset.edit;
    if (!label || before.has(cell) || cell.querySelector(":scope > .cell-edit")) continue;
    cell.classList.add("editable");
    cell.append(pencil(owner.dataset.contextLabel ? `${label}, ${owner.dataset.contextLabel}` : label));
  }
}

/** Return all cells of a list or a page that can be changed, in the order in which Tab goes through them. */
function cellsOf(host) {
  const heads = headsOf(host);
  const all = [...host.querySelectorAll("[data-record]:not([data-fixed]) [data-field]")];
  return all.filter((each) => each.dataset.edit || heads.has(each.dataset.field)).map(slot);
}

function addressOf(cell) {
  const held = holder(cell);
  if (held.dataset.editUrl) return held.dataset.editUrl;
  const host = cell.closest("[data-edit-base]");
  const columns = [...host.querySelectorAll("th[data-column]")].map((head) => head.dataset.column);
  const query = new URLSearchParams({ field: held.dataset.field, ...(columns.length ? { columns: columns.join(",") } : {}) });
  return `${host.dataset.editBase}${cell.closest("[data-record]").dataset.record}/cell?${query}`;
}

function put(cell, html) {
  before.delete(cell);
  cell.classList.remove("editing");
  cell.innerHTML = html;
  htmx.process(cell);
}

function restore(cell, focus = true) {
  if (before.has(cell)) put(cell, before.get(cell).html);
  if (focus) cell.querySelector("[data-edit]")?.focus();
}

/** Put what the server sends for each field of the record into its place; a cell that is being changed stays. */
function take(cell, html, focus) {
  const owner = cell.closest("[data-record]");
  const fresh = [...nodesOf(html)].filter((one) => one.dataset.field);
  if (!owner || !fresh.length) put(cell, html);
  before.delete(cell);
  for (const one of owner ? fresh : []) {
    const place = owner.querySelector(`[data-field="${CSS.escape(one.dataset.field)}"]`);
    if (place && !before.has(slot(place))) put(slot(place), one.innerHTML);
  }
  const host = cell.closest("[data-edit-base]");
  if (host && owner) equip(owner, host);
  if (focus) cell.querySelector("[data-edit]")?.focus();
}

const nodesOf = (html) => new DOMParser().parseFromString(html, "text/html").body.children;

/** Put a form into a cell, node by node: the parser would drop it inside the form of the list's boxes. */
async function show(cell, html, reason) {
  cell.classList.add("editing");
  cell.replaceChildren(...nodesOf(html));
  htmx.process(cell);
  await null; // pickers are made of their selects first
  const form = formOf(cell);
  before.get(cell).state ??= form && stateOf(form);
  if (reason && !cell.querySelector(".inline-error:not([hidden])")) (form ?? cell).append(make("div", { class: "inline-error", role: "alert", text: reason }));
  const field = cell.querySelector("[role=combobox], input:not([type=hidden]), select:not(.picker > *), textarea");
  field?.focus();
  if (field?.matches("[role=combobox]")) reason || field.click();
  else field?.select?.();
}

async function edit(cell) {
  if (before.has(cell)) return;
  before.set(cell, { html: cell.innerHTML });
  const answer = await send(addressOf(cell), { method: "GET" });
  if (answer.ok) return show(cell, answer.body);
  before.delete(cell);
  toast(answer.reason, "error");
}

/** Save a cell and say whether that went well; what was not changed is not sent. */
async function save(cell, focus = true) {
  const form = formOf(cell);
  if (!form || saving.has(cell)) return false;
  if (stateOf(form) === before.get(cell)?.state) return restore(cell, focus), true;
  saving.add(cell);
  cell.setAttribute("aria-busy", "true");
  const answer = await send(addressOf(cell), { data: new FormData(form) });
  cell.removeAttribute("aria-busy");
  saving.delete(cell);
  if (answer.leaving) return false;
  if (answer.ok) {
    take(cell, answer.body, focus);
    document.dispatchEvent(new CustomEvent("record:changed"));
    return true;
  }
  if (answer.body.includes("<form")) await show(cell, answer.body, answer.reason);
  else {
    cell.querySelector(".inline-error")?.remove();
    form.append(make("div", { class: "inline-error", role: "alert", text: answer.reason }));
  }
  return false;
}

async function goOn(cell, step) {
  const host = cell.closest("[data-edit-base]");
  const all = host ? cellsOf(host) : [];
  const next = all[all.indexOf(cell) + step];
  if (!(await save(cell, !next)) || !next) return;
  equip(next.closest("[data-record]"), host);
  edit(next);
}

/** Say whether a control is the last of its cell (the first, going backwards). */
function isAtEnd(cell, target, step) {
  const all = [...cell.querySelectorAll("input:not([type=hidden]), textarea, select:not(.picker > *), button:not([tabindex='-1'])")];
  return all.at(step > 0 ? -1 : 0) === target;
}

behaviour("[data-edit-base]:not(table)", (host) => {
  for (const owner of host.matches("[data-record]") ? [host] : host.querySelectorAll("[data-record]")) equip(owner, host);
});
for (const type of ["pointerover", "focusin"]) on(type, "[data-edit-base] [data-record]", (event, owner) => equip(owner, owner.closest("[data-edit-base]")));

on("click", "button[data-edit]", (event, button) => cellOf(button) && edit(cellOf(button)));
on("dblclick", ".editable:not(.editing)", (event, cell) => cell.querySelector("[data-edit]") && edit(cell));
on(
  "submit",
  ".editing > form",
  (event, form) => {
    event.preventDefault();
    event.stopImmediatePropagation();
    save(form.parentElement);
  },
  { capture: true },
);
on("change", ".editing .picker > select:not([multiple])", (event, select) => save(cellOf(select)));
on("focusout", ".editing", (event, cell) => {
  setTimeout(() => before.has(cell) && formOf(cell) && !cell.contains(document.activeElement) && !cell.querySelector(".inline-error:not([hidden])") && save(cell, false));
});
on("keydown", ".editing", (event, cell) => {
  if (event.defaultPrevented) return;
  const form = formOf(cell);
  const step = event.shiftKey ? -1 : 1;
  if (event.key === "Escape") {
    event.stopPropagation();
    restore(cell);
  } else if (event.key === "Enter" && form && (!event.target.matches("textarea") || event.ctrlKey || event.metaKey) && !event.target.matches("button")) {
    event.preventDefault();
    save(cell);
  } else if (event.key === "Tab" && form && isAtEnd(cell, event.target, step)) {
    event.preventDefault();
    goOn(cell, step);
  }
});
