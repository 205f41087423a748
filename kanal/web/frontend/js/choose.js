// [data-choose]: the columns of a list. A search narrows what is offered; what is ticked moves to the end of the chosen ones.
import { on } from "./connect.js";
import { icon, make, text } from "./texts.js";

on("input", "[data-choose-search]", (event, input) => {
  const wanted = input.value.trim().toLowerCase();
  for (const group of input.closest("[data-choose]").querySelectorAll("details")) {
    let found = 0;
    for (const label of group.querySelectorAll("label")) {
      label.hidden = !`${label.firstElementChild.dataset.label} ${label.textContent}`.toLowerCase().includes(wanted);
      found += !label.hidden;
    }
    group.hidden = !found;
    group.open = found > 0 && (wanted !== "" || !group.previousElementSibling?.matches("details"));
  }
});

on("change", "[data-choose] details input[type=checkbox]", (event, box) => {
  if (!box.checked) return;
  const { label } = box.dataset;
  const handle = make("button", { type: "button", class: "handle", "aria-label": `${text("move")} ${label}` }, icon("grip-vertical"));
  const ticked = make("input", { type: "checkbox", name: "columns", value: box.value });
  ticked.checked = true;
  box.closest("[data-choose]").querySelector("[data-sortable]").append(make("li", { "data-key": box.value }, handle, make("label", { class: "check grow" }, ticked, make("span", { text: label }))));
  box.closest("label").remove();
  ticked.focus();
});
