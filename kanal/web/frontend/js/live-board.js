// A board follows others: a card that somebody moves, makes or deletes moves, comes or goes here too (KAN-3).
import htmx from "htmx.org";
import { behaviour } from "./connect.js";
import { replaceById, send } from "./http.js";
import { concerns, told } from "./live.js";
import { question, show } from "./live-bar.js";

const GATHER = 150;
const BUSY = ".grabbed, .saving, .sortable-chosen, .drag-ghost";

behaviour("[data-live-board]", (bar) => {
  const waiting = new Set();
  let timer;
  const board = () => document.querySelector("[data-board]");
  const cardOf = (id) => board().querySelector(`[data-record="${id}"]`);

  function place(id, fresh) {
    const old = cardOf(id);
    if (!fresh) return old?.remove();
    const list = board().querySelector(`[data-value="${CSS.escape(fresh.value)}"] [data-board-list]`);
    if (!list) return;
    if (old?.parentElement === list) old.replaceWith(fresh.card);
    else {
      old?.remove();
      list.prepend(fresh.card);
    }
    fresh.card.classList.add("arrived");
    htmx.process(fresh.card);
  }

  function take(html, ids) {
    const fragment = document.createRange().createContextualFragment(html);
    const found = new Map();
    for (const card of fragment.querySelectorAll("[data-record]")) found.set(Number(card.dataset.record), { card, value: card.closest("[data-value]").dataset.value });
    const focused = document.activeElement?.closest?.("[data-record]")?.dataset.record;
    for (const id of ids) place(id, found.get(id));
    if (focused) cardOf(focused)?.focus({ preventScroll: true });
    const heads = [...fragment.querySelectorAll(".board-head")].map((head) => head.outerHTML);
    replaceById(heads.join(""));
  }

  async function refresh() {
    if (!board()) return show(bar, told("many"), told("show"));
    const ids = [...waiting];
    if (ids.some((id) => cardOf(id)?.matches(BUSY)) || board().querySelector(BUSY)) return (timer = setTimeout(refresh, 500));
    waiting.clear();
    const answer = await send(question(bar, "cards", ids), { method: "GET" });
    if (answer.ok) take(answer.body, ids);
  }

  document.addEventListener("live", ({ detail }) => {
    if (!concerns(detail, bar.dataset.liveOn)) return;
    if (detail.many || detail.stale) return show(bar, told("many"), told("show"));
    for (const id of [...(detail.created ?? []), ...(detail.changed ?? []), ...(detail.gone ?? [])]) waiting.add(id);
    clearTimeout(timer);
    timer = setTimeout(refresh, GATHER);
  });
});
