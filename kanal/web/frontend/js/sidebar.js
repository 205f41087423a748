// On a phone the navigation slides in over the page; Escape, a click beside it or a link closes it.
import { on } from "./connect.js";

const toggle = () => document.querySelector("[data-nav-toggle]");

function set(open) {
  document.body.classList.toggle("nav-open", open);
  toggle()?.setAttribute("aria-expanded", open);
  if (open) document.querySelector("#sidebar a")?.focus();
  else toggle()?.focus();
}

on("click", "[data-nav-toggle]", () => set(!document.body.classList.contains("nav-open")));
document.addEventListener("click", (event) => {
  if (document.body.classList.contains("nav-open") && !event.target.closest(".sidebar, [data-nav-toggle]")) set(false);
});
document.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && document.body.classList.contains("nav-open")) set(false);
});
