// The bars of the live channel: "3 new · Show" above a list, "Siri changed this · Reload" above a record; and long work that has ended.
import { behaviour } from "./connect.js";
import { send } from "./http.js";
import { concerns, told } from "./live.js";
import { refreshParts } from "./refresh.js";
import { icon, make } from "./texts.js";
import { toast } from "./toast.js";

/** Show a bar with a sentence and a button that loads the page again. */
export function show(bar, sentence, label) {
  const button = make("button", { type: "button", class: "btn btn-sm", text: label });
  button.addEventListener("click", () => location.reload());
  bar.replaceChildren(icon("refresh"), make("span", { class: "grow", text: sentence }), button);
  bar.hidden = false;
}

/** Return the address of a question about records to the list or board that is shown. */
export function question(bar, name, ids) {
  const url = new URL(`/live/${bar.dataset.liveOn}/${name}${location.search}`, location.href);
  url.searchParams.delete("cursor");
  url.searchParams.set("ids", ids.join(","));
  if (bar.dataset.within) url.searchParams.set("within", bar.dataset.within);
  return url;
}

const shown = () => new Set([...document.querySelectorAll("#main [data-record]")].map((row) => Number(row.dataset.record)));

behaviour("[data-live-list]", (bar) => {
  const fresh = new Set();
  const changed = new Set();
  const gone = new Set();

  function draw() {
    const parts = [];
    for (const [name, ids] of Object.entries({ fresh, changed, gone })) if (ids.size) parts.push(told(name, { n: ids.size }));
    if (parts.length) show(bar, parts.join(" · "), told("show"));
  }

  document.addEventListener("live", async ({ detail }) => {
    if (!concerns(detail, bar.dataset.liveOn)) return;
    if (detail.many || detail.stale) return show(bar, told("many"), told("show"));
    const rows = shown();
    for (const id of detail.gone ?? []) if (rows.has(id)) gone.add(id);
    if (!detail.mine) for (const id of detail.changed ?? []) if (rows.has(id)) changed.add(id);
    const others = detail.mine ? [] : [...(detail.created ?? []), ...(detail.changed ?? [])].filter((id) => !rows.has(id));
    if (others.length) {
      const answer = await send(question(bar, "matching", others), { method: "GET" });
      if (answer.ok && answer.type.includes("json")) JSON.parse(answer.body).ids.forEach((id) => fresh.add(id));
    }
    draw();
  });
});

behaviour("[data-live-record]", (bar) => {
  const [key, number] = bar.dataset.liveOn.split(".");
  const id = Number(number);
  document.addEventListener("live", ({ detail }) => {
    const about = detail.about?.includes(bar.dataset.liveOn);
    if (!about && !concerns(detail, key)) return;
    if (detail.gone?.includes(id)) return show(bar, told("removed"), told("reload"));
    const isChanged = detail.changed?.includes(id);
    if (isChanged && !detail.mine) show(bar, detail.by ? told("by", { name: detail.by }) : told("edited"), told("reload"));
    if (isChanged && !detail.mine) refreshParts("#timeline");
    else if (isChanged || about) refreshParts();
  });
});

document.addEventListener("live", ({ detail }) => {
  if (detail.name) document.dispatchEvent(new CustomEvent(`live:${detail.name}`));
  for (const work of detail.work ?? []) {
    document.dispatchEvent(new CustomEvent("live:work", { detail: work }));
    const is = { done: "success", failed: "error" }[work.state];
    if (is && !document.querySelector(`[data-work="${work.id}"]`)) toast(told(work.state, { name: work.title }), is);
  }
});
