// Row selection: a box per row, one for all, ranges with Shift, and a bar that says how many.
// [data-select] holds the rows; the bar is [data-select-bar], its number [data-select-count]; [data-select-everything] means all rows of the filter.
import { behaviour } from "./connect.js";
import { text } from "./texts.js";

/** Press a box as a click beside it would, with Shift if that is held. */
const press = (box, { shiftKey }) => box?.dispatchEvent(new MouseEvent("click", { bubbles: true, cancelable: true, shiftKey }));

behaviour("[data-select]", (area) => {
  let last;
  const boxes = () => [...area.querySelectorAll("[data-select-row]")];
  const all = () => area.querySelector("[data-select-all]");
  const bar = () => document.querySelector(area.dataset.select || "[data-select-bar]");

  function everything(on) {
    const flag = bar()?.querySelector("[data-select-flag]");
    if (flag) flag.disabled = !on;
    bar()?.querySelector("[data-select-everything]")?.toggleAttribute("hidden", on || !boxes().every((box) => box.checked));
  }

  function refresh() {
    const chosen = boxes().filter((box) => box.checked).length;
    const head = all();
    if (head) {
      head.checked = chosen > 0 && chosen === boxes().length;
      head.indeterminate = chosen > 0 && !head.checked;
    }
    const host = bar();
    if (!host) return;
    host.hidden = chosen === 0;
    const label = host.querySelector("[data-select-count]");
    if (label) label.textContent = text("selected", { n: chosen });
    everything(false);
  }

  area.addEventListener("click", (event) => {
    if (event.target.matches(".check-cell")) return press(event.target.querySelector("input"), event); // a finger may miss the box
    const box = event.target.closest("[data-select-row]");
    if (!box) return;
    if (event.shiftKey && last?.isConnected) {
      const list = boxes();
      const [from, to] = [list.indexOf(last), list.indexOf(box)].sort((a, b) => a - b);
      for (const each of list.slice(from, to + 1)) each.checked = box.checked;
    }
    last = box;
    refresh();
  });
  area.addEventListener("change", (event) => {
    if (event.target.matches("[data-select-all]")) for (const box of boxes()) box.checked = event.target.checked;
    refresh();
  });
  bar()?.addEventListener("click", (event) => {
    const button = event.target.closest("[data-select-everything], [data-select-none]");
    if (!button) return;
    if (button.matches("[data-select-none]")) {
      for (const box of boxes()) box.checked = false;
      return refresh();
    }
    everything(true);
    const label = bar().querySelector("[data-select-count]");
    if (label) label.textContent = text("selected", { n: button.dataset.selectEverything });
  });
  refresh();
});
