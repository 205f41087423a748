// The composer above a record's timeline: its buttons fetch the form of another kind, which takes along what was typed;
// Ctrl+Enter stores, Escape closes. What was typed is a draft until it is stored (drafts.js).
import { behaviour, on } from "./connect.js";
import { draftOf, keepDraft } from "./drafts.js";
import { send } from "./http.js";
import { toast } from "./toast.js";

const FIELDS = "input:not([type=hidden]), textarea, select";

const formOf = (composer) => composer.querySelector("form");
const textOf = (composer) => composer.querySelector("[data-composer-text]");
const kindOf = (composer) => composer.querySelector("[data-compose][aria-current]")?.dataset.compose;

/** Return the fields of a form by the name under which a draft keeps them; the text of every kind is one and the same. */
function fieldsOf(composer) {
  const fields = [...formOf(composer).querySelectorAll(FIELDS)].filter((field) => field.name);
  return new Map(fields.map((field) => [field.matches("[data-composer-text]") ? "text" : field.name, field]));
}

function valueOf(field) {
  if (field.type === "checkbox") return field.checked;
  if (field.matches("select")) return [...field.selectedOptions].map((option) => [option.value, option.text]);
  return field.value;
}

const initial = new WeakMap();

/** Remember the values with which a form came, so that a draft holds only what was typed. */
function rememberInitial(composer) {
  initial.set(formOf(composer), new Map([...fieldsOf(composer)].map(([name, field]) => [name, JSON.stringify(valueOf(field))])));
}

function typedIn(composer) {
  const before = initial.get(formOf(composer));
  return Object.fromEntries([...fieldsOf(composer)].map(([name, field]) => [name, valueOf(field)]).filter(([name, value]) => JSON.stringify(value) !== before?.get(name)));
}

/** Keep what is typed; what other kinds' fields hold stays in the draft until it is stored or discarded. */
function keep(composer) {
  const values = { ...draftOf(composer.dataset.composer)?.values };
  for (const name of fieldsOf(composer).keys()) delete values[name];
  Object.assign(values, typedIn(composer));
  if (values.text === "") delete values.text;
  const isRich = Boolean(formOf(composer).elements.rich);
  keepDraft(composer.dataset.composer, Object.keys(values).length ? { kind: kindOf(composer), values, isRich } : null);
  composer.querySelector("[data-composer-discard]").hidden = !Object.keys(values).length;
}

function put(field, value) {
  if (field.type === "checkbox") field.checked = value;
  else if (field.matches("select")) {
    for (const [key, label] of value) if (![...field.options].some((option) => option.value === key)) field.add(new Option(label, key));
    for (const option of field.options) option.selected = value.some(([key]) => key === option.value);
  } else field.value = value;
}

function restore(composer) {
  const draft = draftOf(composer.dataset.composer);
  if (!draft) return;
  const takesRich = Boolean(composer.querySelector("[data-composer-rich]"));
  const values = draft.isRich && !takesRich ? { ...draft.values, text: plain(draft.values.text ?? "") } : draft.values;
  for (const [name, field] of fieldsOf(composer)) if (name in values) put(field, values[name]);
  if (draft.isRich && takesRich) enrich(composer);
  composer.querySelector("[data-composer-discard]").hidden = false;
}

/** Return the words of an editor's text, line by line. */
function plain(html) {
  const body = new DOMParser().parseFromString(html.replace(/<br>|<\/(div|li|h1|blockquote|pre)>/g, "\n"), "text/html").body;
  return body.textContent.trim();
}

/** Turn the text into the editor's, as the server would. */
function enrich(composer) {
  const area = textOf(composer);
  const button = composer.querySelector("[data-composer-rich]");
  if (!button || area.matches("[data-editor]")) return;
  const form = formOf(composer);
  if (!/^\s*</.test(area.value)) {
    const lines = area.value.split("\n").map((line) => Object.assign(document.createElement("i"), { textContent: line }).innerHTML);
    area.value = `<div>${lines.join("<br>")}</div>`;
  }
  form.append(Object.assign(document.createElement("input"), { type: "hidden", name: "rich", value: "1" }));
  button.hidden = true;
  const editor = area.cloneNode();
  editor.value = area.value;
  editor.dataset.editor = "";
  area.replaceWith(editor);
}

function equip(composer) {
  const rich = composer.querySelector("[data-composer-rich]");
  if (rich) rich.hidden = false;
  rememberInitial(composer);
}

const open = (composer) => composer.classList.add("open");

function focusText(composer) {
  open(composer);
  (composer.querySelector("[data-error-summary]") ?? composer.querySelector("trix-editor") ?? textOf(composer))?.focus();
}

/** Show a form that came from the server. */
function show(composer, html, kind) {
  formOf(composer).outerHTML = html;
  for (const button of composer.querySelectorAll("[data-compose]")) button.toggleAttribute("aria-current", false);
  composer.querySelector(`[data-compose="${kind}"]`)?.setAttribute("aria-current", "true");
  equip(composer);
}

async function choose(composer, button) {
  if (button.hasAttribute("aria-current")) return focusText(composer);
  keep(composer);
  const answer = await send(button.getAttribute("href"), { method: "GET" });
  if (!answer.ok || answer.leaving) return answer.leaving || toast(answer.reason, "error");
  show(composer, answer.body, button.dataset.compose);
  restore(composer);
  keep(composer);
  focusText(composer);
}

const blank = new WeakMap();

function clear(composer) {
  show(composer, blank.get(composer).html, blank.get(composer).kind);
  keepDraft(composer.dataset.composer, null); // last, for a field that is taken away tells of its change
  composer.classList.remove("open");
}

async function post(composer) {
  const form = formOf(composer);
  if (form.hasAttribute("aria-busy")) return;
  const button = form.querySelector("[type=submit]");
  form.setAttribute("aria-busy", "true");
  button.classList.add("busy");
  let isStored = false;
  const note = () => (isStored = true);
  document.addEventListener("record:changed", note);
  const answer = await send(form.getAttribute("action"), { data: new FormData(form) });
  document.removeEventListener("record:changed", note);
  form.removeAttribute("aria-busy");
  button.classList.remove("busy");
  if (isStored && answer.ok) {
    clear(composer);
    composer.querySelector("[aria-current]")?.focus();
  } else if (answer.leaving) return; // to sign in, and back: the draft is kept
  else if (answer.body.includes("composer-form")) {
    show(composer, answer.body, kindOf(composer));
    rememberTyped(composer);
    focusText(composer);
  } else toast(answer.reason, "error");
}

/** After a refusal all values count as typed, for the form came back filled in. */
function rememberTyped(composer) {
  initial.delete(formOf(composer));
  keep(composer);
}

behaviour("[data-composer]", (composer) => {
  blank.set(composer, { html: formOf(composer).outerHTML, kind: kindOf(composer) });
  composer.classList.add("ready");
  equip(composer);
  const draft = draftOf(composer.dataset.composer);
  if (!draft) return composer.querySelector("[data-error-summary]") && open(composer);
  open(composer);
  const button = composer.querySelector(`[data-compose="${CSS.escape(draft.kind)}"]`);
  if (!button || button.hasAttribute("aria-current")) return restore(composer);
  send(button.getAttribute("href"), { method: "GET" }).then((answer) => {
    if (!answer.ok || answer.leaving) return restore(composer);
    show(composer, answer.body, draft.kind);
    restore(composer);
  });
});

on("click", "[data-compose]", (event, button) => {
  if (event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  choose(button.closest("[data-composer]"), button);
});
on("focusin", "[data-composer] form", (event, form) => open(form.parentElement));
for (const type of ["input", "change", "trix-change"]) on(type, "[data-composer]", (event, composer) => keep(composer));
on("click", "[data-composer-rich]", (event, button) => {
  const composer = button.closest("[data-composer]");
  composer.dataset.focuses = "";
  enrich(composer);
  keep(composer);
});
on("trix-initialize", "[data-composer][data-focuses] trix-editor", (event, editor) => {
  delete editor.closest("[data-composer]").dataset.focuses;
  editor.focus();
});
on("click", "[data-composer-discard]", (event, button) => {
  const composer = button.closest("[data-composer]");
  clear(composer);
  composer.querySelector("[aria-current]")?.focus();
});
on("keydown", "[data-composer] form", (event, form) => {
  if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) {
    event.preventDefault();
    post(form.parentElement);
  } else if (event.key === "Escape" && !event.defaultPrevented && !form.querySelector("[role=combobox][aria-expanded=true]")) {
    form.parentElement.classList.remove("open");
    form.parentElement.querySelector("[aria-current]")?.focus();
  }
});
on(
  "submit",
  "[data-composer] form",
  (event, form) => {
    event.preventDefault();
    event.stopPropagation();
    post(form.parentElement);
  },
  { capture: true },
);
