// The bar of statuses on a record's page ([data-stages]) moves the record on by its rules; a refusal springs back with its reason.
import { on } from "./connect.js";
import { formData, send } from "./http.js";
import { neededAction, openNeededAction } from "./needed-action.js";
import { refreshParts } from "./refresh.js";
import { text } from "./texts.js";
import { toast } from "./toast.js";

/** Mark a step as the current one, and return how to take that back. */
function mark(bar, step) {
  const before = bar.querySelector(".stage.current");
  bar.setAttribute("aria-busy", "true");
  before?.classList.replace("current", "next");
  step.classList.add("current", "saving");
  return () => {
    bar.removeAttribute("aria-busy");
    step.classList.remove("current", "saving");
    before?.classList.replace("next", "current");
  };
}

async function move(url, value, { undoable = true } = {}) {
  const bar = document.querySelector("[data-stages]");
  const step = [...bar.querySelectorAll("button")].find((button) => button.value === value)?.closest(".stage");
  const from = bar.querySelector("[data-current]")?.dataset.current;
  const takeBack = step ? mark(bar, step) : () => {};
  const answer = await send(url, { data: formData({ value }) });
  if (answer.leaving) return;
  if (answer.ok) {
    await refreshParts();
    requestAnimationFrame(() => document.querySelector("[data-stages] [aria-current]")?.focus()); // after the refresh's own
    if (undoable && from) toast(text("saved"), "success", { label: text("undo"), act: () => move(url, from, { undoable: false }) });
    return;
  }
  takeBack();
  const needed = neededAction(answer);
  if (!needed) return toast(answer.reason, "error");
  const dialog = await openNeededAction(needed);
  dialog?.addEventListener("close", () => step?.isConnected && step.querySelector("button")?.focus());
}

/* On a phone the bar is wider than the screen: it begins at the current step. */
document.querySelector("[data-stages] .stage.current")?.scrollIntoView({ block: "nearest", inline: "center", behavior: "instant" });

on("click", "[data-stages] button", (event, button) => {
  if (event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  const bar = button.closest("[data-stages]");
  if (!bar.hasAttribute("aria-busy")) move(bar.dataset.stages, button.value);
});
