// Requests of our own scripts: CSRF, the HX-* answer headers, a readable reason when refused.
import { text } from "./texts.js";

/** Return the page's CSRF token. */
export function csrf() {
  return document.querySelector("#post [name=csrfmiddlewaretoken]")?.value ?? document.querySelector("meta[name=csrf-token]")?.content ?? "";
}

function announce(header) {
  if (!header) return;
  let events = { [header]: {} };
  if (header.trim().startsWith("{")) events = JSON.parse(header);
  for (const [name, detail] of Object.entries(events)) document.dispatchEvent(new CustomEvent(name, { detail }));
}

/** Act on the HX-* headers of an answer; say whether the page is about to change. */
export function obey(headers) {
  announce(headers.get("HX-Trigger"));
  if (headers.get("HX-Redirect")) location.assign(headers.get("HX-Redirect"));
  else if (headers.get("HX-Refresh") === "true") location.reload();
  else return false;
  return true;
}

function reasonOf(status, type, body) {
  if (type.includes("json")) {
    try {
      const { detail, reason, title } = JSON.parse(body);
      return reason ?? detail ?? title ?? text("failed");
    } catch {
      return text("failed");
    }
  }
  if (type.includes("text/plain") && body && body.length < 400) return body;
  if (status === 403) return text("forbidden");
  const alert = type.includes("html") && new DOMParser().parseFromString(body, "text/html").querySelector(".error-summary li, .field-error, .alert.error");
  return alert ? alert.textContent.trim() : text("failed");
}

/** Send a request and resolve to {ok, status, body, type, reason, leaving}; it never rejects. */
export async function send(url, { method = "POST", data, signal } = {}) {
  const headers = { "HX-Request": "true", "X-CSRFToken": csrf(), "HX-Current-URL": location.href };
  try {
    const response = await fetch(url, { method, headers, body: data, signal, credentials: "same-origin" });
    const body = await response.text();
    const type = response.headers.get("content-type") ?? "";
    const leaving = obey(response.headers);
    if (response.redirected && !leaving && method === "POST") {
      location.assign(response.url);
      return { ok: true, status: response.status, body, type, leaving: true };
    }
    return { ok: response.ok, status: response.status, body, type, leaving, reason: response.ok ? "" : reasonOf(response.status, type, body) };
  } catch (error) {
    return { ok: false, status: 0, body: "", type: "", aborted: error.name === "AbortError", reason: text("offline") };
  }
}

/** Return form data of plain pairs; an array gives its name several times. */
export function formData(pairs) {
  const data = new FormData();
  for (const [name, value] of Object.entries(pairs)) for (const each of [value].flat()) if (each !== undefined && each !== null) data.append(name, each);
  return data;
}

/** Replace every element of the page whose id the fragment has too (column heads, counts, totals). */
export function replaceById(html) {
  const fragment = document.createRange().createContextualFragment(html);
  for (const fresh of fragment.querySelectorAll("[id]")) document.getElementById(fresh.id)?.replaceWith(fresh);
}
