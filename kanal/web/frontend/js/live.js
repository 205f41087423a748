// The live channel: one stream per visible page tells what others do. Elements name what they show by data-live-on: leads, or leads.42;
// what arrives is the document's event "live". A hidden page has no stream, and catches up when it is looked at again.
import { behaviour } from "./connect.js";

const SHORTEST = 1000;
const LONGEST = 60000;
const HIDDEN = 3000;
let stream;
let at = "";
let pause = SHORTEST;
let failures = 0;
let ended = false;
let timer;
let hiding;

function address() {
  const url = new URL(document.querySelector("[data-live]").dataset.live, location.href);
  for (const element of document.querySelectorAll("[data-live-on]")) {
    const key = element.dataset.liveOn;
    url.searchParams.append("on", key);
    const ids = key.includes(".") ? [] : [...document.querySelectorAll("#main [data-record]")].map((row) => row.dataset.record);
    if (ids.length) url.searchParams.append("seen", `${key}:${ids.slice(0, 1000)}`);
  }
  if (at) url.searchParams.set("since", at);
  return url;
}

function open() {
  clearTimeout(timer);
  if (stream || ended || document.hidden || !document.querySelector("[data-live]")) return;
  stream = new EventSource(address());
  stream.addEventListener("ready", ({ data }) => {
    at ||= data;
    pause = SHORTEST;
    failures = 0;
    document.documentElement.dataset.liveReady = "";
  });
  stream.addEventListener("message", ({ data }) => {
    const told = JSON.parse(data);
    at = Math.max(Number(at), told.at ?? 0) || at;
    document.dispatchEvent(new CustomEvent("live", { detail: told }));
  });
  stream.addEventListener("end", () => {
    ended = true;
    close();
  });
  stream.addEventListener("error", () => {
    close();
    failures += 1;
    if (ended || (failures > 4 && !at)) return;
    timer = setTimeout(open, pause * (0.5 + Math.random()));
    pause = Math.min(pause * 2, LONGEST);
  });
}

function close() {
  stream?.close();
  stream = undefined;
  delete document.documentElement.dataset.liveReady;
}

behaviour("[data-live]", () => setTimeout(open));
document.addEventListener("visibilitychange", () => {
  clearTimeout(hiding);
  if (document.hidden) hiding = setTimeout(close, HIDDEN);
  else open();
});
addEventListener("pagehide", close);
addEventListener("pageshow", (event) => event.persisted && open());

/** Return a text of the channel by name, with {n} and {name} filled in. */
export function told(name, values = {}) {
  const words = document.querySelector("[data-live]")?.dataset ?? {};
  return (words[name] ?? "").replace(/\{(\w+)\}/g, (whole, key) => values[key] ?? whole);
}

/** Return what a message says of one type or record, whether the page is behind altogether. */
export function concerns(detail, key) {
  return detail.stale || (detail.type === key && (detail.many || detail.created || detail.changed || detail.gone));
}
