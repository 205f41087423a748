// Lists: Shift and a click on a column's head adds it to the sort instead of sorting by it alone.
import { on } from "./connect.js";

on("click", "[data-sort-add]", (event, link) => {
  if (!event.shiftKey) return;
  event.preventDefault();
  location.assign(link.dataset.sortAdd);
});
