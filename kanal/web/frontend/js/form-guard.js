// Forms that post: a warning before unsaved changes are lost, and no second submit while the first is under way.
import { behaviour } from "./connect.js";
import { text } from "./texts.js";

const first = new WeakMap();
const posting = new WeakSet();

function state(form) {
  const pairs = [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  return JSON.stringify(pairs.map(([name, value]) => [name, value instanceof File ? value.name : value]));
}

/** Say whether a guarded form holds changes that were not sent. */
export function isDirty(form) {
  return first.has(form) && !posting.has(form) && form.isConnected && state(form) !== first.get(form);
}

behaviour("form[method=post]:not(#post, [data-unguarded])", (form) => {
  if (form.matches("[data-unsaved]") || form.querySelector("[data-error-summary]")) first.set(form, "refused");
  else requestAnimationFrame(() => first.set(form, state(form)));
});

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented && !form.matches("[hx-post]")) return;
  if (form.method !== "post") return;
  if (posting.has(form)) return event.preventDefault();
  posting.add(form);
  const button = event.submitter ?? form.querySelector("[type=submit]");
  button?.classList.add("busy");
  setTimeout(() => form.isConnected && document.visibilityState === "visible" && release(form), 8000);
});

function release(form) {
  posting.delete(form);
  document.querySelectorAll(".btn.busy").forEach((button) => button.classList.remove("busy"));
}

document.addEventListener("htmx:finally:request", ({ detail }) => {
  const form = detail.ctx?.sourceElement?.closest?.("form");
  if (form) release(form);
});
addEventListener("pageshow", (event) => event.persisted && document.querySelectorAll("form").forEach(release));
addEventListener("beforeunload", (event) => {
  if (![...document.querySelectorAll("form[method=post]")].some(isDirty)) return;
  event.preventDefault();
  event.returnValue = text("unsaved");
});
