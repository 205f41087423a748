// [data-copy="text or #id"] puts a text on the clipboard; without a value, the page's address.
import { on } from "./connect.js";
import { text } from "./texts.js";
import { toast } from "./toast.js";

on("click", "[data-copy]", async (event, button) => {
  const value = button.dataset.copy;
  const source = value.startsWith("#") ? document.querySelector(value) : null;
  await navigator.clipboard.writeText(source ? (source.value ?? source.textContent.trim()) : value || location.href);
  toast(text("copied"), "success");
});
