// A change of status that only an action makes: the server refuses it (409) and names the page or dialog of the action.
import { openDialog } from "./dialog.js";

/** Return the action that a refused change needs, {url, is_page, status}, or null if the answer names none. */
export function neededAction({ status, type, body }) {
  if (status !== 409 || !type.includes("json")) return null;
  const needed = JSON.parse(body);
  return needed.url ? needed : null;
}

/** Open an action with the status filled in; `next` is where it returns to. Resolve to its dialog, or null for a page. */
export async function openNeededAction({ url, is_page: isPage, status }, next = "") {
  const target = new URL(url, location.href);
  target.searchParams.set("status", status);
  if (next) target.searchParams.set("next", next);
  if (!isPage) return openDialog(target.href);
  location.assign(target);
  return null;
}
