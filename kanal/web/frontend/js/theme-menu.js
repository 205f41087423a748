// The choice of the theme: light, dark, or as the system; remembered here and, for the server's first paint, in a cookie.
import { behaviour, on } from "./connect.js";

function mark(group) {
  const choice = document.documentElement.dataset.themeChoice ?? "auto";
  for (const item of group.querySelectorAll("[data-theme-choice]")) item.setAttribute("aria-checked", item.dataset.themeChoice === choice);
}

behaviour("[data-theme-menu]", mark);

on("click", "[data-theme-choice]", (event, item) => {
  const choice = item.dataset.themeChoice;
  localStorage.setItem("theme", choice);
  const age = choice === "auto" ? 0 : 31536000;
  document.cookie = `theme=${choice}; path=/; max-age=${age}; samesite=lax`;
  dispatchEvent(new Event("theme:changed"));
  document.querySelectorAll("[data-theme-menu]").forEach(mark);
});
