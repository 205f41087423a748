// The parts of a page that are shown again after a change: elements with an id and [data-part] (head, figures, tabs, facts,
// timeline, actions). The event "record:changed", from a script or an answer's HX-Trigger, fetches the page and replaces them.
// What somebody is editing stays as it is, and so do sections that were opened or closed.
import htmx from "htmx.org";
import { send } from "./http.js";

const EDITING = ".editing, dialog[open], [data-menu][aria-expanded=true]";
let asked = 0;

/** Say whether a part holds something under way: a field that is edited in place, an open menu. */
const isBusy = (part) => Boolean(part.querySelector(EDITING));

function keepOpen(before, after) {
  const sections = [...after.querySelectorAll("details")];
  [...before.querySelectorAll("details")].forEach((section, index) => {
    if (sections[index]) sections[index].open = section.open;
  });
}

/** Return a function that finds the focused element of a part again: by its id, address, field or place. */
function finderOf(part) {
  const { activeElement: element } = document;
  if (!part.contains(element)) return null;
  if (element.id) return (after) => after.querySelector(`#${CSS.escape(element.id)}`);
  const field = element.matches("button[data-edit]") && element.closest("[data-field]")?.dataset.field;
  if (field) return (after) => after.querySelector(`[data-field="${CSS.escape(field)}"] button[data-edit]`);
  const name = ["href", "formaction"].find((each) => element.hasAttribute(each));
  if (name) return (after) => after.querySelector(`${element.localName}[${name}="${CSS.escape(element.getAttribute(name))}"]`);
  const index = [...part.querySelectorAll(element.localName)].indexOf(element);
  return (after) => after.querySelectorAll(element.localName)[index];
}

/** Replace parts of the page by those with the same ids in a page's HTML. */
function replaceParts(html, selector) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const after of page.querySelectorAll(selector)) {
    const before = document.getElementById(after.id);
    if (!before || isBusy(before)) continue;
    keepOpen(before, after);
    const find = finderOf(before);
    before.replaceWith(document.adoptNode(after));
    htmx.process(after);
    if (find) requestAnimationFrame(() => find(after)?.focus()); // pencils are put in first
  }
  document.querySelector("[data-toasts]")?.append(...page.querySelectorAll("[data-toasts] > [data-toast]"));
}

/** Fetch a record's page and replace its parts, or one; of several calls at once the last one's answer counts. */
export async function refreshParts(selector = "[data-part][id]") {
  if (!document.querySelector("[data-live-record]")) return;
  const mine = ++asked;
  const answer = await send(location.href, { method: "GET" });
  if (answer.ok && mine === asked) replaceParts(answer.body, selector);
}

document.addEventListener("record:changed", () => refreshParts());
