// Dialogs: [data-dialog-url] (or a link with data-dialog) fetches a fragment into a native <dialog>; its form posts back into it.
import htmx from "htmx.org";
import { behaviour, on } from "./connect.js";
import { obey } from "./http.js";
import { isDirty } from "./form-guard.js";
import { icon, make, text } from "./texts.js";
import { toast } from "./toast.js";

let count = 0;

function close(dialog) {
  if ([...dialog.querySelectorAll("form")].some(isDirty) && !confirm(text("unsaved"))) return;
  dialog.close();
}

function frame(size) {
  const content = make("div", { class: "dialog-content" }, make("div", { class: "dialog-loading" }, make("span", { class: "spinner", role: "status", "aria-label": text("loading") })));
  const dialog = make("dialog", { class: `dialog ${size}`, "data-fetched": "" }, content);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();
  return { dialog, content };
}

function address(opener) {
  const url = new URL(opener.dataset.dialogUrl || opener.href, location.href);
  const form = opener.dataset.dialogInclude && document.querySelector(opener.dataset.dialogInclude);
  if (form) for (const [name, value] of new FormData(form)) if (typeof value === "string" && name !== "csrfmiddlewaretoken") url.searchParams.append(name, value);
  return url;
}

function name(dialog) {
  const heading = dialog.querySelector("h1, h2");
  if (!heading) return;
  heading.id ||= `dialog-title-${++count}`;
  dialog.setAttribute("aria-labelledby", heading.id);
}

/** Focus the first field of a dialog that waits for input, else leave it to the browser. */
function focusFirst(dialog) {
  const field = dialog.querySelector(
    "[autofocus], [data-error-summary], .dialog-body :is(input:not([type=hidden], [type=radio]), select, textarea):not([disabled], .picker > select)",
  );
  (field ?? dialog.querySelector(".dialog-foot .btn-primary"))?.focus();
}

/** Open the fragment at a URL in a dialog and resolve to the dialog. */
export async function openDialog(url, { size = "" } = {}) {
  const { dialog, content } = frame(size);
  const response = await fetch(url, { headers: { "HX-Request": "true", "HX-Target": "div#dialog" }, credentials: "same-origin" }).catch(() => null);
  if (response && obey(response.headers)) return dialog;
  if (!response?.ok) {
    dialog.close();
    toast(text(!response ? "offline" : response.status === 403 ? "forbidden" : "failed"), "error");
    return dialog;
  }
  content.innerHTML = await response.text();
  htmx.process(content);
  name(dialog);
  focusFirst(dialog);
  return dialog;
}

// A plain form of a fetched fragment posts into its dialog; the server answers HX-Redirect, or the fragment with its errors.
behaviour("dialog[data-fetched] form[method=post]", (form) => {
  if (form.matches("[hx-post]")) return;
  form.setAttribute("hx-post", form.getAttribute("action") || location.href);
  form.setAttribute("hx-target", "closest .dialog-content");
  form.setAttribute("hx-swap", "innerHTML");
  if (form.enctype === "multipart/form-data") form.setAttribute("hx-encoding", "multipart/form-data");
  htmx.process(form);
});

document.addEventListener("htmx:after:swap", ({ detail }) => {
  const dialog = detail.ctx?.target?.closest?.("dialog[data-fetched]");
  if (!dialog?.open) return;
  name(dialog);
  focusFirst(dialog);
});

on("click", "[data-dialog-url], a[data-dialog]", (event, opener) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey || event.defaultPrevented) return;
  event.preventDefault();
  openDialog(address(opener), { size: opener.dataset.dialogSize });
});
behaviour("[data-open-dialog]", ({ dataset }) => {
  const url = new URL(location.href);
  url.searchParams.delete(dataset.forget);
  history.replaceState(history.state, "", url);
  openDialog(dataset.openDialog);
});
on("click", "[data-dialog-close]", (event, button) => {
  event.preventDefault();
  const dialog = button.closest("dialog");
  if (dialog) close(dialog);
});
on("click", "[data-open]", (event, button) => document.getElementById(button.dataset.open)?.showModal());

on("pointerdown", "dialog", (event, dialog) => {
  if (event.target !== dialog) return;
  const box = dialog.getBoundingClientRect();
  const inside = event.clientX >= box.left && event.clientX <= box.right && event.clientY >= box.top && event.clientY <= box.bottom;
  if (!inside) close(dialog);
});
document.addEventListener(
  "cancel",
  (event) => {
    if (!event.target.matches?.("dialog[data-fetched]")) return;
    event.preventDefault();
    close(event.target);
  },
  { capture: true },
);
document.addEventListener("dialog:open", ({ detail }) => openDialog(detail.url));
document.addEventListener("dialog:close", () => [...document.querySelectorAll("dialog[data-fetched]")].at(-1)?.close());

/** Ask a question, which is the dialog's name, with "OK" and "Cancel"; resolve to whether it was "OK". */
export function ask(question, { title, ok, danger = true } = {}) {
  const heading = make("h2", { text: title || question });
  const yes = make("button", { type: "submit", value: "ok", class: `btn btn-primary${danger ? " btn-danger" : ""}`, text: ok || text("ok") });
  const no = make("button", { type: "submit", value: "", class: "btn", text: text("cancel") });
  const cross = make("button", { type: "submit", value: "", class: "btn btn-ghost btn-icon btn-sm", "aria-label": text("close") }, icon("x"));
  const form = make(
    "form",
    { method: "dialog" },
    make("header", { class: "dialog-head" }, heading, cross),
    ...(title ? [make("div", { class: "dialog-body" }, make("p", { class: "confirm-text", text: question }))] : []),
    make("footer", { class: "dialog-foot" }, no, yes),
  );
  const dialog = make("dialog", { class: "dialog small", }, make("div", { class: "dialog-content" }, form));
  document.body.append(dialog);
  name(dialog);
  dialog.showModal();
  yes.focus();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "ok");
      dialog.remove();
    });
  });
}
