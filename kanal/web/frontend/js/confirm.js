// [data-confirm="question"] asks before a button, menu item or link acts.
import { on } from "./connect.js";
import { ask } from "./dialog.js";

const agreed = new WeakSet();

on(
  "click",
  "[data-confirm]",
  async (event, element) => {
    const question = element.dataset.confirm;
    if (!question || agreed.delete(element) || element.getAttribute("aria-disabled") === "true") return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const { confirmTitle: title, confirmOk: ok, confirmKind } = element.dataset;
    element.closest(".menu:popover-open")?.hidePopover();
    if (!(await ask(question, { title, ok, danger: confirmKind !== "plain" }))) return;
    agreed.add(element);
    element.click();
  },
  { capture: true },
);
