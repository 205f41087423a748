// What happens around each htmx request: CSRF header, the thin bar on top, readable errors, sync of server-side toasts.
import { csrf } from "./http.js";
import { text } from "./texts.js";
import { toast } from "./toast.js";

let running = 0;
let timer;
const bar = () => document.querySelector("[data-request-bar]");

function begin() {
  if (running++) return;
  timer = setTimeout(() => {
    bar()?.classList.remove("done");
    bar()?.classList.add("on");
  }, 100);
}

function end() {
  running = Math.max(0, running - 1);
  if (running) return;
  clearTimeout(timer);
  const element = bar();
  if (!element?.classList.contains("on")) return;
  element.classList.add("done");
  setTimeout(() => !running && element.classList.remove("on", "done"), 400);
}

document.addEventListener("htmx:config:request", ({ detail: { ctx } }) => {
  const { request } = ctx;
  if (!/^(GET|HEAD)$/i.test(request.method)) request.headers["X-CSRFToken"] = csrf();
});
document.addEventListener("htmx:before:request", begin);
document.addEventListener("htmx:finally:request", end);
document.addEventListener("htmx:error", ({ detail }) => {
  if (detail?.error?.name !== "AbortError") toast(text("offline"), "error");
});
document.addEventListener("htmx:response:error", ({ detail: { ctx } }) => {
  const status = ctx?.response?.status ?? 0;
  if (status === 403) toast(text("forbidden"), "error");
  else if (status >= 500) toast(text("failed"), "error");
});
