// What somebody has typed into the composer and not stored yet, kept in this browser by user and record: a page that is
// left, a refused request or an ended session loses nothing. Signing out forgets the drafts, and so does a month.
const PREFIX = "kanal.draft.";
const MONTH = 30 * 24 * 3600 * 1000;

function read(name) {
  try {
    return JSON.parse(localStorage.getItem(name));
  } catch {
    return null;
  }
}

const names = () => Object.keys(localStorage).filter((name) => name.startsWith(PREFIX));

/** Return the draft of a key, or null. */
export const draftOf = (key) => read(PREFIX + key);

/** Keep a draft; without one, forget it. A browser that has no room keeps none. */
export function keepDraft(key, draft) {
  try {
    if (draft) localStorage.setItem(PREFIX + key, JSON.stringify({ ...draft, at: Date.now() }));
    else localStorage.removeItem(PREFIX + key);
  } catch {
    // a browser without storage
  }
}

try {
  for (const name of names()) if (!(read(name)?.at > Date.now() - MONTH)) localStorage.removeItem(name);
} catch {
  // a browser without storage
}

document.addEventListener("submit", ({ target, submitter }) => {
  const address = submitter?.getAttribute("formaction") ?? target.getAttribute("action") ?? "";
  if (address.startsWith("/logout/")) for (const name of names()) localStorage.removeItem(name);
});
