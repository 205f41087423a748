// [data-items-table]: the rows of a quote; the server computes the totals as one types, rows are moved (sortable.js) and dropped in place.
import { behaviour } from "./connect.js";
import { csrf, send } from "./http.js";
import { toast } from "./toast.js";

const delay = 200;

async function ask(form, signal) {
  const response = await fetch(form.dataset.previewUrl, {
    method: "POST",
    headers: { "X-CSRFToken": csrf() },
    body: new FormData(form),
    credentials: "same-origin",
    signal,
  });
  return response.ok ? response.json() : null;
}

async function compute(form, changed, signal) {
  const answer = await ask(form, signal).catch(() => null);
  if (signal.aborted) return;
  form.classList.toggle("uncomputed", !answer);
  if (!answer) return;
  const { rows, totals } = answer;
  for (const [key, row] of Object.entries(rows)) fill(form, key, row, changed);
  for (const [key, text] of Object.entries(totals)) {
    const shown = form.querySelector(`[data-total="${key}"]`);
    if (shown) shown.textContent = text;
  }
}

function fill(form, key, row, changed) {
  for (const [name, value] of Object.entries(row)) {
    const control = form.elements[`${name}-${key}`];
    if (control && control !== changed && control !== document.activeElement) control.value = value;
  }
  const output = form.querySelector(`output[data-total-of="${key}"]`);
  if (output) output.textContent = row.total;
}

/** Let the server add a row behind those that are typed, and go to it; what is typed meanwhile stays. */
async function addRow(form, button) {
  const data = new FormData(form);
  data.append(button.name, button.value);
  const answer = await send(form.action, { data });
  if (answer.leaving) return;
  if (!answer.ok) return toast(answer.reason, "error");
  const fresh = document.createRange().createContextualFragment(answer.body);
  const row = [...fresh.querySelectorAll("[data-row]")].at(-1);
  form.querySelector("tbody .none")?.closest("tr").remove();
  form.querySelector("tbody").append(row);
  form.querySelector(".items-foot").replaceWith(fresh.querySelector(".items-foot"));
  row.querySelector("input:not([type=hidden])")?.focus();
  form.dispatchEvent(new Event("change", { bubbles: true }));
}

behaviour("[data-items-table]", (form) => {
  let timer;
  let asked;
  // What is typed while an answer is on its way makes that answer old: it must not overwrite what stands in the form now.
  const later = (changed) => {
    clearTimeout(timer);
    asked?.abort();
    asked = new AbortController();
    const { signal } = asked;
    timer = setTimeout(() => compute(form, changed, signal), delay);
  };
  form.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-counts]")) return;
    // An older total would be taken for one that was edited: what one types now counts.
    const row = target.closest("[data-row]");
    const total = row && form.elements[`total-${row.dataset.row}`];
    if (total && total !== target) total.value = "";
    later(target);
  });
  // Rows are added one after the other, as each gets its key from those before it; Save waits for all of them.
  let adding = Promise.resolve();
  let waiting = 0;
  const afterwards = (work) => {
    waiting += 1;
    adding = adding.then(work).finally(() => (waiting -= 1));
    return adding;
  };
  form.addEventListener("submit", (event) => {
    const { submitter, defaultPrevented } = event;
    const isSave = !submitter?.value || submitter.value === "save";
    if (defaultPrevented || (isSave && !waiting)) return;
    event.preventDefault();
    if (isSave) adding.then(() => form.requestSubmit(submitter));
    else afterwards(() => addRow(form, submitter)).then(() => later());
  });
  form.addEventListener("click", (event) => {
    const row = event.target.closest("[data-row]");
    if (!row) return;
    if (event.target.closest("[data-row-drop]")) {
      event.preventDefault();
      row.remove();
      form.dispatchEvent(new Event("change", { bubbles: true }));
      later();
    }
  });
});
