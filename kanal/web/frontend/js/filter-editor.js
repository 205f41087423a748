// A filter in a form: an editor that takes the place of an earlier one has the focus again.
import { behaviour } from "./connect.js";

const known = new Set();

behaviour("[data-filter-editor]", (editor) => {
  if (known.has(editor.id)) editor.querySelector("[data-filter-add]")?.focus();
  known.add(editor.id);
});
