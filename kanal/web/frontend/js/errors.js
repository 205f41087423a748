// The summary of a form's errors takes the focus, and its links lead to the fields.
import { behaviour, on } from "./connect.js";

behaviour("[data-error-summary]", (summary) => summary.focus({ preventScroll: false }));

on("click", "[data-error-summary] a", (event, link) => {
  const field = document.getElementById(link.hash.slice(1));
  if (!field) return;
  event.preventDefault();
  field.closest("details:not([open])")?.setAttribute("open", "");
  field.focus();
  field.scrollIntoView({ block: "center" });
});
