// Kanban: cards are dragged by mouse or touch, or by keyboard (Space grabs, arrows move, Space drops, Escape cancels).
// [data-board] has data-move-url, and data-heads-url where the sums come after the page.
// data-row-length is the number of columns in a row of a grid, such as a calendar, in which up and down move between rows.
// A drop posts record, value, before (the next card). A refusal springs back with its reason; a status that an action alone
// reaches opens its page or dialog instead, and the card springs back where that is left.
import { behaviour, on } from "./connect.js";
import { formData, replaceById, send } from "./http.js";
import { neededAction, openNeededAction } from "./needed-action.js";
import { loadSortable } from "./sortable.js";
import { make, text } from "./texts.js";
import { toast } from "./toast.js";

const placeOf = (card) => ({ list: card.parentElement, next: card.nextElementSibling });
const columnOf = (list) => list.closest("[data-value]");
const isShown = (card) => card.checkVisibility();
const nameOf = (card) => card.querySelector("h3")?.textContent.trim() ?? "";

function putBack(card, { list, next }) {
  if (next?.parentElement === list) list.insertBefore(card, next);
  else list.append(card);
}

/** Offer to take a move back; that is a move by the same rules. */
function offerBack(board, card, origin) {
  const words = text("dropped", { name: nameOf(card), column: columnOf(card.parentElement).getAttribute("aria-label") });
  const act = () => {
    const now = placeOf(card);
    putBack(card, origin);
    commit(board, card, now, false);
  };
  toast(words, "success", { label: text("undo"), act });
}

/** Send where a card stands now, back to where it stood if that is refused; a move to another column can be taken back. */
async function commit(board, card, origin, undoable = true) {
  const { list, next } = placeOf(card);
  if (list === origin.list && next === origin.next) return;
  card.classList.add("saving");
  const url = card.dataset.moveUrl ?? board.dataset.moveUrl;
  const data = formData({ record: card.dataset.record, value: columnOf(list).dataset.value, before: next?.dataset.record ?? "" });
  const answer = await send(url, { data });
  card.classList.remove("saving");
  if (answer.leaving) return;
  if (answer.ok) {
    if (answer.type.includes("html")) replaceById(answer.body);
    if (undoable && list !== origin.list) offerBack(board, card, origin);
    return board.dispatchEvent(new CustomEvent("board:moved", { bubbles: true, detail: { record: card.dataset.record } }));
  }
  const needed = neededAction(answer);
  if (!needed?.is_page) springBack(card, origin);
  if (needed) return openAction(needed, card, origin);
  toast(answer.reason, "error");
}

function springBack(card, origin) {
  putBack(card, origin);
  card.classList.add("sprung");
  setTimeout(() => card.classList.remove("sprung"), 400);
}

/** Open the page or the dialog of the action; it returns to this board. */
async function openAction(needed, card, origin) {
  // The browser may keep this page as it is for "Back": the card must stand where it stood.
  if (needed.is_page) addEventListener("pagehide", () => putBack(card, origin), { once: true });
  const dialog = await openNeededAction(needed, location.pathname + location.search);
  dialog?.addEventListener("close", () => card.isConnected && card.focus());
}

/** Focus a card, or the button that shows it where its column is folded. */
function focusOn(card) {
  (isShown(card) ? card : columnOf(card.parentElement).querySelector("[data-fold]"))?.focus();
}

function keyboard(board, speech) {
  let held;
  const say = (name, values) => (speech.textContent = text(name, values));
  const lists = () => [...board.querySelectorAll("[data-board-list]")];

  function release(card, drop) {
    const { origin } = held;
    held = undefined;
    card.classList.remove("grabbed");
    if (!drop) putBack(card, origin);
    say(drop ? "dropped" : "cancelled", { name: nameOf(card), column: columnOf(card.parentElement).getAttribute("aria-label") });
    focusOn(card);
    if (drop) commit(board, card, origin);
  }

  function step(card, key) {
    const list = card.parentElement;
    const rtl = document.dir === "rtl" ? -1 : 1;
    const row = Number(board.dataset.rowLength ?? 0);
    const side = { ArrowLeft: -rtl, ArrowRight: rtl, ArrowUp: -row, ArrowDown: row }[key];
    if (side) {
      const target = lists()[lists().indexOf(list) + side];
      if (!target) return;
      target.insertBefore(card, target.children[[...list.children].indexOf(card)] ?? null);
    } else if (key === "ArrowUp") card.previousElementSibling?.before(card);
    else card.nextElementSibling?.after(card);
    card.focus();
    card.scrollIntoView({ block: "nearest", inline: "nearest" });
    say("moved", { name: nameOf(card), column: columnOf(card.parentElement).getAttribute("aria-label"), n: [...card.parentElement.children].indexOf(card) + 1 });
  }

  function walk(card, key) {
    const list = card.parentElement;
    const index = [...list.children].indexOf(card);
    const side = { ArrowLeft: -1, ArrowRight: 1 }[key];
    if (!side) return (key === "ArrowUp" ? card.previousElementSibling : card.nextElementSibling)?.focus();
    const others = lists();
    for (let at = others.indexOf(list) + side; others[at]; at += side) {
      const cards = [...others[at].querySelectorAll("[data-record]")].filter(isShown);
      if (cards.length) return cards[Math.min(index, cards.length - 1)].focus();
    }
  }

  board.addEventListener("keydown", (event) => {
    const card = event.target.closest("[data-record]");
    if (!card || event.target !== card || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === " ") {
      event.preventDefault();
      if (held) return release(card, true);
      held = { origin: placeOf(card) };
      card.classList.add("grabbed");
      say("grabbed", { name: nameOf(card) });
    } else if (event.key === "Escape" && held) {
      event.preventDefault();
      release(card, false);
    } else if (event.key === "Enter" && !held) card.querySelector("a")?.click();
    else if (event.key.startsWith("Arrow")) {
      event.preventDefault();
      if (held) step(card, event.key);
      else walk(card, event.key);
    }
  });
  board.addEventListener("focusout", (event) => {
    const card = event.target.closest("[data-record]");
    setTimeout(() => held && card && !board.contains(document.activeElement) && release(card, false));
  });
}

behaviour("[data-board] [data-board-list]", async (list) => {
  const board = list.closest("[data-board]");
  if (!board) return; // the days of a calendar whose reader may not move anything
  const Sortable = await loadSortable();
  const unmark = () => board.querySelectorAll(".target").forEach((column) => column.classList.remove("target"));
  let origin;
  new Sortable(list, {
    group: board.id || "board",
    draggable: "[data-record]",
    animation: 140,
    delay: 160,
    delayOnTouchOnly: true,
    ghostClass: "drag-ghost",
    onStart: ({ item }) => (origin = placeOf(item)),
    onMove({ to }) {
      unmark();
      columnOf(to)?.classList.add("target");
    },
    onEnd({ item }) {
      unmark();
      commit(board, item, origin);
    },
  });
  list.classList.add("draggable");
});

/** Bring what stands above the columns, where the page did not wait for the sums of thousands of records. */
async function bringHeads(board, url) {
  const answer = await send(url, { method: "GET" });
  if (answer.ok) return replaceById(answer.body);
  board.querySelectorAll(".board-head .skeleton").forEach((place) => place.remove());
  toast(answer.reason, "error");
}

/** Show or hide the cards of a closed column; the address keeps which are shown, so that it can be sent. */
on("click", "[data-fold]", (_event, button) => {
  const isFolded = button.closest("[data-value]").classList.toggle("folded");
  button.setAttribute("aria-expanded", String(!isFolded));
  const shown = [...document.querySelectorAll("[data-fold][aria-expanded=true]")].map((other) => other.dataset.fold);
  const here = new URL(location.href);
  if (shown.length) here.searchParams.set("unfolded", shown.join(","));
  else here.searchParams.delete("unfolded");
  history.replaceState(history.state, "", here);
});

behaviour("[data-board]", (board) => {
  if (board.dataset.headsUrl) bringHeads(board, board.dataset.headsUrl);
  const speech = make("div", { class: "visually-hidden", "aria-live": "assertive" });
  board.after(speech);
  keyboard(board, speech);
});
