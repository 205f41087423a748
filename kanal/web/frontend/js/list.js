// Lists: Shift and a click on a column's head adds it to the sort instead of sorting by it alone.
import { on } from "./connect.js";

on("click", "[data-sort-add]", (event, link) => {
  if (!event.shiftKey) return;
  event.preventDefault();
  location.assign(link.dataset.sortAdd);
});

// A choice that changes the view takes effect at once.
on("change", "select[data-submit]", (_event, select) => select.form.requestSubmit());

// A text that is clipped by its cell shows whole where one points at it.
on("pointerover", ".table td, .table thead th, .board-card h3", (event, cell) => {
  const isClipped = [cell, ...cell.querySelectorAll("a, span")].some((each) => each.scrollWidth > each.clientWidth && each.clientWidth);
  if (isClipped && !cell.title && !cell.querySelector("form")) cell.title = cell.textContent.trim();
});
