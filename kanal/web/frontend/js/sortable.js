// Lists ordered by hand ([data-sortable]) by mouse, touch or keyboard (Space on a handle, arrows), and table columns ([data-columns]) by drag.
import { behaviour, on } from "./connect.js";
import { formData, send } from "./http.js";
import { text } from "./texts.js";
import { toast } from "./toast.js";

/** Load the drag library when something is to be dragged. */
export async function loadSortable() {
  return (await import("sortablejs")).default;
}

const keysOf = (list) => [...list.children].map((item) => item.dataset.key).filter(Boolean);

async function changed(list) {
  list.dispatchEvent(new CustomEvent("sorted", { bubbles: true, detail: keysOf(list) }));
  list.closest("form")?.dispatchEvent(new Event("change", { bubbles: true }));
  const url = list.dataset.sortable;
  if (!url) return;
  const answer = await send(url, { data: formData({ order: keysOf(list) }) });
  if (!answer.ok) toast(answer.reason, "error");
}

behaviour("[data-sortable]", async (list) => {
  const Sortable = await loadSortable();
  new Sortable(list, { handle: ".handle", animation: 120, ghostClass: "drag-ghost", onEnd: () => changed(list) });
});

on("keydown", "[data-sortable] .handle", (event, handle) => {
  const item = handle.closest("[data-sortable] > *");
  const grabbed = item.classList.contains("grabbed");
  if (event.key === " " || event.key === "Enter" || (event.key === "Escape" && grabbed)) {
    event.preventDefault();
    item.classList.toggle("grabbed", !grabbed && event.key !== "Escape");
    if (grabbed) changed(item.parentElement);
    return;
  }
  const other = { ArrowUp: item.previousElementSibling, ArrowDown: item.nextElementSibling }[event.key];
  if (!grabbed || !other) return;
  event.preventDefault();
  if (event.key === "ArrowUp") other.before(item);
  else other.after(item);
  handle.focus();
});

// A drop changes the URL's list of columns, because the URL holds the whole state of a list; data-columns names the parameter.
function reorder(row) {
  const url = new URL(location.href);
  const order = [...row.querySelectorAll("th[data-column]")].map((cell) => cell.dataset.column);
  url.searchParams.set(row.dataset.columns || "columns", order.join(","));
  location.assign(url);
}

// The library comes only when the pointer does, so that a list loads no more than it shows.
behaviour("tr[data-columns]", (row) => {
  const prepare = async () => {
    const Sortable = await loadSortable().catch(() => null); // one leaves the page before it came
    if (!Sortable) return;
    new Sortable(row, {
      draggable: "th[data-column]",
      animation: 120,
      ghostClass: "drag-ghost",
      filter: "input, button",
      preventOnFilter: false,
      onEnd: ({ oldIndex, newIndex }) => oldIndex !== newIndex && reorder(row),
    });
  };
  row.addEventListener("pointerover", prepare, { once: true });
});
